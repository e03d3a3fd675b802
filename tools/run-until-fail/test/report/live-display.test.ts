import { assert, suite } from '@raftlens/testing';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import type { KeptRun } from '../../src/kept-run.ts';
import { LiveDisplay, type LiveState, liveLines } from '../../src/report/live-display.ts';
import { EMPTY_TALLY, type RunTally } from '../../src/results/tally.ts';

const it = suite('the live table');

const HOSTILE = [
  'evil\u001b[31mred\u001b[2J\tname',
  '漢字のテスト名前漢字のテスト名前',
  'rtl \u202e gnp',
  '../../etc/passwd',
  '👨‍👩‍👧 family',
];

function tallyOf(failed: number): RunTally {
  return { ...EMPTY_TALLY, passed: 40 - failed, failed, durations: { count: 40, mean: 120, squares: 990_000, min: 80, max: 900 } };
}

function stateOf(names: readonly string[]): LiveState {
  return {
    tests: names.map((name, at) => ({ name, tally: tallyOf(at === names.length - 1 ? 7 : 0) })),
    progress: { ended: 80, asked: 4000, failed: 7, running: 4, perSecond: 12, remainingMs: 326_000 },
    pace: { askedPerTest: 100, elapsedMs: 4000 },
  };
}

/** A real terminal emulator without a window. */
class Screen {
  readonly #terminal: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = '11';
  }

  get face() {
    return { write: (text: string) => this.#terminal.write(text), columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  /** What has been written is shown before, as on a terminal that keeps up. */
  async resize(columns: number, rows: number): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#terminal.write('', () => {
        this.#terminal.resize(columns, rows);
        resolve();
      }),
    );
  }

  /** All lines that are not empty, those that have scrolled away as well. */
  async lines(): Promise<readonly string[]> {
    await new Promise<void>((resolve) => this.#terminal.write('', resolve));
    const { active } = this.#terminal.buffer;
    const all = Array.from({ length: active.length }, (_, at) => active.getLine(at)?.translateToString(true) ?? '');
    return all.filter((line) => line !== '');
  }
}

function nextDrawing(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 260));
}

function failure(number: number): KeptRun {
  return {
    test: 'a',
    run: { number, test: 0, index: number, seed: String(number) },
    verdict: { kind: 'failed', reason: { type: 'exit', code: 1 } },
    durationMs: 5,
    folder: `/logs/${number}`,
    problem: null,
    signature: 'exit 1',
    why: 'exit code 1',
    again: '',
    output: null,
    againWords: [],
    values: {},
  };
}

it('has failed/total, rate, mean, sd, min, max and ETA of each test where there is room', () => {
  assert.equal(liveLines(stateOf(['alpha', 'beta']), { columns: 100, rows: 24 }), [
    'test   failed/total    rate   mean     sd   min    max  ETA',
    'alpha          0/40     0 %  120ms  159ms  80ms  900ms   6s',
    'beta           7/40  17.5 %  120ms  159ms  80ms  900ms   6s',
    '80 runs of 4,000, 7 failed, 5m26s to go, 12/s, 4 under way',
  ]);
});

it('leaves out what matters least on a narrow terminal, and never breaks a line', () => {
  const state = stateOf([...HOSTILE, 'TestFigure8Unreliable3C']);
  for (const [columns, rows] of [
    [120, 40],
    [80, 24],
    [60, 16],
    [40, 10],
    [20, 5],
    [8, 3],
    [1, 1],
  ] as const) {
    const lines = liveLines(state, { columns, rows });
    assert.ok(lines.length < Math.max(rows, 2), `${columns}x${rows}: ${lines.length} lines`);
    assert.not.match(lines.join('\n'), /(?!\n)[\p{Cc}\p{Cf}]/u);
  }
  assert.match(liveLines(state, { columns: 60, rows: 16 })[0] ?? '', /^test +failed\/total +rate +mean +max$/);
  assert.match(liveLines(state, { columns: 40, rows: 10 })[0] ?? '', /^test +failed\/total$/);
});

it('shows failing tests first where not all have room, and says how many it hides', () => {
  const lines = liveLines(stateOf(Array.from({ length: 30 }, (_, at) => `T${at}`)), { columns: 80, rows: 10 });
  assert.match(lines[1] ?? '', /^T29 +7\/40/);
  assert.match(lines.join('\n'), /\.\.\. and 24 more tests, 0 of them with failures/);
});

it('is drawn over itself, leaves what was said above it, and goes away in the end', async () => {
  const screen = new Screen(80, 24);
  const display = new LiveDisplay(
    () => screen.face,
    () => stateOf(HOSTILE),
  );
  await nextDrawing();
  display.kept(failure(1));
  display.noted('a note');
  await nextDrawing();
  const during = await screen.lines();
  assert.is(during.filter((line) => line.startsWith('test ')).length, 1, during.join('\n'));
  assert.match(during[0] ?? '', /^FAIL a run 1 seed 1/);
  assert.is(during[1], 'a note');
  display.close();
  assert.equal((await screen.lines()).slice(1), ['a note']);
});

it('leaves no rest of itself when the terminal becomes narrower', async () => {
  const screen = new Screen(110, 30);
  const display = new LiveDisplay(
    () => screen.face,
    () => stateOf([...HOSTILE, 'TestReliableChurn3C with a name that goes on until it does not fit on any line']),
  );
  await nextDrawing();
  for (const [columns, rows] of [
    [60, 20],
    [45, 20],
    [100, 30],
  ] as const) {
    await screen.resize(columns, rows);
    await nextDrawing();
    const lines = await screen.lines();
    assert.is(lines.filter((line) => line.startsWith('test ')).length, 1, `${columns}: ${lines.join('\n')}`);
    assert.is(lines.length, 8, lines.join('\n'));
  }
  display.close();
});

it('gives the first few failures of a kind a line, and only counts the others', async () => {
  const screen = new Screen(120, 30);
  const display = new LiveDisplay(
    () => screen.face,
    () => stateOf(['a']),
  );
  for (let number = 1; number <= 50; number++) display.kept(failure(number));
  await nextDrawing();
  const lines = await screen.lines();
  assert.is(lines.filter((line) => line.startsWith('FAIL ')).length, 3);
  assert.match(lines.join('\n'), /further failures of a like this are counted/);
  display.close();
});
