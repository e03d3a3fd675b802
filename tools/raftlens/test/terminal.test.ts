import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLog } from '@raftlens/log-store';
import { assert, suite, temporaryFolder, unlessRuns } from '@raftlens/testing';
import { plainText } from '../src/text/line.ts';
import { ClusterLog, storyLog } from './support/cluster-log.ts';
import { TestScreen, type TestScreenOptions } from './support/screen.ts';

const terminal = suite('terminal');

async function withScreen(options: TestScreenOptions, work: (screen: TestScreen) => Promise<void>): Promise<void> {
  const screen = await TestScreen.open(storyLog().open(), options);
  try {
    await work(screen);
  } finally {
    screen.close();
  }
}

terminal('every frame fills the screen exactly, at every size and with every panel', () =>
  withScreen({ width: 200, height: 60 }, async (screen) => {
    const { app } = screen.inspector;
    for (const [width, height] of [
      [200, 60],
      [120, 40],
      [80, 24],
      [60, 16],
      [40, 10],
      [24, 5],
      [10, 3],
    ] as const) {
      app.dispatch({ type: 'resize', width, height });
      for (const panel of ['none', 'details', 'state', 'violation', 'help'] as const) {
        app.dispatch({ type: 'panel', panel });
        for (const line of [0, 10, app.state.lines.count - 1]) {
          app.dispatch({ type: 'goToLine', line });
          const { lines } = screen.inspector.frame();
          assert.is(lines.length, height, `${width}x${height} ${panel}`);
          for (const text of lines.map(plainText)) assert.is(text.length, width, `${width}x${height} ${panel}: ${text}`);
        }
      }
    }
    await screen.press('q');
  }),
);

terminal('a resize of the terminal is followed, and back', () =>
  withScreen({ width: 100, height: 30 }, async (screen) => {
    const before = await screen.press('Esc', 'g');
    const small = await screen.resize(40, 10);
    assert.is(small.split('\n').length, 11);
    assert.match(small, /Timeout T0/);
    assert.is(await screen.resize(100, 30), before);
  }),
);

terminal('without colours the cursor is inverse and evidence is bold', () =>
  withScreen({ depth: 0, height: 30 }, async (screen) => {
    const lines = (await screen.text()).split('\n');
    const y = lines.findIndex((line) => line.includes('hash=deadbeef'));
    assert.ok(screen.cell(10, y).inverse);
    for (let at = 0; at < lines.length; at += 1) assert.is(screen.cell(20, at).foreground, -1, lines[at] ?? '');
  }),
);

terminal('with sixteen colours only those are used', () =>
  withScreen({ depth: 16, height: 30 }, async (screen) => {
    await screen.text();
    for (let y = 0; y < 30; y += 1) for (let x = 0; x < 100; x += 1) assert.ok(screen.cell(x, y).foreground < 16);
  }),
);

terminal('a growing file is followed by F, and counted as new elsewhere', async () => {
  const path = join(temporaryFolder(), 'events.ndjson');
  const log = new ClusterLog('S1', 'S2', 'S3');
  writeFileSync(path, log.text);
  const store = await openLog(path, { follow: true });
  const screen = await TestScreen.open(store);
  const grow = async (lines: number) => {
    const before = store.size;
    const old = log.text.length;
    for (let line = 0; line < lines; line += 1) log.step('S1', 'Vote', { for: 'S1' });
    appendFileSync(path, log.text.slice(old));
    for (let wait = 0; wait < 200 && store.size < before + lines; wait += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    await screen.settled();
  };
  try {
    await screen.press('Esc', 'g');
    await grow(3);
    assert.match(await screen.text(), /3 new/);
    await screen.press('F');
    await grow(2);
    assert.match(await screen.text(), /FOLLOW/);
    assert.is(screen.inspector.app.row, 7);
    await screen.press('k');
    assert.not(screen.inspector.app.state.follow);
  } finally {
    screen.close();
    store.close();
  }
});

/** In a terminal of its own, made by `script` of util-linux. */
function inTerminal(
  environment: Readonly<Record<string, string>>,
  args: string,
): { readonly status: number | null; readonly output: string } {
  const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
  const { status, stdout } = spawnSync('script', ['-qec', `${process.execPath} ${main} ${args}`, '/dev/null'], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  return { status, output: stdout };
}

const skip = unlessRuns(['script', '--version'], 'script of util-linux');

terminal('a dumb terminal is refused in one line that says what to use', { skip }, () => {
  const path = join(temporaryFolder(), 'run.ndjson');
  writeFileSync(path, storyLog().text);
  const { status, output } = inTerminal({ TERM: 'dumb' }, path);
  assert.is(status, 2);
  assert.match(output, /TERM=dumb.*raftlens columns/);
});

terminal('files of several servers are checked once they are merged, not in the order in which they are read', async () => {
  const folder = temporaryFolder();
  const lines = storyLog().text.trim().split('\n');
  // The evidence against S3 is in the file that is read last.
  for (const server of ['S1', 'S2', 'S3'])
    writeFileSync(join(folder, `${server}.ndjson`), `${lines.filter((line) => line.includes(`"node":"${server}"`)).join('\n')}\n`);
  const store = await openLog(['S3', 'S1', 'S2'].map((server) => join(folder, `${server}.ndjson`)));
  const screen = await TestScreen.open(store, { height: 40 });
  try {
    const { found, report } = screen.inspector.app.document.findings;
    assert.ok(report !== null);
    assert.equal(
      found.map(({ rule }) => rule),
      ['All servers rule 1', 'State Machine Safety'],
    );
    assert.match(await screen.text(), /1\/2  All servers rule 1/);
  } finally {
    screen.close();
    store.close();
  }
});
