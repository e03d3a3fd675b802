import type { Direction, EntryDigest, Event, EventFields, Opcode, Role } from '@raftlens/events';
import type { Configuration } from './configuration.ts';

// Over Required and not with `-?`, which takes `undefined` away in a project without exactOptionalPropertyTypes.
type RecordFields = { -readonly [Name in keyof Required<EventFields>]: EventFields[Name] | undefined };

/**
 * An event while it is being told. All fields of all opcodes exist from the start, so that every event has one hidden class and reading
 * any of them costs a plain load: that, and writing into one record again and again, is what makes checking a simulation cheap.
 */
export class EventRecord implements Omit<RecordFields, 'seq' | 'time' | 'node' | 'boot' | 'op' | 'src' | 'dst'> {
  seq = 0;
  time = 0;
  node = '';
  boot = 0;
  op: Opcode = 'Note';
  src = '';
  dst = '';
  // fields:begin (generated from packages/events/src/schema.ts: npm run generate)
  dir: Direction | undefined = undefined;
  id: number | undefined = undefined;
  re: number | undefined = undefined;
  term: number | undefined = undefined;
  role: Role | undefined = undefined;
  vote: string | null | undefined = undefined;
  commit: number | undefined = undefined;
  applied: number | undefined = undefined;
  last: number | undefined = undefined;
  lastTerm: number | undefined = undefined;
  msgTerm: number | undefined = undefined;
  lastLogIndex: number | undefined = undefined;
  lastLogTerm: number | undefined = undefined;
  transfer: boolean | undefined = undefined;
  granted: boolean | undefined = undefined;
  prev: number | undefined = undefined;
  prevTerm: number | undefined = undefined;
  n: number | undefined = undefined;
  entries: readonly EntryDigest[] | undefined = undefined;
  leaderCommit: number | undefined = undefined;
  round: number | undefined = undefined;
  success: boolean | undefined = undefined;
  match: number | undefined = undefined;
  conflictIndex: number | undefined = undefined;
  conflictTerm: number | undefined = undefined;
  lastIncludedIndex: number | undefined = undefined;
  lastIncludedTerm: number | undefined = undefined;
  offset: number | undefined = undefined;
  bytes: number | undefined = undefined;
  done: boolean | undefined = undefined;
  ctx: string | undefined = undefined;
  lease: boolean | undefined = undefined;
  index: number | undefined = undefined;
  entryTerm: number | undefined = undefined;
  indexTerm: number | undefined = undefined;
  from: number | undefined = undefined;
  hash: string | undefined = undefined;
  cmd: string | undefined = undefined;
  timer: string | undefined = undefined;
  leader: string | null | undefined = undefined;
  why: string | undefined = undefined;
  for: string | undefined = undefined;
  what: string | undefined = undefined;
  durableTerm: number | undefined = undefined;
  durableVote: string | null | undefined = undefined;
  durableLast: number | undefined = undefined;
  durableLastTerm: number | undefined = undefined;
  durableCommit: number | undefined = undefined;
  snapshotIndex: number | undefined = undefined;
  snapshotTerm: number | undefined = undefined;
  electionMinMs: number | undefined = undefined;
  electionMaxMs: number | undefined = undefined;
  heartbeatMs: number | undefined = undefined;
  source: string | undefined = undefined;
  voters: readonly string[] | undefined = undefined;
  outgoing: readonly string[] | undefined = undefined;
  learners: readonly string[] | undefined = undefined;
  phase: string | undefined = undefined;
  peer: string | undefined = undefined;
  next: number | undefined = undefined;
  state: string | undefined = undefined;
  target: string | undefined = undefined;
  lock: string | undefined = undefined;
  task: string | undefined = undefined;
  client: string | undefined = undefined;
  opid: number | undefined = undefined;
  f: string | undefined = undefined;
  key: string | undefined = undefined;
  value: string | null | undefined = undefined;
  name: string | undefined = undefined;
  seed: string | undefined = undefined;
  budget: string | undefined = undefined;
  outcome: string | undefined = undefined;
  point: string | undefined = undefined;
  groups: string | undefined = undefined;
  kind: string | undefined = undefined;
  detail: string | undefined = undefined;
  rule: string | undefined = undefined;
  section: string | undefined = undefined;
  evidence: readonly number[] | undefined = undefined;
  // fields:end
  extra: Readonly<Record<string, unknown>> | undefined = undefined;

  /** Forgets everything but the header and the state, which the next event overwrites. */
  clear(): void {
    this.#clearMessage();
    this.#clearStep();
  }

  #clearMessage(): void {
    // message fields:begin (generated)
    this.dir = undefined;
    this.id = undefined;
    this.re = undefined;
    this.msgTerm = undefined;
    this.lastLogIndex = undefined;
    this.lastLogTerm = undefined;
    this.transfer = undefined;
    this.granted = undefined;
    this.prev = undefined;
    this.prevTerm = undefined;
    this.n = undefined;
    this.entries = undefined;
    this.leaderCommit = undefined;
    this.round = undefined;
    this.success = undefined;
    this.match = undefined;
    this.conflictIndex = undefined;
    this.conflictTerm = undefined;
    this.lastIncludedIndex = undefined;
    this.lastIncludedTerm = undefined;
    this.offset = undefined;
    this.bytes = undefined;
    this.done = undefined;
    this.ctx = undefined;
    this.lease = undefined;
    this.index = undefined;
    // message fields:end
  }

  #clearStep(): void {
    // step fields:begin (generated)
    this.entryTerm = undefined;
    this.indexTerm = undefined;
    this.from = undefined;
    this.hash = undefined;
    this.cmd = undefined;
    this.timer = undefined;
    this.leader = undefined;
    this.why = undefined;
    this.for = undefined;
    this.what = undefined;
    this.durableTerm = undefined;
    this.durableVote = undefined;
    this.durableLast = undefined;
    this.durableLastTerm = undefined;
    this.durableCommit = undefined;
    this.snapshotIndex = undefined;
    this.snapshotTerm = undefined;
    this.electionMinMs = undefined;
    this.electionMaxMs = undefined;
    this.heartbeatMs = undefined;
    this.source = undefined;
    this.voters = undefined;
    this.outgoing = undefined;
    this.learners = undefined;
    this.phase = undefined;
    this.peer = undefined;
    this.next = undefined;
    this.state = undefined;
    this.target = undefined;
    this.lock = undefined;
    this.task = undefined;
    // step fields:end
  }

  setConfiguration({ voters, outgoing, learners }: Configuration): void {
    this.voters = voters;
    if (outgoing.length > 0) this.outgoing = outgoing;
    if (learners.length > 0) this.learners = learners;
  }

  /**
   * The record as the event that it is. Under exactOptionalPropertyTypes a field that is undefined is not one that is absent; to every
   * reader of events it means the same, so that this is the one place where the two are taken for one another.
   */
  asEvent(): Event {
    return this as Event;
  }
}
