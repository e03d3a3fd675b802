import { stripVTControlCharacters } from 'node:util';
import { GoDumpReader } from './go-dump.ts';
import { JavaDumpReader } from './java-dump.ts';
import { NodePendingReader } from './node-report.ts';
import { PythonDumpReader } from './python-dump.ts';
import type { Dump, DumpReader } from './thread.ts';

/** What is longer is cut: a frame says what it says at its beginning. */
const LINE_MAX = 2000;
/** Between two threads of one dump there may be as many lines of something else: what other processes print meanwhile, or the notes of a JVM. */
const GAP_MAX = 200;
/** So many dumps are told of one output: each is a process of its own, such as a server. */
const DUMPS_MAX = 16;

/** The dumps of stacks among the lines of an output, of any runtime; each is what one process told. */
export function readDumps(lines: Iterable<string>): readonly Dump[] {
  const dumps: Dump[] = [];
  const readers: readonly DumpReader[] = [new GoDumpReader(), new JavaDumpReader(), new PythonDumpReader(), new NodePendingReader()];
  const gaps = new Map<DumpReader, number>();
  const finish = (reader: DumpReader): void => {
    const read = reader.finish();
    gaps.delete(reader);
    if (read !== null) dumps.push({ noun: reader.noun, ...read });
  };
  for (const line of lines) {
    const text = plainLine(line);
    const taker = readers.find((reader) => reader.take(text));
    if (taker !== undefined) gaps.set(taker, 0);
    for (const [reader, gap] of gaps) {
      if (reader === taker) continue;
      gaps.set(reader, gap + 1);
      if (gap >= GAP_MAX) finish(reader);
    }
  }
  for (const reader of readers) finish(reader);
  // The last of them is nearest to the end.
  return dumps.slice(-DUMPS_MAX);
}

/** A line as the process printed it: `go test -json` and gotestsum wrap each in an event. */
function plainLine(line: string): string {
  const text = line.slice(0, LINE_MAX);
  const plain = text.includes('\u001b') ? stripVTControlCharacters(text) : text;
  return plain.startsWith('{"') ? unwrapped(plain) : plain.trimEnd();
}

function unwrapped(line: string): string {
  const output = /"Output":("(?:[^"\\]|\\.){0,2000}")\}$/.exec(line)?.[1];
  if (output === undefined) return line;
  try {
    return String(JSON.parse(output)).trimEnd();
  } catch {
    return line;
  }
}
