import type { Event, Opcode } from '@raftlens/events';
import { lineWriter, type Writer } from './writer.ts';

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

/** The trace of etcd's raft, for its TLA+ checker. What etcd does not trace keeps its own name. */
export function etcdTraceWriter(): Writer {
  return lineWriter(({ event }) =>
    JSON.stringify({ level: 'debug', ts: Number((event.time / 1000).toFixed(9)), msg: 'trace', tag: 'trace', event: traceOf(event) }),
  );
}

function traceOf(event: Event): object {
  const known = NAMES[event.op];
  const prefix = event.dir === 'send' ? 'Send' : event.dir === 'recv' ? 'Receive' : '';
  return {
    name: prefix + (known?.name ?? event.op),
    nid: numberOf(event.node),
    state: {
      term: event.term ?? 0,
      vote: event.vote === null || event.vote === undefined ? '0' : numberOf(event.vote),
      commit: event.commit ?? 0,
    },
    role: ROLES[event.role ?? 'follower'],
    log: event.last ?? 0,
    conf: [(event.voters ?? []).map(numberOf), (event.outgoing ?? []).map(numberOf)],
    ...(known?.type === undefined || event.dir === undefined ? {} : { msg: messageOf(event, known.type) }),
  };
}

function messageOf(event: Event, type: string): object {
  return {
    type,
    term: event.msgTerm ?? 0,
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
