import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogStore } from '@raftlens/log-store';
import { ALIGNED_MAX, Alignment } from './alignment.ts';

const SLICE_ROWS = 20_000;

/**
 * Compares what two logs tell, line by line: the text of the events, not their numbers, ids and times, which differ between
 * any two runs of a real cluster. `withTimes` compares the times too, as two runs of one seed must have them equal.
 */
export async function compareLogs(left: LogStore, right: LogStore, withTimes: boolean): Promise<Alignment> {
  const told = withTimes ? timedText : (store: LogStore, row: number) => store.text(row);
  const shorter = Math.min(left.size, right.size);
  let same = 0;
  while (same < shorter && (left.line(same) === right.line(same) || told(left, same) === told(right, same))) {
    same += 1;
    if (same % SLICE_ROWS === 0) await nextTurn();
  }
  const window = (store: LogStore) => Array.from({ length: Math.min(ALIGNED_MAX, store.size - same) }, (_, at) => told(store, same + at));
  return new Alignment(same, window(left), window(right), left.size, right.size);
}

function timedText(store: LogStore, row: number): string {
  return `${store.columns.time(row)} ${store.text(row)}`;
}
