import { ContractError } from '../errors.ts';
import { traceSnapshotTaken } from '../trace.ts';
import type { Context } from './context.ts';
import { persist } from './persisting.ts';
import { invariant } from './steps.ts';

/**
 * The labs' Snapshot: the service has put everything up to `index` into `data`, so that the log may be cut there (7). An index that an
 * older or equal snapshot covers is nothing new.
 *
 * @throws ContractError `SNAPSHOT_NOT_APPLIED` for an index that was not handed to the service yet.
 */
export async function takeSnapshot(context: Context, index: number, data: Uint8Array): Promise<void> {
  const { state, config } = context;
  if (index <= (state.snapshot?.index ?? 0)) return;
  if (index > state.applied) {
    throw new ContractError(
      'SNAPSHOT_NOT_APPLIED',
      `${context.id}: a snapshot up to ${index}, but only entries up to ${state.applied} were applied`,
    );
  }
  const term = state.log.termAt(index);
  // Frozen: a snapshot is a value, which messages and writes may carry out of the critical section.
  const snapshot = Object.freeze({ index, term, configuration: context.configuration, data });
  invariant(context, term > 0, `entry ${index} is applied, and the log does not know its term`);
  state.snapshot = snapshot;
  context.write.snapshot = snapshot;
  context.write.keepLog = true;
  const compactTo = index - config.trailingEntriesMax;
  if (compactTo > state.log.offset) state.log.compactTo(compactTo);
  traceSnapshotTaken(context.traced, index, term);
  await persist(context);
}
