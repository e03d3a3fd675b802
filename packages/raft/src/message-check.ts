import type { Configuration } from './configuration.ts';
import { decodeConfiguration } from './configuration-codec.ts';
import { isEntry, type LogEntry } from './entry.ts';
import { ContractError } from './errors.ts';
import type { AppendEntriesRequest, InstallSnapshotRequest, Message } from './message.ts';

/**
 * Throws where the value cannot be proved to be a message: one that went through JSON has entries without their methods and bytes that are
 * plain objects, and would be stored and told wrongly. `decodeMessage` gives nothing that fails here.
 *
 * @throws ContractError `NOT_A_MESSAGE`, before anything has changed.
 */
export function checkMessage(server: string, message: Message): void {
  const wrong = problemOf(message);
  if (wrong !== null) {
    throw new ContractError(
      'NOT_A_MESSAGE',
      `${server}: ${wrong}, so that this is no message: hand in what a server sent, or what decodeMessage made of its bytes`,
    );
  }
}

/** The same for a reply that a peer gave: what is no message is no answer. */
export function isMessage(message: Message): boolean {
  return problemOf(message) === null;
}

/** What is wrong with the value, or null. The types say what it should be; it came from outside. */
function problemOf(message: Message): string | null {
  const value: unknown = message;
  if (typeof value !== 'object' || value === null) return 'it is no object';
  const { id, re, from, to, term } = message;
  if (!isCount(id) || !isCount(re) || !isCount(term)) return 'id, re or term is no whole number from 0 on';
  if (!isName(from) || !isName(to)) return 'from or to is no name';
  return problemOfBody(message);
}

function problemOfBody(message: Message): string | null {
  switch (message.kind) {
    case 'AppendEntries':
      return problemOfAppend(message);
    case 'AppendEntriesReply': {
      const { success, match, conflictIndex, conflictTerm, prevLogIndex, round } = message;
      const numbers = isCount(match) && isCount(conflictIndex) && isCount(conflictTerm) && isCount(prevLogIndex) && isCount(round);
      return fields(numbers && isFlag(success), message);
    }
    case 'RequestVote':
    case 'PreVote':
      return fields(isCount(message.lastLogIndex) && isCount(message.lastLogTerm) && isFlag(message.transfer), message);
    case 'RequestVoteReply':
    case 'PreVoteReply':
      return fields(isFlag(message.granted), message);
    case 'InstallSnapshot':
      return problemOfSnapshot(message);
    case 'InstallSnapshotReply':
      return fields(isCount(message.lastIncludedIndex) && isFlag(message.success) && isCount(message.offset), message);
    case 'TimeoutNow':
      return null;
    case 'Propose':
      return fields(Array.isArray(message.commands) && message.commands.every(isCommand), message);
    case 'ReadIndex':
      return fields(isText(message.ctx), message);
    case 'ReadIndexReply': {
      const { ctx, success, index, lease } = message;
      return fields(isText(ctx) && isFlag(success) && isFlag(lease) && (isCount(index) || (!success && index === -1)), message);
    }
    default:
      return 'its kind is unknown';
  }
}

function problemOfAppend(message: AppendEntriesRequest): string | null {
  const { prevLogIndex, prevLogTerm, leaderCommit, round, entries } = message;
  if (!isCount(prevLogIndex) || !isCount(prevLogTerm) || !isCount(leaderCommit) || !isCount(round) || !Array.isArray(entries)) {
    return fields(false, message);
  }
  let index = prevLogIndex;
  for (const entry of entries) {
    index++;
    if (!isEntry(entry) || entry.index !== index) return `the entry for index ${index} is none, or another one`;
    if (entry.kind === 'config' && !isConfigurationEntry(entry)) return `the entry for index ${index} holds no configuration`;
  }
  return null;
}

function isConfigurationEntry({ command }: LogEntry): boolean {
  try {
    decodeConfiguration(command);
    return true;
  } catch {
    return false;
  }
}

function problemOfSnapshot(message: InstallSnapshotRequest): string | null {
  const { snapshot, offset, chunk, done } = message;
  const value: unknown = snapshot;
  const whole = typeof value === 'object' && value !== null && isCount(snapshot.index) && isCount(snapshot.term);
  const parts = isCount(offset) && chunk instanceof Uint8Array && isFlag(done);
  return fields(whole && parts && snapshot.data instanceof Uint8Array && isConfiguration(snapshot.configuration), message);
}

function isConfiguration(configuration: Configuration): boolean {
  const value: unknown = configuration;
  if (typeof value !== 'object' || value === null) return false;
  const { voters, outgoing, learners, learnersNext } = configuration;
  return [voters, outgoing, learners, learnersNext].every((list) => Array.isArray(list) && list.every(isName));
}

function fields(right: boolean, { kind }: Message): string | null {
  return right ? null : `a field of the ${kind} is missing or has another type`;
}

function isCommand(value: unknown): boolean {
  return isText(value) || value instanceof Uint8Array;
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
