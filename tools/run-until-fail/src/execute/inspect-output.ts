import { closeSync, fstatSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { LinearPattern, PatternMatch } from '@raftlens/patterns';
import { openPlainFile } from '../files.ts';

const CHUNK_BYTES = 1 << 16;
/** After so many chunks others get a turn: timeouts must be kept while a gigabyte is looked through. */
const CHUNKS_A_TURN = 16;
/** A longer line is looked through in pieces, of which each begins with the end of the one before. */
const PIECE_MAX = 1 << 17;
const OVERLAP = 1 << 12;
/** Stands for what is before or behind a piece: there is no beginning or end of the line for `^` and `$`. */
const MORE = '\uFFFD';

/** What patterns found in a run's output. */
export interface Inspection {
  /** For each pattern, whether some line matches. */
  readonly matches: readonly boolean[];
  /** The sum over the lines that the counter matches; null where it matches none. */
  readonly cases: number | null;
}

/**
 * Holds patterns against every line of an open file, reading it in chunks: memory does not grow with the file. Invalid UTF-8 becomes U+FFFD.
 */
export async function inspectOutput(file: number, patterns: readonly LinearPattern[], counter: LinearPattern | null): Promise<Inspection> {
  const matches = patterns.map(() => false);
  let cases: number | null = null;
  await forEachLine(file, (line, isFirst) => {
    patterns.forEach((pattern, at) => {
      if (!matches[at] && pattern.test(line)) matches[at] = true;
    });
    // A line counts once, however long it is.
    const match = isFirst ? (counter?.exec(line) ?? null) : null;
    if (match !== null) cases = (cases ?? 0) + casesOf(match);
  });
  return { matches, cases };
}

function casesOf({ groups: [, ...groups] }: PatternMatch): number {
  const said = groups.find((group) => group !== undefined);
  return said !== undefined && /^\d+$/.test(said) ? Number(said) : 1;
}

/** @param isFirst the beginning of a line, or the whole of it */
type Visit = (piece: string, isFirst: boolean) => void;

/** What has been read of a line whose end has not. */
interface Rest {
  readonly text: string;
  readonly isFirst: boolean;
}

async function forEachLine(file: number, visit: Visit): Promise<void> {
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  // No further than it is now: whatever escaped us may still be writing.
  const { size } = fstatSync(file);
  let rest: Rest = { text: '', isFirst: true };
  for (let at = 0, chunks = 1; at < size; chunks++) {
    const bytes = readSync(file, chunk, 0, Math.min(chunk.length, size - at), at);
    if (bytes === 0) break;
    at += bytes;
    const [first = '', ...others] = decoder.write(chunk.subarray(0, bytes)).split('\n');
    rest = { ...rest, text: rest.text + first };
    for (const text of others) {
      visitLast(rest, visit);
      rest = { text, isFirst: true };
    }
    rest = visitPieces(rest.text, rest.isFirst, visit);
    if (chunks % CHUNKS_A_TURN === 0) await new Promise(setImmediate);
  }
  rest = { ...rest, text: rest.text + decoder.end() };
  if (rest.text !== '') visitLast(rest, visit);
}

/** Hands on what can be looked through of an unfinished line. @returns the rest of it, which may be the end of its last piece */
function visitPieces(line: string, isFirst: boolean, visit: Visit): Rest {
  if (line.length < PIECE_MAX) return { text: line, isFirst };
  visit(`${isFirst ? '' : MORE}${line}${MORE}`, isFirst);
  return { text: line.slice(-OVERLAP), isFirst: false };
}

function visitLast({ text, isFirst }: Rest, visit: Visit): void {
  // Of an output for Windows or a terminal.
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  visit(isFirst ? line : `${MORE}${line}`, isFirst);
}

/** The first and the last part of a plain file as text, at most `maxBytes` of each. @throws UnusableFileError, the system's error */
export function readEnds(path: string, maxBytes: number): string {
  const file = openPlainFile(path);
  try {
    return endsOf(file, maxBytes);
  } finally {
    closeSync(file);
  }
}

/** The same of an open file. */
export function endsOf(file: number, maxBytes: number): string {
  const head = Buffer.allocUnsafe(maxBytes);
  const headBytes = readSync(file, head, 0, maxBytes, 0);
  if (headBytes < maxBytes) return head.toString('utf8', 0, headBytes);
  return `${head.toString('utf8')}\n${readTail(file, headBytes, maxBytes)}`;
}

function readTail(file: number, from: number, maxBytes: number): string {
  const size = fstatSync(file).size;
  const start = Math.max(from, size - maxBytes);
  const tail = Buffer.allocUnsafe(Math.max(0, size - start));
  const bytes = readSync(file, tail, 0, tail.length, start);
  return tail.toString('utf8', 0, bytes);
}
