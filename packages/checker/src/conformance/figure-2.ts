import type { Event, Role } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import { Leadership } from '../model/leadership.ts';
import type { ConfigModel, ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';
import { AllServersRules } from './all-servers.ts';
import { AppendEntriesReceiver } from './append-entries-receiver.ts';
import { AppendEntriesReplies } from './append-entries-reply.ts';
import { AppendEntriesSender } from './append-entries-sender.ts';
import { ElectionTimerRule } from './election-timer.ts';
import { ElectionRules } from './elections.ts';
import { LeaderRules } from './leaders.ts';
import { MembershipRules } from './membership.ts';
import { PreVoteRules } from './pre-vote.ts';
import { ReadRules } from './reads.ts';
import { RequestVoteRules } from './request-vote.ts';
import { RestartRules } from './restart.ts';
import { SnapshotRules } from './snapshots.ts';
import { TermRules } from './terms.ts';
import { TransferRules } from './transfer.ts';

/**
 * Figure 2 as a conformance check: each step of each server is held against the rule that governs it, before the model takes the step.
 * The rules are stated here on their own, from the events alone; nothing of the core is used, so that one mistake cannot hide in both.
 */
export class Figure2 {
  private readonly cluster: Cluster;
  private readonly votedFor: Rule;
  private readonly votes: RequestVoteRules;
  private readonly receiver: AppendEntriesReceiver;
  private readonly replies: AppendEntriesReplies;
  private readonly appends: AppendEntriesSender;
  readonly terms: TermRules;
  private readonly elections: ElectionRules;
  private readonly leaders: LeaderRules;
  private readonly all: AllServersRules;
  private readonly snapshots: SnapshotRules;
  private readonly preVotes: PreVoteRules;
  private readonly transfers: TransferRules;
  private readonly membership: MembershipRules;
  private readonly reads: ReadRules;
  readonly restart: RestartRules;
  readonly electionTimer: ElectionTimerRule;

  constructor(book: Rulebook, cluster: Cluster) {
    this.cluster = cluster;
    this.votedFor = book.rule('voted-for');
    this.votes = new RequestVoteRules(book);
    this.receiver = new AppendEntriesReceiver(book);
    this.replies = new AppendEntriesReplies(book, this.receiver);
    this.appends = new AppendEntriesSender(book, cluster);
    this.terms = new TermRules(book);
    this.elections = new ElectionRules(book);
    this.leaders = new LeaderRules(book, cluster);
    this.all = new AllServersRules(book);
    this.snapshots = new SnapshotRules(book, cluster);
    this.preVotes = new PreVoteRules(book);
    this.transfers = new TransferRules(book);
    this.membership = new MembershipRules(book, cluster);
    this.reads = new ReadRules(book);
    this.restart = new RestartRules(book);
    this.electionTimer = new ElectionTimerRule(book, cluster);
  }

  /** A step of its own opcode, before the model takes it. */
  step(server: ServerModel, event: Event): void {
    switch (event.op) {
      case 'Append':
        this.appending(server, event);
        break;
      case 'Truncate':
        if (event.index !== undefined && server.role !== 'leader') this.receiver.truncating(server, event, event.index);
        break;
      case 'Start':
        this.leaders.starts(server, event);
        break;
      case 'Apply':
        this.all.applying(server, event);
        break;
      case 'SnapshotTaken':
        this.snapshots.taking(server, event);
        break;
      case 'SnapshotInstalled':
        this.snapshots.installing(server, event);
        break;
      case 'Progress':
        this.leaders.progress(server, event);
        break;
      case 'ReadStart':
        this.reads.starts(server, event);
        break;
      case 'ReadReady':
        this.reads.ready(server, event);
        break;
      case 'BecomePreCandidate':
        this.elections.asks(server, event, this.configOf(server));
        server.timeoutSeq = 0;
        break;
      case 'Timeout':
        this.timesOut(server, event);
        break;
      default:
    }
  }

  private appending(server: ServerModel, event: Event): void {
    const { entries } = event;
    if (entries === undefined || entries.length === 0) return;
    const index = event.index ?? server.log.last + 1;
    if (server.role === 'leader') {
      this.leaders.appending(server, event, index, entries);
      return;
    }
    if (index <= server.log.last) this.receiver.truncating(server, event, index);
    this.receiver.appending(server, event, index, entries);
  }

  private timesOut(server: ServerModel, event: Event): void {
    server.writesTimeouts = true;
    if (server.role === 'leader') return;
    if (event.timer === undefined || event.timer === 'election') this.electionTimer.timesOut(server, event);
    server.timeoutSeq = event.seq;
    server.contactSeq = 0;
    server.justStarted = false;
  }

  sent(server: ServerModel, event: Event): void {
    server.writesSends = true;
    switch (event.op) {
      case 'AppendEntries':
        this.sentAppend(server, event);
        break;
      case 'AppendEntriesReply':
        if (event.success === true) this.restart.promises(server, event, 'acknowledges entries');
        this.replies.sendReply(server, event);
        server.electionTimer?.answersLeader(event);
        break;
      case 'RequestVote':
        this.votes.sendRequest(server, event);
        break;
      case 'RequestVoteReply':
        if (event.granted === true) {
          this.restart.promises(server, event, 'grants a vote');
          server.electionTimer?.answersCandidate(event);
        }
        this.votes.sendReply(server, event);
        break;
      case 'PreVoteReply':
        this.preVotes.sendReply(server, event);
        break;
      case 'InstallSnapshot':
        this.snapshots.sendRequest(server, event);
        break;
      case 'InstallSnapshotReply':
        this.snapshots.sendReply(server, event);
        server.electionTimer?.answersLeader(event);
        break;
      case 'TimeoutNow':
        this.transfers.sendTimeoutNow(server, event);
        break;
      case 'ReadIndexReply':
        this.reads.sendReply(server, event);
        break;
      default:
    }
  }

  private sentAppend(server: ServerModel, event: Event): void {
    this.appends.sendRequest(server, event);
    const { leadership } = server;
    if (leadership === null || event.msgTerm !== leadership.term) return;
    const { id, prev = -1, n = 0 } = event;
    if (id !== undefined) leadership.sent(id, prev, prev < 0 ? -1 : prev + n, event.seq);
    if (event.round !== undefined && event.round > leadership.roundSent) leadership.roundSent = event.round;
    this.leaders.retries(server, event, leadership);
    this.membership.sendsTo(server, event);
  }

  received(server: ServerModel, event: Event): void {
    if (event.op === 'ReadIndexReply') this.reads.receiveReply(server, event);
    else if (event.op === 'RequestVoteReply') this.votes.receiveReply(this.cluster.server(event.src), event);
  }

  termChanges(server: ServerModel, event: Event, to: number, role: Role): void {
    this.terms.changes(server, event, server.term, to, role);
  }

  /** votedFor changes within the term `server.term`; `carried` is the vote of the term before, where the term has just changed. */
  voteChanges(server: ServerModel, event: Event, to: string | null, carried: string | null): void {
    this.votedFor.checked++;
    if (to === null) {
      this.votedFor.broken(
        event,
        [server.voteSeq],
        `${server.id} forgets its vote for ${server.vote} of term ${server.term}`,
        `votedFor ${server.vote}`,
      );
    } else if (to === carried && to !== server.id && event.op !== 'Vote') {
      this.votedFor.broken(
        event,
        [server.voteSeq],
        `${server.id} takes its vote for ${to} along into term ${server.term}`,
        'votedFor null in the new term',
      );
    } else {
      this.votes.castVote(server, event, to, server.vote);
      const cast = { candidate: to, seq: event.seq };
      server.cast.set(server.term, cast);
      if (to !== server.id) server.electionTimer?.votes(event);
      if (server.firstCast.get(server.term) === null) server.firstCast.set(server.term, cast);
    }
  }

  /** The role changes; `fromTerm` is the term before this line. The model holds the new term and the old role. */
  roleChanges(server: ServerModel, event: Event, from: Role, to: Role, fromTerm: number): void {
    const config = this.configOf(server);
    switch (to) {
      case 'candidate':
        server.facts.writesCandidacies = true;
        this.elections.stands(server, event, from, fromTerm, config);
        this.standing(server, event);
        break;
      case 'leader':
        this.elections.wonElection(server, event, from, config);
        server.leadership = new Leadership(server.term, event.seq);
        server.led.set(server.term, event.seq);
        break;
      case 'precandidate':
        server.preBallots.clear();
        server.electionTimer?.start(event, 'it asked for pre-votes');
        break;
      case 'follower':
        if (from === 'leader') server.electionTimer?.mayStart(event);
        if (from === 'leader' && fromTerm === server.term) this.membership.stepsDown(server, event);
        break;
    }
    if (to !== 'leader') server.leadership = null;
  }

  private standing(server: ServerModel, event: Event): void {
    server.ballots.clear();
    server.timeoutSeq = 0;
    server.electionTimer?.start(event, 'it stood for election');
    server.transferSeq = 0;
    server.staleTransferSeq = 0;
    server.leaderSeq = 0;
    const { last, lastTerm } = server.log;
    server.candidacies.set(server.term, { last, lastTerm, seq: event.seq });
  }

  commitChanges(server: ServerModel, event: Event, to: number): void {
    this.all.commitChanges(server, event, to);
    if (to <= server.commit || event.op === 'SnapshotInstalled') return;
    if (server.role === 'leader') this.leaders.committing(server, event, to, this.configOf(server));
    else this.receiver.committing(server, event, to);
  }

  appliedChanges(server: ServerModel, event: Event, to: number): void {
    this.all.appliedChanges(server, event, to);
  }

  configChanges(server: ServerModel, event: Event, next: ConfigModel): void {
    this.membership.changes(server, event, next);
  }

  owes(server: ServerModel, event: Event): void {
    this.terms.owes(server, event);
  }

  private configOf(server: ServerModel): ConfigModel | null {
    return server.config ?? this.cluster.config;
  }
}
