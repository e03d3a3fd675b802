import type { EntryDigest, Event, Role } from '@raftlens/events';
import type { ClusterState, Leader } from './cluster-state.ts';
import type { ElectionTimer } from './election-timer.ts';
import type { EntryRecord } from './entry-record.ts';
import type { Leadership, PeerModel } from './leadership.ts';
import type { ClusterProgress } from './progress.ts';
import type { Loss } from './proven-state.ts';
import type { ArrivedAppend, ArrivedSnapshot, ArrivedVote } from './requests.ts';
import type { ConfigModel, ServerModel } from './server-model.ts';
import type { Silence } from './silence.ts';
import type { Traffic } from './traffic.ts';
import type { VainAnswers } from './vain-answers.ts';

/**
 * A moment in the life of a server: `event` is the line that tells of it, `server` what was known before. The model shows it to the rules and
 * takes it afterwards, whatever they say: it follows what the server did, right or wrong.
 */
export interface Step {
  readonly event: Event;
  readonly server: ServerModel;
  readonly cluster: ClusterState;
  /** The configuration that the server goes by, or the one that the checker was told; null where neither is known. */
  readonly config: ConfigModel | null;
}

/** currentTerm, commitIndex or lastApplied changes. */
export interface ChangeStep extends Step {
  readonly from: number;
  readonly to: number;
  /** The role with which the line leaves the server. */
  readonly toRole: Role;
}

/** commitIndex rises. */
export interface CommitStep extends ChangeStep {
  /** A follower's: the request that it obeys although it does not fit its log, null where there is none. */
  readonly refused: ArrivedAppend | null;
}

/** A server does what a request says that does not fit its log. */
export interface ObeyStep extends Step {
  readonly refused: ArrivedAppend | null;
  readonly does: string;
}

/** A server promises something by its reply. */
export interface PromiseStep extends Step {
  readonly does: string;
}

/** The term has fallen by the line `event`, and the next line of the server does not say that it was a restart. */
export interface FallStep extends Step {
  readonly from: number;
  readonly to: number;
  /** The line that told the higher term. */
  readonly termSeq: number;
}

/** votedFor changes within `server.term`. */
export interface VoteStep extends Step {
  readonly candidate: string | null;
  /** The vote of the term before stands in a line of the new one. */
  readonly isTakenAlong: boolean;
}

/** The role changes. `server` has the new term and the old role; `from` is the term before the line. */
export interface RoleStep extends Step {
  readonly from: number;
  readonly fromRole: Role;
  readonly toRole: Role;
}

/** The server leads its term. */
export interface ElectedStep extends Step {
  /** Who was known to lead that term before; null for nobody. */
  readonly leader: Leader | null;
}

/** The log changes from `index` on: `entries` are written there, or what follows is deleted. */
export interface LogStep extends Step {
  readonly index: number;
  readonly entries: readonly EntryDigest[];
  /** A follower's: whether open requests that fit its log give these entries; else one that has them and does not fit, or null. */
  readonly given: boolean;
  readonly refused: ArrivedAppend | null;
}

/** An entry enters a log at `index` after `prev`; `record` is what the whole log of events knows of that index and term. */
export interface EntryStep extends Step {
  readonly index: number;
  readonly digest: EntryDigest;
  readonly prev: EntryRecord | null;
  readonly record: EntryRecord | null;
}

/** The server commits or applies the entry at `index`; `record` is what was committed there first, null where nothing was. */
export interface CommittedStep extends Step {
  readonly index: number;
  readonly digest: EntryDigest;
  readonly record: EntryRecord | null;
  /** Whether that is the same entry. */
  readonly isSame: boolean;
  /** The line that told of the server's own entry; 0 where it is this one. */
  readonly entrySeq: number;
}

/** A reply leaves; `request` is the one that it answers, null where it cannot be paired. */
export interface AppendReplyStep extends Step {
  readonly appendRequest: ArrivedAppend | null;
}

export interface VoteReplyStep extends Step {
  readonly voteRequest: ArrivedVote | null;
}

export interface SnapshotReplyStep extends Step {
  readonly snapshotRequest: ArrivedSnapshot | null;
}

/** Another configuration comes into force. */
export interface ConfigStep extends Step {
  readonly next: ConfigModel;
}

/** The server has started; `server.durable` still says what was known of its disk before. */
export interface BootStep extends Step {
  /** What commitIndex was before; -1 where it is not known. */
  readonly from: number;
}

/** A start of the server tells less than it must have had on its disk. */
export interface LossStep extends Step {
  readonly loss: Loss;
  /** Whether it is the same server of the same cluster. If not, another run may begin there. */
  readonly isSameCluster: boolean;
}

/** A leader deals with one of its peers. */
export interface PeerStep extends Step {
  readonly leadership: Leadership;
  readonly peer: PeerModel;
  readonly peerId: string;
}

/** The election timer ran out, or the server has written a line while it runs. */
export interface TimerStep extends Step {
  readonly timer: ElectionTimer | null;
  /** For how long the server has written nothing. */
  readonly silentMs: number;
}

/** A request leaves a server, or a test tells how many may. */
export interface TrafficStep extends Step {
  readonly traffic: Traffic;
}

/** How far a cluster that is left alone has come. */
export interface ProgressStep extends Step {
  readonly progress: ClusterProgress;
}

/** One server has answered another again and again, and nothing came of it. */
export interface VainStep extends ProgressStep {
  readonly vain: VainAnswers;
}

/** A server has heard of no leader for long, or all have fallen silent. */
export interface SilenceStep extends Step {
  readonly silence: Silence;
}

/** The moments at which rules are asked, and what each of them is told. */
export interface Moments {
  term: ChangeStep;
  'term fell': FallStep;
  vote: VoteStep;
  role: RoleStep;
  /** The server leads its term, by election or by its first line; `leader` is who was known to lead that term before. */
  elected: ElectedStep;
  commit: ChangeStep;
  'leader commits': CommitStep;
  /** By more than earlier replies of the follower have verified. */
  'follower commits': CommitStep;
  /** A follower appends or commits by a request that does not fit its log. */
  'obeys a refused request': ObeyStep;
  /** A leader has raised commitIndex to `to`, and each entry up to there was told as committed. */
  'leader has committed': ChangeStep;
  applied: ChangeStep;
  'leader appends': LogStep;
  'follower appends': LogStep;
  truncate: LogStep;
  /** A leader is about to delete or overwrite entries of its own log. */
  'own entries go': LogStep;
  'entry enters': EntryStep;
  'entry is committed': CommittedStep;
  /** A line of this kind. */
  Start: Step;
  Apply: Step;
  'Apply does not tell its entry': Step;
  SnapshotTaken: Step;
  SnapshotInstalled: Step;
  Progress: PeerStep;
  /** It tells of a match that the peer has not acknowledged. */
  'match is not acknowledged': PeerStep;
  ReadStart: Step;
  ReadReady: Step;
  BecomeFollower: Step;
  /** A server sends a read or commands to the one that it takes for the leader. */
  'asks its leader': Step;
  /** A write with entries that stand where durable ones were cut ends, or one that takes them off the disk. */
  'writes what follows a cut': Step;
  /** The entry of the configuration in force is cut, and the server goes on by it. */
  'owes its configuration': Step;
  /** A leader goes on without committing what a majority has acknowledged. */
  'owes a commit': Step;
  /** A leader has sent nothing to a member for too long. */
  'owes a heartbeat': PeerStep;
  /** A leader sends the same entries to a peer again and again. */
  'sends the same again': PeerStep;
  BecomePreCandidate: Step;
  Timeout: TimerStep;
  'timer runs on': TimerStep;
  config: ConfigStep;
  boot: BootStep;
  'starts with less than it had': LossStep;
  /** After the server's line: what it still owes to a message. */
  'owes its term': Step;
  'owes its leader': Step;
  'sends RequestVote': Step;
  'sends RequestVoteReply': VoteReplyStep;
  'sends PreVoteReply': VoteReplyStep;
  'sends AppendEntries': Step;
  /** A leader goes on for too long to send what the peer has refused. */
  'sends what was refused': PeerStep;
  /** A leader sends AppendEntries although the committed configuration has removed itself, or the peer. */
  'sends a farewell': PeerStep;
  'sends AppendEntriesReply': AppendReplyStep;
  /** A reply that binds the server, after its disk has lost what it had called durable. */
  'promises after a loss': PromiseStep;
  'sends InstallSnapshot': Step;
  'sends InstallSnapshotReply': SnapshotReplyStep;
  'sends TimeoutNow': Step;
  'sends ReadIndexReply': Step;
  /** `server` is the voter, `event` the line of the candidate that has received the vote. */
  'vote comes in': Step;
  /** A leader has written to its log. */
  'leader has written': Step;
  /** The log of a server changed by a line that does not tell how. */
  'log is lost': Step;
  /** A request leaves a server. */
  'request is sent': TrafficStep;
  /** A test begins, with a budget of messages of its own. */
  'budget is told': TrafficStep;
  /** Nothing disturbs a majority, and the time is over in which it has to elect or to commit. */
  'is due': ProgressStep;
  /** What the majority had to do it has done in time. */
  'is done in time': ProgressStep;
  /** The log ends, and what follows shows only in the whole of it. */
  'answers were in vain': VainStep;
  silence: SilenceStep;
  /** The log ends. */
  ends: ProgressStep;
}

export type Moment = keyof Moments;

/** All of them, once. */
export const MOMENTS = [
  'term',
  'term fell',
  'vote',
  'role',
  'elected',
  'commit',
  'leader commits',
  'follower commits',
  'obeys a refused request',
  'leader has committed',
  'applied',
  'leader appends',
  'follower appends',
  'truncate',
  'own entries go',
  'entry enters',
  'entry is committed',
  'Start',
  'Apply',
  'Apply does not tell its entry',
  'SnapshotTaken',
  'SnapshotInstalled',
  'Progress',
  'match is not acknowledged',
  'ReadStart',
  'ReadReady',
  'BecomeFollower',
  'asks its leader',
  'writes what follows a cut',
  'owes its configuration',
  'owes a commit',
  'owes a heartbeat',
  'sends the same again',
  'BecomePreCandidate',
  'Timeout',
  'timer runs on',
  'config',
  'boot',
  'starts with less than it had',
  'owes its term',
  'owes its leader',
  'sends RequestVote',
  'sends RequestVoteReply',
  'sends PreVoteReply',
  'sends AppendEntries',
  'sends what was refused',
  'sends a farewell',
  'sends AppendEntriesReply',
  'promises after a loss',
  'sends InstallSnapshot',
  'sends InstallSnapshotReply',
  'sends TimeoutNow',
  'sends ReadIndexReply',
  'vote comes in',
  'leader has written',
  'log is lost',
  'request is sent',
  'budget is told',
  'is due',
  'is done in time',
  'answers were in vain',
  'silence',
  'ends',
] as const satisfies readonly Moment[];

/** Asks the rules of a moment. */
export type Ask<M extends Moment> = (step: Moments[M]) => void;

/** Who holds the rules, as the model sees it. */
export interface Judge {
  on<M extends Moment>(moment: M): Ask<M>;
}

/** The questions of all moments, ready to be asked. */
export type Asks = { readonly [M in (typeof MOMENTS)[number]]: Ask<M> };

export function asksOf(judge: Judge): Asks {
  // One for each name, each of the type that its name has: the compiler does not follow names that are values.
  return Object.fromEntries(MOMENTS.map((moment) => [moment, judge.on(moment)])) as unknown as Asks;
}
