import type { LogStore } from '@raftlens/log-store';
import type { LeftOut } from '../convert/left-out.ts';
import { plural } from '../text/time.ts';
import { remark } from './output.ts';

/** Says which lines could not be written in the format, and why the first one. */
export function sayLeftOut(store: LogStore, { count, first }: LeftOut, format: string): void {
  if (first === null) return;
  const where = `${store.fileOf(first.row).name}:${store.lineNumberOf(first.row)}`;
  remark(`${plural(count, 'line')} could not be written as ${format}; the first is ${where}: ${first.reason}`);
}
