import type { Event, Role } from '@raftlens/events';
import { Ballots } from './ballots.ts';
import { DurableModel } from './durable-model.ts';
import { Duties } from './duties.ts';
import type { ElectionTimer } from './election-timer.ts';
import type { Leadership } from './leadership.ts';
import { type Kind, type LogFacts, noKinds } from './log-facts.ts';
import { ProvenState } from './proven-state.ts';
import { ArrivedAppend, ArrivedSnapshot, ArrivedVote, Inbox } from './requests.ts';
import { ServerLog } from './server-log.ts';
import { TermHistory } from './term-history.ts';

/** The voters and learners that a server goes by. */
export interface ConfigModel {
  readonly voters: readonly string[];
  /** The old half of a joint configuration, empty else. */
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
  /** Whether the line tells that it is joint, or that it is not. */
  readonly isPhaseTold: boolean;
  /** The index of its entry; 0 where it came with the start or a snapshot. */
  readonly index: number;
  readonly seq: number;
}

/** A vote as it was cast, or a term as it was stood for. */
export interface Cast {
  readonly candidate: string;
  readonly seq: number;
}

/** A read that was begun; `round` is the highest heartbeat round sent before, -1 where the leader has answered. */
export interface ReadModel {
  readonly index: number;
  readonly seq: number;
  readonly round: number;
  readonly term: number;
  /** The line by which the leader had told somebody to stand in this term; 0 for none. */
  readonly handoverSeq: number;
}

export interface Candidacy {
  readonly last: number;
  readonly lastTerm: number;
  readonly seq: number;
}

/** A server acts on a message within so many of its lines, and so many milliseconds. */
const SETTLE_LINES = 4;
const SETTLE_MS = 20;

/** A server as its events tell of it: the state of figure 2, and the line that each part of it comes from. */
export class ServerModel {
  readonly id: string;
  boot = 0;
  bootSeq = 0;
  /** The time of its start, or of its first line. */
  bootMs = 0;
  up = false;
  /** Its latest line. */
  lineSeq = 0;
  lineMs = 0;
  /** The latest line that tells of a leader, or by which it stands, votes or has made a step that only a leader causes. */
  restSeq = 0;
  restMs = 0;
  /** Messages of leaders that it has received. */
  heardLeader = 0;
  /** -1 until a line has told it. */
  term = -1;
  termSeq = 0;
  /** The term in the middle of which the story of this server begins: votes and acknowledgements of it may have gone before. -2 for none. */
  enteredTerm = -2;
  /** Up to this term the server may have stood, led or voted without a line that tells it; -1 where its story is whole. */
  historyFrom = -1;
  /** The term fell by this line; the next one says whether it was a restart. */
  fall: { readonly event: Event; readonly termSeq: number; readonly from: number; readonly to: number } | null = null;
  role: Role = 'follower';
  /** False until a line has told the role, or a step that sets it. */
  roleKnown = false;
  roleSeq = 0;
  /** Some line of the server has told its role. */
  tellsRoles = false;
  vote: string | null = null;
  /** False until a line has told votedFor. */
  voteKnown = false;
  voteSeq = 0;
  /** -1 until a line has told it. */
  commit = -1;
  commitSeq = 0;
  /** -1 until a line has told it. */
  applied = -1;
  appliedSeq = 0;
  /** The index of the latest Apply of this incarnation; -1 for none. */
  handedOver = -1;
  /** Its lastApplied is raised before or after the entries of a batch go to the service, one line each. */
  appliesInBatches = false;
  readonly log = new ServerLog();
  /** The line that last changed the log. */
  logSeq = 0;
  /** The log was cut and nothing was appended since: a configuration that comes into force now is an earlier one. */
  truncated = false;
  readonly durable: DurableModel;
  readonly proven = new ProvenState();
  /** With which log it asked for votes, by its own requests: term, and the index of the last entry. */
  stoodWith: { readonly term: number; readonly last: number; readonly seq: number } | null = null;
  config: ConfigModel | null = null;
  /** Some line of the server has told a configuration. */
  tellsConfigs = false;
  /** The configuration that it went by before, which is in force again if the entry of this one is lost. */
  configBefore: ConfigModel | null = null;
  /** Snapshots in memory whose write no Persist has told of, oldest first. */
  readonly pendingSnapshots: number[] = [];

  // What has come in and was not answered yet.
  readonly appends = new Inbox(() => new ArrivedAppend());
  readonly votes = new Inbox(() => new ArrivedVote());
  readonly preVotes = new Inbox(() => new ArrivedVote());
  readonly snapshots = new Inbox(() => new ArrivedSnapshot());

  /** The highest term that a message has told, which the server has to adopt; and the line. */
  heardTerm = -1;
  /** A higher term that a candidate told and that a server which hears from a leader may ignore, or adopt. */
  ignorableTerm = -1;
  heardSeq = 0;
  heardTime = 0;
  /** Steps since then in a lower term. */
  heardSteps = 0;
  /** AppendEntries or InstallSnapshot of the server's own term, which a candidate has to give way to; 0 for none. */
  leaderSeq = 0;
  leaderTime = 0;
  leaderSteps = 0;
  /** The latest line that told of a live leader since the election timer last ran out; 0 for none. */
  contactSeq = 0;
  /** No election timer has run out since the start. */
  justStarted = false;
  /** The line of an election timer that ran out, or of a TimeoutNow to obey, since the server last stood; 0 for none. */
  timeoutSeq = 0;
  /** Null where the server does not tell its election timeouts. */
  electionTimer: ElectionTimer | null = null;
  /** The harness has changed its clock, so that the times of its lines tell nothing of its timers. */
  clockIsBent = false;
  transferSeq = 0;
  /** The latest TimeoutNow of another term. */
  staleTransferSeq = 0;

  /** What it owes because of its own steps. */
  readonly duties = new Duties();
  /** The pause between heartbeats that it tells; 0 where it tells none. */
  heartbeatMs = 0;
  /** Who was last heard as a leader of a term that was not below its own, and that term; and a line of a leader of an older term. */
  lastLeader = '';
  lastLeaderTerm = -1;
  staleLeader = '';
  staleLeaderSeq = 0;

  /** The highest index that AppendEntries have verified and the leader called committed (receiver rule 5). */
  commitBound = 0;
  commitBoundSeq = 0;

  /** The index of the latest snapshot that was installed: the service is restored to it on the way. */
  restoreIndex = 0;
  /** Reads that were begun, by ctx. */
  readonly reads = new Map<string, ReadModel>();

  readonly ballots = new Ballots();
  readonly preBallots = new Ballots();
  /** Who was asked for a vote in the present candidacy. */
  readonly asked: string[] = [];
  /** Terms in which the server stood, and which it led, in this incarnation. */
  readonly candidacies = new TermHistory<Candidacy>();
  readonly led = new TermHistory<number>();
  /** Votes that were cast in this incarnation. */
  readonly cast = new TermHistory<Cast>();
  /** The first vote of each term, whatever the incarnation. */
  readonly firstCast = new TermHistory<Cast>();
  /** Votes that were told to candidates, whatever the incarnation. */
  readonly told = new TermHistory<Cast>();
  leadership: Leadership | null = null;

  /** The line with which its story began in its middle, or went on after others that are missing; 0 for none. */
  resumedSeq = 0;
  /** The server's latest line that tells an event. */
  eventSeq = 0;
  /** False while a message of which no line tells may still show its effect, and so may a timer that ran out. */
  isSettled = true;
  #unsettledLines = 0;
  #unsettledMs = 0;
  /** Every pre-vote of the present candidacy is told. */
  preBallotsAreWhole = false;
  /** A read may have begun of which no line tells. */
  missesReads = false;

  /** Kinds of lines that the server has written: a rule that rests on their absence needs to know that they would be there. */
  readonly kinds = noKinds();
  readonly facts: LogFacts;

  constructor(id: string, facts: LogFacts) {
    this.id = id;
    this.facts = facts;
    this.durable = new DurableModel(() => this.tells('persists'));
  }

  /** A line of this kind was met. */
  hasTold(kind: Kind): void {
    this.kinds[kind] = true;
    this.facts.kinds[kind] = true;
  }

  /**
   * Whether the server would tell of it. What others tell counts only where the numbers of the lines show that none is missing: one server's
   * lines of a kind may be left out of a log.
   */
  tells(kind: Kind): boolean {
    return this.kinds[kind] || (this.facts.isNumbered && this.facts.kinds[kind]);
  }

  /** Whether the present term is known, and what the server received in it is told from the term's beginning on. */
  get termIsWhole(): boolean {
    return this.term >= 0 && this.term !== this.enteredTerm;
  }

  /** Whether a restart would be told: what a server holds in memory may fall back by one. */
  get restartsAreTold(): boolean {
    return this.facts.countsBoots || this.facts.writesBoots;
  }

  /** Whether every message that makes the server raise its term, or change its mind, is told. */
  get messagesAreTold(): boolean {
    return this.isSettled && (['voteRequests', 'appends', 'voteReplies', 'appendReplies'] as const).every((kind) => this.tells(kind));
  }

  /** Whether all AppendEntries of the present term that wait for an answer are told, and the log that they meet. */
  get appendsAreTold(): boolean {
    return this.tells('appends') && !this.appends.misses && this.term >= 0 && this.log.known;
  }

  /** The same of InstallSnapshots. */
  get snapshotsAreTold(): boolean {
    return this.tells('snapshots') && !this.snapshots.misses && this.term >= 0;
  }

  /** Whether a RequestVote of the present term would be told. */
  get voteRequestsAreTold(): boolean {
    return this.tells('voteRequests') && !this.votes.misses && this.termIsWhole;
  }

  /** Whether every message of a leader of the present term is told. */
  get leadersAreTold(): boolean {
    return this.tells('appends') && this.termIsWhole && !this.appends.misses && !this.snapshots.misses;
  }

  get votesAreTold(): boolean {
    return this.tells('voteReplies') && this.termIsWhole;
  }

  get preVotesAreTold(): boolean {
    return this.tells('preVoteReplies') && this.preBallotsAreWhole;
  }

  /** Whether the server tells when its timers run out, and each message that makes it stand without. */
  get timeoutsAreTold(): boolean {
    return this.isSettled && this.tells('timeouts') && this.tells('appends');
  }

  /** Whether the leader's lines tell each acknowledgement of an entry from `index` on in its term. */
  acknowledgementsAreTold(index: number): boolean {
    return this.tells('appendReplies') && this.term >= 0 && this.leadership !== null && index > this.leadership.blindUpTo;
  }

  /** The story begins in its middle: messages have come in before. */
  missesWhatCameBefore(event: Event): void {
    for (const inbox of [this.appends, this.votes, this.preVotes, this.snapshots]) inbox.miss(event.seq);
    this.missesReads = true;
    // It may have heard from a leader.
    this.contactSeq = event.seq;
    this.resumedSeq = event.seq;
    this.enteredTerm = this.term;
    this.historyFrom = this.term < 0 ? Number.POSITIVE_INFINITY : this.term;
    this.unsettle(event);
  }

  /** What was sent in a lower term waits for no answer any more. */
  requestsAreWhole(): void {
    this.appends.isWhole();
    this.votes.isWhole();
    this.snapshots.isWhole();
  }

  /** Lines before this one may be missing, or it tells half of what it should: a message may have come in of which nothing is known. */
  unsettle({ time }: Event): void {
    this.isSettled = false;
    this.#unsettledLines = 0;
    this.#unsettledMs = time;
  }

  /** Before each line: what came in unsaid shows soon, or never. */
  settle({ time }: Event): void {
    this.#unsettledLines++;
    if (this.#unsettledLines <= SETTLE_LINES || time <= this.#unsettledMs + SETTLE_MS) return;
    this.isSettled = true;
  }

  /** The server starts, or its first line is met: what the line tells is where its story begins. */
  starts(event: Event): void {
    this.up = true;
    this.bootSeq = event.seq;
    this.bootMs = event.time;
    this.#isAsTold(event);
  }

  /** Lines before this one are missing: only what it says of the server is known. */
  resumes(event: Event): void {
    this.#isAsTold(event);
    this.fall = null;
  }

  /** What the line says is known, and nothing else; whoever tells no role is taken for a follower. */
  #isAsTold(event: Event): void {
    this.boot = event.boot;
    this.term = event.term ?? -1;
    this.termSeq = event.seq;
    this.vote = event.vote ?? null;
    this.voteKnown = event.vote !== undefined;
    this.voteSeq = event.seq;
    this.role = 'follower';
    this.roleSeq = event.seq;
  }

  /** A vote was told to a candidate; of each term the first one is kept. */
  tellsVote(term: number, candidate: string, seq: number): void {
    if (this.told.get(term) === null) this.told.set(term, { candidate, seq });
  }

  /** The index after which the next entry goes to the service. */
  get servedIndex(): number {
    return this.appliesInBatches && this.handedOver >= 0 ? this.handedOver : this.applied;
  }

  /** What does not survive a restart (figure 2, "Volatile state"). */
  forgetVolatile(): void {
    this.handedOver = -1;
    this.pendingSnapshots.length = 0;
    this.duties.clear();
    this.lastLeaderTerm = -1;
    this.staleLeaderSeq = 0;
    this.appends.clear();
    this.votes.clear();
    this.preVotes.clear();
    this.snapshots.clear();
    this.isSettled = true;
    this.historyFrom = -1;
    this.preBallotsAreWhole = false;
    this.missesReads = false;
    this.heardTerm = -1;
    this.ignorableTerm = -1;
    this.restoreIndex = 0;
    this.reads.clear();
    this.leaderSeq = 0;
    this.contactSeq = 0;
    this.timeoutSeq = 0;
    this.electionTimer = null;
    this.transferSeq = 0;
    this.staleTransferSeq = 0;
    this.commitBound = 0;
    this.commitBoundSeq = 0;
    this.ballots.clear();
    this.preBallots.clear();
    this.candidacies.clear();
    this.led.clear();
    this.cast.clear();
    this.leadership = null;
  }

  /** No leader holds it back from candidates any more. That its host wants an election says nothing of how long ago it heard one. */
  runsOut(timer: string | undefined): void {
    if (timer === 'host') return;
    this.contactSeq = 0;
    this.justStarted = false;
  }
}
