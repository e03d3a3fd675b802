import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogStore } from '@raftlens/log-store';
import { type AlignedText, Alignment } from './alignment.ts';

const SLICE_ROWS = 20_000;

/**
 * Compares what two logs tell, line by line: the text of the events, not their numbers, ids and times, which differ between
 * any two runs of a real cluster. `withTimes` compares the times too, as two runs of one seed must have them equal.
 * Resolves once the first lines after the first difference are aligned; `extend` goes on.
 */
export async function compareLogs(left: LogStore, right: LogStore, withTimes: boolean): Promise<Alignment> {
  const [leftTold, rightTold] = [toldBy(left, withTimes), toldBy(right, withTimes)];
  const shorter = Math.min(left.size, right.size);
  let same = 0;
  while (same < shorter && (left.line(same) === right.line(same) || leftTold.at(same) === rightTold.at(same))) {
    same += 1;
    if (same % SLICE_ROWS === 0) await nextTurn();
  }
  const alignment = new Alignment(leftTold, rightTold, same);
  if (!alignment.isComplete) alignment.extend();
  return alignment;
}

function toldBy(store: LogStore, withTimes: boolean): AlignedText {
  const at = (row: number) => (withTimes ? `${store.columns.time(row)} ${store.text(row)}` : store.text(row));
  return { size: store.size, at };
}
