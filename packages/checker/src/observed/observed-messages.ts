import type { Event } from '@raftlens/events';
import type { ObservedAsk, ObservedJudge } from './moments.ts';
import type { ObservedEntries } from './observed-entries.ts';
import { ObservedRequest } from './observed-request.ts';
import { type ObservedCandidacy, ObservedLeadership, type ObservedServer } from './observed-server.ts';

/** A request that was sent, for the reply that comes back. */
interface SentRequest {
  readonly op: Event['op'];
  readonly node: string;
  readonly boot: number;
  readonly term: number;
  readonly match: number;
}

/** Requests that may be under way at once; a hostile log may never answer any. */
const SENT_MAX = 100_000;

/** The messages of an observed cluster. */
export class ObservedMessages {
  voters: readonly string[] = [];
  /** The highest term that anybody has told. */
  termMax = 0;
  readonly #entries: ObservedEntries;
  readonly #sent = new Map<number, SentRequest>();
  /** Who leads a term, and the line that shows it. */
  readonly #leaders = new Map<number, { readonly node: string; readonly seq: number }>();
  /** The shortest time in which a server's timer ran out. */
  #shortestMs = Number.POSITIVE_INFINITY;
  readonly #reply: ObservedAsk<'reply'>;
  readonly #voteIsGiven: ObservedAsk<'vote is given'>;
  readonly #leads: ObservedAsk<'leads'>;
  readonly #sendsAgain: ObservedAsk<'leader sends again'>;
  readonly #committedIsSent: ObservedAsk<'committed entry is sent'>;
  readonly #commitIsClaimed: ObservedAsk<'commit is claimed'>;
  readonly #stands: ObservedAsk<'stands'>;

  constructor(judge: ObservedJudge, entries: ObservedEntries) {
    this.#entries = entries;
    this.#reply = judge.onObserved('reply');
    this.#voteIsGiven = judge.onObserved('vote is given');
    this.#leads = judge.onObserved('leads');
    this.#sendsAgain = judge.onObserved('leader sends again');
    this.#committedIsSent = judge.onObserved('committed entry is sent');
    this.#commitIsClaimed = judge.onObserved('commit is claimed');
    this.#stands = judge.onObserved('stands');
  }

  /** A server has told a term as its own. */
  told(server: ObservedServer, term: number | undefined, seq: number): void {
    server.tells(term, seq);
    if (term !== undefined && term > this.termMax) this.termMax = term;
  }

  /** A message, or the reply to it, is lost. */
  drops({ id, re }: Event): void {
    const request = re ?? id;
    if (request !== undefined) this.#sent.delete(request);
  }

  sends(server: ObservedServer, event: Event): void {
    switch (event.op) {
      case 'RequestVote':
        this.#remember(server, event);
        this.#standing(server, event);
        return;
      case 'AppendEntries':
        this.#remember(server, event);
        this.#leading(server, event);
        return;
      case 'InstallSnapshot':
        this.#leading(server, event);
        return;
      case 'RequestVoteReply':
      case 'AppendEntriesReply':
      case 'InstallSnapshotReply':
        this.#answers(server, event);
        return;
      default:
    }
  }

  receives(server: ObservedServer, event: Event, stalledMs: number): void {
    switch (event.op) {
      case 'RequestVote':
      case 'AppendEntries':
      case 'InstallSnapshot':
        this.#arrives(server, event, stalledMs);
        return;
      case 'RequestVoteReply':
        this.#voteComesIn(server, event);
        return;
      case 'AppendEntriesReply':
        this.#acknowledged(server, event);
        return;
      default:
    }
  }

  /** A server takes the log up to `index` for committed: it says so to its peers, or hands an entry to its service. */
  claimsCommit(server: ObservedServer, event: Event, index: number): void {
    const { leadership } = server;
    this.#commitIsClaimed({ event, server, index, leadership, voters: this.voters });
    server.knowsCommit(index, event.seq);
  }

  #remember(server: ObservedServer, { op, id, msgTerm = -1, prev, n, entries }: Event): void {
    if (id === undefined || this.#sent.size >= SENT_MAX) return;
    const count = n ?? entries?.length;
    const match = prev === undefined || count === undefined ? -1 : prev + count;
    this.#sent.set(id, { op, node: server.id, boot: server.boot, term: msgTerm, match });
  }

  #standing(server: ObservedServer, event: Event): void {
    const { msgTerm, lastLogIndex = -1, time, seq } = event;
    if (msgTerm === undefined || server.candidacies.get(msgTerm) !== null) return;
    if (server.lonelyMs >= 0) this.#shortestMs = Math.min(this.#shortestMs, time - server.lonelyMs);
    if (isHasty(server, time, this.#shortestMs)) server.hasty++;
    this.#stands({ event, server, shortestMs: this.#shortestMs, contact: server.contact });
    server.contact = null;
    server.lonelyMs = time;
    const committed = msgTerm > this.termMax ? this.#entries.appliedMax : { index: 0, seq: 0 };
    const candidacy: ObservedCandidacy = { seq, lastLogIndex, committed, granted: new Map(), isUnknown: false };
    server.candidacies.set(msgTerm, candidacy);
    this.told(server, msgTerm, seq);
    this.#givesVote(server, event, msgTerm, server.id);
  }

  #givesVote(server: ObservedServer, event: Event, term: number, candidate: string): void {
    const before = server.givenVotes.get(term);
    this.#voteIsGiven({ event, server, term, candidate, before });
    if (before === null) server.givenVotes.set(term, { candidate, seq: event.seq });
  }

  #leading(server: ObservedServer, event: Event): void {
    const { msgTerm: term, seq } = event;
    if (term === undefined) return;
    if (server.leadership === null || term > server.leadership.term) {
      const leader = this.#leaders.get(term) ?? null;
      const rival = leader !== null && leader.node !== server.id ? leader : null;
      this.#leads({ event, server, term, candidacy: server.candidacies.get(term), voters: this.voters, rival });
      if (leader === null) this.#leaders.set(term, { node: server.id, seq });
      this.#keepsCommit(server);
      server.leadership = new ObservedLeadership(term, seq);
      server.contact = null;
      server.lonelyMs = -1;
    }
    this.told(server, term, seq);
    // A message of an older term leaves late.
    if (server.leadership.term !== term) return;
    if (event.op === 'AppendEntries') this.#sendsEntries(server, event, server.leadership);
    if (event.leaderCommit !== undefined) this.claimsCommit(server, event, event.leaderCommit);
  }

  /** What a majority had acknowledged in the term that the server led before is committed, although it has never said so. */
  #keepsCommit(server: ObservedServer): void {
    const { leadership } = server;
    if (leadership === null || this.voters.length < 2) return;
    const match = leadership.majorityMatch(server.id, this.voters);
    if (leadership.sent.get(match)?.term === leadership.term) server.knowsCommit(match, leadership.sentSeq);
  }

  #sendsEntries(server: ObservedServer, event: Event, leadership: ObservedLeadership): void {
    const { prev, prevTerm, entries = [], seq } = event;
    if (prev === undefined) return;
    if (prevTerm !== undefined && prev > 0) this.#sendsEntry(server, event, leadership, prev, prevTerm);
    for (const [at, { term, hash }] of entries.entries()) {
      const index = prev + 1 + at;
      this.#sendsEntry(server, event, leadership, index, term);
      const committed = this.#entries.appliedAt(index);
      if (committed !== null && leadership.term > committed.term) this.#committedIsSent({ event, server, index, hash, committed });
    }
    this.#entries.sees(server, event, prev + 1, prevTerm ?? -1, entries);
    if (entries.length > 0) server.heard.set(prev + entries.length, entries.at(-1)?.term ?? -1);
    leadership.sentSeq = seq;
  }

  #sendsEntry(server: ObservedServer, event: Event, { sent }: ObservedLeadership, index: number, term: number): void {
    const before = sent.get(index);
    if (before === null) sent.set(index, { term, seq: event.seq });
    else this.#sendsAgain({ event, server, index, term, before });
  }

  #arrives(server: ObservedServer, event: Event, stalledMs: number): void {
    const { id, leaderCommit, lastIncludedIndex, prev, entries, msgTerm, seq } = event;
    if (id === undefined) return;
    const request = new ObservedRequest(event, server.term, server.termSeq, stalledMs);
    request.meets(server.saved);
    for (const other of server.open.values()) {
      if (other.changesLogs) request.isOverlapped = true;
      if (request.changesLogs) other.isOverlapped = true;
    }
    server.open.set(id, request);
    if (request.changesLogs) server.sinceSave.push(request);
    if (request.op === 'InstallSnapshot') server.hearsSnapshots = true;
    if (lastIncludedIndex !== undefined) server.snapshots.add(lastIncludedIndex);
    if (leaderCommit !== undefined) server.knowsCommit(leaderCommit, seq);
    if (lastIncludedIndex !== undefined) server.knowsCommit(lastIncludedIndex, seq);
    if (request.changesLogs && msgTerm !== server.acknowledged.term) server.acknowledged = { term: -1, index: 0, entryTerm: 0, seq: 0 };
    if (prev !== undefined) for (const [at, { term }] of (entries ?? []).entries()) server.heard.set(prev + 1 + at, term);
  }

  #answers(server: ObservedServer, event: Event): void {
    const request = event.re === undefined ? undefined : server.open.get(event.re);
    if (request === undefined) return;
    server.open.delete(request.id);
    this.#reply({ event, server, request });
    if (event.op === 'RequestVoteReply' && event.granted === true && request.term >= 0) {
      server.lonelyMs = -1;
      this.#givesVote(server, event, request.term, request.src);
    }
    if (event.op === 'AppendEntriesReply' && event.msgTerm === request.term) {
      server.contact = { time: event.time, seq: event.seq };
      server.lonelyMs = -1;
      if (event.success === true) acknowledge(server, request, event.seq);
    }
    // Some leave the term of a reply at 0.
    if (event.msgTerm !== 0) this.told(server, event.msgTerm, event.seq);
  }

  #voteComesIn(server: ObservedServer, event: Event): void {
    const request = this.#answered(server, event);
    const candidacy = request === null ? null : server.candidacies.get(request.term);
    if (candidacy === null) return;
    if (event.granted === undefined) candidacy.isUnknown = true;
    else if (event.granted) candidacy.granted.set(event.src, event.seq);
  }

  #acknowledged(server: ObservedServer, event: Event): void {
    const request = this.#answered(server, event);
    const { leadership } = server;
    if (request === null || leadership === null || request.term !== leadership.term) return;
    if (event.success === false) return;
    if (event.success === undefined || request.match < 0) {
      leadership.acksAreKnown = false;
      return;
    }
    const { match: before } = leadership.acks.get(event.src) ?? { match: 0 };
    if (request.match > before) leadership.acks.set(event.src, { match: request.match, seq: event.seq });
  }

  /** The request that a reply answers, if this life of the server has sent it. */
  #answered(server: ObservedServer, { re }: Event): SentRequest | null {
    const request = re === undefined ? undefined : this.#sent.get(re);
    if (request === undefined || re === undefined) return null;
    this.#sent.delete(re);
    return request.node === server.id && request.boot === server.boot ? request : null;
  }
}

/** A timer that was about to run out when the heartbeat came is no fault. */
const RACE_MS = 10;

/** Whether the server stands, far too soon after it has answered its leader. */
function isHasty({ contact }: ObservedServer, time: number, shortestMs: number): boolean {
  return contact !== null && Number.isFinite(shortestMs) && time - contact.time > RACE_MS && time - contact.time < shortestMs / 2;
}

/** The server has told the leader of a term that its log equals the leader's up to an entry. */
function acknowledge(server: ObservedServer, request: ObservedRequest, seq: number): void {
  const { match, term } = request;
  const entryTerm = request.entries?.at(-1)?.term ?? request.prevTerm;
  if (match < 0 || entryTerm < 0) return;
  if (server.acknowledged.term === term && server.acknowledged.index >= match) return;
  server.acknowledged = { term, index: match, entryTerm, seq };
}
