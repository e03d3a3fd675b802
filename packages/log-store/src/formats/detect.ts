import type { LogFormat } from './format.ts';
import { nativeFormat } from './native.ts';

/** The share of the sampled lines that a format must read to be taken. */
const SHARE_MIN = 0.2;
const LINES_MAX = 200;
/** So many native lines at the start, and nothing else, are a native log: the first screen does not wait for the other lines to be read. */
const SURE_LINES = 24;
/** Native lines are pino's too, and pino's format asks for less: damaged ones must not make it the winner. */
const NATIVE_WEIGHT = 2;

/**
 * The format that reads most of a sample from the start of the file; the first of the list where several read as much.
 * Foreign lines in between (test output, panics) are usual, so a fifth is enough.
 */
export function detectFormat(sample: Buffer, file: string, formats: readonly LogFormat[]): LogFormat | null {
  const lines = sampleLines(sample);
  let best: LogFormat | null = null;
  let bestCount = 0;
  for (const format of formats) {
    if (format.name === nativeFormat.name && isSurely(lines, file)) return format;
    const read = format.record === 'line' ? countOf(lines, file, format) : 2 * countOf(pairsOf(lines), file, format);
    const count = format.name === nativeFormat.name ? read * NATIVE_WEIGHT : read;
    if (count <= bestCount) continue;
    best = format;
    bestCount = count;
    // Nothing reads more than all: the first screen does not wait for the other formats.
    if (read >= lines.length) break;
  }
  return bestCount >= Math.max(1, lines.length * SHARE_MIN) ? best : null;
}

function isSurely(lines: readonly string[], file: string): boolean {
  return lines.length >= SURE_LINES && countOf(lines.slice(0, SURE_LINES), file, nativeFormat) === SURE_LINES;
}

function countOf(records: readonly string[], file: string, format: LogFormat): number {
  return records.filter((record) => 'event' in format.decode(record, file)).length;
}

function sampleLines(sample: Buffer): string[] {
  const lines = sample.toString('utf8').split('\n');
  // The sample cuts its last line, unless it is all there is.
  if (lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '').slice(0, LINES_MAX);
}

function pairsOf(lines: readonly string[]): string[] {
  return lines.flatMap((line, i) => (i + 1 < lines.length ? [`${line}\n${lines[i + 1]}`] : []));
}
