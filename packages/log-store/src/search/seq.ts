import type { LogFile, LogStore } from '../log-store.ts';

/** How far around the first guess a seq is looked for row by row, where a file has gaps or is out of order. */
const NEIGHBOURS_MAX = 4096;
/** The seq stands near the start of a native line. */
const SEQ_CHARS_MAX = 128;

/** The row with this seq: guessed, then by bisection, for files count upwards; then in the neighbourhood. -1 if none. */
export function rowOfSeq(store: LogStore, seq: number, file: LogFile | undefined): number {
  if (store.files.length > 1) return scan(store, seq, file, 0, store.size);
  const guess = seq - 1;
  if (isIt(store, guess, seq, file)) return guess;
  const bisected = bisect(store, seq);
  if (isIt(store, bisected, seq, file)) return bisected;
  return scan(store, seq, file, Math.max(0, bisected - NEIGHBOURS_MAX), Math.min(store.size, bisected + NEIGHBOURS_MAX));
}

function isIt(store: LogStore, row: number, seq: number, file: LogFile | undefined): boolean {
  if (row < 0 || row >= store.size) return false;
  if (file !== undefined && store.fileOf(row) !== file) return false;
  const written = seqOf(store.line(row, SEQ_CHARS_MAX));
  return (Number.isNaN(written) ? store.event(row)?.seq : written) === seq;
}

/** The first row whose seq is not below. Lines without an event take the answer of those after them. */
function bisect(store: LogStore, seq: number): number {
  let low = 0;
  let high = store.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nextSeq(store, middle, high) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nextSeq(store: LogStore, from: number, to: number): number {
  for (let row = from; row < to; row++) {
    const event = store.event(row);
    if (event !== null) return event.seq;
  }
  return Number.POSITIVE_INFINITY;
}

function scan(store: LogStore, seq: number, file: LogFile | undefined, from: number, to: number): number {
  for (let row = from; row < to; row++) if (isIt(store, row, seq, file)) return row;
  return -1;
}

/** The seq of a native line in the canonical order, without decoding the line; NaN for any other. */
function seqOf(line: string): number {
  return Number(/^\{"level":\d+,"time":[\d.]+,"seq":(\d+),/.exec(line)?.[1] ?? Number.NaN);
}
