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
import { Damage } from './damage.ts';

const LINES_AT_ONCE = 5000;
const FIXTURES = fileURLToPath(new URL('../../../../packages/log-store/test/fixtures/', import.meta.url));
/** What moves a cursor or turns text around: C0, DEL and C1, and the controls of bidirectional text. */
const isHarmful = (text: string): boolean => /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text);

const [lines = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
const texts = [LOG, ...readdirSync(FIXTURES).map((name) => readFileSync(join(FIXTURES, name), 'utf8'))];
const sources = texts.map((text) => text.trimEnd().split('\n'));
const damage = new Damage(seed);
const formats = new Map<string, number>();
let done = 0;
let unmatched = 0;
for (; done < lines; done += LINES_AT_ONCE) unmatched += await fuzz(Math.min(LINES_AT_ONCE, lines - done));
console.log(`${Math.min(done, lines)} lines read, none lost, nothing harmful printed; ${unmatched} rows are no events`);
console.log([...formats].map(([name, count]) => `${name}: ${count}`).join(', '));

async function fuzz(count: number): Promise<number> {
  const source = damage.pick(sources);
  const text = Array.from({ length: count }, () => damage.line(damage.pick(source))).join('\n');
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
