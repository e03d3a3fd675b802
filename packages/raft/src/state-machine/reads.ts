import type { ServerId } from '../configuration.ts';
import type { ReadIndexReply, ReadIndexRequest } from '../message.ts';
import { isQuorum } from '../quorum.ts';
import { knowsCommitted, leaseEndMs, mayServe } from '../rules/read.ts';
import { traceReadReady, traceReadStart } from '../trace.ts';
import type { EarlyRead, PendingRead, ReadyRead } from './read-queue.ts';
import type { Server } from './server.ts';
import { hardStateWait, post } from './storage.ts';

/** Rounds that no quorum has answered and that are still remembered; an answer to a later one proves the earlier too. */
const ROUNDS_MAX = 64;

/** A read of this server's own service: the leader confirms it itself, a follower asks the leader (8; thesis 6.4). */
export function startRead(server: Server, ctx: string): void {
  if (server.role === 'leader') {
    admitRead(server, { ctx, from: server.id, requestId: 0 });
  } else if (server.leader === null) {
    answerLocally(server, ctx, -1, false);
  } else {
    const { id: from, leader: to, term } = server;
    const requestId = server.nextMessageId();
    post(server, { kind: 'ReadIndex', id: requestId, re: 0, from, to, term, ctx }, hardStateWait(server));
    server.reads.asked.delete(ctx);
    server.reads.asked.set(ctx, { requestId, dueMs: server.nowMs + server.config.electionTimeoutMaxMs });
  }
}

export function onReadIndex(server: Server, { id, from, ctx }: ReadIndexRequest): void {
  const read: EarlyRead = { ctx, from, requestId: id };
  if (server.role !== 'leader') {
    answer(server, read, -1, false);
  } else if (!isOpen(server, read)) admitRead(server, read);
}

/** The network repeated the request of a read that is not answered yet. */
function isOpen({ reads }: Server, { ctx, from }: EarlyRead): boolean {
  const same = (open: EarlyRead): boolean => open.ctx === ctx && open.from === from;
  return reads.early.some(same) || reads.pending.some(same);
}

/** The first answer counts; what comes for a read that is not open any more is a repetition. */
export function onReadIndexReply(server: Server, { re, ctx, success, index, lease }: ReadIndexReply): void {
  const { asked } = server.reads;
  if (asked.get(ctx)?.requestId === re) {
    asked.delete(ctx);
    answerLocally(server, ctx, success ? index : -1, lease);
  }
}

/** The leader that was asked leads no more, as far as this server knows: its answers may never come. */
export function refuseAskedReads(server: Server): void {
  const asked = [...server.reads.asked.keys()];
  server.reads.asked.clear();
  for (const ctx of asked) answerLocally(server, ctx, -1, false);
}

/** When the oldest question to the leader is taken for lost: Infinity where none is open. */
export function askedDeadlineMs({ reads }: Server): number {
  for (const { dueMs } of reads.asked.values()) return dueMs;
  return Number.POSITIVE_INFINITY;
}

/** The question or its answer was lost on the way: the read has to be tried again. */
export function refuseLostReads(server: Server): void {
  const { reads, nowMs } = server;
  for (const [ctx, { dueMs }] of reads.asked) {
    if (dueMs > nowMs) break;
    reads.asked.delete(ctx);
    answerLocally(server, ctx, -1, false);
  }
}

function admitRead(server: Server, read: EarlyRead): void {
  const { reads, log, commit, term } = server;
  if (!knowsCommitted(log.termAt(commit), term)) {
    reads.early.push(read);
    return;
  }
  traceReadStart(server, read.ctx, commit);
  if (server.config.leaseReads && !server.abdicated && server.nowMs < leaseEnd(server)) {
    answer(server, read, commit, true);
    return;
  }
  reads.roundDue = true;
  reads.pending.push({ ...read, index: commit, round: reads.round + 1 });
}

function leaseEnd({ config, reads }: Server): number {
  return leaseEndMs(reads.confirmedMs, config.electionTimeoutMinMs, config.clockDriftMax);
}

/** The first entry of the leader's own term is committed: the reads that came before can start. */
export function startEarlyReads(server: Server): void {
  const { reads } = server;
  if (reads.early.length === 0 || !knowsCommitted(server.log.termAt(server.commit), server.term)) return;
  const early = reads.early;
  reads.early = [];
  for (const read of early) admitRead(server, read);
}

/** Starts the round that the next heartbeats carry, where reads or the lease need one. Returns its number, or the current one. */
export function nextRound(server: Server): number {
  const { reads, config, nowMs } = server;
  if (reads.roundDue || reads.pending.length > 0 || config.leaseReads) {
    reads.round++;
    reads.roundDue = false;
    reads.sent.push({ round: reads.round, sentMs: nowMs });
    if (reads.sent.length > ROUNDS_MAX) reads.sent.shift();
  }
  return reads.round;
}

/** Answers the reads whose round a quorum has answered, and moves the lease up. Called when a peer has answered a round. */
export function confirmReads(server: Server): void {
  const { reads, members, configuration, id: self } = server;
  const confirmed = (round: number): boolean => isQuorum(configuration, (id) => id === self || (members.get(id)?.round ?? 0) >= round);
  while (reads.sent[0] !== undefined && confirmed(reads.sent[0].round)) {
    reads.confirmedMs = reads.sent[0].sentMs;
    reads.sent.shift();
  }
  while (reads.pending[0] !== undefined && reads.pending[0].round <= reads.round && confirmed(reads.pending[0].round)) {
    const read: PendingRead = reads.pending[0];
    reads.pending.shift();
    answer(server, read, read.index, false);
  }
}

function answer(server: Server, { ctx, from, requestId }: EarlyRead, index: number, lease: boolean): void {
  if (from === server.id) {
    answerLocally(server, ctx, index, lease);
  } else {
    reply(server, from, requestId, ctx, index, lease);
  }
}

function reply(server: Server, to: ServerId, re: number, ctx: string, index: number, lease: boolean): void {
  const { id: from, term } = server;
  const success = index >= 0;
  post(
    server,
    { kind: 'ReadIndexReply', id: server.nextMessageId(), re, from, to, term, ctx, success, index, lease },
    hardStateWait(server),
  );
}

function answerLocally(server: Server, ctx: string, index: number, lease: boolean): void {
  if (index >= 0) {
    server.reads.ready.push({ ctx, index, lease });
  } else {
    server.effects.push({ kind: 'read', ctx, index });
  }
}

/** Gives out the confirmed reads whose index the service has applied: earlier it would answer with an older state (8; thesis 6.4, step 4). */
export function serveReads(server: Server): void {
  const { reads, applied, restore, restoring } = server;
  if (reads.ready.length === 0 || restore !== null || restoring > 0) return;
  const waiting: ReadyRead[] = [];
  for (const read of reads.ready) {
    if (mayServe(applied, read.index)) {
      traceReadReady(server, read.ctx, read.index, read.lease);
      server.effects.push({ kind: 'read', ctx: read.ctx, index: read.index });
    } else {
      waiting.push(read);
    }
  }
  reads.ready = waiting;
}

/** The leader leads no more: what it has not confirmed has to be asked of another. */
export function refuseReads(server: Server): void {
  const { early, pending } = server.reads;
  server.reads.clear();
  for (const read of [...early, ...pending]) answer(server, read, -1, false);
}
