import type { ByteSource } from '../io/byte-source.ts';
import type { LogFormat } from './format.ts';
import { nativeFormat } from './native.ts';
import { linesOf } from './sample.ts';

/** Lines at the start of a file that every format is tried on. */
const LINES_MAX = 200;
/** So many native lines at the start, and nothing else, are a native log: the first screen does not wait for the other lines to be read. */
const SURE_LINES = 24;
/** Native lines are pino's too, and pino's format asks for less: damaged ones must not make it the winner. */
const NATIVE_WEIGHT = 2;
/** Behind the start only lines are tried that could tell of Raft at all: one of these words is in every phrase that a built-in format knows. */
const WORDS = /raft|leader|candidate|follower|elect|vot(?:e|ing)|epoch|term|snapshot|configuration|"op"|commit/i;
/** Lines that tell events, after which no more of a log is read to know its format. */
const ENOUGH = 20;

/** How much of a log a format reads: `known` lines tell an event, `likely` ones have only the head of its lines. */
interface Score {
  known: number;
  likely: number;
}

/** What a log is by its lines: the format that knows events in it, or only the head of its lines. */
export interface Detected {
  readonly known: LogFormat | null;
  readonly likely: LogFormat | null;
}

/**
 * The format of a log by its own lines, however few of them are Raft's: the one that knows most events, of those that know as many the
 * first of the list; the user's `own` come before all others. Where none tells an event in the whole log, it is likely the one whose head
 * most lines of its start have.
 */
export function detectFormat(source: ByteSource, own: readonly LogFormat[], builtIn: readonly LogFormat[]): Detected {
  const start = [...firstLines(source)];
  if (own.length === 0 && isSurely(start, source.name)) return { known: nativeFormat, likely: null };
  // Who gives a format wants it taken.
  const ownScores = scoresOf(own, start, source.name);
  const ownFormat = best(ownScores, 'known') ?? (own.length === 0 ? null : knownFurtherOn(source, ownScores, null));
  if (ownFormat !== null) return { known: ownFormat, likely: null };
  const scores = scoresOf(builtIn, start, source.name);
  const known = best(scores, 'known') ?? knownFurtherOn(source, scores, WORDS);
  return { known, likely: best(ownScores, 'likely') ?? best(scores, 'likely') };
}

function scoresOf(formats: readonly LogFormat[], start: readonly string[], file: string): Map<LogFormat, Score> {
  const scores = new Map<LogFormat, Score>(formats.map((format) => [format, { known: 0, likely: 0 }]));
  for (const [format, score] of scores) {
    const records = format.record === 'line' ? start : pairsOf(start);
    for (const record of records) count(format, record, file, score);
    // Nothing reads more than all: the first screen does not wait for the other formats.
    if (score.known >= start.length && start.length > 0) break;
  }
  return scores;
}

function* firstLines(source: ByteSource): Generator<string> {
  let count = 0;
  for (const line of linesOf(source)) {
    if (count++ === LINES_MAX) return;
    yield line;
  }
}

/** The start tells no event: the rest is looked through until some lines do. */
function knownFurtherOn(source: ByteSource, scores: Map<LogFormat, Score>, words: RegExp | null): LogFormat | null {
  const formats = [...scores].filter(([format]) => format.record === 'line');
  let found = 0;
  let number = 0;
  for (const line of linesOf(source)) {
    if (number++ < LINES_MAX || words?.test(line) === false) continue;
    let isKnown = false;
    for (const [format, score] of formats) isKnown = count(format, line, source.name, score) || isKnown;
    if (isKnown && ++found === ENOUGH) break;
  }
  return best(scores, 'known');
}

function count(format: LogFormat, record: string, file: string, score: Score): boolean {
  const decoded = format.decode(record, file);
  if (!('event' in decoded)) return false;
  const isKnown = decoded.event.op !== 'Note' || decoded.clock !== undefined;
  if (isKnown) score.known++;
  else score.likely++;
  return isKnown;
}

function best(scores: ReadonlyMap<LogFormat, Score>, by: keyof Score): LogFormat | null {
  let winner: LogFormat | null = null;
  let most = 0;
  for (const [format, score] of scores) {
    const weight = (format.name === nativeFormat.name ? NATIVE_WEIGHT : 1) * (format.record === 'line' ? 1 : 2);
    if (score[by] * weight <= most) continue;
    winner = format;
    most = score[by] * weight;
  }
  return winner;
}

function isSurely(lines: readonly string[], file: string): boolean {
  return lines.length >= SURE_LINES && lines.slice(0, SURE_LINES).every((line) => 'event' in nativeFormat.decode(line, file));
}

function pairsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line, i) => (i + 1 < lines.length ? [`${line}\n${lines[i + 1]}`] : []));
}
