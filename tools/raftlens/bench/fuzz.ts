/**
 * Damages lines of every format and reads them back: nothing may throw, no line may be lost, and nothing that is printed may
 * hold a control character. `node tools/raftlens/dist/bench/fuzz.js [LINES] [SEED]`, a million lines by default.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printable } from '@raftlens/command-line';
import { openText } from '@raftlens/log-store';
import { LOG } from '../test/commands/cluster.ts';

const LINES_AT_ONCE = 5000;
const FIXTURES = fileURLToPath(new URL('../../../../packages/log-store/test/fixtures/', import.meta.url));
const MARKS = ['{', '}', '"', '\\', ',', ':', '\0', '\u001b[2J', '\u202e', '\u{1f600}', '{bold}', '[[[[', '\r', '\t'];
const PIECES = MARKS.concat('9'.repeat(30), '"term":5,', '\\u001b', '\ud800', '-1e999');
/** What moves a cursor or turns text around: C0, DEL and C1, and the controls of bidirectional text. */
const isHarmful = (text: string): boolean => /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text);

const [lines = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
const texts = [LOG, ...readdirSync(FIXTURES).map((name) => readFileSync(join(FIXTURES, name), 'utf8'))];
const sources = texts.map((text) => text.trimEnd().split('\n'));
const random = generator(seed);
const formats = new Map<string, number>();
let done = 0;
let unmatched = 0;
for (; done < lines; done += LINES_AT_ONCE) unmatched += await fuzz(Math.min(LINES_AT_ONCE, lines - done));
console.log(`${Math.min(done, lines)} lines read, none lost, nothing harmful printed; ${unmatched} rows are no events`);
console.log([...formats].map(([name, count]) => `${name}: ${count}`).join(', '));

async function fuzz(count: number): Promise<number> {
  const source = pick(sources);
  const text = Array.from({ length: count }, () => damaged(pick(source))).join('\n');
  const log = openText(text);
  await log.done;
  const format = log.files[0]?.format ?? '';
  formats.set(format, (formats.get(format) ?? 0) + log.size);
  const read: string[] = [];
  for (let row = 0; row < log.size; row++) {
    read.push(log.line(row));
    const shown = printable(log.text(row, 200));
    if (isHarmful(shown)) throw new Error(`harmful: ${JSON.stringify(shown)}`);
    log.partnerOf(row);
  }
  if (log.size > 0) log.stateAt(log.size - 1);
  const [before, after] = [Buffer.from(text).toString('utf8'), read.join('\n')].map(withoutLineEnds);
  if (before !== after) throw new Error('lines were lost or changed');
  return log.unmatched;
}

function withoutLineEnds(text: string): string {
  return text.replace(/\r+(?=\n|$)/g, '').replace(/\n$/, '');
}

/** The line with up to three pieces cut out, put in, or overwritten; one line in ten is left whole. */
function damaged(line: string): string {
  let text = line;
  for (let times = random() < 0.1 ? 0 : 1 + Math.floor(random() * 3); times > 0; times--) {
    const at = Math.floor(random() * text.length);
    const cut = random() < 0.1 ? text.length : Math.floor(random() * 6);
    text = text.slice(0, at) + (random() < 0.6 ? pick(PIECES) : '') + text.slice(at + cut);
  }
  return text;
}

function pick<T>(all: readonly T[]): T {
  const one = all[Math.floor(random() * all.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

function generator(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
