import type { LogStore } from '@raftlens/log-store';

/**
 * What a row is called wherever it is shown or asked for: the seq of its line, where the log has one file whose lines tell it; its
 * place among the rows, from 1, elsewhere. The seqs of several files are not unique, nor are those of several servers that count for
 * themselves in one file: there they stay behind the number of lines.
 */
export function numberOfRow(store: LogStore, row: number): number {
  if (store.files.length > 1) return row + 1;
  const seq = store.event(row)?.seq;
  return seq === undefined || seq + store.unmatched < row + 1 ? row + 1 : seq;
}

/** The row of that number; -1 where there is none. */
export function rowOfNumber(store: LogStore, number: number): number {
  if (!Number.isInteger(number) || number < 1) return -1;
  const row = store.files.length > 1 ? -1 : store.rowOfSeq(number);
  if (row >= 0 && numberOfRow(store, row) === number) return row;
  const place = number - 1;
  return place < store.size && numberOfRow(store, place) === number ? place : -1;
}
