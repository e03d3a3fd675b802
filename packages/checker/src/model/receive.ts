import type { Event } from '@raftlens/events';
import { isHalfTold } from './half-told.ts';
import type { Leadership, PeerModel } from './leadership.ts';
import { holdsAt, isUpToDate, matchesPrev } from './matching.ts';
import type { ArrivedAppend, ArrivedRequest } from './requests.ts';
import type { ServerModel } from './server-model.ts';

/** Takes down what a received message means for the rules that govern the steps to come. The line carries the state before them. */
export function receive(server: ServerModel, event: Event): void {
  const { msgTerm: term } = event;
  // Every rule about a message begins with its term, so that one without is as good as not told.
  if (term === undefined || isHalfTold(event)) {
    receiveInPart(server, event);
    return;
  }
  server.hasTold('receives');
  hear(server, event, term);
  switch (event.op) {
    case 'AppendEntries':
      server.hasTold('appends');
      receiveAppend(server, event, term);
      break;
    case 'AppendEntriesReply':
      server.hasTold('appendReplies');
      receiveAppendReply(server, event, term);
      break;
    case 'RequestVote':
      server.hasTold('voteRequests');
      receiveVoteRequest(server, event, term);
      break;
    case 'PreVote':
      receiveVoteRequest(server, event, term);
      break;
    case 'RequestVoteReply':
      server.hasTold('voteReplies');
      if (event.granted === true && term === server.term) server.ballots.add(event.src, event.seq);
      break;
    case 'PreVoteReply':
      server.hasTold('preVoteReplies');
      if (event.granted === true && term === server.term + 1) server.preBallots.add(event.src, event.seq);
      break;
    case 'InstallSnapshot':
      server.hasTold('snapshots');
      receiveSnapshot(server, event, term);
      break;
    case 'InstallSnapshotReply':
      server.hasTold('snapshotReplies');
      if (event.success === true && term === server.term) receiveSnapshotReply(server, event);
      break;
    case 'TimeoutNow':
      if (term >= server.term) {
        server.transferSeq = event.seq;
        server.lastLeader = event.src;
        server.lastLeaderTerm = term;
      }
      if (term < server.term) server.staleTransferSeq = event.seq;
      break;
    default:
  }
}

/** A message has come in, and what it says is not known, or not all of it. */
function receiveInPart(server: ServerModel, event: Event): void {
  switch (event.op) {
    case 'RequestVote':
      server.votes.miss(event.seq);
      break;
    case 'PreVote':
      server.preVotes.miss(event.seq);
      break;
    case 'AppendEntries':
      server.appends.miss(event.seq);
      server.contactSeq = event.seq;
      server.electionTimer?.mayStart(event);
      break;
    case 'InstallSnapshot':
      server.snapshots.miss(event.seq);
      server.contactSeq = event.seq;
      server.electionTimer?.mayStart(event);
      break;
    case 'RequestVoteReply':
      server.enteredTerm = server.term;
      break;
    case 'PreVoteReply':
      server.preBallotsAreWhole = false;
      break;
    case 'AppendEntriesReply':
    case 'InstallSnapshotReply':
      if (server.leadership !== null) acknowledgedUnsaid(server, server.leadership, event);
      break;
    case 'ReadIndexReply':
      server.missesReads = true;
      break;
    default:
  }
  server.unsettle(event);
}

/** A peer has answered, and up to where, or which round of heartbeats, is not known. */
function acknowledgedUnsaid({ log }: ServerModel, leadership: Leadership, { src, seq }: Event): void {
  leadership.misses(log.known ? log.last : null);
  const peer = leadership.peer(src);
  peer.refusedPrev = -1;
  peer.round = Math.max(peer.round, leadership.roundSent);
  peer.repliedSeq = seq;
}

/**
 * A higher term has to be adopted (figure 2, all servers; 5.1), but for two cases: a pre-vote and its grant tell of a term that nobody
 * has yet (thesis 9.6), and a candidate may be ignored for the sake of a live leader (6; thesis 4.2.3): that term may be adopted, too.
 */
function hear(server: ServerModel, event: Event, term: number): void {
  if (term <= server.heardTerm || event.op === 'PreVote' || (event.op === 'PreVoteReply' && event.granted === true)) return;
  if (event.op === 'RequestVote' && (server.justStarted || isSticky(server))) {
    server.ignorableTerm = Math.max(server.ignorableTerm, term);
    return;
  }
  server.heardTerm = term;
  server.heardSeq = event.seq;
  server.heardTime = event.time;
  server.heardSteps = 0;
}

function isSticky(server: ServerModel): boolean {
  return server.role === 'leader' || server.contactSeq !== 0 || (server.facts.hasLeader && !server.tells('appends'));
}

function fill(server: ServerModel, request: ArrivedRequest, event: Event, term: number): void {
  request.id = event.id ?? 0;
  request.src = event.src;
  request.term = term;
  request.seq = event.seq;
  request.arrivalTerm = server.term;
}

function hearLeader(server: ServerModel, event: Event, term: number): void {
  if (server.term < 0) return;
  if (term < server.term) {
    server.staleLeader = event.src;
    server.staleLeaderSeq = event.seq;
    return;
  }
  server.lastLeader = event.src;
  server.lastLeaderTerm = term;
  server.contactSeq = event.seq;
  server.electionTimer?.hears(event);
  const standing = server.role === 'candidate' || server.role === 'precandidate';
  if (!standing || server.leaderSeq !== 0) return;
  server.leaderSeq = event.seq;
  server.leaderTime = event.time;
  server.leaderSteps = 0;
}

function receiveAppend(server: ServerModel, event: Event, term: number): void {
  const request = server.appends.add(event.seq);
  fill(server, request, event, term);
  request.isPrevTold = event.prev !== undefined;
  request.prev = event.prev ?? 0;
  request.prevTerm = event.prevTerm ?? (event.prev === 0 ? 0 : -1);
  request.entries = event.entries ?? ((event.n ?? 0) === 0 ? [] : null);
  request.n = event.n ?? request.entries?.length ?? 0;
  request.leaderCommit = event.leaderCommit ?? 0;
  request.matchedOnArrival = event.prev === undefined || matchesPrev(server.log, request.prev, request.prevTerm);
  // Without prevLogIndex nobody knows what a request verified. etcd's heartbeats have none, and carry the lesser of commit and match.
  if (event.prev === undefined && term >= server.term && request.leaderCommit > server.commitBound) {
    server.commitBound = request.leaderCommit;
    server.commitBoundSeq = event.seq;
  }
  hearLeader(server, event, term);
}

function receiveAppendReply(server: ServerModel, event: Event, term: number): void {
  const { leadership } = server;
  if (leadership === null || term !== server.term || server.role !== 'leader') return;
  const peer = leadership.peer(event.src);
  peer.repliedSeq = event.seq;
  const round = event.round ?? roundAnswered(leadership, event.re);
  if (round > peer.round) {
    peer.round = round;
    peer.roundSeq = event.seq;
  }
  if (event.success === true) {
    const match = event.match ?? (event.re === undefined ? -1 : leadership.lastOf(event.re));
    if (match < 0) leadership.misses(server.log.known ? server.log.last : null);
    if (isOfEarlierMembership(leadership, peer, event.re)) {
      peer.formerMatch = match;
      peer.formerSeq = event.seq;
      return;
    }
    if (match > peer.acked) {
      peer.acked = match;
      peer.ackedSeq = event.seq;
      peer.snapshotUnderWay = false;
      peer.farewells = 0;
    }
    if (isFarewellHeard(server, leadership, peer, match, event.re)) peer.hasHeardFarewell = true;
    peer.refusedPrev = -1;
  } else if (event.success === false && event.re !== undefined) {
    // The leader backs up by it, but from where is not remembered: what it had sent by then tells nothing new.
    if (leadership.sentSeqOf(event.re) === 0) peer.refusedSeq = event.seq;
    // A refusal of what was sent before the leader last backed up says nothing new.
    const prev = leadership.prevOf(event.re, peer.refusedSeq);
    if (prev < 0 || isOfEarlierMembership(leadership, peer, event.re)) return;
    peer.refusedSeq = event.seq;
    // Since it sent that, the leader has gone further back: what is refused it has perhaps sent once more.
    if (prev <= peer.acked || leadership.hasGoneBelow(event.src, prev, leadership.sentSeqOf(event.re))) return;
    // The same refusal once more means that the leader has not backed up in between: it goes on counting.
    if (prev === peer.refusedPrev) return;
    peer.refusedPrev = prev;
    peer.refusedTime = event.time;
    peer.repeated = 0;
  }
}

/** The round that a reply answers which does not tell it: that of its request, and where that is not told either, any. */
function roundAnswered(leadership: Leadership, re: number | undefined): number {
  return re === undefined ? leadership.roundSent : leadership.roundOf(re);
}

/** Whether the reply answers a request that was sent before the server joined, so that it tells of an earlier membership. */
function isOfEarlierMembership(leadership: Leadership, { joinedSeq }: PeerModel, re: number | undefined): boolean {
  if (joinedSeq === 0 || re === undefined) return false;
  const sentSeq = leadership.sentSeqOf(re);
  return sentSeq !== 0 && sentSeq < joinedSeq;
}

/** Whether a server that was removed acknowledges its removal, and that in a request that was sent after the commit. */
function isFarewellHeard({ config }: ServerModel, leadership: Leadership, { farewellSeq }: PeerModel, match: number, re?: number): boolean {
  if (farewellSeq === 0 || config === null || match < config.index) return false;
  return re === undefined || leadership.sentSeqOf(re) >= farewellSeq;
}

function receiveVoteRequest(server: ServerModel, event: Event, term: number): void {
  const request = (event.op === 'PreVote' ? server.preVotes : server.votes).add(event.seq);
  fill(server, request, event, term);
  request.arrivalVote = server.vote;
  request.isLogTold = event.lastLogIndex !== undefined;
  request.lastIndex = event.lastLogIndex ?? 0;
  request.lastTerm = event.lastLogTerm ?? 0;
  request.upToDateOnArrival = isUpToDate(server.log, request.lastIndex, request.lastTerm);
  request.stickyOnArrival = isSticky(server);
}

function receiveSnapshot(server: ServerModel, event: Event, term: number): void {
  const request = server.snapshots.add(event.seq);
  fill(server, request, event, term);
  request.index = event.lastIncludedIndex ?? 0;
  request.indexTerm = event.lastIncludedTerm ?? -1;
  request.done = event.done ?? true;
  hearLeader(server, event, term);
}

function receiveSnapshotReply(server: ServerModel, event: Event): void {
  if (server.leadership === null || server.role !== 'leader') return;
  const peer = server.leadership.peer(event.src);
  const told = event.lastIncludedIndex ?? 0;
  const index = server.tells('sends') ? Math.min(told, peer.snapshotSent) : told;
  if (index > peer.acked) {
    peer.acked = index;
    peer.ackedSeq = event.seq;
    peer.farewells = 0;
  }
  if (index < told) return;
  peer.refusedPrev = -1;
  peer.snapshotUnderWay = false;
}

/** What the requests that wait for an answer verify, before the server raises commitIndex by them. */
export function verifyOpen(server: ServerModel): void {
  for (const request of server.appends.open) if (request.term === server.term) verify(server, request);
  // A snapshot that ends with an entry of the log tells that the entry is committed (figure 13, rule 6).
  for (const { index, indexTerm, term, seq } of server.snapshots.open) {
    if (term !== server.term || index <= server.commitBound || server.log.termAt(index) !== indexTerm) continue;
    server.commitBound = index;
    server.commitBoundSeq = seq;
  }
}

/** The latest request of the term, where it says that `to` is committed and does not fit the log; else null. */
export function refusedCommit({ appends, term, log }: ServerModel, to: number): ArrivedAppend | null {
  const latest = appends.open.findLast((request) => request.term === term);
  if (latest === undefined || latest.leaderCommit < to || latest.prev + latest.n < to) return null;
  return matchesPrev(log, latest.prev, latest.prevTerm) ? null : latest;
}

/** Raises the bound of AppendEntries receiver rule 5 by what `request` verifies: the logs are equal up to its last entry. */
export function verify(server: ServerModel, request: ArrivedAppend): void {
  const bound = Math.min(request.leaderCommit, request.prev + request.n);
  if (bound <= server.commitBound || request.term < request.arrivalTerm) return;
  if (!matchesPrev(server.log, request.prev, request.prevTerm)) return;
  if (request.entries !== null && !holdsAt(server.log, request, bound)) return;
  server.commitBound = bound;
  server.commitBoundSeq = request.seq;
}
