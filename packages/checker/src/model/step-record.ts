import type { EntryDigest, Event, Role } from '@raftlens/events';
import type { ClusterState, Leader } from './cluster-state.ts';
import type { ElectionTimer } from './election-timer.ts';
import type { EntryRecord } from './entry-record.ts';
import { Leadership, PeerModel } from './leadership.ts';
import type { ClusterProgress } from './progress.ts';
import type { Loss } from './proven-state.ts';
import type { ArrivedAppend, ArrivedSnapshot, ArrivedVote } from './requests.ts';
import { type ConfigModel, ServerModel } from './server-model.ts';
import type { Silence } from './silence.ts';
import type { Moment, Moments } from './step.ts';
import type { Traffic } from './traffic.ts';
import { type VainAnswers, VainRow } from './vain-answers.ts';

type EveryStep = UnionToIntersection<Moments[Moment]>;
type UnionToIntersection<T> = (T extends unknown ? (of: T) => void : never) extends (of: infer All) => void ? All : never;

const NOBODY = 'nobody';
const NO_LINE: Event = { seq: 0, time: 0, node: NOBODY, boot: 0, op: 'Note', src: NOBODY, dst: NOBODY };
const NO_DIGEST: EntryDigest = { term: 0, hash: '' };
const NO_LOSS: Loss = {
  seq: 0,
  told: '',
  before: '',
  beforeSeq: 0,
  term: -1,
  isBlank: false,
  isRead: false,
  hasContact: false,
};
const NO_SILENCE: Silence = { server: null, sinceSeq: 0, ms: 0, isAlive: false };
const NO_CONFIG: ConfigModel = { voters: [], outgoing: [], learners: [], isPhaseTold: false, index: 0, seq: 0 };

/** What a moment tells, for all moments in one object that is used again: a log has millions of them. A moment sets what its own step has. */
export class StepRecord implements EveryStep {
  readonly cluster: ClusterState;
  readonly progress: ClusterProgress;
  readonly traffic: Traffic;
  event = NO_LINE;
  server: ServerModel;
  from = 0;
  to = 0;
  termSeq = 0;
  fromRole: Role = 'follower';
  toRole: Role = 'follower';
  candidate: string | null = null;
  isTakenAlong = false;
  leader: Leader | null = null;
  does = '';
  index = 0;
  entries: readonly EntryDigest[] = [];
  given = false;
  refused: ArrivedAppend | null = null;
  digest = NO_DIGEST;
  prev: EntryRecord | null = null;
  record: EntryRecord | null = null;
  isSame = false;
  entrySeq = 0;
  appendRequest: ArrivedAppend | null = null;
  voteRequest: ArrivedVote | null = null;
  snapshotRequest: ArrivedSnapshot | null = null;
  next = NO_CONFIG;
  leadership = new Leadership(-1, 0);
  peer = new PeerModel();
  peerId = NOBODY;
  timer: ElectionTimer | null = null;
  silentMs = 0;
  loss = NO_LOSS;
  isSameCluster = false;
  vain: VainAnswers = { row: new VainRow(), kind: 'entries', asker: NOBODY, peer: NOBODY };
  silence = NO_SILENCE;

  constructor(cluster: ClusterState, progress: ClusterProgress, traffic: Traffic) {
    this.cluster = cluster;
    this.progress = progress;
    this.traffic = traffic;
    this.server = new ServerModel(NOBODY, cluster.facts);
  }

  get config(): ConfigModel | null {
    const { config, tellsConfigs } = this.server;
    return config ?? (tellsConfigs ? null : this.cluster.config);
  }

  /** The line that is taken now, and whose it is. */
  begin(server: ServerModel, event: Event): void {
    this.server = server;
    this.event = event;
  }
}
