import { type Command, createEntry, type EntryKind, type LogEntry } from '../entry.ts';
import { conflictFrom, countHeld } from '../rules/append.ts';
import { traceAppend, traceConfigChange, traceStart, traceTruncate } from '../trace.ts';
import type { Server } from './server.ts';
import { closeBatchIfTold } from './storage.ts';

/** The leader appends to its own log, and never deletes or overwrites there (figure 3, Leader Append-Only). */
export function appendOwn(server: Server, kind: EntryKind, commands: readonly Command[]): void {
  const { log, term } = server;
  server.invariant(server.role === 'leader', `a ${server.role} appends an entry of its own`);
  const from = log.lastIndex + 1;
  const entries = commands.map((command, position) => createEntry(from + position, term, kind, command));
  if (server.trace !== undefined && kind === 'command') {
    for (const entry of entries) traceStart(server, entry);
  }
  for (const entry of entries) server.uncommittedBytes += entry.size;
  log.append(entries);
  traceAppend(server, from);
  if (kind === 'config') adoptConfigurations(server, entries);
}

/** The follower's log after a consistent AppendEntries (figure 2, receiver rules 3 and 4; 5.3). */
export function store(server: Server, prevLogIndex: number, entries: readonly LogEntry[]): void {
  const { log } = server;
  const held = countHeld(log, prevLogIndex, entries);
  const conflict = conflictFrom(log, prevLogIndex, held, entries);
  if (conflict > 0) truncate(server, conflict);
  if (held < entries.length) appendNew(server, held === 0 ? entries : entries.slice(held));
}

function appendNew(server: Server, entries: readonly LogEntry[]): void {
  const { log } = server;
  const from = log.lastIndex + 1;
  let configured = false;
  let expected = from;
  for (const { index, kind } of entries) {
    server.invariant(index === expected, 'the new entries do not follow the end of the log');
    expected++;
    configured ||= kind === 'config';
  }
  log.append(entries);
  traceAppend(server, from);
  if (configured) adoptConfigurations(server, entries);
}

function truncate(server: Server, index: number): void {
  const { log, ledger, configurations } = server;
  closeBatchIfTold(server);
  const n = log.lastIndex - index + 1;
  log.truncateFrom(index);
  ledger.truncated(index);
  traceTruncate(server, index, n);
  server.invariant(index > server.commit, `entry ${index} is committed and would be deleted`);
  if (configurations.truncatedFrom(index)) traceConfigChange(server, configurations.index, configurations.current);
  server.invariant(ledger.durableIndex < index && ledger.unsavedFrom <= index, 'an entry that was cut counts as saved');
}

/** A server uses the latest configuration in its log, whether it is committed or not (6). */
function adoptConfigurations(server: Server, entries: readonly LogEntry[]): void {
  for (const entry of entries) {
    const { index } = server.configurations;
    server.invariant(entry.kind !== 'config' || entry.index > index, 'a configuration does not follow the one in force');
    if (server.configurations.appended(entry)) traceConfigChange(server, entry.index, server.configuration);
  }
}
