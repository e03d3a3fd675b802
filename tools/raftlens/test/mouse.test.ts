import { assert, suite } from '@raftlens/testing';
import { storyLog } from './support/cluster-log.ts';
import { TestScreen } from './support/screen.ts';

const mouse = suite('mouse');

/** A press as xterm reports it in SGR mode, which counts cells from 1; 0 is the left button, 64 and 65 are the wheel. */
const press = (button: number, x: number, y: number) => `\u001b[<${button};${x + 1};${y + 1}M`;

async function withScreen(work: (screen: TestScreen) => Promise<void>): Promise<void> {
  const screen = await TestScreen.open(storyLog().open(), { height: 30 });
  try {
    await screen.press('Esc', 'g');
    await work(screen);
  } finally {
    screen.close();
  }
}

mouse('a click goes to the line, a second one opens its details', () =>
  withScreen(async (screen) => {
    await screen.pressBytes(press(0, 30, 4 + 5));
    assert.is(screen.inspector.app.state.cursor, 5);
    await screen.pressBytes(press(0, 30, 4 + 5));
    assert.is(screen.inspector.app.state.panel, 'details');
  }),
);

mouse('the wheel scrolls the log, or the panel that it is over', () =>
  withScreen(async (screen) => {
    await screen.pressBytes(press(65, 30, 10));
    assert.is(screen.inspector.app.state.cursor, 3);
    await screen.pressBytes(press(64, 30, 10));
    assert.is(screen.inspector.app.state.cursor, 0);
    await screen.press('Enter');
    await screen.pressBytes(press(65, 30, 27));
    assert.is(screen.inspector.app.state.panelScroll, 3);
  }),
);

mouse('a fast wheel, which sends several reports at once, loses none', () =>
  withScreen(async (screen) => {
    await screen.pressBytes(press(65, 30, 10).repeat(3));
    assert.is(screen.inspector.app.state.cursor, 9);
  }),
);

mouse('a click on the strip goes to that moment', () =>
  withScreen(async (screen) => {
    await screen.pressBytes(press(0, 99, 1));
    assert.ok(screen.inspector.app.row > 50);
  }),
);
