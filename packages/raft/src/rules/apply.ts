import type { LogView } from '../log.ts';

/**
 * Figure 2, all servers: entries go to the service once they are committed (5.3). Ours wait until they are durable on this server as
 * well, so that no service has seen an entry that its own disk may still lose.
 */
export function applicableIndex(commit: number, durableIndex: number): number {
  return Math.min(commit, durableIndex);
}

/** A log that tells what its entries weigh. */
export interface SizedLog extends LogView {
  at(index: number): { readonly size: number } | undefined;
}

/**
 * The last index up to `to` such that the entries from `from` on take no more than `bytesMax` in all; `from` itself where `first` says that
 * one entry is always taken, and `from` - 1 for none.
 */
export function lastWithin(log: SizedLog, from: number, to: number, bytesMax: number, first: boolean): number {
  if (bytesMax === Number.POSITIVE_INFINITY) return to;
  let bytes = 0;
  for (let index = from; index <= to; index++) {
    bytes += log.at(index)?.size ?? 0;
    if (bytes > bytesMax && !(first && index === from)) return index - 1;
  }
  return to;
}
