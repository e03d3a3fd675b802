import { type Event, encodeLine, type Opcode, specOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import { dateTime, isDateTime, lineWriter, type Writer } from './writer.ts';

/** raftlens's own line. */
export function nativeWriter(): Writer {
  return lineWriter(({ event }) => encodeLine(event));
}

/**
 * The text of the event, and behind it all fields as a line of events has them, so that what is read back is the same event: the text alone
 * does not tell the state of the server, nor the entries, and a bug would be no bug any more.
 */
export function wholeText(event: Event, text: string): string {
  const line = encodeLine(event);
  const fields = line.slice(line.indexOf(',"time":') + 1, line.lastIndexOf(',"msg":'));
  return `${oneLine(text)} ~{${fields.replaceAll('~', '\\u007e')}}`;
}

/** The topic of the labs for each opcode; what is not listed goes by its kind. */
const TOPICS: Partial<Record<Opcode, string>> = {
  Timeout: 'TIMR',
  Start: 'CLNT',
  Persist: 'PERS',
  Commit: 'CMIT',
  Apply: 'CMIT',
  AppendEntries: 'LOG1',
  AppendEntriesReply: 'LOG2',
  Append: 'LOG2',
  Truncate: 'LOG2',
  InstallSnapshot: 'SNAP',
  InstallSnapshotReply: 'SNAP',
  SnapshotTaken: 'SNAP',
  SnapshotInstalled: 'SNAP',
  BecomeLeader: 'LEAD',
  BecomeFollower: 'TERM',
};

function topicOf(op: Opcode): string {
  const kind = specOf(op).kind;
  return TOPICS[op] ?? (kind === 'harness' ? 'TEST' : kind === 'client' ? 'CLNT' : kind === 'lock' ? 'TRCE' : 'VOTE');
}

/** `008258 VOTE S1 ...`: tenths of a millisecond since the first line. */
export function labWriter(): Writer {
  return lineWriter(({ event, text }, store) => {
    const tenths = Math.max(0, Math.round((dateTime(event.time) - startMs(store)) * 10));
    const server = /^S\d+$/.test(event.node) ? `${event.node} ` : '';
    return `${String(tenths).padStart(6, '0')} ${topicOf(event.op)} ${server}${wholeText(event, text)}`;
  });
}

/** Plain pino: level, time, node, msg. */
export function pinoWriter(): Writer {
  return lineWriter(({ event, text }) =>
    JSON.stringify({ level: levelOf(event.op), time: dateTime(event.time), node: event.node, msg: wholeText(event, text) }),
  );
}

/** hashicorp's hclog. The peer is a field, for one file holds all of them. */
export function hclogWriter(): Writer {
  return lineWriter(({ event, text }) => `${isoOf(event.time)} [${LEVEL_NAMES[levelOf(event.op)]}]  raft: ${wholeText(event, text)}`);
}

/** etcd's zap JSON: level, ts, caller, msg. */
export function zapWriter(): Writer {
  return lineWriter(({ event, text }) =>
    JSON.stringify({
      level: LEVEL_NAMES[levelOf(event.op)].toLowerCase(),
      ts: isoOf(event.time),
      caller: 'raftlens/convert',
      msg: wholeText(event, text),
      'local-member-id': event.node,
    }),
  );
}

const LEVEL_NAMES = { 30: 'INFO', 40: 'WARN', 50: 'ERROR' } as const;

function levelOf(op: Opcode): 30 | 40 | 50 {
  return specOf(op).level ?? 30;
}

/** Virtual times count from 1970. */
function isoOf(timeMs: number): string {
  return new Date(dateTime(timeMs)).toISOString();
}

function startMs(store: LogStore): number {
  const first = store.size === 0 ? 0 : store.columns.time(0);
  return isDateTime(first) ? first : 0;
}

export function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
