import type { Event } from './event.ts';
import { OPCODES, type Opcode } from './opcode.ts';

/**
 * The event as one line of text, the `msg` of its line, for grep and for people.
 *
 * `S1->S2 OP Tn ...` sent, `S2<-S1 OP Tn ...` received, `S1-xS2 OP Tn ...` lost, `S1 OP Tn ...` local. For a message T is the term that
 * it carries, for a step of a server the server's own. Positions in the log are written index/term. What is absent is left out.
 */
export function textOf(event: Event): string {
  return `${whoOf(event)} ${event.op}${termOf(event)}${DETAILS[event.op](event)}`;
}

function whoOf(event: Event): string {
  if (event.dir === undefined) return event.node;
  switch (event.dir) {
    case 'send':
      return `${event.src}->${event.dst}`;
    case 'recv':
      return `${event.dst}<-${event.src}`;
    case 'drop':
      return `${event.src}-x${event.dst}`;
  }
}

function termOf(event: Event): string {
  const term = OPCODES[event.op].kind === 'message' ? event.msgTerm : event.term;
  return term === undefined ? '' : ` T${term}`;
}

type ShownValue = string | number | null | undefined;

/** ` name=value`, or nothing where there is no value. */
function part(name: string, value: ShownValue): string {
  return value === undefined ? '' : ` ${name}=${value === null ? 'none' : value}`;
}

/** ` name=index/term` */
function position(name: string, index: number | undefined, term: number | undefined): string {
  if (index === undefined) return '';
  return term === undefined ? ` ${name}=${index}` : ` ${name}=${index}/${term}`;
}

function list(name: string, names: readonly (string | number)[] | undefined): string {
  return names === undefined || names.length === 0 ? '' : ` ${name}=${names.join(',')}`;
}

/** One of two words for a flag. */
function word(flag: boolean | undefined, yes: string, no: string): string {
  if (flag === undefined) return '';
  const chosen = flag ? yes : no;
  return chosen === '' ? '' : ` ${chosen}`;
}

const candidate = (e: Event) => position('last', e.lastLogIndex, e.lastLogTerm) + word(e.transfer, 'transfer', '');
const granted = (e: Event) => word(e.granted, 'granted', 'refused');
const nothing = () => '';
const configuration = (e: Event) => list('voters', e.voters) + list('outgoing', e.outgoing) + list('learners', e.learners);
const lock = (e: Event) => part('lock', e.lock) + part('task', e.task);
const operation = (e: Event) => part('opid', e.opid) + part('f', e.f) + part('key', e.key) + part('value', e.value);
const snapshot = (e: Event) => position('index', e.index, e.indexTerm);
const read = (e: Event) => part('ctx', e.ctx) + part('index', e.index);

/** What follows the term. A Record over all opcodes: a new opcode without a text does not compile. */
const DETAILS: Readonly<Record<Opcode, (event: Event) => string>> = {
  PreVote: candidate,
  PreVoteReply: granted,
  RequestVote: candidate,
  RequestVoteReply: granted,
  AppendEntries: (e) => position('prev', e.prev, e.prevTerm) + part('n', e.n) + part('commit', e.leaderCommit),
  AppendEntriesReply: (e) => word(e.success, 'ok', 'no') + part('match', e.match) + position('conflict', e.conflictIndex, e.conflictTerm),
  InstallSnapshot: (e) =>
    position('last', e.lastIncludedIndex, e.lastIncludedTerm) +
    part('offset', e.offset) +
    part('bytes', e.bytes) +
    word(e.done, 'done', ''),
  InstallSnapshotReply: (e) => word(e.success, 'ok', 'no') + part('last', e.lastIncludedIndex) + part('offset', e.offset),
  TimeoutNow: nothing,
  Propose: (e) => part('n', e.n),
  ReadIndex: (e) => part('ctx', e.ctx),
  ReadIndexReply: (e) => word(e.success, 'ok', 'no') + read(e) + word(e.lease, 'lease', ''),

  Boot: (e) =>
    part('boot', e.boot || undefined) +
    position('log', e.last, e.lastTerm) +
    position('snapshot', e.snapshotIndex || undefined, e.snapshotTerm) +
    position('disk', e.durableLast, e.durableLastTerm) +
    part('commit', e.durableCommit) +
    part('config', e.index) +
    configuration(e),
  Timeout: (e) => part('timer', e.timer),
  BecomeFollower: (e) => part('leader', e.leader ?? undefined) + part('why', e.why),
  BecomePreCandidate: nothing,
  BecomeCandidate: (e) => position('last', e.lastLogIndex, e.lastLogTerm),
  BecomeLeader: (e) => list('voters', e.voters),
  Vote: (e) => part('for', e.for) + position('last', e.lastLogIndex, e.lastLogTerm),
  Start: (e) => part('index', e.index) + part('hash', e.hash) + part('cmd', e.cmd),
  Append: (e) => part('index', e.index) + part('n', e.n),
  Truncate: (e) => part('index', e.index) + part('n', e.n),
  Persist: (e) =>
    part('what', e.what) + part('term', e.durableTerm) + part('vote', e.durableVote) + position('last', e.durableLast, e.durableLastTerm),
  Commit: (e) => part('index', e.index) + part('from', e.from),
  Apply: (e) => position('index', e.index, e.entryTerm) + part('hash', e.hash),
  SnapshotTaken: snapshot,
  SnapshotInstalled: snapshot,
  ConfigChange: (e) => part('index', e.index) + part('phase', e.phase) + configuration(e),
  Progress: (e) => part('peer', e.peer) + part('match', e.match) + part('next', e.next) + part('state', e.state),
  ReadStart: read,
  ReadReady: (e) => read(e) + word(e.lease, 'lease', ''),
  TransferLeader: (e) => part('target', e.target),

  Lock: lock,
  Unlock: lock,
  Wait: lock,
  Signal: lock,

  Invoke: operation,
  Ok: operation,
  Fail: operation,
  Info: operation,

  TestBegin: (e) => part('name', e.name) + part('seed', e.seed),
  TestEnd: (e) => part('name', e.name) + part('outcome', e.outcome) + part('why', e.why),
  Crash: (e) => part('target', e.target) + part('point', e.point),
  Partition: (e) => part('groups', e.groups),
  Heal: (e) => part('groups', e.groups),
  Fault: (e) => part('kind', e.kind) + part('target', e.target) + part('detail', e.detail),
  Violation: (e) =>
    part('rule', e.rule) + part('target', e.target) + list('evidence', e.evidence) + part('section', e.section) + part('why', e.why),
  Note: (e) => part('detail', e.detail),
};
