import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import type { ScreenAction } from '../src/model/action.ts';
import { FoldedRows } from '../src/model/folded-rows.ts';
import { LEAST_HEIGHT, LEAST_WIDTH, layoutOf } from '../src/model/layout.ts';
import { Lines } from '../src/model/lines.ts';
import { layoutFor, reduce } from '../src/model/reduce.ts';
import { initialState, type ScreenState } from '../src/model/state.ts';

const model = suite('model');

function plainLines(count: number): Lines {
  const rows = new FoldedRows(null);
  rows.add(Array.from({ length: count }, (_, row) => row));
  return new Lines(rows);
}

function stateWith(count: number, height = 24): ScreenState {
  const blank = initialState({ width: 80, height, depth: 256, theme: 'dark', ascii: false });
  return reduce(blank, { type: 'lines', lines: plainLines(count), added: 0 });
}

const action: fc.Arbitrary<ScreenAction> = fc.oneof(
  fc.record({ type: fc.constant('move' as const), by: fc.integer({ min: -50, max: 50 }) }),
  fc.record({ type: fc.constant('movePage' as const), pages: fc.constantFrom(-1, -0.5, 0.5, 1) }),
  fc.record({ type: fc.constant('goToLine' as const), line: fc.integer({ min: -5, max: 500 }) }),
  fc.record({ type: fc.constant('goToRow' as const), row: fc.integer({ min: 0, max: 99 }) }),
  fc.record({ type: fc.constant('resize' as const), width: fc.integer({ min: 1, max: 250 }), height: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ type: fc.constant('panel' as const), panel: fc.constantFrom('none' as const, 'details' as const, 'help' as const) }),
  fc.record({ type: fc.constant('panelLines' as const), lines: fc.nat(60) }),
  fc.record({ type: fc.constant('lines' as const), lines: fc.nat(200).map(plainLines), added: fc.nat(9) }),
  fc.record({ type: fc.constant('follow' as const), follow: fc.boolean() }),
  fc.constant({ type: 'goBack' as const }),
  fc.constant({ type: 'open' as const }),
  fc.constant({ type: 'close' as const }),
);

model('whatever is pressed, the cursor is on a line that exists and within the window', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      let state = stateWith(100);
      for (const next of actions) {
        state = reduce(state, next);
        const { log } = layoutFor(state);
        assert.ok(
          state.cursor >= 0 && state.cursor <= Math.max(0, state.lines.count - 1),
          `cursor ${state.cursor} of ${state.lines.count}`,
        );
        assert.ok(
          state.top >= 0 && state.top <= state.cursor && state.cursor < state.top + Math.max(1, log),
          `window ${state.top}, cursor ${state.cursor}`,
        );
      }
    }),
    { seed: 11, numRuns: 300 },
  );
});

model('following stays at the end while the log grows, and ends with a movement away from it', () => {
  let state = reduce(stateWith(50), { type: 'follow', follow: true });
  state = reduce(state, { type: 'lines', lines: plainLines(80), added: 30 });
  assert.is(state.cursor, 79);
  assert.is(state.unseen, 0);
  state = reduce(state, { type: 'move', by: -1 });
  assert.not(state.follow);
  state = reduce(state, { type: 'lines', lines: plainLines(90), added: 10 });
  assert.is(state.cursor, 78);
  assert.is(state.unseen, 10);
  assert.is(reduce(state, { type: 'goToLine', line: 89 }).unseen, 0);
});

model('a jump can be gone back from, as often as there were jumps', () => {
  let state = stateWith(100);
  for (const row of [40, 80, 20]) state = reduce(state, { type: 'goToRow', row });
  const visited = [80, 40, 0].map(() => (state = reduce(state, { type: 'goBack' })).cursor);
  assert.equal(visited, [80, 40, 0]);
  assert.is(reduce(state, { type: 'goBack' }), state);
});

model('other lines keep the cursor on its row, at its height on the screen', () => {
  let state = reduce(stateWith(100, 20), { type: 'goToLine', line: 60 });
  const height = state.cursor - state.top;
  const even = new FoldedRows(null);
  even.add(Array.from({ length: 50 }, (_, at) => at * 2));
  state = reduce(state, { type: 'lines', lines: new Lines(even), added: 0 });
  assert.is(state.lines.at(state.cursor).first, 60);
  assert.is(state.cursor - state.top, height);
});

model('the parts of the screen add up to its height at every size', () => {
  for (let height = LEAST_HEIGHT; height <= 100; height += 1) {
    for (const panel of ['none', 'half', 'full'] as const) {
      for (const wanted of [1, 5, 20, 500]) {
        const parts: readonly number[] = Object.values(layoutOf(height, panel, wanted));
        const total = parts.reduce((sum, part) => sum + part, 0);
        assert.is(total, height, `height ${height}, panel ${panel} of ${wanted}`);
        assert.ok(parts.every((part) => part >= 0));
      }
    }
  }
  assert.ok(LEAST_WIDTH <= 40 && LEAST_HEIGHT <= 10);
});
