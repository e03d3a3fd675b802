import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckerOptions } from '@raftlens/checker';
import { decodeBytes } from '@raftlens/events';
import { LogCheck } from '../check/log-check.ts';
import type { ReadingFlags } from './input.ts';

const NEWLINE = 0x0a;
const BLOCK_BYTES = 1 << 20;

/**
 * Checks a log while it is read once from its beginning to its end, without an index: much the quickest way, and it needs no memory. For
 * one file of raftlens's own lines only. Null for every other log, and where a line cannot be read: opened as a whole it is told why.
 */
export function checkFile(
  paths: readonly string[],
  { format = 'native', formats = [] }: ReadingFlags,
  options: CheckerOptions = {},
): LogCheck | null {
  const path = paths.length === 1 && format === 'native' && formats.length === 0 ? fileOf(paths[0] ?? '') : null;
  if (path === null) return null;
  const file = openSync(path, 'r');
  try {
    return checkLines(file, options);
  } finally {
    closeSync(file);
  }
}

/** The one file that is meant; null for standard input, and for what is no file or more than one. */
function fileOf(path: string): string | null {
  if (path === '-') return null;
  const file = statOf(path)?.isDirectory() === true ? join(path, 'events.ndjson') : path;
  // A named pipe must not even be opened here: it can be read only once.
  return statOf(file)?.isFile() === true ? file : null;
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function checkLines(file: number, options: CheckerOptions): LogCheck | null {
  const check = new LogCheck(options);
  let row = 0;
  for (const line of linesOf(file)) {
    const { event } = decodeBytes(line);
    if (event === undefined) return null;
    check.observe(event, row, 0);
    row += 1;
  }
  return row === 0 ? null : check;
}

/** The lines of a file without their newlines, each valid until the next. One that does not fit into a block comes in pieces. */
function* linesOf(file: number): Generator<Uint8Array> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let filled = 0;
  for (;;) {
    const read = readSync(file, block, filled, BLOCK_BYTES - filled, null);
    if (read === 0) break;
    filled += read;
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0 && end < filled; end = block.indexOf(NEWLINE, start)) {
      yield block.subarray(start, end);
      start = end + 1;
    }
    if (start === 0 && filled === BLOCK_BYTES) {
      yield block;
      start = filled;
    }
    block.copyWithin(0, start, filled);
    filled -= start;
  }
  if (filled > 0) yield block.subarray(0, filled);
}
