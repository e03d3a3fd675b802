import { assert, golden, suite } from '@raftlens/testing';
import { ClusterLog, staleReadLog, storyLog } from './support/cluster-log.ts';
import { TestScreen, type TestScreenOptions } from './support/screen.ts';

const screens = suite('screens');

async function screenAfter(keys: readonly string[], options?: TestScreenOptions): Promise<string> {
  const screen = await TestScreen.open(storyLog().open(), options);
  try {
    return await screen.press(...keys);
  } finally {
    screen.close();
  }
}

screens('opens at the first violation with its rule and its evidence', async () => {
  golden(import.meta.url, 'opens-at-violation.txt', await screenAfter([]));
});

screens('shows columns, lanes, arrows, a lost message and folded heartbeats from the first line on', async () => {
  golden(import.meta.url, 'first-screen.txt', await screenAfter(['Esc', 'g'], { width: 110, height: 44 }));
});

screens('ties the two ends of a message together', async () => {
  golden(import.meta.url, 'message.txt', await screenAfter(['Esc', 'g', 'jjjjjj'], { height: 20 }));
});

screens('shows every server and the ends of their logs', async () => {
  golden(import.meta.url, 'state-panel.txt', await screenAfter(['Esc', 'G', 'Tab'], { height: 30 }));
});

screens('shows the details of a line', async () => {
  golden(import.meta.url, 'details.txt', await screenAfter(['Esc', 'g', 'jjjjjj', 'Enter'], { height: 34 }));
});

screens('shows the help from the table of keys', async () => {
  golden(import.meta.url, 'help.txt', await screenAfter(['?'], { width: 120, height: 44 }));
});

screens('stays readable on 40x10', async () => {
  golden(import.meta.url, 'tiny.txt', await screenAfter(['Esc'], { width: 40, height: 10 }));
});

screens('draws with ASCII alone where the locale is not UTF-8', async () => {
  const text = await screenAfter(['Esc', 'g'], { ascii: true, height: 30 });
  golden(import.meta.url, 'ascii.txt', text);
});

screens('shows the commands that fit what is typed', async () => {
  golden(import.meta.url, 'palette.txt', await screenAfter([':', 'vio'], { height: 24 }));
});

screens('opens at the operation that no order of the operations explains, with the operations over time', async () => {
  const screen = await TestScreen.open(staleReadLog().open(), { height: 28 });
  try {
    golden(import.meta.url, 'not-linearizable.txt', await screen.text());
  } finally {
    screen.close();
  }
});

for (const [width, height] of [
  [40, 10],
  [60, 15],
  [24, 7],
] as const) {
  screens(`keeps the wrong step on the screen beside what is said of it, on ${width}x${height}`, async () => {
    const lines = (await screenAfter([], { width, height })).split('\n');
    assert.match(lines.find((line) => line.startsWith('!')) ?? '', /APPL|Apply|S3/);
    assert.ok(lines.some((line) => line.startsWith(' violation')));
  });
}

screens('cuts the name of the log and not where in it one is', async () => {
  const name = `/home/somebody/projects/raft/logs/${'20261128-101112-'.repeat(4)}figure-8`;
  for (const width of [40, 80, 100]) {
    const [title = ''] = (await screenAfter(['Esc', 'g'], { width, name })).split('\n');
    assert.match(title, / 1\/41 +! 2 violations$/, title);
  }
});

screens('shows no time for a line that no format knows, and scrolls what is longer than the screen', async () => {
  const log = new ClusterLog();
  log.raw(`first ${'x'.repeat(30)} middle ${'y'.repeat(60)} end`);
  const screen = await TestScreen.open(log.step('TEST', 'Note', { detail: 'a' }).open(), { width: 80, height: 10 });
  try {
    const line = (text: string) => text.split('\n').find((candidate) => candidate.includes('xx') || candidate.includes('yy')) ?? '';
    assert.match(line(await screen.press('g')), /^> +first x/);
    assert.match(line(await screen.press('l', 'l', 'l', 'l')), /^> +<.* end$/);
    assert.match(line(await screen.press('h', 'h', 'h', 'h')), /^> +first x/);
  } finally {
    screen.close();
  }
});

screens('shows in the state panel the entries that the violation is about, however far the logs have gone on', async () => {
  const log = storyLog();
  for (let index = 2; index <= 60; index += 1)
    log.step('S1', 'Append', { index, n: 1, entries: [{ term: 1, hash: 'aaaaaaaa' }] }, { last: index, lastTerm: 1 });
  const screen = await TestScreen.open(log.open(), { width: 100, height: 30 });
  try {
    const indices = (text: string) => /log +(.*)/.exec(text)?.[1]?.trim().split(/ +/) ?? [];
    const atViolation = indices(await screen.press('G', 'Tab'));
    assert.is(atViolation[0], '1');
    assert.is(indices(await screen.press('Esc', 'Tab')).length, atViolation.length);
  } finally {
    screen.close();
  }
});
