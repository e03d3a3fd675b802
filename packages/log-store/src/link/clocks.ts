import { RECV } from '../columns/codes.ts';
import type { Table } from '../columns/table.ts';

/** The least time from a send in one file to its receive in another, by their own clocks. It may be negative. */
interface Link {
  readonly from: number;
  readonly to: number;
  leastMs: number;
}

export interface ClockOffsets {
  /** What to add to the times of each log. */
  readonly offsetsMs: readonly number[];
  /** False where no offsets put every receive behind its send: the clocks drifted or jumped. */
  readonly isConsistent: boolean;
}

/**
 * Offsets for the clocks of logs (`series`: by the number of a file, which log it is a part of) so that no receive stands before its send. Where the clocks agree already they are left
 * alone. Where they do not, the offset between two files is estimated as NTP does, from the fastest message of each direction,
 * and then moved as little as the other messages demand.
 */
export function clockOffsets(table: Table, current: readonly number[], series: readonly number[]): ClockOffsets {
  const links = linksOf(table, current, series);
  if (links.every((link) => link.leastMs >= 0)) return { offsetsMs: current.map(() => 0), isConsistent: true };
  const offsetsMs = estimate(links, current.length);
  const isConsistent = relax(links, offsetsMs);
  const [first = 0] = offsetsMs;
  return { offsetsMs: offsetsMs.map((offset) => offset - first), isConsistent };
}

function linksOf(table: Table, current: readonly number[], series: readonly number[]): readonly Link[] {
  const links = new Map<number, Link>();
  for (let row = 0; row < table.size; row++) {
    const send = table.dir(row) === RECV ? table.partner(row) : -1;
    if (send < 0) continue;
    const [from = 0, to = 0] = [series[table.file(send)], series[table.file(row)]];
    if (from === to) continue;
    const key = from * current.length + to;
    const takenMs = table.time(row) - (current[to] ?? 0) - (table.time(send) - (current[from] ?? 0));
    const link = links.get(key);
    if (link === undefined) links.set(key, { from, to, leastMs: takenMs });
    else link.leastMs = Math.min(link.leastMs, takenMs);
  }
  return [...links.values()];
}

/** Walks from file to file along the messages, starting at the first file of each group that talks to each other. */
function estimate(links: readonly Link[], files: number): number[] {
  const offsetsMs = new Array<number | undefined>(files).fill(undefined);
  for (let start = 0; start < files; start++) {
    if (offsetsMs[start] !== undefined) continue;
    offsetsMs[start] = 0;
    const queue = [start];
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      for (let other = 0; other < files; other++) {
        const relativeMs = offsetsMs[other] === undefined ? relativeOffset(links, file, other) : undefined;
        if (relativeMs === undefined) continue;
        offsetsMs[other] = (offsetsMs[file] ?? 0) + relativeMs;
        queue.push(other);
      }
    }
  }
  return offsetsMs.map((offset) => offset ?? 0);
}

function relativeOffset(links: readonly Link[], from: number, to: number): number | undefined {
  const there = links.find((link) => link.from === from && link.to === to)?.leastMs;
  const back = links.find((link) => link.from === to && link.to === from)?.leastMs;
  if (there !== undefined && back !== undefined) return (back - there) / 2;
  if (there !== undefined) return Math.max(0, -there);
  return back === undefined ? undefined : Math.min(0, back);
}

/**
 * offset[from] - offset[to] may be at most the least time between them: a system of difference constraints, solved by
 * relaxation (Bellman and Ford). Returns false where it has no solution.
 */
function relax(links: readonly Link[], offsetsMs: number[]): boolean {
  for (let round = 0; round <= offsetsMs.length; round++) {
    let isChanged = false;
    for (const { from, to, leastMs } of links) {
      const bound = (offsetsMs[to] ?? 0) + leastMs;
      if ((offsetsMs[from] ?? 0) <= bound) continue;
      offsetsMs[from] = bound;
      isChanged = true;
    }
    if (!isChanged) return true;
  }
  return false;
}
