import type { FieldName } from './schema.ts';

/**
 * The closed table of opcodes. It says which events there are, what each means, which section of the paper is about it, and which fields of
 * its own it has, in the order of the line.
 *
 * Sections without a name are those of the extended Raft paper (Ongaro and Ousterhout, 2014); "thesis" is Ongaro's.
 */

export type OpcodeKind = 'message' | 'step' | 'lock' | 'client' | 'harness';

export interface OpcodeSpec {
  readonly kind: OpcodeKind;
  readonly meaning: string;
  readonly section: string;
  /** The opcode's own fields, in the order of the line; a trailing "?" marks those that may be absent. */
  readonly fields: readonly (FieldName | `${FieldName}?`)[];
  /** pino's level: 30 info, 40 warn, 50 error. Absent means 30. */
  readonly level?: 30 | 40 | 50;
}

const CONFIGURATION = ['voters', 'outgoing?', 'learners?'] as const;

export const OPCODES = {
  // Messages. Each has a direction, an id and the term that it carries; replies name their request in `re`.
  PreVote: {
    kind: 'message',
    meaning: 'asks whether a vote would be granted, before the term is raised',
    section: 'thesis 9.6',
    fields: ['msgTerm', 'lastLogIndex', 'lastLogTerm'],
  },
  PreVoteReply: { kind: 'message', meaning: 'answers PreVote', section: 'thesis 9.6', fields: ['msgTerm', 'granted'] },
  RequestVote: {
    kind: 'message',
    meaning: 'a candidate asks for a vote',
    section: 'figure 2, RequestVote; 5.2, 5.4',
    fields: ['msgTerm', 'lastLogIndex', 'lastLogTerm', 'transfer?'],
  },
  RequestVoteReply: {
    kind: 'message',
    meaning: 'grants or refuses a vote',
    section: 'figure 2, RequestVote; 5.2, 5.4',
    fields: ['msgTerm', 'granted'],
  },
  AppendEntries: {
    kind: 'message',
    meaning: 'the leader replicates entries; with none it is a heartbeat',
    section: 'figure 2, AppendEntries; 5.3',
    fields: ['msgTerm', 'prev', 'prevTerm', 'n', 'leaderCommit', 'entries?', 'round?'],
  },
  AppendEntriesReply: {
    kind: 'message',
    meaning: 'says up to where the logs match, or where they conflict',
    section: 'figure 2, AppendEntries; 5.3',
    fields: ['msgTerm', 'success', 'match?', 'conflictIndex?', 'conflictTerm?', 'round?'],
  },
  InstallSnapshot: {
    kind: 'message',
    meaning: 'a chunk of a snapshot for a follower that is too far behind',
    section: 'figure 13; 7',
    fields: ['msgTerm', 'lastIncludedIndex', 'lastIncludedTerm', 'offset', 'bytes', 'done'],
  },
  InstallSnapshotReply: {
    kind: 'message',
    meaning: 'acknowledges a chunk, or the whole snapshot once it is durable',
    section: 'figure 13; 7',
    fields: ['msgTerm', 'lastIncludedIndex', 'success', 'offset?'],
  },
  TimeoutNow: { kind: 'message', meaning: 'tells the target of a transfer to stand at once', section: 'thesis 3.10', fields: ['msgTerm'] },
  Propose: { kind: 'message', meaning: 'a follower forwards commands to the leader', section: '8', fields: ['msgTerm', 'n'] },
  ReadIndex: {
    kind: 'message',
    meaning: 'a follower asks the leader for a read index',
    section: '8; thesis 6.4',
    fields: ['msgTerm', 'ctx'],
  },
  ReadIndexReply: {
    kind: 'message',
    meaning: 'gives the read index',
    section: '8; thesis 6.4',
    fields: ['msgTerm', 'ctx', 'success', 'index?', 'lease?'],
  },

  // The steps of a server.
  Boot: {
    kind: 'step',
    meaning: 'the server starts with what its disk holds',
    section: 'figure 2, State',
    fields: [
      'snapshotIndex',
      'snapshotTerm',
      ...CONFIGURATION,
      'entries?',
      'electionMinMs?',
      'electionMaxMs?',
      'heartbeatMs?',
      'source?',
      'index?',
      'durableCommit?',
      'durableLast?',
      'durableLastTerm?',
    ],
  },
  Timeout: { kind: 'step', meaning: 'a timer ran out', section: 'figure 2, Followers and Candidates; 5.2', fields: ['timer'] },
  BecomeFollower: { kind: 'step', meaning: 'converts to follower', section: 'figure 2, All servers; 5.1', fields: ['leader?', 'why?'] },
  BecomePreCandidate: { kind: 'step', meaning: 'starts a pre-vote', section: 'thesis 9.6', fields: [] },
  BecomeCandidate: {
    kind: 'step',
    meaning: 'raises the term, votes for itself, starts an election',
    section: 'figure 2, Candidates; 5.2',
    fields: ['lastLogIndex?', 'lastLogTerm?'],
  },
  BecomeLeader: { kind: 'step', meaning: 'has the votes of a majority', section: 'figure 2, Candidates; 5.2', fields: ['voters?'] },
  Vote: {
    kind: 'step',
    meaning: 'gives its vote of this term',
    section: 'figure 2, RequestVote rule 2; 5.2, 5.4',
    fields: ['for', 'lastLogIndex?', 'lastLogTerm?'],
  },
  Start: {
    kind: 'step',
    meaning: 'the leader takes a command from a client',
    section: 'figure 2, Leaders; 5.3',
    fields: ['index', 'entryTerm?', 'hash', 'cmd?'],
  },
  Append: {
    kind: 'step',
    meaning: 'entries are added to the log from `index` on',
    section: 'figure 2, AppendEntries rule 4; 5.3',
    fields: ['index', 'n', 'entries'],
  },
  Truncate: {
    kind: 'step',
    meaning: 'the entry at `index` and all that follow are deleted',
    section: 'figure 2, AppendEntries rule 3; 5.3',
    fields: ['index', 'n'],
  },
  Persist: {
    kind: 'step',
    meaning: 'what the fields say is now durable',
    section: 'figure 2, Persistent state',
    fields: [
      'what',
      'durableTerm',
      'durableVote',
      'durableLast',
      'durableLastTerm',
      'snapshotIndex?',
      'snapshotTerm?',
      'index?',
      'entries?',
    ],
  },
  Commit: {
    kind: 'step',
    meaning: 'the commit index rises',
    section: 'figure 2, Leaders and AppendEntries rule 5; 5.3, 5.4',
    fields: ['index', 'from'],
  },
  Apply: {
    kind: 'step',
    meaning: 'the entry at `index` goes to the service',
    section: 'figure 2, All servers; 5.3',
    fields: ['index', 'entryTerm', 'hash'],
  },
  SnapshotTaken: { kind: 'step', meaning: 'the log up to `index` is replaced by a snapshot', section: '7', fields: ['index', 'indexTerm'] },
  SnapshotInstalled: {
    kind: 'step',
    meaning: 'the state is replaced by a snapshot of the leader',
    section: '7',
    fields: ['index', 'indexTerm'],
  },
  ConfigChange: {
    kind: 'step',
    meaning: 'another configuration is in force from now on',
    section: '6',
    fields: ['index', 'phase', ...CONFIGURATION],
  },
  Progress: {
    kind: 'step',
    meaning: 'what the leader knows of a peer has changed',
    section: 'figure 2, Volatile state on leaders; 5.3',
    fields: ['peer', 'match', 'next', 'state'],
  },
  ReadStart: { kind: 'step', meaning: 'the leader notes the read index of a request', section: '8; thesis 6.4', fields: ['ctx', 'index'] },
  ReadReady: {
    kind: 'step',
    meaning: 'the read may be served once `index` is applied',
    section: '8; thesis 6.4',
    fields: ['ctx', 'index', 'lease?'],
  },
  TransferLeader: { kind: 'step', meaning: 'the leader hands over to the target', section: 'thesis 3.10', fields: ['target'] },

  // Locks and condition variables of the structure with many tasks.
  Lock: { kind: 'lock', meaning: 'the task has the lock', section: '', fields: ['lock', 'task'] },
  Unlock: { kind: 'lock', meaning: 'the task gave the lock back', section: '', fields: ['lock', 'task'] },
  Wait: { kind: 'lock', meaning: 'the task waits on the condition variable', section: '', fields: ['lock', 'task'] },
  Signal: { kind: 'lock', meaning: 'the task wakes those that wait', section: '', fields: ['lock', 'task'] },

  // Clients: the history of a service.
  Invoke: { kind: 'client', meaning: 'an operation was called', section: '8', fields: ['client', 'opid', 'f', 'key?', 'value?'] },
  Ok: { kind: 'client', meaning: 'it took place', section: '8', fields: ['client', 'opid', 'f', 'key?', 'value?'] },
  Fail: { kind: 'client', meaning: 'it did not take place', section: '8', fields: ['client', 'opid', 'f', 'key?', 'value?'] },
  Info: { kind: 'client', meaning: 'nobody knows whether it took place', section: '8', fields: ['client', 'opid', 'f', 'key?', 'value?'] },

  // The harness: the test, the faults, the verdict.
  TestBegin: { kind: 'harness', meaning: 'a test starts', section: '', fields: ['name', 'seed?', 'budget?'] },
  TestEnd: { kind: 'harness', meaning: 'it ended', section: '', fields: ['name', 'outcome', 'why?'] },
  Crash: { kind: 'harness', meaning: 'a server was killed', section: '5.5', fields: ['target', 'point?'], level: 40 },
  Partition: { kind: 'harness', meaning: 'links were cut', section: '', fields: ['groups'], level: 40 },
  Heal: { kind: 'harness', meaning: 'links were joined again', section: '', fields: ['groups?'] },
  Fault: { kind: 'harness', meaning: 'another fault was injected', section: '', fields: ['kind', 'target?', 'detail?'], level: 40 },
  Violation: {
    kind: 'harness',
    meaning: 'a rule was broken; `evidence` are the lines that prove it',
    section: '',
    fields: ['rule', 'section', 'target?', 'evidence', 'why'],
    level: 50,
  },
  Note: { kind: 'harness', meaning: 'free text', section: '', fields: ['detail'] },
} as const satisfies Readonly<Record<string, OpcodeSpec>>;

export type Opcode = keyof typeof OPCODES;

export const OPCODE_NAMES = Object.keys(OPCODES) as readonly Opcode[];

export function isOpcode(name: string): name is Opcode {
  return Object.hasOwn(OPCODES, name);
}

export function specOf(op: Opcode): OpcodeSpec {
  return OPCODES[op];
}
