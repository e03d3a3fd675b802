import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, golden, suite, temporaryFolder } from '@raftlens/testing';
import fc from 'fast-check';
import { type AlignedText, Alignment } from '../src/diff/alignment.ts';
import { compareLogs } from '../src/diff/compare.ts';
import type { LogComparison } from '../src/diff/diff-lines.ts';
import { DIFF_BINDINGS, diffFrame, diffKey, openingState } from '../src/diff/diff-view.ts';
import { plainText } from '../src/text/line.ts';
import { ClusterLog, storyLog } from './support/cluster-log.ts';
import { raftlens } from './support/command.ts';

const diff = suite('diff');

/** The story with another end: S3 applies what was committed. */
function goodLog(): ClusterLog {
  const log = new ClusterLog('S1', 'S2', 'S3');
  const bad = storyLog().text.trim().split('\n');
  const good = new ClusterLog();
  for (const line of bad) good.raw(line.replace('"hash":"deadbeef"', '"hash":"9f86d081"').replace('hash=deadbeef', 'hash=9f86d081'));
  good.raw((log.step('S2', 'Timeout', { timer: 'election' }).text.trim().split('\n').at(-1) ?? '').replace('"seq":4', '"seq":58'));
  return good;
}

function runFolder(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'bad.ndjson'), storyLog().text);
  writeFileSync(join(folder, 'good.ndjson'), goodLog().text);
  return folder;
}

async function comparison(): Promise<LogComparison> {
  const [left, right] = [goodLog().open('good'), storyLog().open('bad')];
  return { left, right, leftName: 'good', rightName: 'bad', alignment: await compareLogs(left, right, false) };
}

diff('prints two runs side by side from their first difference on', async () => {
  const { code, stdout } = await raftlens(['diff', 'good.ndjson', 'bad.ndjson', '--width', '120', '--context', '3'], { cwd: runFolder() });
  assert.is(code, 1);
  golden(import.meta.url, 'diff.txt', stdout);
});

diff('says when two runs tell the same', async () => {
  const { code, stdout } = await raftlens(['diff', 'bad.ndjson', 'bad.ndjson'], { cwd: runFolder() });
  assert.is(code, 0);
  assert.match(stdout, /they tell the same/);
});

diff('passes over times unless asked to compare them', async () => {
  const shifted = storyLog()
    .text.split('\n')
    .map((line) => line.replace('"time":27,', '"time":27.25,'))
    .join('\n');
  const folder = runFolder();
  writeFileSync(join(folder, 'shifted.ndjson'), shifted);
  assert.is((await raftlens(['diff', 'bad.ndjson', 'shifted.ndjson'], { cwd: folder })).code, 0);
  assert.is((await raftlens(['diff', 'bad.ndjson', 'shifted.ndjson', '--times'], { cwd: folder })).code, 1);
});

const toldBy = (lines: readonly string[]): AlignedText => ({ size: lines.length, at: (row) => lines[row] ?? '' });

function aligned(left: readonly string[], right: readonly string[], windows = Number.POSITIVE_INFINITY): Alignment {
  let same = 0;
  while (same < Math.min(left.length, right.length) && left[same] === right[same]) same += 1;
  const alignment = new Alignment(toldBy(left), toldBy(right), same);
  for (let window = 0; window < windows && !alignment.isComplete; window += 1) alignment.extend();
  return alignment;
}

diff('pairs every line of both runs once, in order, and calls only different lines different', () => {
  const run = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 });
  fc.assert(
    fc.property(run, run, fc.nat(1), (left, right, windows) => {
      const alignment = aligned(left, right, windows);
      const pairs = Array.from({ length: alignment.count }, (_, line) => alignment.at(line));
      assert.equal(
        pairs.map((pair) => pair.left).filter((at) => at >= 0),
        left.map((_, at) => at),
      );
      assert.equal(
        pairs.map((pair) => pair.right).filter((at) => at >= 0),
        right.map((_, at) => at),
      );
      for (const pair of pairs) if (!pair.differ) assert.is(left[pair.left], right[pair.right]);
    }),
    { seed: 5, numRuns: 300 },
  );
});

diff('aligns runs of any length: a line that is missing a hundred thousand lines further on is the only difference there', () => {
  const left = Array.from({ length: 100_000 }, (_, at) => `line ${at}`);
  const right = left.filter((_, at) => at !== 10 && at % 9000 !== 8999);
  const alignment = aligned(left, right);
  assert.is(alignment.count, left.length);
  const differences: number[] = [];
  for (let at = alignment.nextDifference(0, 1); at >= 0; at = alignment.nextDifference(at, 1)) differences.push(alignment.at(at).left);
  assert.equal(differences, [10, ...Array.from({ length: 11 }, (_, at) => 9000 * at + 8999)]);
  assert.equal(alignment.at(left.length - 1), { left: 99_999, right: right.length - 1, differ: false });
});

diff('goes on with the order in which they come where two runs have nothing in common', () => {
  const left = Array.from({ length: 4000 }, (_, at) => `left ${at}`);
  const right = Array.from({ length: 5000 }, (_, at) => `right ${at}`);
  const alignment = aligned(left, right);
  assert.is(alignment.count, 5000);
  assert.equal(alignment.at(3999), { left: 3999, right: 3999, differ: true });
  assert.equal(alignment.at(4500), { left: -1, right: 4500, differ: true });
});

diff('shows the two runs on the screen, opened at the first difference', async () => {
  const compared = await comparison();
  const state = openingState(compared, { width: 120, height: 16 });
  const text = diffFrame(state, compared).lines.map((line) => plainText(line).trimEnd());
  golden(import.meta.url, 'diff-screen.txt', `${text.join('\n')}\n`);
});

diff('has a frame of the right size whatever is pressed', async () => {
  const compared = await comparison();
  const names = DIFF_BINDINGS.flatMap(({ keys }) => keys);
  for (const [width, height] of [
    [200, 60],
    [80, 24],
    [40, 10],
    [24, 5],
  ] as const) {
    let state = openingState(compared, { width, height });
    for (const name of [...names, ...names, 'z']) {
      state = diffKey(state, compared, { name, character: null }) ?? state;
      const { lines } = diffFrame(state, compared);
      assert.is(lines.length, height);
      for (const line of lines) assert.is(plainText(line).length, width);
    }
  }
  assert.is(diffKey(openingState(compared, { width: 80, height: 24 }), compared, { name: 'q', character: null }), null);
});

diff('goes from difference to difference', async () => {
  const compared = await comparison();
  const start = { ...openingState(compared, { width: 80, height: 24 }), cursor: 0, top: 0 };
  const press = (state: typeof start, name: string) => diffKey(state, compared, { name, character: null }) ?? state;
  const first = press(start, 'x');
  assert.is(first.cursor, 55);
  assert.is(press(first, 'x').cursor, 57);
  assert.is(press(press(first, 'x'), 'X').cursor, 55);
});
