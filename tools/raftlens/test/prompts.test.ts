import { assert, suite } from '@raftlens/testing';
import { storyLog } from './support/cluster-log.ts';
import { TestScreen, type TestScreenOptions } from './support/screen.ts';

const prompts = suite('prompts');

async function withScreen(work: (screen: TestScreen) => Promise<void>, options?: TestScreenOptions): Promise<void> {
  const screen = await TestScreen.open(storyLog().open(), options);
  try {
    await screen.press('Esc', 'g');
    await work(screen);
  } finally {
    screen.close();
  }
}

prompts('the filter shows its live count while it is typed, and takes effect on Enter', () =>
  withScreen(async (screen) => {
    assert.match(await screen.press('f', 'op=Vote'), /2 lines of 57/);
    await screen.press('Enter');
    assert.is(screen.inspector.app.state.lines.count, 2);
    assert.match(await screen.text(), /filter: op=Vote/);
  }),
);

prompts('a mistake in the filter is shown with its column, and the old filter stays', () =>
  withScreen(async (screen) => {
    assert.match(await screen.press('f', 'op=Voote'), /column 4/);
    await screen.press('Enter');
    assert.is(screen.inspector.app.state.filter, '');
    assert.match(await screen.text(), /Voote/);
  }),
);

prompts('Esc leaves a prompt without effect', () =>
  withScreen(async (screen) => {
    await screen.press('f', 'op=Vote', 'Esc');
    assert.is(screen.inspector.app.state.prompt, null);
    assert.is(screen.inspector.app.state.lines.count, 41);
  }),
);

prompts('the line can be edited as readline users expect, and Up recalls earlier ones', () =>
  withScreen(async (screen) => {
    await screen.press('/', 'hello world', 'Ctrl-w', 'x', 'Ctrl-a', '>', 'Left', 'Backspace');
    assert.is(screen.inspector.app.state.prompt?.edit.text, '>hello x');
    await screen.press('Ctrl-u', 'Ctrl-k', 'Vote', 'Enter', '/', 'Up');
    assert.is(screen.inspector.app.state.prompt?.edit.text, 'Vote');
    await screen.press('Down');
    assert.is(screen.inspector.app.state.prompt?.edit.text, '');
  }),
);

prompts('a search marks its matches and goes to the next one', () =>
  withScreen(async (screen) => {
    await screen.press('/', 'Vote T1 for', 'Enter');
    const { state } = screen.inspector.app;
    assert.is(state.lines.at(state.cursor).first, 9);
    await screen.press('n');
    assert.is(screen.inspector.app.state.lines.at(screen.inspector.app.state.cursor).first, 16);
    assert.match(await screen.press('n'), /no further match/);
  }),
);

prompts('a search by a pattern finds and marks what it matches', () =>
  withScreen(async (screen) => {
    await screen.press('/', 're:index=1/1 hash=[0-9a-f]+', 'Enter');
    const lines = (await screen.text()).split('\n');
    const y = lines.findIndex((line) => /Apply T1 index=1\/1 hash=9f86d081/.test(line));
    assert.ok(y > 0, lines.join('\n'));
    const x = (lines[y] ?? '').indexOf('index=1/1');
    assert.is(screen.cell(x, y).background, 221);
    assert.not(screen.cell(x - 3, y).background === 221);
  }),
);

prompts('a search by a pattern says what is wrong with the pattern', () =>
  withScreen(async (screen) => {
    assert.match(await screen.press('/', 're:('), /no regular expression/);
    await screen.press('Esc');
    assert.match(await screen.press('/', 're:(?=a)'), /lookahead/);
  }),
);

prompts('a jump to a line that the filter hides clears the filter and says so', () =>
  withScreen(async (screen) => {
    await screen.press('f', 'op=Vote', 'Enter');
    assert.match(await screen.press('x'), /the filter hid this line and was cleared/);
    assert.is(screen.inspector.app.state.filter, '');
  }),
);

prompts('the palette runs a binding by a part of its name, completes, and takes arguments', () =>
  withScreen(async (screen) => {
    await screen.press(':', 'next-vio', 'Enter');
    assert.is(screen.inspector.app.state.panel, 'violation');
    await screen.press(':', 'goto 10', 'Enter');
    assert.is(screen.inspector.app.row, 9);
    await screen.press(':', 'the', 'Tab', 'light', 'Enter');
    assert.is(screen.inspector.app.state.theme, 'light');
    await screen.press(':', 'time 20', 'Enter');
    assert.is(screen.inspector.app.document.store.columns.time(screen.inspector.app.row), 20);
    await screen.press(':', 'peer S3', 'Enter');
    assert.equal(screen.inspector.app.state.hiddenPeers, ['S3']);
  }),
);

prompts('the palette says what it does not know', () =>
  withScreen(async (screen) => {
    assert.match(await screen.press(':', 'frobnicate', 'Enter'), /no command "frobnicate"/);
    assert.match(await screen.press(':', 'goto 9999', 'Enter'), /no line has the seq 9999/);
    assert.match(await screen.press(':', 'theme pink', 'Enter'), /no theme "pink"/);
    assert.match(await screen.press(':', 'time noon', 'Enter'), /"noon" is no time/);
    assert.match(await screen.press(':', 'peer S9', 'Enter'), /no peer "S9"/);
  }),
);

prompts('the lines that the filter leaves are saved under the name typed', () =>
  withScreen(async (screen) => {
    assert.match(await screen.press('Ctrl-s', 'Ctrl-u', 'x.ndjson', 'Enter'), /saved to x.ndjson/);
  }),
);

prompts('a long line keeps its cursor on the screen', () =>
  withScreen(
    async (screen) => {
      const text = await screen.press('/', 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEF');
      assert.match(text, /CDEF/);
    },
    { width: 40 },
  ),
);
