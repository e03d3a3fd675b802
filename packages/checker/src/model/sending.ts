import type { Event } from '@raftlens/events';
import { isHalfTold } from './half-told.ts';
import type { Leadership, PeerModel } from './leadership.ts';
import { isVoter } from './quorum.ts';
import { verify } from './receive.ts';
import type { ArrivedAppend } from './requests.ts';
import type { ConfigModel, ReadModel, ServerModel } from './server-model.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/** A refused prevLogIndex may be under way a few more times; after that the leader is not backing up. */
const REPEATS_MAX = 3;
const REPEAT_GRACE_MS = 20;
/** The same entries may go to a peer so many times within one pause between heartbeats. */
const SAME_MAX = 16;
/** Reads that a server may have begun and not served; the oldest are forgotten. */
const READS_MAX = 1024;

/** What a message that leaves means for its sender. The rules are asked before the model takes it. */
export class Sending {
  readonly #step: StepRecord;
  readonly #asks: Asks;

  constructor(step: StepRecord, asks: Asks) {
    this.#step = step;
    this.#asks = asks;
  }

  sends(server: ServerModel, event: Event): void {
    server.hasTold('sends');
    switch (event.op) {
      case 'AppendEntries':
        this.#append(server, event);
        break;
      case 'AppendEntriesReply':
        this.#appendReply(server, event);
        break;
      case 'RequestVote':
        this.#asks['sends RequestVote'](this.#step);
        standsWith(server, event);
        if (event.msgTerm === server.term && !server.asked.includes(event.dst)) server.asked.push(event.dst);
        break;
      case 'RequestVoteReply':
        this.#voteReply(server, event);
        break;
      case 'PreVoteReply':
        this.#preVoteReply(server, event);
        break;
      case 'InstallSnapshot':
        this.#snapshot(server, event);
        break;
      case 'InstallSnapshotReply':
        this.#snapshotReply(server, event);
        break;
      case 'TimeoutNow':
        this.#asks['sends TimeoutNow'](this.#step);
        if (server.leadership !== null && event.msgTerm === server.term) server.leadership.handoverSeq = event.seq;
        break;
      case 'Propose':
      case 'ReadIndex':
        this.#asks['asks its leader'](this.#step);
        break;
      case 'ReadIndexReply':
        this.#readReply(server, event);
        break;
      default:
    }
  }

  #append(server: ServerModel, event: Event): void {
    const step = this.#step;
    this.#asks['sends AppendEntries'](step);
    const { leadership } = server;
    if (leadership !== null && event.msgTerm === undefined) leadership.peer(event.dst).sentMs = event.time;
    if (leadership === null || event.msgTerm !== leadership.term) return;
    const { id, prev = -1, dst, entries } = event;
    const n = event.n ?? entries?.length ?? -1;
    if (id !== undefined) leadership.sent(id, event, prev, prev < 0 || n < 0 ? -1 : prev + n, event.round ?? (isHalfTold(event) ? -1 : 0));
    if (event.round !== undefined && event.round > leadership.roundSent) leadership.roundSent = event.round;
    const peer = leadership.peer(dst);
    peer.vain.sent(prev, Math.max(0, n));
    peer.sentSeq = event.seq;
    step.leadership = leadership;
    step.peer = peer;
    step.peerId = dst;
    if (isOverdue(server, event, peer)) {
      this.#asks['sends what was refused'](step);
      peer.repeated = 0;
    }
    peer.sentMs = event.time;
    if (n > 0 && isRepeated(server, event, peer)) this.#asks['sends the same again'](step);
    if (isFarewell(server, leadership, peer, event)) this.#asks['sends a farewell'](step);
  }

  /** The server binds itself by its reply. */
  #promises({ durable }: ServerModel, does: string): void {
    if (durable.lostSeq === 0 || durable.lostAsStranger) return;
    this.#step.does = does;
    this.#asks['promises after a loss'](this.#step);
    durable.lostSeq = 0;
  }

  #appendReply(server: ServerModel, event: Event): void {
    const request = server.appends.answered(event.re, event.dst, event.success === false ? hasGroundForRefusal : null);
    this.#step.appendRequest = request;
    if (event.success === true) this.#promises(server, 'acknowledges entries');
    this.#asks['sends AppendEntriesReply'](this.#step);
    if (request !== null) {
      if (event.success === true) verify(server, request);
      server.appends.remove(request);
    } else if (event.re !== undefined) {
      // It answers a request that no line tells.
      server.appends.miss(event.seq);
    }
    server.electionTimer?.answersLeader(event);
  }

  #voteReply(server: ServerModel, event: Event): void {
    const request = server.votes.answered(event.re, event.dst);
    this.#step.voteRequest = request;
    if (event.granted === true) this.#promises(server, 'grants a vote');
    this.#asks['sends RequestVoteReply'](this.#step);
    if (event.granted === true) {
      server.hasTold('grants');
      server.tellsVote(request?.term ?? event.msgTerm ?? server.term, event.dst, event.seq);
      server.electionTimer?.answersCandidate(event);
    }
    if (request !== null) server.votes.remove(request);
  }

  #preVoteReply(server: ServerModel, event: Event): void {
    const request = server.preVotes.answered(event.re, event.dst);
    this.#step.voteRequest = request;
    this.#asks['sends PreVoteReply'](this.#step);
    if (request !== null) server.preVotes.remove(request);
  }

  #snapshot(server: ServerModel, event: Event): void {
    const { msgTerm, lastIncludedIndex, done, dst } = event;
    this.#asks['sends InstallSnapshot'](this.#step);
    if (server.role !== 'leader' || (msgTerm !== undefined && server.term !== msgTerm)) return;
    if (msgTerm === undefined || lastIncludedIndex === undefined) {
      // What it holds is not known, so that the peer may acknowledge any of it.
      server.leadership?.snapshotTo(dst, Number.MAX_SAFE_INTEGER, true, event.seq);
      return;
    }
    server.leadership?.snapshotTo(dst, lastIncludedIndex, done !== false, event.seq);
    if (server.leadership !== null) server.leadership.peer(dst).sentMs = event.time;
  }

  #snapshotReply(server: ServerModel, event: Event): void {
    const request = server.snapshots.answered(event.re, event.dst);
    this.#step.snapshotRequest = request;
    this.#asks['sends InstallSnapshotReply'](this.#step);
    if (request !== null) {
      if (request.done || request.term < server.term) server.snapshots.clear();
      else server.snapshots.remove(request);
    }
    server.electionTimer?.answersLeader(event);
  }

  #readReply(server: ServerModel, { success, ctx }: Event): void {
    this.#asks['sends ReadIndexReply'](this.#step);
    if (success === true && ctx !== undefined && server.reads.get(ctx)?.term === server.term) server.reads.delete(ctx);
  }
}

/** A read that a leader begins. */
export function readOf({ leadership, term }: ServerModel, index: number, seq: number): ReadModel {
  return { index, seq, round: leadership?.roundSent ?? 0, term, handoverSeq: leadership?.handoverSeq ?? 0 };
}

/** Another read is under way. */
export function beginRead(server: ServerModel, ctx: string, read: ReadModel): void {
  server.reads.set(ctx, read);
  if (server.reads.size <= READS_MAX) return;
  for (const oldest of server.reads.keys()) {
    server.reads.delete(oldest);
    return;
  }
}

/**
 * The leader sends entries from the same index on once more. Whether it has done that more often than anybody needs: within one pause between
 * heartbeats, without that the peer has acknowledged more.
 */
function isRepeated({ heartbeatMs }: ServerModel, { prev, n = 0, time, seq }: Event, peer: PeerModel): boolean {
  if (prev === undefined || heartbeatMs === 0) return false;
  const isSame = prev === peer.samePrev && n === peer.sameN && time - peer.sameMs < heartbeatMs && peer.sameSeq > peer.ackedSeq;
  if (!isSame) {
    peer.samePrev = prev;
    peer.sameN = n;
    peer.sameMs = time;
    peer.sameSeq = seq;
    peer.sameCount = 0;
  }
  peer.sameCount++;
  return peer.sameCount === SAME_MAX;
}

/** Whether AppendEntries go to a server that the committed configuration has removed and that has heard it, or leave one. They are counted. */
function isFarewell({ id, config, commit }: ServerModel, leadership: Leadership, peer: PeerModel, { dst, seq }: Event): boolean {
  // Of the configuration that a start tells no line says whether it is committed: it may be the last entry of the log.
  if (config === null || config.index === 0 || config.outgoing.length > 0 || config.index > commit) return false;
  const leaves = !isVoter(config, id);
  if (leaves) leadership.farewells++;
  if (isMember(config, dst)) return leaves;
  if (peer.farewellSeq === 0) peer.farewellSeq = seq;
  const { hasHeardFarewell } = peer;
  if (hasHeardFarewell) peer.farewells++;
  peer.hasHeardFarewell = false;
  return leaves || hasHeardFarewell;
}

function isMember({ voters, learners }: ConfigModel, id: string): boolean {
  return voters.includes(id) || learners.includes(id);
}

/** Whether the leader has gone on for too long to send what the peer has refused. */
function isOverdue({ log }: ServerModel, { prev, time }: Event, peer: PeerModel): boolean {
  if (prev === undefined) return false;
  // Where the entries that the peer lacks are compacted, heartbeats start from the snapshot until it is sent.
  if (peer.refusedPrev < 0 || prev < peer.refusedPrev || peer.refusedPrev <= log.base || peer.snapshotUnderWay) return false;
  peer.repeated++;
  return peer.repeated >= REPEATS_MAX && time > peer.refusedTime + REPEAT_GRACE_MS;
}

/** A candidate, or who votes for it, tells where the candidate's log ends; it appends nothing until it leads. */
export function standsWith(candidate: ServerModel | null, { msgTerm, term = msgTerm, lastLogIndex, seq, op }: Event): void {
  const of = op === 'RequestVote' ? msgTerm : term;
  if (candidate === null || of === undefined || lastLogIndex === undefined) return;
  if (candidate.stoodWith === null || of > candidate.stoodWith.term) candidate.stoodWith = { term: of, last: lastLogIndex, seq };
}

/** A request of an older term, or one whose prevLogIndex the log did not hold (AppendEntries receiver rules 1 and 2). */
function hasGroundForRefusal({ matchedOnArrival, term, arrivalTerm }: ArrivedAppend): boolean {
  return !matchedOnArrival || term < arrivalTerm;
}
