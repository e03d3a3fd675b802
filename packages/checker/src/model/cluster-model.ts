import type { Event } from '@raftlens/events';
import type { MessageBudget } from '../budget.ts';
import { answered } from './answers.ts';
import { ClusterState } from './cluster-state.ts';
import { Debts } from './debts.ts';
import { DutySteps } from './duty-steps.ts';
import { ElectionSteps } from './election-steps.ts';
import { HarnessSteps } from './harness-steps.ts';
import { tellWhatWasInVain } from './in-vain.ts';
import type { LogFacts } from './log-facts.ts';
import { LogSteps } from './log-steps.ts';
import { LostState } from './lost-state.ts';
import { OTHER_WRITERS } from './other-writers.ts';
import { ClusterProgress } from './progress.ts';
import { isMember, membersOf } from './quorum.ts';
import { receive, refusedCommit, verifyOpen } from './receive.ts';
import { carriesState } from './role-after.ts';
import { beginRead, readOf, Sending, standsWith } from './sending.ts';
import type { ServerModel } from './server-model.ts';
import { Starts } from './starts.ts';
import { type Asks, asksOf, type Judge } from './step.ts';
import { StepRecord } from './step-record.ts';
import type { Strays } from './strays.ts';
import { TimerSteps } from './timer-steps.ts';
import { Traffic } from './traffic.ts';

/** What the model may be told beside the events. */
export interface ModelOptions {
  readonly voters?: readonly string[];
  readonly livenessMs?: number;
  readonly budget?: MessageBudget;
}

/**
 * The servers of one cluster, by the lines that they write, from the first to the last. At each moment that a rule may govern it asks, and
 * then takes the step, right or wrong. Nothing else changes it, and it knows no rule.
 */
export class ClusterModel {
  readonly cluster: ClusterState;
  readonly #strays: Strays;
  readonly #asks: Asks;
  readonly #step: StepRecord;
  readonly #progress: ClusterProgress;
  readonly #traffic: Traffic;
  readonly #log: LogSteps;
  readonly #elections: ElectionSteps;
  readonly #sending: Sending;
  readonly #starts: Starts;
  readonly #lostState: LostState;
  readonly #timers: TimerSteps;
  readonly #debts: Debts;
  readonly #duties: DutySteps;
  readonly #harness: HarnessSteps;

  /** `facts` and `strays` are those of the whole log, which may tell of several clusters, one after the other. */
  constructor(judge: Judge, facts: LogFacts, strays: Strays, { voters, livenessMs, budget }: ModelOptions) {
    this.cluster = new ClusterState(facts);
    if (voters !== undefined) this.cluster.config = { voters, outgoing: [], learners: [], isPhaseTold: true, index: 0, seq: 0 };
    this.#strays = strays;
    this.#asks = asksOf(judge);
    this.#progress = new ClusterProgress(this.cluster, livenessMs);
    this.#traffic = new Traffic(budget);
    this.#step = new StepRecord(this.cluster, this.#progress, this.#traffic);
    this.#log = new LogSteps(this.cluster, this.#step, this.#asks);
    this.#elections = new ElectionSteps(this.#step, this.#asks, (server, event) => this.#followCommit(server, event));
    this.#sending = new Sending(this.#step, this.#asks);
    this.#lostState = new LostState(this.#step, this.#asks);
    this.#timers = new TimerSteps(this.#step, this.#asks);
    this.#debts = new Debts(this.#step, this.#asks);
    this.#duties = new DutySteps(this.cluster, this.#step, this.#asks);
    this.#harness = new HarnessSteps(this.#step, this.#asks, this.#lostState);
    this.#starts = new Starts(this.#step, this.#asks, { log: this.#log, elections: this.#elections, lostState: this.#lostState });
  }

  /** `gapSeq` is the latest line before which others are missing, 0 for none. */
  observe(event: Event, gapSeq: number): void {
    if (gapSeq > this.cluster.gapSeq) {
      this.cluster.gapSeq = gapSeq;
      this.#progress.missesLines();
      this.#traffic.missesLines();
    }
    this.cluster.silences.line(event);
    if (event.time >= this.#progress.deadlineMs) {
      this.#step.event = event;
      this.#asks['is due'](this.#step);
      this.#progress.isOver(event);
    }
    if (this.#traffic.isCounting && this.#traffic.takes(event)) {
      this.#step.event = event;
      this.#asks['request is sent'](this.#step);
    }
    const kind = OTHER_WRITERS.get(event.op);
    if (kind === 'client') return;
    if (kind === 'harness') this.#harness.takes(event);
    else if (event.dir === 'drop') this.#progress.lost(event);
    else this.#ofServer(event);
  }

  /** The cluster's last line was told. */
  finish(): void {
    for (const server of this.cluster.servers) this.#elections.judgeFall(server);
    this.#lostState.ends();
    tellWhatWasInVain(this.#step, this.#asks);
    this.#asks.ends(this.#step);
  }

  #ofServer(event: Event): void {
    const server = this.cluster.server(event.node);
    const { boot } = event;
    const isOther = !server.up || (boot !== 0 && server.boot !== boot);
    if (isOther && this.#strays.isStray(server, event)) return;
    const isAfterGap = this.cluster.isBehindGap(server);
    if (server.fall !== null && !isAfterGap) this.#elections.judgeFall(server, event);
    this.#step.begin(server, event);
    this.cluster.silences.takes(server, event);
    this.cluster.elections.takes(event);
    const { facts } = this.cluster;
    if (!facts.writesStates && event.term !== undefined && carriesState(event)) facts.writesStates = true;
    if (event.boot > 1) facts.countsBoots = true;
    if (event.op === 'Boot') {
      this.#starts.boots(server, event, isAfterGap);
      server.eventSeq = event.seq;
      return;
    }
    if (isOther) this.#starts.adopts(server, event);
    else if (isAfterGap) this.#starts.resumes(server, event);
    else if (!server.isSettled) server.settle(event);
    server.eventSeq = event.seq;
    if (server.electionTimer !== null) this.#timers.runsOn(event, server.electionTimer);
    this.#elections.follow(server, event);
    if (event.dir === 'recv') {
      this.#follow(server, event);
      this.#received(server, event);
      answered(this.cluster.vain, server, event);
      receive(server, event);
      this.#lostState.arrives(server, event);
      this.#lostState.goesOn(server, event);
      if (server.role === 'leader' && event.success === true) this.#duties.acknowledged(server, event);
      return;
    }
    this.#takes(server, event);
    this.#follow(server, event);
    if (event.dir === 'send') this.#sending.sends(server, event);
    this.#debts.owes(server, event);
    this.#lostState.goesOn(server, event);
    this.#duties.after(server, event);
  }

  /** A step of its own opcode: the rules are asked, and then the model takes it. */
  #takes(server: ServerModel, event: Event): void {
    const step = this.#step;
    switch (event.op) {
      case 'Start':
        this.#asks.Start(step);
        this.#progress.starts(server, event);
        break;
      case 'Append':
        this.#log.appending(server, event);
        this.#log.append(server, event);
        break;
      case 'Truncate':
        this.#duties.truncates(server, event);
        this.#log.truncating(server, event);
        this.#log.truncate(server, event);
        break;
      case 'Persist':
        this.#duties.persists(server, event);
        this.#log.persist(server, event);
        if (server.role === 'leader') this.#duties.acknowledged(server, event);
        break;
      case 'Apply':
        if (event.applied !== event.index) server.appliesInBatches ||= event.applied !== undefined;
        this.#asks.Apply(step);
        this.#log.apply(server, event);
        break;
      case 'SnapshotTaken':
        this.#asks.SnapshotTaken(step);
        this.cluster.committed.told(server.term, event.index ?? 0, server.id, event.seq);
        this.#log.snapshotTaken(server, event);
        break;
      case 'SnapshotInstalled':
        this.#asks.SnapshotInstalled(step);
        this.#installs(server, event);
        break;
      case 'ConfigChange':
        this.#configChange(server, event);
        break;
      case 'Progress':
        this.#peerMoves(server, event);
        break;
      case 'ReadStart':
        this.#asks.ReadStart(step);
        if (event.ctx === undefined || event.index === undefined) {
          server.missesReads = true;
          break;
        }
        beginRead(server, event.ctx, readOf(server, event.index, event.seq));
        break;
      case 'ReadReady':
        this.#asks.ReadReady(step);
        if (event.ctx !== undefined && event.index !== undefined) server.reads.delete(event.ctx);
        break;
      case 'BecomePreCandidate':
        this.#asks.BecomePreCandidate(step);
        server.timeoutSeq = 0;
        // One who asks again keeps its role.
        server.electionTimer?.start(event, 'it asked for pre-votes');
        break;
      case 'BecomeFollower':
        this.#asks.BecomeFollower(step);
        break;
      case 'Timeout':
        this.#timers.runsOut(server, event);
        break;
      default:
    }
  }

  #installs(server: ServerModel, event: Event): void {
    const { index } = event;
    if (index === undefined) server.appends.miss(event.seq);
    else if (server.snapshotsAreTold) server.commitBound = Math.max(server.commitBound, index);
    this.#log.snapshotInstalled(server, event);
  }

  #peerMoves(server: ServerModel, event: Event): void {
    const { peer: id, match } = event;
    const { leadership } = server;
    if (leadership === null || id === undefined || id === server.id || match === undefined) return;
    const step = this.#step;
    step.leadership = leadership;
    step.peer = leadership.peer(id);
    step.peerId = id;
    this.#asks.Progress(step);
    if (match > step.peer.acked) this.#asks['match is not acknowledged'](step);
    if (event.state !== undefined) step.peer.snapshotUnderWay = event.state === 'snapshot';
    step.peer.match = match;
    step.peer.matchSeq = event.seq;
  }

  #received(server: ServerModel, event: Event): void {
    if (event.op === 'RequestVote') {
      standsWith(this.cluster.find(event.src), event);
    } else if (event.op === 'ReadIndexReply') {
      if (event.success === false) return;
      if (event.success === undefined || event.ctx === undefined || event.index === undefined) {
        server.missesReads = true;
        return;
      }
      beginRead(server, event.ctx, { index: event.index, seq: event.seq, round: -1, term: server.term, handoverSeq: 0 });
    } else if (event.op === 'RequestVoteReply') {
      this.#voteComesIn(server, event);
    }
  }

  #voteComesIn(server: ServerModel, event: Event): void {
    if (event.granted !== true || event.msgTerm === undefined) return;
    const voter = this.cluster.server(event.src);
    if (voter.tells('grants')) return;
    this.#step.begin(voter, event);
    this.#asks['vote comes in'](this.#step);
    this.#step.begin(server, event);
    voter.tellsVote(event.msgTerm, event.dst, event.seq);
  }

  #configChange(server: ServerModel, event: Event): void {
    const config = this.cluster.configs.told(event);
    server.tellsConfigs = true;
    if (config === null) {
      server.config = null;
      server.configBefore = null;
      return;
    }
    this.#step.next = config;
    this.#asks.config(this.#step);
    const before = server.config ?? config;
    server.configBefore = config.index > before.index ? before : null;
    server.config = config;
    this.#progress.configChanged();
    this.cluster.configs.remember(server, config);
    // Whatever a late reply tells of an earlier membership, nothing is known of a server that joins now.
    server.leadership?.keepOnly((id) => isMember(config, id) && isMember(before, id));
    for (const id of membersOf(config)) if (!isMember(before, id)) server.leadership?.joins(id, event.seq);
  }

  /** Brings the model to the log's end, the commit index and lastApplied that the line carries. */
  #follow(server: ServerModel, event: Event): void {
    if (event.last !== undefined && event.last !== server.log.last) this.#lostTrack(server, event, event.last);
    this.#followCommit(server, event);
    const applied = event.applied ?? (event.op === 'Apply' ? event.index : undefined);
    if (applied === undefined) {
      if (event.op === 'Apply') server.applied = -1;
      return;
    }
    if (applied === server.applied) return;
    if (server.applied >= 0) {
      this.#step.from = server.applied;
      this.#step.to = applied;
      this.#asks.applied(this.#step);
    }
    server.applied = applied;
    server.appliedSeq = event.seq;
  }

  #followCommit(server: ServerModel, event: Event): void {
    const commit = event.commit ?? commitAfter(event, server.commit);
    if (commit === undefined) {
      if (event.op === 'Commit') server.commit = -1;
      return;
    }
    if (commit === server.commit) return;
    const step = this.#step;
    const rises = commit > server.commit;
    if (server.commit >= 0) {
      step.from = server.commit;
      step.to = commit;
      this.#asks.commit(step);
      if (rises) this.cluster.elections.ends();
      if (rises && event.op !== 'SnapshotInstalled') this.#commitRises(server, commit);
    }
    this.#log.commit(server, event, server.commit, commit);
    if (rises && server.role === 'leader') {
      step.to = commit;
      this.#asks['leader has committed'](step);
      if (this.#progress.commits(server, event, commit)) this.#asks['is done in time'](step);
    }
    server.commit = commit;
    server.commitSeq = event.seq;
    this.cluster.committed.told(server.term, commit, server.id, event.seq);
  }

  #commitRises(server: ServerModel, to: number): void {
    const step = this.#step;
    if (server.role === 'leader') {
      this.#asks['leader commits'](step);
      return;
    }
    if (to <= server.commitBound) return;
    const isTold = server.appendsAreTold;
    if (isTold) verifyOpen(server);
    step.refused = isTold && to > server.commitBound ? refusedCommit(server, to) : null;
    this.#asks['follower commits'](step);
    if (step.refused === null) return;
    step.does = `sets commitIndex to ${to}`;
    this.#asks['obeys a refused request'](step);
  }

  /** The log changed without a line that says how: what it holds is not known any more, only where it ends. */
  #lostTrack(server: ServerModel, event: Event, last: number): void {
    this.#asks['log is lost'](this.#step);
    server.log.lose(last, event.lastTerm ?? -1);
    server.logSeq = event.seq;
  }
}

/** The commit index that the step sets, where the line does not carry it. */
function commitAfter({ op, index }: Event, before: number): number | undefined {
  if (op === 'Commit') return index;
  return op === 'SnapshotInstalled' && index !== undefined && before >= 0 ? Math.max(index, before) : undefined;
}
