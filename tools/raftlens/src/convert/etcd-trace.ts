import type { Event, Opcode } from '@raftlens/events';
import { dateTime, lineWriter, type Writer } from './writer.ts';

const ROLES = { follower: 'StateFollower', precandidate: 'StatePreCandidate', candidate: 'StateCandidate', leader: 'StateLeader' } as const;

/** What etcd calls an event: the name of its trace, and the type of the message. */
const NAMES: Partial<Record<Opcode, { readonly name: string; readonly type?: string }>> = {
  Boot: { name: 'InitState' },
  BecomeFollower: { name: 'BecomeFollower' },
  BecomeCandidate: { name: 'BecomeCandidate' },
  BecomePreCandidate: { name: 'BecomePreCandidate' },
  BecomeLeader: { name: 'BecomeLeader' },
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
type TracedState = Pick<Event, 'term' | 'vote' | 'commit' | 'role' | 'last'>;

/**
 * The trace of etcd's raft, for its TLA+ checker. What etcd does not trace keeps its own name. Each of its lines tells the state of the server;
 * where a line of the log does not, the server is as its latest lines have left it, and what no line has told is left out.
 */
export function etcdTraceWriter(): Writer {
  const states = new Map<string, TracedState>();
  return lineWriter(({ event }) => {
    const state = stateAfter(event, states.get(event.node) ?? {});
    states.set(event.node, state);
    const ts = Number((dateTime(event.time) / 1000).toFixed(9));
    return JSON.stringify({ level: 'debug', ts, msg: 'trace', tag: 'trace', event: traceOf({ ...event, ...state }) });
  });
}

function stateAfter({ op, term, vote, commit, role, last }: Event, before: TracedState): TracedState {
  const now = { term: term ?? before.term, commit: commit ?? before.commit, last: last ?? before.last };
  const votes = now.term === before.term ? before.vote : undefined;
  const roles = op === 'Boot' ? 'follower' : before.role;
  const state = { ...now, vote: vote === undefined ? votes : vote, role: role ?? roles };
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

function traceOf(event: Event): object {
  const known = NAMES[event.op];
  const prefix = event.dir === 'send' ? 'Send' : event.dir === 'recv' ? 'Receive' : '';
  return {
    name: prefix + (known?.name ?? event.op),
    nid: numberOf(event.node),
    state: {
      term: event.term,
      vote: event.vote === undefined ? undefined : event.vote === null ? '0' : numberOf(event.vote),
      commit: event.commit,
    },
    role: event.role === undefined ? undefined : ROLES[event.role],
    log: event.last,
    conf: [(event.voters ?? []).map(numberOf), (event.outgoing ?? []).map(numberOf)],
    ...(known?.type === undefined || event.dir === undefined ? {} : { msg: messageOf(event, known.type) }),
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
