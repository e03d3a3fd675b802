import { assert, suite } from '@raftlens/testing';
import xterm from '@xterm/headless';
import * as fc from 'fast-check';
import { ScreenRows } from '../src/views/screen-rows.ts';

const rows = suite('screen rows');

const WIDTH = 12;
const HEIGHT = 10;

/** A terminal that is told what `ScreenRows` says, and its screen as text. */
class Told {
  readonly #xterm = new xterm.Terminal({ cols: WIDTH, rows: HEIGHT, allowProposedApi: true });
  readonly #rows = new ScreenRows();

  /** Resolves to the bytes that were written. */
  async show(lines: readonly string[]): Promise<number> {
    const written = this.#rows.turnInto(lines);
    await new Promise<void>((resolve) => this.#xterm.write(written, resolve));
    return written.length;
  }

  get text(): string[] {
    const { active } = this.#xterm.buffer;
    return Array.from({ length: HEIGHT }, (_, y) => active.getLine(y)?.translateToString() ?? '');
  }
}

const screenFrom = (first: number) => Array.from({ length: HEIGHT }, (_, y) => `line ${first + y}`.padEnd(WIDTH));

rows('write nothing for a screen that is shown already', async () => {
  const told = new Told();
  await told.show(screenFrom(0));
  assert.is(await told.show(screenFrom(0)), 0);
});

rows('let the terminal scroll what has only moved, between a title and a status line that stay', async () => {
  const told = new Told();
  const framed = (first: number) => ['title'.padEnd(WIDTH), ...screenFrom(first).slice(1, -1), `at ${first}`.padEnd(WIDTH)];
  const whole = await told.show(framed(100));
  for (const [first, least] of [
    [101, 3],
    [103, 2],
    [102, 2],
  ] as const) {
    const written = await told.show(framed(first));
    assert.equal(told.text, framed(first));
    assert.ok(written * least < whole * 1.2, `${written} of ${whole}`);
  }
});

rows('show the same as a terminal that is written again, whatever follows what', async () => {
  const screens = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: HEIGHT, maxLength: HEIGHT }), {
    minLength: 2,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(screens, async (shown) => {
      const told = new Told();
      for (const numbers of shown) {
        const lines = numbers.map((number) => String(number).repeat(number).padEnd(WIDTH));
        await told.show(lines);
        assert.equal(told.text, lines);
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});
