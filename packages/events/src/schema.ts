import { field } from './field.ts';

/*
 * The one table of the fields. The types of the event, its reading and writing, the core's record, docs/EVENTS.md and the format for lnav
 * follow from it; `npm run generate` writes those of them that are files. A row is: name, type, meaning, an example, and how the field is
 * read from an event and stored in one. The last two are functions instead of a lookup by name: an engine reads a property that is written
 * in the code several times as fast as `event[name]`, and that is most of the cost of encoding and decoding.
 */

/** The keys that a line begins with. They have code of their own, since nearly every line has them all. */
export const ENVELOPE = {
  time: { type: 'time', meaning: 'milliseconds: virtual in the simulator, since the epoch in a real process; may have a fraction' },
  seq: { type: 'number', meaning: 'order of writing, from 1, in each file' },
  node: { type: 'text', meaning: 'who speaks: a server ("S1"), a client ("C1"), the harness ("TEST")' },
  boot: { type: 'number', meaning: 'incarnation of the server: 1, raised at each restart; 0 for the harness, and where it is not known' },
  op: { type: 'text', meaning: 'the opcode' },
  dir: { type: 'direction', meaning: 'messages only: "send", "recv" or "drop"' },
  src: { type: 'text', meaning: 'the sender; for a local event the node' },
  dst: { type: 'text', meaning: 'the receiver; for a local event the node' },
} as const;

/** The keys around all others. They follow from the rest and are not kept. */
export const FRAME = {
  level: { type: 'number', meaning: "pino's level: 30 info, 40 warn, 50 error" },
  msg: { type: 'text', meaning: 'the event as text, for grep and for eyes' },
} as const;

/** The numbers that pair messages, in the order of the line. */
export const PAIRING_FIELDS = [
  field(
    'id',
    'number',
    'messages only: pairs a send with its receive; unique in a run',
    97,
    (e) => e.id,
    (e, v) => void (e.id = v),
  ),
  field(
    're',
    'number',
    'replies only: the `id` of the request',
    96,
    (e) => e.re,
    (e, v) => void (e.re = v),
  ),
] as const;

/** The state of a server after the event (figure 2, "State"), in the order of the line. */
export const STATE_FIELDS = [
  field(
    'term',
    'number',
    'currentTerm of the server that writes the line',
    3,
    (e) => e.term,
    (e, v) => void (e.term = v),
  ),
  field(
    'role',
    'role',
    '"follower", "precandidate", "candidate" or "leader"',
    'leader',
    (e) => e.role,
    (e, v) => void (e.role = v),
  ),
  field(
    'vote',
    'textOrNull',
    'votedFor, or null',
    'S1',
    (e) => e.vote,
    (e, v) => void (e.vote = v),
  ),
  field(
    'commit',
    'number',
    'commitIndex',
    4,
    (e) => e.commit,
    (e, v) => void (e.commit = v),
  ),
  field(
    'applied',
    'number',
    'lastApplied',
    4,
    (e) => e.applied,
    (e, v) => void (e.applied = v),
  ),
  field(
    'last',
    'number',
    "index of the log's last entry, 0 when it is empty",
    7,
    (e) => e.last,
    (e, v) => void (e.last = v),
  ),
  field(
    'lastTerm',
    'number',
    'term of that entry, 0 when the log is empty',
    3,
    (e) => e.lastTerm,
    (e, v) => void (e.lastTerm = v),
  ),
] as const;

/** The fields that opcodes own; `OPCODES` says which opcode owns which. */
// biome-ignore format: a row a line, however long.
export const OWN_FIELDS = [
  // Messages.
  field('msgTerm', 'number', 'the term that the message carries', 3, (e) => e.msgTerm, (e, v) => void (e.msgTerm = v)),

  // RequestVote and PreVote, and their replies.
  field('lastLogIndex', 'number', "index of the candidate's last entry", 7, (e) => e.lastLogIndex, (e, v) => void (e.lastLogIndex = v)),
  field('lastLogTerm', 'number', 'term of that entry', 3, (e) => e.lastLogTerm, (e, v) => void (e.lastLogTerm = v)),
  field('transfer', 'flag', 'the candidate stands because the leader told it to', true, (e) => e.transfer, (e, v) => void (e.transfer = v)),
  field('granted', 'flag', 'the vote is given', true, (e) => e.granted, (e, v) => void (e.granted = v)),

  // AppendEntries and its reply.
  field('prev', 'number', 'prevLogIndex', 6, (e) => e.prev, (e, v) => void (e.prev = v)),
  field('prevTerm', 'number', 'prevLogTerm', 3, (e) => e.prevTerm, (e, v) => void (e.prevTerm = v)),
  field('n', 'number', 'a number of entries', 1, (e) => e.n, (e, v) => void (e.n = v)),
  field('entries', 'digests', 'term and digest of each entry, in order', [{ term: 3, hash: '9f86d081' }], (e) => e.entries, (e, v) => void (e.entries = v)),
  field('leaderCommit', 'number', "the leader's commitIndex", 4, (e) => e.leaderCommit, (e, v) => void (e.leaderCommit = v)),
  field('round', 'number', 'the heartbeat round that reads and leases count acknowledgements of', 12, (e) => e.round, (e, v) => void (e.round = v)),
  field('success', 'flag', 'it was accepted', true, (e) => e.success, (e, v) => void (e.success = v)),
  field('match', 'number', 'matchIndex: up to here the logs are known to be equal', 7, (e) => e.match, (e, v) => void (e.match = v)),
  field('conflictIndex', 'number', 'where the leader should try next', 5, (e) => e.conflictIndex, (e, v) => void (e.conflictIndex = v)),
  field('conflictTerm', 'number', "the term of the follower's entry that conflicts", 2, (e) => e.conflictTerm, (e, v) => void (e.conflictTerm = v)),

  // InstallSnapshot and its reply.
  field('lastIncludedIndex', 'number', 'the last index that the snapshot replaces', 100, (e) => e.lastIncludedIndex, (e, v) => void (e.lastIncludedIndex = v)),
  field('lastIncludedTerm', 'number', 'its term', 2, (e) => e.lastIncludedTerm, (e, v) => void (e.lastIncludedTerm = v)),
  field('offset', 'number', 'the byte at which the chunk starts; in a reply the byte wanted next', 0, (e) => e.offset, (e, v) => void (e.offset = v)),
  field('bytes', 'number', 'length of the chunk', 4096, (e) => e.bytes, (e, v) => void (e.bytes = v)),
  field('done', 'flag', 'it is the last chunk', true, (e) => e.done, (e, v) => void (e.done = v)),

  // Reads.
  field('ctx', 'text', 'names one read request', 'read-9', (e) => e.ctx, (e, v) => void (e.ctx = v)),
  field('lease', 'flag', 'the read rests on a lease and not on a round of heartbeats', true, (e) => e.lease, (e, v) => void (e.lease = v)),

  // A server's own steps.
  field('index', 'number', 'a position in the log', 7, (e) => e.index, (e, v) => void (e.index = v)),
  field('entryTerm', 'number', 'the term of the entry there', 3, (e) => e.entryTerm, (e, v) => void (e.entryTerm = v)),
  field('indexTerm', 'number', 'the term of the entry there', 3, (e) => e.indexTerm, (e, v) => void (e.indexTerm = v)),
  field('from', 'number', 'the commit index before', 4, (e) => e.from, (e, v) => void (e.from = v)),
  field('hash', 'text', "digest of the entry's command: FNV-1a, 32 bits, eight hexadecimal digits", '9f86d081', (e) => e.hash, (e, v) => void (e.hash = v)),
  field('cmd', 'text', 'the start of the command as text', 'put x 1', (e) => e.cmd, (e, v) => void (e.cmd = v)),
  field('timer', 'text', 'which timer: "election", "quorum", "transfer" ...', 'election', (e) => e.timer, (e, v) => void (e.timer = v)),
  field('leader', 'textOrNull', 'the leader that the server knows of, or null', 'S1', (e) => e.leader, (e, v) => void (e.leader = v)),
  field('why', 'text', 'the reason in words', 'higher term', (e) => e.why, (e, v) => void (e.why = v)),
  field('for', 'text', 'the candidate that gets the vote', 'S2', (e) => e.for, (e, v) => void (e.for = v)),
  field('what', 'text', 'what was written, joined by "+": state (term and vote), truncate, entries, snapshot', 'state+entries', (e) => e.what, (e, v) => void (e.what = v)),
  field('durableTerm', 'number', 'currentTerm on disk', 3, (e) => e.durableTerm, (e, v) => void (e.durableTerm = v)),
  field('durableVote', 'textOrNull', 'votedFor on disk, or null', 'S2', (e) => e.durableVote, (e, v) => void (e.durableVote = v)),
  field('durableLast', 'number', 'index of the last entry on disk', 7, (e) => e.durableLast, (e, v) => void (e.durableLast = v)),
  field('durableLastTerm', 'number', 'its term', 3, (e) => e.durableLastTerm, (e, v) => void (e.durableLastTerm = v)),
  field('durableCommit', 'number', 'commitIndex on disk, of programs that keep it there', 4, (e) => e.durableCommit, (e, v) => void (e.durableCommit = v)),
  field('snapshotIndex', 'number', 'the last index that the snapshot on disk replaces, 0 when there is none', 100, (e) => e.snapshotIndex, (e, v) => void (e.snapshotIndex = v)),
  field('snapshotTerm', 'number', 'its term', 2, (e) => e.snapshotTerm, (e, v) => void (e.snapshotTerm = v)),
  field('electionMinMs', 'number', 'the shortest election timeout of the server, in milliseconds', 300, (e) => e.electionMinMs, (e, v) => void (e.electionMinMs = v)),
  field('electionMaxMs', 'number', 'the longest one', 600, (e) => e.electionMaxMs, (e, v) => void (e.electionMaxMs = v)),
  field('heartbeatMs', 'number', 'the time between two heartbeats of a leader, in milliseconds', 100, (e) => e.heartbeatMs, (e, v) => void (e.heartbeatMs = v)),
  field('source', 'text', '"observed": the server does not speak for itself, all of its lines tell what was seen from outside', 'observed', (e) => e.source, (e, v) => void (e.source = v)),
  field('voters', 'names', 'the servers that vote', ['S1', 'S2', 'S3'], (e) => e.voters, (e, v) => void (e.voters = v)),
  field('outgoing', 'names', 'the old half of a joint configuration', ['S1', 'S2', 'S4'], (e) => e.outgoing, (e, v) => void (e.outgoing = v)),
  field('learners', 'names', 'the servers that only receive', ['S5'], (e) => e.learners, (e, v) => void (e.learners = v)),
  field('phase', 'text', '"final" or "joint" (both halves decide)', 'joint', (e) => e.phase, (e, v) => void (e.phase = v)),
  field('peer', 'text', 'the follower in question', 'S2', (e) => e.peer, (e, v) => void (e.peer = v)),
  field('next', 'number', 'nextIndex', 8, (e) => e.next, (e, v) => void (e.next = v)),
  field('state', 'text', 'how the leader sends to the peer: "probe", "replicate", "snapshot"', 'replicate', (e) => e.state, (e, v) => void (e.state = v)),
  field('target', 'text', 'the server in question', 'S2', (e) => e.target, (e, v) => void (e.target = v)),

  // Locks and tasks.
  field('lock', 'text', 'the name of the lock or condition variable', 'mu', (e) => e.lock, (e, v) => void (e.lock = v)),
  field('task', 'text', 'the name of the task', 'ticker', (e) => e.task, (e, v) => void (e.task = v)),

  // Clients: a history of operations for the linearizability checker.
  field('client', 'text', 'the client', 'C1', (e) => e.client, (e, v) => void (e.client = v)),
  field('opid', 'number', 'number of the operation of this client: pairs Invoke with what came of it', 5, (e) => e.opid, (e, v) => void (e.opid = v)),
  field('f', 'text', 'the kind of operation: "get", "put", "append", "cas" ...', 'put', (e) => e.f, (e, v) => void (e.f = v)),
  field('key', 'text', 'the key', 'x', (e) => e.key, (e, v) => void (e.key = v)),
  field('value', 'textOrNull', 'the value that was written or read, or null', '1', (e) => e.value, (e, v) => void (e.value = v)),

  // The harness.
  field('name', 'text', 'the name of the test', 'figure-8', (e) => e.name, (e, v) => void (e.name = v)),
  field('seed', 'text', 'the seed, as text', '42', (e) => e.seed, (e, v) => void (e.seed = v)),
  field('budget', 'text', 'how many messages the servers may send, as `raftlens check --budget` takes it', 'idle=60', (e) => e.budget, (e, v) => void (e.budget = v)),
  field('outcome', 'text', '"pass" or "fail"', 'fail', (e) => e.outcome, (e, v) => void (e.outcome = v)),
  field('point', 'text', 'where in its work the server was killed', 'before persist', (e) => e.point, (e, v) => void (e.point = v)),
  field('groups', 'text', 'who can talk to whom: "S1 S2 | S3"; one link: "S1 -> S2"', 'S1 S2 | S3', (e) => e.groups, (e, v) => void (e.groups = v)),
  field('kind', 'text', 'the kind of fault', 'duplicate', (e) => e.kind, (e, v) => void (e.kind = v)),
  field('detail', 'text', 'free text', 'message 97 twice', (e) => e.detail, (e, v) => void (e.detail = v)),
  field('rule', 'text', 'the rule that was broken', 'State Machine Safety', (e) => e.rule, (e, v) => void (e.rule = v)),
  field('section', 'text', 'where the paper states it', '5.4.3', (e) => e.section, (e, v) => void (e.section = v)),
  field('evidence', 'numbers', 'the `seq`s of the lines that prove it; the last is the wrong step', [412, 977], (e) => e.evidence, (e, v) => void (e.evidence = v)),
] as const;

/** The fields that every line may have after the envelope. */
export const COMMON_FIELDS = [...PAIRING_FIELDS, ...STATE_FIELDS] as const;

type OwnFieldRow = (typeof OWN_FIELDS)[number];

/** The names of the fields that opcodes own. */
export type FieldName = OwnFieldRow['name'];

/** The type of each of them. */
export type FieldTypes = { readonly [Each in OwnFieldRow as Each['name']]: Each['type'] };

export type FieldType = FieldTypes[FieldName];

type CommonRow = (typeof COMMON_FIELDS)[number];

export type CommonFieldTypes = { readonly [Each in CommonRow as Each['name']]: Each['type'] };
