import { ContractError } from '../errors.ts';
import { applicableIndex, lastWithin } from '../rules/apply.ts';
import { traceApply } from '../trace.ts';
import type { Server } from './server.ts';

/** Hands the service what may be applied (figure 2, all servers; 5.3), after the snapshot that it has to start from. */
export function handOver(server: Server): void {
  const { ledger, log, restore, effects } = server;
  if (restore !== null) {
    if (ledger.durableIndex < restore.index) return;
    server.invariant(restore.index <= server.commit, `the snapshot of entry ${restore.index} is restored before that is committed`);
    server.invariant(log.offset >= restore.index, `the log holds entry ${restore.index}, which a snapshot has replaced`);
    effects.push({ kind: 'restore', snapshot: restore });
    server.handed = restore.index;
    server.unappliedBytes = 0;
    server.restoring = restore.index;
    server.restore = null;
  }
  const index = nextPageEnd(server, applicableIndex(server.commit, ledger.durableIndex));
  if (index > server.handed) {
    const entries = log.slice(server.handed + 1, index);
    server.invariant(entries[0]?.index === server.handed + 1, 'the first entry for the service does not follow the last');
    server.invariant(entries.length === index - server.handed, 'the log does not hold every entry that may be applied');
    effects.push({ kind: 'apply', entries });
    server.handed = index;
    if (server.config.maxApplyBytes < Number.POSITIVE_INFINITY) server.unappliedBytes += entries.reduce((sum, { size }) => sum + size, 0);
  }
}

/** What the service has and has not applied yet is bounded; where it has nothing to do, one entry may be larger than the bound. */
function nextPageEnd({ log, handed, unappliedBytes, config }: Server, to: number): number {
  return lastWithin(log, handed + 1, to, config.maxApplyBytes - unappliedBytes, unappliedBytes === 0);
}

/** The service has applied everything up to `index`. @throws ContractError `APPLY_OUT_OF_ORDER`. */
export function onApplied(server: Server, index: number): void {
  const restored = server.restoring > 0 && index === server.restoring;
  if ((index <= server.applied && !restored) || index > server.handed) {
    throw new ContractError(
      'APPLY_OUT_OF_ORDER',
      `${server.id}: applied(${index}), but ${server.applied} is applied and ${server.handed} was handed over last: acknowledge in order, once`,
    );
  }
  const snapshotIndex = server.restore?.index ?? server.restoring;
  if (index < snapshotIndex) {
    // The service had applied this before it saw the snapshot, which stands for it anyway.
    return;
  }
  if (server.restoring > 0) {
    server.applied = server.restoring;
    server.restoring = 0;
  }
  while (server.applied < index) applyNext(server);
}

/** Figure 2, all servers: lastApplied rises by one. */
function applyNext(server: Server): void {
  const entry = server.log.at(server.applied + 1);
  server.invariant(entry !== undefined, `entry ${server.applied + 1} was applied, and the log does not hold it`);
  server.applied++;
  server.unappliedBytes = Math.max(0, server.unappliedBytes - entry.size);
  traceApply(server, entry);
}
