import type { PersistEffect, SendEffect } from '../effect.ts';
import { ContractError } from '../errors.ts';
import type { Message } from '../message.ts';
import { tracePersist } from '../trace.ts';
import type { IssuedWrite } from './ledger.ts';
import type { Server } from './server.ts';

/** The write that has to be durable before this server may tell anybody of its term and vote; 0 when it is. */
export function hardStateWait({ ledger }: Server): number {
  if (ledger.hardStateDirty) return ledger.issued + 1;
  return ledger.hardStateWrite > ledger.durable ? ledger.hardStateWrite : 0;
}

/** The write that has to be durable before this server may acknowledge its log up to `match`; 0 when it is. */
export function logWait(server: Server, match: number): number {
  const { ledger, log } = server;
  if (match <= ledger.durableIndex) {
    server.invariant(match < ledger.unsavedFrom, 'an entry counts as durable that no write has carried');
    return hardStateWait(server);
  }
  return ledger.isDirty(log.lastIndex) ? ledger.issued + 1 : ledger.issued;
}

/** The message goes out with this batch, once the write `after` is durable. */
export function post(server: Server, message: Message, after: number): void {
  server.invariant(after <= server.ledger.issued + 1, 'a message waits for a write beyond the next one');
  server.outbox.push({ kind: 'send', message, after });
}

/**
 * Closes a batch: one write for everything that changed since the last, and after it the messages that tell of it. It is called when the
 * host takes the effects, and earlier where the next change would undo something that a waiting message tells of.
 */
export function closeBatch(server: Server): void {
  const { ledger, log, effects, outbox } = server;
  if (ledger.isDirty(log.lastIndex)) {
    const effect = persistEffect(server);
    const { term, vote } = server;
    const { lastIndex, lastTerm } = log;
    ledger.issue({ effect, term, vote, lastIndex, lastTerm, proves: lastIndex });
    effects.push(effect);
  }
  outbox.moveTo(effects);
}

function persistEffect({ ledger, log, term, vote }: Server): PersistEffect {
  return {
    kind: 'persist',
    id: ledger.issued + 1,
    hardState: ledger.hardStateDirty ? { term, vote } : null,
    truncateFrom: ledger.truncateFrom,
    entries: log.slice(ledger.unsavedFrom, log.lastIndex),
    snapshot: ledger.snapshot,
    keepLog: ledger.keepLog,
  };
}

/** Something that a waiting message may tell of is about to be undone: what it tells of is written first. */
export function closeBatchIfTold(server: Server): void {
  if (!server.outbox.isEmpty) closeBatch(server);
}

/** Term or vote is about to change. */
export function beforeHardStateChange(server: Server): void {
  closeBatchIfTold(server);
  server.ledger.hardStateDirty = true;
}

/** The host says that the write `id` and all before it survive a crash. @throws ContractError `UNKNOWN_PERSIST`. */
export function onPersisted(server: Server, id: number): void {
  const { ledger } = server;
  const write = ledger.finish(id);
  if (write === null) {
    const { issued, durable } = ledger;
    throw new ContractError(
      'UNKNOWN_PERSIST',
      `${server.id}: persisted(${id}), but the writes that may be acknowledged now are ${durable + 1} to ${issued}: acknowledge each write once`,
    );
  }
  ledger.durableIndex = Math.max(ledger.durableIndex, write.proves);
  server.invariant(ledger.durableIndex <= server.log.lastIndex, `entry ${ledger.durableIndex} is durable, and the log does not hold it`);
  if (server.trace !== undefined) tracePersist(server, finishedWrite(write));
}

/** What a write holds, by the sum of 1 for term and vote, 2 for a truncation, 4 for a snapshot, 8 for entries. */
const WRITE_PARTS = Array.from({ length: 16 }, (_, sum) =>
  ['state', 'truncate', 'snapshot', 'entries'].filter((_part, bit) => (sum & (1 << bit)) !== 0).join('+'),
);

function finishedWrite({ effect, term, vote, lastIndex, lastTerm }: IssuedWrite): Parameters<typeof tracePersist>[1] {
  const what =
    WRITE_PARTS[
      (effect.hardState === null ? 0 : 1) +
        (effect.truncateFrom === 0 ? 0 : 2) +
        (effect.snapshot === null ? 0 : 4) +
        (effect.entries.length === 0 ? 0 : 8)
    ] ?? '';
  return { what, durableTerm: term, durableVote: vote, durableLast: lastIndex, durableLastTerm: lastTerm };
}

/** The host is about to let the message go. @throws ContractError `SENT_BEFORE_PERSIST` (lecture 10: first persist, then send). */
export function checkSendable(server: Server, { message, after }: SendEffect): void {
  if (after > server.ledger.durable) {
    throw new ContractError(
      'SENT_BEFORE_PERSIST',
      `${server.id}: ${message.kind} to ${message.to} waits for write ${after}, and only write ${server.ledger.durable} is durable: send it after persisted(${after})`,
    );
  }
}
