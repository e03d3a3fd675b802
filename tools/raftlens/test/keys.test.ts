import { assert, suite } from '@raftlens/testing';
import { BINDINGS, bindingOf } from '../src/controllers/bindings.ts';
import type { ScreenState } from '../src/model/state.ts';
import { storyLog } from './support/cluster-log.ts';
import { TestScreen } from './support/screen.ts';

const keys = suite('keys');

/** What a key must have done: the keys before it, the key, and what holds afterwards. */
interface KeyCase {
  readonly before?: readonly string[];
  readonly key: string;
  check(after: ScreenState, before: ScreenState, screen: TestScreen): void;
}

const START = ['Esc', 'g'] as const;
const row = (state: ScreenState) => state.lines.at(state.cursor).first;

/** One case a binding; the last test holds that none was forgotten. */
const CASES: Readonly<Record<string, KeyCase>> = {
  down: { key: 'j', check: (after) => assert.is(after.cursor, 1) },
  up: { before: ['jj'], key: 'k', check: (after) => assert.is(after.cursor, 1) },
  right: { before: ['j'.repeat(19)], key: 'l', check: (after, before) => assert.is(after.lines.count, before.lines.count + 15) },
  left: { before: ['j'.repeat(19), 'ljjj'], key: 'h', check: (after, before) => assert.is(after.lines.count, before.lines.count - 15) },
  'half-page-down': { key: 'Ctrl-d', check: (after) => assert.ok(after.cursor > 10 && after.cursor < 20) },
  'half-page-up': { before: ['G'], key: 'Ctrl-u', check: (after, before) => assert.ok(after.cursor < before.cursor - 5) },
  'page-down': { key: 'PgDn', check: (after) => assert.ok(after.cursor > 15) },
  'page-up': { before: ['G'], key: 'PgUp', check: (after, before) => assert.ok(after.cursor < before.cursor - 15) },
  first: { before: ['G'], key: 'g', check: (after) => assert.is(after.cursor, 0) },
  last: { key: 'G', check: (after) => assert.is(after.cursor, after.lines.count - 1) },
  'next-violation': {
    key: 'x',
    check: (after) => {
      assert.is(row(after), 55);
      assert.is(after.panel, 'violation');
    },
  },
  'previous-violation': { before: ['G'], key: 'X', check: (after) => assert.is(row(after), 55) },
  'next-evidence': { key: 'p', check: (after) => assert.is(row(after), 36) },
  'other-end': { before: ['jjjjjj'], key: 'm', check: (after) => assert.is(row(after), 7) },
  answer: { before: ['jjjjjj'], key: 'r', check: (after) => assert.is(row(after), 10) },
  'next-election': { key: 'e', check: (after) => assert.is(row(after), 5) },
  'previous-election': { before: ['G'], key: 'E', check: (after) => assert.is(row(after), 12) },
  'next-commit': { key: 'c', check: (after) => assert.is(row(after), 42) },
  'previous-commit': { before: ['G'], key: 'C', check: (after) => assert.is(row(after), 54) },
  bookmark: { key: 'b', check: (after) => assert.equal(after.marks, [0]) },
  'next-bookmark': { before: ['b', 'jjj'], key: 'B', check: (after) => assert.is(row(after), 0) },
  back: { before: ['e'], key: "'", check: (after) => assert.is(row(after), 0) },
  search: { key: '/', check: (after) => assert.is(after.prompt?.kind, 'search') },
  'search-next': { before: ['/', 'Append T1', 'Enter'], key: 'n', check: (after, before) => assert.ok(row(after) > row(before)) },
  'search-previous': { before: ['/', 'Append T1', 'Enter', 'n'], key: 'N', check: (after, before) => assert.ok(row(after) < row(before)) },
  filter: { key: 'f', check: (after) => assert.is(after.prompt?.kind, 'filter') },
  escape: { before: ['f', 'op=Vote', 'Enter'], key: 'Esc', check: (after) => assert.is(after.filter, '') },
  details: { key: 'Enter', check: (after) => assert.is(after.panel, 'details') },
  state: { key: 'Tab', check: (after) => assert.is(after.panel, 'state') },
  violation: { key: 'v', check: (after) => assert.is(after.panel, 'violation') },
  help: { key: '?', check: (after) => assert.is(after.panel, 'help') },
  'panel-down': { before: ['Enter'], key: 'J', check: (after) => assert.is(after.panelScroll, 3) },
  'panel-up': { before: ['Enter', 'J'], key: 'K', check: (after) => assert.is(after.panelScroll, 0) },
  'all-peers': { before: ['2'], key: '0', check: (after) => assert.equal(after.hiddenPeers, []) },
  folding: { key: 'z', check: (after) => assert.is(after.lines.count, 57) },
  'time-format': { key: 't', check: (after) => assert.is(after.timeFormat, 'start') },
  'next-theme': { key: 'T', check: (after) => assert.is(after.theme, 'light') },
  follow: { key: 'F', check: (after) => assert.ok(after.follow && after.cursor === after.lines.count - 1) },
  commands: { key: ':', check: (after) => assert.is(after.prompt?.kind, 'command') },
  export: { key: 'Ctrl-s', check: (after) => assert.is(after.prompt?.edit.text, 'run-filtered.ndjson') },
  leave: { before: ['Enter'], key: 'q', check: (_after, _before, screen) => assert.ok(screen.quit) },
  redraw: { key: 'Ctrl-l', check: (after, before) => assert.is(after, before) },
  suspend: { key: 'Ctrl-z', check: (_after, _before, screen) => assert.ok(screen.suspended) },
  quit: { key: 'Ctrl-c', check: (_after, _before, screen) => assert.ok(screen.quit) },
};

for (const [id, { before = [], key, check }] of Object.entries(CASES)) {
  keys(`${key}: ${id}`, async () => {
    const screen = await TestScreen.open(storyLog().open(), { height: 40 });
    try {
      await screen.press(...START, ...before);
      const then = screen.inspector.app.state;
      await screen.press(key);
      check(screen.inspector.app.state, then, screen);
    } finally {
      screen.close();
    }
  });
}

keys('1 to 9 show and hide a peer each, and say so where there is none', async () => {
  const screen = await TestScreen.open(storyLog().open());
  try {
    await screen.press(...START, '2');
    assert.equal(screen.inspector.app.state.hiddenPeers, ['S2']);
    assert.not.match(await screen.text(), /S2 F T/);
    await screen.press('2');
    assert.equal(screen.inspector.app.state.hiddenPeers, []);
    assert.match(await screen.press('9'), /there are fewer peers/);
  } finally {
    screen.close();
  }
});

keys('q leaves the help before it quits', async () => {
  const screen = await TestScreen.open(storyLog().open());
  try {
    await screen.press('?', 'q');
    assert.is(screen.inspector.app.state.panel, 'none');
    assert.not(screen.quit);
    await screen.press('q');
    assert.ok(screen.quit);
  } finally {
    screen.close();
  }
});

keys('x goes through the rules that one line broke, one by one', async () => {
  const screen = await TestScreen.open(storyLog().open());
  try {
    assert.match(await screen.text(), /1\/2  All servers rule 1/);
    assert.match(await screen.press('x'), /2\/2  State Machine Safety/);
    assert.match(await screen.press('x'), /no further violation/);
    assert.match(await screen.press('X'), /1\/2  All servers rule 1/);
  } finally {
    screen.close();
  }
});

keys('the last peer cannot be hidden', async () => {
  const screen = await TestScreen.open(storyLog().open());
  try {
    assert.match(await screen.press(...START, '1', '2', '3'), /the last peer stays/);
  } finally {
    screen.close();
  }
});

keys('every binding has a case here', () => {
  const cases = new Set(Object.keys(CASES));
  const forgotten = BINDINGS.filter(({ id }) => !cases.has(id) && !id.startsWith('peer-')).map(({ id }) => id);
  assert.equal(forgotten, []);
});

keys('no key and no name stands for two things', () => {
  const all = BINDINGS.flatMap((binding) => binding.keys);
  assert.is(new Set(all).size, all.length);
  assert.is(new Set(BINDINGS.map(({ id }) => id)).size, BINDINGS.length);
  for (const binding of BINDINGS) for (const key of binding.keys) assert.is(bindingOf(key), binding);
});
