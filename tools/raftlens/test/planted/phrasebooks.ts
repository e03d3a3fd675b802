import type { Act, Script, Who } from './acts.ts';

/** How one program writes what its servers do: the lines of an act, none where it does not tell it. */
export interface Phrasebook {
  readonly format: string;
  /** Each server writes a file of its own: its lines do not say whose they are. */
  readonly isPerServer?: true;
  line(act: Act, at: Clock): string | null;
}

/** The time of an act as programs write it. */
export interface Clock {
  /** How many lines the program has written, this one among them. */
  readonly line: number;
  readonly ms: number;
  /** `10:00:01.234` */
  readonly clock: string;
}

const NOTHING = null;
const whoOf = (act: Act): Who | 0 => ('who' in act ? act.who : 0);

/** etcd's sentences, which several loggers and programs write. */
function etcdSentence(act: Act): string | null {
  switch (act.act) {
    case 'start':
      return `newRaft ${act.who} [peers: [1,2,3], term: ${act.term}, commit: ${act.commit}, applied: 0, lastindex: ${act.last}, lastterm: ${act.last === 0 ? 0 : 1}]`;
    case 'stand':
      return `${act.who} became candidate at term ${act.term}`;
    case 'lead':
      return `${act.who} became leader at term ${act.term}`;
    case 'follow':
      return `${act.who} became follower at term ${act.term}`;
    case 'asked':
      return `${act.peer} [logterm: ${act.lastTerm}, index: ${act.last}] sent MsgVote request to ${act.who} at term ${act.term}`;
    case 'grant':
      return `${act.who} [logterm: ${act.lastTerm}, index: ${act.last}, vote: 0] cast MsgVote for ${act.peer} [logterm: ${act.lastTerm}, index: ${act.last}] at term ${act.term}`;
    case 'granted':
      return `${act.who} received MsgVoteResp from ${act.peer} at term ${act.term}`;
    case 'refused':
      return `${act.who} received MsgVoteResp rejection from ${act.peer} at term ${act.term}`;
    case 'rejected':
      return `${act.who} received MsgAppResp(rejected, hint: (index ${act.index}, term 1)) from ${act.peer} for index ${act.index + 3}`;
    default:
      return NOTHING;
  }
}

const GO_PANIC = 'panic: runtime error: index out of range [3] with length 2';
const isPanic = (act: Act) => act.act === 'panic';

function etcd(format: string, head: (text: string, at: Clock, act: Act) => string): Phrasebook {
  return {
    format,
    line: (act, at) => {
      const text = etcdSentence(act);
      return isPanic(act) ? GO_PANIC : text === null ? null : head(text, at, act);
    },
  };
}

/** A message of hashicorp/raft, and the values beside it. */
function hashicorp(act: Act): readonly [text: string, values: Readonly<Record<string, unknown>>] | null {
  const servers = '[{Suffrage:Voter ID:n1 Address:a:1} {Suffrage:Voter ID:n2 Address:a:2} {Suffrage:Voter ID:n3 Address:a:3}]';
  switch (act.act) {
    case 'start':
      return act.last === 0 && !act.isFirst
        ? ['initial configuration', { index: 0, servers: '[]' }]
        : ['initial configuration', { index: 1, servers }];
    case 'stand':
      return ['voting for self', { term: act.term, id: `n${act.who}` }];
    case 'granted':
      return ['vote granted', { from: `n${act.peer}`, term: act.term, tally: 2 }];
    case 'refused':
      return ['vote denied', { from: `n${act.peer}`, term: act.term, tally: 1 }];
    case 'lead':
      return ['election won', { term: act.term, tally: 2 }];
    case 'follow':
      return ['entering follower state', { follower: `"Node at a:${act.who} [Follower]"` }];
    case 'rejected':
      return ['appendEntries rejected, sending older logs', { peer: `{Voter n${act.peer} a:${act.peer}}`, next: act.index }];
    case 'truncate':
      return ['clearing log suffix', { from: act.index, to: 2 }];
    case 'snapshot':
      return ['starting snapshot up to', { index: act.index }];
    default:
      return NOTHING;
  }
}

function hclogJson(format: string, names: readonly [time: string, level: string, message: string]): Phrasebook {
  const [time, level, message] = names;
  return {
    format,
    isPerServer: true,
    line: (act, { clock }) => {
      const said = hashicorp(act);
      if (isPanic(act)) return GO_PANIC;
      if (said === null) return null;
      const values = {
        ...said[1],
        ...('peer' in said[1] && 'peer' in act ? { peer: { Suffrage: 0, ID: `n${act.peer}`, Address: `a:${act.peer}` } } : {}),
      };
      return JSON.stringify({ [time]: `2026-03-01T${clock}Z`, [level]: 'info', [message]: said[0], ...values });
    },
  };
}

const quoted = (value: unknown): string => (/[\s={]/.test(String(value)) ? `"${String(value)}"` : String(value));

const hclog: Phrasebook = {
  format: 'hclog',
  isPerServer: true,
  line: (act, { clock }) => {
    const said = hashicorp(act);
    if (isPanic(act)) return GO_PANIC;
    if (said === null) return null;
    const values = Object.entries(said[1]).map(([name, value]) => `${name}=${quoted(value)}`);
    return `2026-03-01T${clock}Z [INFO]  raft: ${said[0]}: ${values.join(' ')}`;
  },
};

const lab: Phrasebook = {
  format: 'lab',
  line: (act, { ms }) => {
    const at = String(ms * 10).padStart(6, '0');
    const line = (topic: string, text: string) => `${at} ${topic} S${whoOf(act)} ${text}`;
    switch (act.act) {
      case 'start':
        return line('TIMR', `Started at T:${act.term}`);
      case 'stand':
        return line('VOTE', `converting to Candidate at T:${act.term}`);
      case 'lead':
        return line('LEAD', `Achieved Majority for T:${act.term}, converting to Leader`);
      case 'follow':
        return line('TERM', `converting to Follower at T:${act.term}`);
      case 'asked':
        return line('VOTE', `<- S${act.peer} RequestVote at T:${act.term} LLI: ${act.last} LLT: ${act.lastTerm}`);
      case 'grant':
        return line('VOTE', `Granting Vote to S${act.peer} at T:${act.term}`);
      case 'granted':
        return line('VOTE', `<- S${act.peer} Got vote at T:${act.term}`);
      case 'refused':
        return line('VOTE', `<- S${act.peer} refused at T:${act.term}`);
      case 'given':
        return line(
          'LOG1',
          `<- S${act.peer} AppendEntries at T:${act.term} PLI: ${act.prev} PLT: ${act.prev === 0 ? 0 : 1} N: ${act.n} LC: ${act.commit}`,
        );
      case 'accepted':
        return line('LOG2', `<- S${act.peer} ok at T:${act.term} MI: ${act.index}`);
      case 'rejected':
        return line('LOG2', `<- S${act.peer} refused at T:${act.term}`);
      case 'commit':
        return line('CMIT', `commitIndex ${act.from} -> ${act.index}`);
      case 'apply':
        return line('APPL', `applying entry ${act.index}`);
      case 'snapshot':
        return line('SNAP', `taking a snapshot at index ${act.index}`);
      case 'panic':
        return GO_PANIC;
      default:
        return NOTHING;
    }
  },
};

/** What the text form of events tells: without the state, and without the entries. */
function textForm(act: Act): string | null {
  const who = `S${whoOf(act)}`;
  switch (act.act) {
    case 'start':
      return `${who} Boot T${act.term} log=${act.last}/${act.last === 0 ? 0 : 1}`;
    case 'stand':
      return `${who} BecomeCandidate T${act.term}`;
    case 'lead':
      return `${who} BecomeLeader T${act.term}`;
    case 'follow':
      return `${who} BecomeFollower T${act.term}`;
    case 'grant':
      return `${who} Vote T${act.term} for=S${act.peer}`;
    case 'granted':
      return `${who}<-S${act.peer} RequestVoteReply T${act.term} granted`;
    case 'refused':
      return `${who}<-S${act.peer} RequestVoteReply T${act.term} refused`;
    case 'rejected':
      return `${who}<-S${act.peer} AppendEntriesReply T${act.term} no conflict=${act.index}`;
    case 'append':
      return `${who} Append T${act.term} index=${act.index} n=1`;
    case 'truncate':
      return `${who} Truncate T${act.term} index=${act.index} n=1`;
    case 'commit':
      return `${who} Commit T${act.term} index=${act.index} from=${act.from}`;
    case 'apply':
      return `${who} Apply T${act.term} index=${act.index}/${act.entryTerm} hash=${act.hash}`;
    case 'call':
    case 'answer':
      return `C${act.client} ${act.act === 'call' ? 'Invoke' : 'Ok'} opid=${act.f === 'write' || act.client === 2 ? 1 : 2} f=${act.f === 'write' ? 'put' : 'get'} key=x${act.value === null ? '' : ` value=${act.value}`}`;
    default:
      return NOTHING;
  }
}

/** A record of ShiViz has a clock: that of the server alone, as if no message had passed. */
function shiviz(format: string, record: (text: string, host: string, clock: string) => string): Phrasebook {
  return {
    format,
    line: (act, { ms }) => {
      const text = textForm(act);
      const host = text?.split(/[ <]/)[0] ?? '';
      return text === null ? null : record(text, host, `{"${host}":${ms}}`);
    },
  };
}

const pino: Phrasebook = {
  format: 'pino',
  line: (act, { ms }) => {
    const said = act.act === 'stand' ? 'candidate' : act.act === 'lead' ? 'leader' : act.act === 'follow' ? 'follower' : null;
    if (isPanic(act))
      return "TypeError: Cannot read properties of undefined (reading 'term')\n    at Raft.step (raft.js:10:5)\n\nNode.js v20.19.0";
    if (said === null || !('term' in act)) return null;
    return JSON.stringify({ level: 30, time: 1_770_000_000_000 + ms, node: `n${act.who}`, msg: `became ${said}`, term: act.term });
  },
};

const native: Phrasebook = {
  format: 'native',
  line: (act, { ms, line }) => {
    const fields = nativeFields(act);
    if (isPanic(act)) return GO_PANIC;
    if (fields === null) return null;
    const node = 'client' in act ? `C${act.client}` : `S${whoOf(act)}`;
    return JSON.stringify({ level: 30, time: ms, seq: line, node, boot: 0, src: node, dst: node, ...fields, msg: '' });
  },
};

function nativeFields(act: Act): Readonly<Record<string, unknown>> | null {
  const from = (peer: Who) => ({ dir: 'recv', src: `S${peer}`, dst: `S${whoOf(act)}` });
  switch (act.act) {
    case 'start':
      return {
        op: 'Boot',
        term: act.term,
        snapshotIndex: 0,
        snapshotTerm: 0,
        voters: 'S1,S2,S3',
        last: act.last,
        lastTerm: act.last === 0 ? 0 : 1,
        durableCommit: act.commit,
      };
    case 'stand':
      return { op: 'BecomeCandidate', term: act.term };
    case 'lead':
      return { op: 'BecomeLeader', term: act.term };
    case 'follow':
      return { op: 'BecomeFollower', term: act.term };
    case 'asked':
      return { op: 'RequestVote', ...from(act.peer), msgTerm: act.term, lastLogIndex: act.last, lastLogTerm: act.lastTerm };
    case 'grant':
      return { op: 'Vote', term: act.term, for: `S${act.peer}` };
    case 'granted':
    case 'refused':
      return { op: 'RequestVoteReply', ...from(act.peer), msgTerm: act.term, granted: act.act === 'granted' };
    case 'append':
      return { op: 'Append', term: act.term, index: act.index, n: 1, entries: `${act.entryTerm}:${act.hash}` };
    case 'truncate':
      return { op: 'Truncate', term: act.term, index: act.index, n: 1 };
    case 'given':
      return {
        op: 'AppendEntries',
        ...from(act.peer),
        msgTerm: act.term,
        prev: act.prev,
        prevTerm: act.prev === 0 ? 0 : 1,
        n: act.n,
        leaderCommit: act.commit,
      };
    case 'accepted':
      return { op: 'AppendEntriesReply', ...from(act.peer), msgTerm: act.term, success: true, match: act.index };
    case 'rejected':
      return { op: 'AppendEntriesReply', ...from(act.peer), msgTerm: act.term, success: false, conflictIndex: act.index };
    case 'commit':
      return { op: 'Commit', term: act.term, index: act.index, from: act.from };
    case 'apply':
      return { op: 'Apply', term: act.term, index: act.index, entryTerm: act.entryTerm, hash: act.hash };
    case 'snapshot':
      return { op: 'SnapshotTaken', term: act.term, index: act.index, indexTerm: 1 };
    case 'call':
    case 'answer':
      return {
        op: act.act === 'call' ? 'Invoke' : 'Ok',
        client: `C${act.client}`,
        opid: act.f === 'write' || act.client === 2 ? 1 : 2,
        f: act.f === 'write' ? 'put' : 'get',
        key: 'x',
        ...(act.value === null ? {} : { value: String(act.value) }),
      };
    case 'panic':
      return null;
  }
}

const STATES = { stand: 'StateCandidate', lead: 'StateLeader', follow: 'StateFollower' } as const;

/** etcd's trace: each line tells the state of its server, which is carried on here from act to act. */
function etcdTrace(): Phrasebook {
  const states = new Map<Who, { term: number; vote: string; commit: number; role: string; log: number }>();
  return {
    format: 'etcd-trace',
    line: (act, { ms }) => {
      if (isPanic(act)) return GO_PANIC;
      if (!('who' in act) || !('term' in act)) return null;
      const latest = states.get(act.who);
      const known = act.act === 'start' ? undefined : latest;
      const vote = act.act === 'start' && latest?.term === act.term ? latest.vote : '0';
      const before = known ?? {
        term: act.term,
        vote,
        commit: act.act === 'start' ? act.commit : 0,
        role: 'StateFollower',
        log: act.act === 'start' ? act.last : 0,
      };
      const told = traceOf(act);
      if (told === null) return null;
      const isState = act.act === 'stand' || act.act === 'lead' || act.act === 'follow';
      const after = {
        ...before,
        ...(isState && act.term !== before.term ? { vote: '0' } : {}),
        ...(isState || act.act === 'start' ? { term: act.term } : {}),
        ...(isState ? { role: STATES[act.act] } : {}),
        ...(act.act === 'stand' ? { vote: String(act.who) } : {}),
        ...(act.act === 'commit' ? { commit: act.index } : {}),
        ...(act.act === 'append' ? { log: act.index } : {}),
      };
      states.set(act.who, act.act === 'grant' ? { ...after, vote: String(act.peer) } : after);
      const { term, commit, role, log } = after;
      const event = { nid: String(act.who), state: { term, vote: after.vote, commit }, role, log, conf: [['1', '2', '3'], []], ...told };
      return JSON.stringify({ level: 'debug', ts: 1_770_000_000 + ms / 1000, msg: 'trace', tag: 'trace', event });
    },
  };
}

function traceOf(act: Exclude<Act, { readonly client: number } | { readonly act: 'panic' }>): Readonly<Record<string, unknown>> | null {
  const message = (type: string, from: Who, to: Who, more: object) => ({
    msg: {
      type,
      term: act.term,
      from: String(from),
      to: String(to),
      entries: 0,
      logTerm: 0,
      index: 0,
      commit: 0,
      vote: '0',
      reject: false,
      rejectHint: 0,
      ...more,
    },
  });
  switch (act.act) {
    case 'start':
      return { name: 'InitState' };
    case 'stand':
      return { name: 'BecomeCandidate' };
    case 'lead':
      return { name: 'BecomeLeader' };
    case 'follow':
      return { name: 'BecomeFollower' };
    case 'asked':
      return { name: 'ReceiveRequestVoteRequest', ...message('MsgVote', act.peer, act.who, { index: act.last, logTerm: act.lastTerm }) };
    case 'grant':
      return { name: 'SendRequestVoteResponse', ...message('MsgVoteResp', act.who, act.peer, {}) };
    case 'granted':
    case 'refused':
      return { name: 'ReceiveRequestVoteResponse', ...message('MsgVoteResp', act.peer, act.who, { reject: act.act === 'refused' }) };
    case 'given':
      return {
        name: 'ReceiveAppendEntriesRequest',
        ...message('MsgApp', act.peer, act.who, { index: act.prev, logTerm: act.prev === 0 ? 0 : 1, entries: act.n, commit: act.commit }),
      };
    case 'accepted':
      return { name: 'ReceiveAppendEntriesResponse', ...message('MsgAppResp', act.peer, act.who, { index: act.index }) };
    case 'rejected':
      return {
        name: 'ReceiveAppendEntriesResponse',
        ...message('MsgAppResp', act.peer, act.who, { index: act.index, reject: true, rejectHint: act.index }),
      };
    case 'commit':
      return { name: 'Commit' };
    case 'append':
      return { name: 'Replicate' };
    default:
      return null;
  }
}

/** Phrases of a program by act, in a head of its own. */
type Phrases = { readonly [A in Act['act']]?: (act: ActOf<A>) => string };
/** Acts of one shape may have several names. */
type ActOf<A extends Act['act'], Each = Act> = Each extends { readonly act: infer Names } ? (A extends Names ? Each : never) : never;

function program(format: string, head: (text: string, at: Clock, who: Who) => string, phrases: Phrases, isPerServer?: true): Phrasebook {
  return {
    format,
    ...(isPerServer === undefined ? {} : { isPerServer }),
    line: (act, at) => {
      if (act.act === 'panic') return phrases.panic?.(act) ?? GO_PANIC;
      // The phrase of this act takes acts of its kind.
      const phrase = phrases[act.act] as ((act: Act) => string) | undefined;
      return phrase === undefined || !('who' in act) ? null : head(phrase(act), at, act.who);
    },
  };
}

const JAVA_PANIC = 'Exception in thread "raft-1" java.lang.IllegalStateException: no such entry';
const CPP_PANIC = "terminate called after throwing an instance of 'std::out_of_range'";
const RUST_PANIC = "thread 'raft' panicked at src/raft.rs:10:5:";
const BEAM_PANIC = 'FATAL: the server has stopped';
const java = { panic: () => JAVA_PANIC };
const cpp = { panic: () => CPP_PANIC };
const uuid = (who: Who) => `5b0c3d1e-0000-4000-8000-00000000000${who}`;
const hex32 = (who: Who) => String(who).repeat(32);
const shard = (who: Who) => `n0000${who}`;
const DAY = '2026-03-01';
const TABLET = '0123456789abcdef0123456789abcdef';
const compact = (clock: string) => `${clock}000`;

const PROGRAMS: readonly Phrasebook[] = [
  program(
    'kraft',
    (text, { clock }, who) =>
      `[${DAY} ${clock.replace('.', ',')}] INFO [RaftManager id=${who}] ${text} (org.apache.kafka.raft.QuorumState)`,
    {
      ...java,
      stand: ({ who, term }) =>
        `Completed transition to CandidateState(localId=${who}, epoch=${term}, retries=1, electionTimeoutMs=1880) from Unattached()`,
      lead: ({ who, term }) =>
        `Completed transition to Leader(localReplicaKey=ReplicaKey(id=${who}, directoryId=x), epoch=${term}, epochStartOffset=9) from CandidateState()`,
      follow: ({ term }) => `Completed transition to FollowerState(fetchTimeoutMs=2000, epoch=${term}, leader=1) from Unattached()`,
      grant: ({ term, peer }) =>
        `Vote request VoteRequestData(clusterId='x', topics=[TopicData(partitions=[PartitionData(candidateEpoch=${term}, candidateId=${peer}, lastOffset=9)])]) with epoch ${term} is granted`,
    },
  ),
  program('tikv', (text, { clock }, who) => `[2026/03/01 ${clock} +00:00] [INFO] [raft.rs:1177] ${text} [raft_id=${who}] [region_id=2]`, {
    panic: () => RUST_PANIC,
    start: ({ term, last, commit }) =>
      `["newRaft"] [last term=1] [last index=${last}] [applied=0] [commit=${commit}] [term=${term}] [peers="Configuration"]`,
    stand: ({ term }) => `["became candidate at term ${term}"] [term=${term}]`,
    lead: ({ term }) => `["became leader at term ${term}"] [term=${term}]`,
    follow: ({ term }) => `["became follower at term ${term}"] [term=${term}]`,
    grant: ({ term, peer, last, lastTerm }) =>
      `["[logterm: 1, index: 2, vote: 0] cast vote for ${peer} [logterm: ${lastTerm}, index: ${last}] at term ${term}"] ["msg type"=MsgRequestVote]`,
    granted: ({ term, peer }) =>
      `["received votes response"] [term=${term}] [type=MsgRequestVoteResponse] [approvals=2] [rejections=0] [from=${peer}] [vote=true]`,
  }),
  program('nats', (text, { clock }, who) => `[77] 2026/03/01 ${clock}000 [DBG] RAFT [peer000${who} - _meta_] ${text}`, {
    stand: ({ who, term, last, lastTerm }) =>
      `Sending out voteRequest {term:${term} lastTerm:${lastTerm} lastIndex:${last} candidate:peer000${who} reply:}`,
    lead: () => 'Switching to leader',
    follow: () => 'Switching to follower',
    asked: ({ term, peer, last, lastTerm }) =>
      `Received a voteRequest &{term:${term} lastTerm:${lastTerm} lastIndex:${last} candidate:peer000${peer} reply:$NRG.R.x}`,
    granted: ({ term, peer }) => `Received a voteResponse &{term:${term} peer:peer000${peer} granted:true}`,
    refused: ({ term, peer }) => `Received a voteResponse &{term:${term} peer:peer000${peer} granted:false}`,
  }),
  program(
    'redpanda',
    (text, { clock }) =>
      `INFO  ${DAY} ${clock.replace('.', ',')} [shard 0:main] raft - [group_id:1, {redpanda/controller/0}] vote_stm.cc:279 - ${text}`,
    {
      ...cpp,
      start: ({ term }) => `Starting with voted_for {id: {-1}, revision: {-1}} term ${term} initial_state true`,
      stand: ({ term }) => `[pre-vote: false] voting for self in term ${term}`,
      lead: ({ term }) => `became the leader term: ${term}`,
      follow: ({ term }) => `Stepping down as leader in term ${term}, dirty offset 3`,
    },
    true,
  ),
  program(
    'ratis',
    (text, { clock }, who) =>
      `${DAY} ${clock.replace('.', ',')} [s${who}-impl-thread1] INFO impl.RaftServerImpl (RaftServerImpl.java:400) - ${text}`,
    {
      ...java,
      stand: ({ who, term }) =>
        `s${who}@group-ABB3109A44C1-LeaderElection1 ELECTION round 0: submit vote requests at term ${term} for conf: {}`,
      lead: ({ who, term }) => `s${who}@group-ABB3109A44C1: changes role from CANDIDATE to LEADER at term ${term} for changeToLeader`,
      follow: ({ who, term }) => `s${who}@group-ABB3109A44C1: changes role from CANDIDATE to FOLLOWER at term ${term} for recognizeLeader`,
      grant: ({ who, peer, term }) =>
        `s${who}@group-ABB3109A44C1 replies to ELECTION vote request: s${peer}<-s${who}#0:OK-t${term}-last:(t:1, i:2). Peer's state: s${who}@group-ABB3109A44C1:t${term}`,
    },
  ),
  program(
    'jraft',
    (text, { clock }, who) => `${DAY} ${clock} [JRaft-VoteTimer-0] INFO  NodeImpl:1166 - Node <kv/10.0.0.${who}:8081> ${text}`,
    {
      ...java,
      start: ({ term, last }) =>
        `init, term=${term}, lastLogId=LogId [index=${last}, term=${last === 0 ? 0 : 1}], conf=10.0.0.1:8081,10.0.0.2:8081, oldConf=.`,
      stand: () => 'start vote and grant vote self, term=0.',
      lead: ({ term }) => `become leader of group, term=${term}, conf=10.0.0.1:8081,10.0.0.2:8081, oldConf=.`,
      follow: ({ term }) => `stepDown, term=0, newTerm=${term}, wakeupCandidate=true.`,
      asked: ({ peer, term }) => `received RequestVoteRequest from 10.0.0.${peer}:8081, term=${term}, currTerm=${term - 1}.`,
    },
  ),
  program('braft', (text, { clock }, who) => `I0301 ${compact(clock)} 77 node.cpp:1684] node kv:10.0.0.${who}:8100:0 ${text}`, {
    ...cpp,
    start: ({ term, last }) =>
      `init, term: ${term} last_log_id: (index=${last},term=${last === 0 ? 0 : 1}) conf: 10.0.0.1:8100:0 old_conf: `,
    stand: () => 'term 0 start vote and grant vote self',
    lead: ({ term, who }) => `term ${term} become leader of group 10.0.0.${who}:8100:0 `,
    granted: ({ peer, term }) =>
      `received RequestVoteResponse from 10.0.0.${peer}:8100:0 term ${term} granted 1 rejected_by_lease 0 disrupted 0`,
    refused: ({ peer, term }) =>
      `received RequestVoteResponse from 10.0.0.${peer}:8100:0 term ${term} granted 0 rejected_by_lease 0 disrupted 0`,
  }),
  {
    format: 'dragonboat',
    line: (act, { clock }) => {
      if (isPanic(act)) return GO_PANIC;
      const text = dragonboat(act);
      return text === null || !('who' in act) || !('term' in act)
        ? null
        : `${DAY} ${compact(clock)} I | raft: [f:1,l:2,t:1,c:2,a:2] [00001:0000${act.who}] t${act.term} ${text}`;
    },
  },
  program(
    'ra',
    (text, { clock }) => `${DAY} ${compact(clock)}+00:00 [debug] <0.812.0> queue 'orders' in vhost '/': ${text}`,
    {
      panic: () => BEAM_PANIC,
      stand: ({ term }) => `election called for in term ${term}`,
      lead: ({ term }) => `candidate -> leader in term: ${term} machine version: 3, last applied 4`,
      follow: ({ term }) => `leader -> follower in term: ${term} machine version: 3, last applied 4`,
      grant: ({ peer, term }) =>
        `granting vote for {orders,'rabbit@${peer}'} with last {index, term} {5,2} for term ${term} previous term was 2`,
    },
    true,
  ),
  program('scylla', (text, { clock }) => `TRACE ${DAY} ${clock.replace('.', ',')} [shard 0] raft - ${text}`, {
    ...cpp,
    start: ({ who, term, last, commit }) =>
      `fsm[${uuid(who)}]: starting, current term ${term}, log length ${last}, commit index ${commit}, start_as_candidate false`,
    stand: ({ who, term, last, lastTerm }) =>
      `${uuid(who)} [term: ${term}, index: ${last}, last log term: ${lastTerm}] sent vote request to ${uuid(who === 1 ? 2 : 1)}`,
    lead: ({ who }) => `fsm::become_leader() ${uuid(who)} stable index: 3 last index: 4`,
  }),
  program(
    'yugabyte',
    (text, { clock }, who) => `I0301 ${compact(clock)} 16581 raft_consensus.cc:215] T ${TABLET} P ${hex32(who)} ${text}`,
    {
      ...cpp,
      stand: ({ who, term }) => `[CANDIDATE]: Term ${term} election: Requesting vote from peer ${hex32(who === 1 ? 2 : 1)}`,
      grant: ({ peer, term }) =>
        `[term ${term} FOLLOWER]:  Leader election vote request: Granting yes vote for candidate ${hex32(peer)} in term ${term}.`,
      granted: ({ peer, term }) => `[CANDIDATE]: Term ${term} election: Vote granted by peer ${hex32(peer)}`,
      lead: ({ term }) => `[term ${term} FOLLOWER]: Leader election won for term ${term}`,
    },
  ),
  program(
    'nebula',
    (text, { clock }, who) => `I20260301 ${compact(clock)} 77 RaftPart.cpp:1279] [Port: 978${who}, Space: 1, Part: 3] ${text}`,
    {
      ...cpp,
      stand: ({ who, term, last, lastTerm }) =>
        `Sending out an election request (space = 1, part = 3, term = ${term}, lastLogId = ${last}, lastLogTerm = ${lastTerm}, candidateIP = n${who}, candidatePort = 978${who}), isPreVote = 0`,
      lead: ({ term }) => `Partition is elected as the new leader for term ${term}`,
      asked: ({ peer, term, last, lastTerm }) =>
        `Received a VOTING request: space = 1, partition = 3, candidateAddr = n${peer}:978${peer}, term = ${term}, lastLogId = ${last}, lastLogTerm = ${lastTerm}, isPreVote = 0`,
    },
  ),
  {
    format: 'zeebe',
    line: (act, { clock }) => {
      if (isPanic(act)) return JAVA_PANIC;
      const text = zeebe(act);
      return text === null || !('who' in act)
        ? null
        : `${DAY} ${clock} [] [raft-server-${act.who}-raft-partition-partition-1] INFO io.atomix.raft.roles.FollowerRole - RaftServer{raft-partition-partition-1}${text}`;
    },
  },
  {
    format: 'openraft',
    isPerServer: true,
    line: (act, { clock }) => {
      if (isPanic(act)) return RUST_PANIC;
      const text = openraft(act);
      return text === null
        ? null
        : `${DAY}T${compact(clock)}Z  INFO openraft::engine::engine_impl: openraft/src/engine/engine_impl.rs:286: ${text}`;
    },
  },
];

function dragonboat(act: Act): string | null {
  switch (act.act) {
    case 'stand':
      return 'became candidate';
    case 'lead':
      return 'became leader';
    case 'follow':
      return 'became follower';
    case 'grant':
      return `cast vote from ${shard(act.peer)} index 2 term ${act.term}, log term: 1`;
    case 'granted':
      return `received RequestVoteResp from ${shard(act.peer)}`;
    case 'refused':
      return `received RequestVoteResp rejection from ${shard(act.peer)}`;
    default:
      return null;
  }
}

function zeebe(act: Act): string | null {
  switch (act.act) {
    case 'stand':
      return `{role=CANDIDATE} - Requesting votes for term ${act.term}`;
    case 'lead':
      return ' - Transitioning to LEADER';
    case 'follow':
      return ' - Transitioning to FOLLOWER';
    case 'grant':
      return `{role=FOLLOWER} - Accepted VoteRequest{term=${act.term}, candidate=${act.peer}, lastLogIndex=2, lastLogTerm=1}: candidate's log is up-to-date`;
    default:
      return null;
  }
}

function openraft(act: Act): string | null {
  switch (act.act) {
    case 'stand':
      return `elect: new candidate: {<T${act.term}-N${act.who}:->@12:00:00, last_log_id:T1-N2-4 progress:{}}`;
    case 'lead':
      return 'a quorum granted my vote';
    default:
      return null;
  }
}

/** What clients asked and got, as Jepsen keeps it. */
function jepsenOperation(act: Act): string | null {
  if (!('client' in act)) return null;
  return `{:process ${act.client}, :type ${act.act === 'call' ? ':invoke' : ':ok'}, :f ${act.f === 'read' ? ':read' : ':write'}, :value ${act.value ?? 'nil'}`;
}

const jepsen: readonly Phrasebook[] = [
  {
    format: 'jepsen-edn',
    line: (act, { ms }) => {
      const operation = jepsenOperation(act);
      return operation === null ? null : `${operation}, :time ${ms * 1_000_000}}`;
    },
  },
  {
    format: 'jepsen-log',
    line: (act) => {
      if (!('client' in act)) return null;
      return `INFO  jepsen.util - ${act.client}\t${act.act === 'call' ? ':invoke' : ':ok'}\t:${act.f}\t${act.value ?? 'nil'}`;
    },
  },
];

export const phrasebooks = (): readonly Phrasebook[] => [
  native,
  lab,
  etcdTrace(),
  etcd('etcd-zap', (msg, { clock }) => JSON.stringify({ level: 'info', ts: `${DAY}T${clock}Z`, caller: 'raft/raft.go:1', msg })),
  etcd('etcd', (text, { clock }) => `raft2026/03/01 ${clock.slice(0, 8)} INFO: ${text}`),
  hclog,
  hclogJson('hclog-json', ['@timestamp', '@level', '@message']),
  hclogJson('hclog-embedded', ['ts', 'level', 'msg']),
  shiviz('shiviz', (text, host, clock) => `${text}\n${host} ${clock}`),
  shiviz('shiviz-clock-first', (text, host, clock) => `${host} ${clock}\n${text}`),
  shiviz('shiviz-line', (text, host, clock) => `${host} ${clock} ${text}`),
  pino,
  ...PROGRAMS,
  ...jepsen,
];

/** The script as a log of raftlens's own lines. */
export function nativeLog(script: Script): string {
  const lines: string[] = [];
  for (const act of script) {
    const line = native.line(act, { line: lines.length + 1, ms: 1000 + lines.length * 10, clock: '' });
    if (line !== null) lines.push(line);
  }
  return lines.map((line) => `${line}\n`).join('');
}
