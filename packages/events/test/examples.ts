import { type Event, type FieldName, OPCODE_NAMES, type Opcode, specOf } from '../src/index.ts';

/** One value for each field that an opcode may own, as a run of three servers might have it. */
const VALUES: Readonly<Record<FieldName, unknown>> = {
  msgTerm: 3,
  lastLogIndex: 7,
  lastLogTerm: 3,
  transfer: true,
  granted: true,
  prev: 6,
  prevTerm: 3,
  n: 1,
  entries: [{ term: 3, hash: '9f86d081' }],
  leaderCommit: 4,
  round: 12,
  success: true,
  match: 7,
  conflictIndex: 5,
  conflictTerm: 2,
  lastIncludedIndex: 100,
  lastIncludedTerm: 2,
  offset: 0,
  bytes: 4096,
  done: true,
  ctx: 'read-9',
  lease: true,
  index: 7,
  entryTerm: 3,
  indexTerm: 3,
  from: 4,
  hash: '9f86d081',
  cmd: 'put x 1',
  timer: 'election',
  leader: 'S1',
  why: 'higher term',
  for: 'S2',
  what: 'state+entries',
  durableTerm: 3,
  durableVote: 'S2',
  durableLast: 7,
  durableLastTerm: 3,
  snapshotIndex: 100,
  snapshotTerm: 2,
  electionMinMs: 300,
  electionMaxMs: 600,
  heartbeatMs: 100,
  voters: ['S1', 'S2', 'S3'],
  outgoing: ['S1', 'S2', 'S4'],
  learners: ['S5'],
  phase: 'joint',
  peer: 'S2',
  next: 8,
  state: 'replicate',
  target: 'S2',
  lock: 'mu',
  task: 'ticker',
  client: 'C1',
  opid: 5,
  f: 'put',
  key: 'x',
  value: '1',
  name: 'figure-8',
  seed: '42',
  budget: 'idle=60',
  outcome: 'fail',
  point: 'before persist',
  groups: 'S1 S2 | S3',
  kind: 'duplicate',
  detail: 'message 97 twice',
  rule: 'State Machine Safety',
  section: '5.4.3',
  evidence: [412, 977],
};

const STATE = { term: 3, role: 'leader', vote: 'S1', commit: 4, applied: 4, last: 7, lastTerm: 3 } as const;

function speaker(op: Opcode): Partial<Event> {
  switch (specOf(op).kind) {
    case 'message':
      return { node: 'S1', boot: 1, dir: 'send', src: 'S1', dst: 'S2', id: 97, ...(op.endsWith('Reply') ? { re: 96 } : {}), ...STATE };
    case 'step':
    case 'lock':
      return { node: 'S1', boot: 1, src: 'S1', dst: 'S1', ...STATE };
    case 'client':
      return { node: 'C1', boot: 1, src: 'C1', dst: 'C1' };
    case 'harness':
      return { node: 'TEST', boot: 0, src: 'TEST', dst: 'TEST' };
  }
}

/** An event of the opcode with every field that it may have. */
export function exampleOf(op: Opcode, seq = 412): Event {
  const own = Object.fromEntries(specOf(op).fields.map((field) => [field.replace('?', ''), VALUES[field.replace('?', '') as FieldName]]));
  return { time: 1530.217, seq, op, ...speaker(op), ...own } as Event;
}

export const EXAMPLES: readonly Event[] = OPCODE_NAMES.map((op, i) => exampleOf(op, i + 1));
