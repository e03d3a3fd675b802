import { golden, suite } from '@raftlens/testing';
import { staleReadLog, storyLog } from './support/cluster-log.ts';
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
