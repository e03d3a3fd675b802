import type { Event, Opcode, Role } from '@raftlens/events';
import { dateTime, lineWriter, type Writer } from './writer.ts';

const ROLES = { follower: 'StateFollower', precandidate: 'StatePreCandidate', candidate: 'StateCandidate', leader: 'StateLeader' } as const;

/** What etcd calls an event: the name of its trace, and the type of the message. */
const NAMES: Partial<Record<Opcode, { readonly name: string; readonly type?: string }>> = {
  Boot: { name: 'InitState' },
  BecomeFollower: { name: 'BecomeFollower' },
  BecomeCandidate: { name: 'BecomeCandidate' },
  BecomePreCandidate: { name: 'BecomePreCandidate' },
  BecomeLeader: { name: 'BecomeLeader' },
  Append: { name: 'Replicate' },
  Commit: { name: 'Commit' },
  ConfigChange: { name: 'ApplyConfChange' },
  RequestVote: { name: 'RequestVoteRequest', type: 'MsgVote' },
  RequestVoteReply: { name: 'RequestVoteResponse', type: 'MsgVoteResp' },
  PreVote: { name: 'RequestVoteRequest', type: 'MsgPreVote' },
  PreVoteReply: { name: 'RequestVoteResponse', type: 'MsgPreVoteResp' },
  AppendEntries: { name: 'AppendEntriesRequest', type: 'MsgApp' },
  AppendEntriesReply: { name: 'AppendEntriesResponse', type: 'MsgAppResp' },
  InstallSnapshot: { name: 'AppendEntriesRequest', type: 'MsgSnap' },
  TimeoutNow: { name: 'TimeoutNow', type: 'MsgTimeoutNow' },
};

/** What the trace says of a server on each line. */
interface TracedState {
  readonly term?: number | undefined;
  readonly vote?: string | null | undefined;
  readonly commit?: number | undefined;
  readonly role?: Role | undefined;
  readonly last?: number | undefined;
  readonly voters?: readonly string[] | undefined;
  readonly outgoing?: readonly string[] | undefined;
}

const ROLE_AFTER: Partial<Record<Opcode, Role>> = {
  Boot: 'follower',
  BecomeFollower: 'follower',
  BecomePreCandidate: 'precandidate',
  BecomeCandidate: 'candidate',
  BecomeLeader: 'leader',
};

/**
 * The trace of etcd's raft, for its TLA+ checker. Each of its lines tells the state of the server; where a line of the log does not, the server
 * is as its latest lines have left it, and what no line has told is left out. What etcd does not trace keeps its own name and has another tag,
 * by which the checker passes it over: what the harness and clients do, and steps that etcd takes in silence.
 */
export function etcdTraceWriter(): Writer {
  const states = new Map<string, TracedState>();
  return lineWriter(({ event }) => {
    const state = stateAfter(event, states.get(event.node) ?? {});
    states.set(event.node, state);
    const ts = Number((dateTime(event.time) / 1000).toFixed(9));
    const tag = isTraced(event, state) ? 'trace' : 'raftlens';
    return JSON.stringify({ level: 'debug', ts, msg: tag, tag, event: traceOf(event, state) });
  });
}

/** Whether etcd's raft traces this. Only a leader traces what it appends and commits. */
function isTraced({ op }: Event, { role }: TracedState): boolean {
  if (op === 'Append' || op === 'Commit') return role === 'leader';
  return NAMES[op] !== undefined;
}

/** The state that the line tells, and else the one that the step leaves behind. */
function stateAfter(event: Event, known: TracedState): TracedState {
  const { op } = event;
  // A start tells what was on the disk; nothing else is left of the incarnation before.
  const onDisk = {
    commit: event.durableCommit ?? event.snapshotIndex,
    last: event.durableLast,
    voters: known.voters,
    outgoing: known.outgoing,
  };
  const before: TracedState = op === 'Boot' ? onDisk : known;
  const term = event.term ?? before.term;
  const votes = term === before.term ? before.vote : undefined;
  const given = op === 'Vote' ? event.for : op === 'BecomeCandidate' ? event.node : votes;
  return {
    term,
    vote: event.vote === undefined ? given : event.vote,
    commit: event.commit ?? (op === 'Commit' ? event.index : before.commit),
    role: event.role ?? ROLE_AFTER[op] ?? before.role,
    last: event.last ?? lastAfter(event) ?? before.last,
    ...configurationAfter(event, before),
  };
}

function lastAfter({ op, index, n }: Event): number | undefined {
  if (index === undefined) return undefined;
  if (op === 'Append') return n === undefined ? undefined : index + n - 1;
  return op === 'Truncate' ? index - 1 : undefined;
}

function configurationAfter({ op, voters, outgoing }: Event, before: TracedState): Pick<TracedState, 'voters' | 'outgoing'> {
  const isTold = (op === 'Boot' || op === 'ConfigChange') && voters !== undefined;
  return isTold ? { voters, outgoing } : { voters: before.voters, outgoing: before.outgoing };
}

function traceOf(event: Event, { term, vote, commit, role, last, voters = [], outgoing = [] }: TracedState): object {
  const known = NAMES[event.op];
  const prefix = event.dir === 'send' ? 'Send' : event.dir === 'recv' ? 'Receive' : '';
  return {
    name: prefix + (known?.name ?? event.op),
    nid: numberOf(event.node),
    state: { term, vote: vote === undefined ? undefined : vote === null ? '0' : numberOf(vote), commit },
    role: role === undefined ? undefined : ROLES[role],
    log: last,
    conf: [voters.map(numberOf), outgoing.map(numberOf)],
    ...(known?.type === undefined || event.dir === undefined ? {} : { msg: messageOf(event, known.type) }),
    ...(event.op === 'ConfigChange' ? { prop: { cc: { newconf: (event.voters ?? []).map(numberOf) } } } : {}),
  };
}

function messageOf(event: Event, type: string): object {
  return {
    type,
    term: event.msgTerm,
    from: numberOf(event.src),
    to: numberOf(event.dst),
    entries: event.n ?? 0,
    logTerm: event.prevTerm ?? event.lastLogTerm ?? event.lastIncludedTerm ?? 0,
    index: event.prev ?? event.lastLogIndex ?? event.match ?? event.lastIncludedIndex ?? 0,
    commit: event.leaderCommit ?? 0,
    vote: '0',
    reject: event.granted === false || event.success === false,
    rejectHint: event.conflictIndex ?? 0,
  };
}

/** Servers of etcd have numbers: S3 is 3. */
function numberOf(name: string): string {
  return /^S(\d+)$/.exec(name)?.[1] ?? name;
}
