import { assert, suite } from '@raftlens/testing';
import { ClusterLog, storyLog } from './support/cluster-log.ts';
import { raftlens } from './support/command.ts';
import { TestScreen } from './support/screen.ts';

const hostile = suite('hostile logs');

const NASTY = [
  'clears the screen \u001b[2J\u001b[H and sets a title \u001b]0;owned\u0007',
  '{bold}{red-fg}markup{/red-fg}{/bold} {open} {|}',
  'emoji 😀👩‍👩‍👧‍👦🇩🇪 wide 漢字 combining e\u0301\u0302\u0303\u0304\u0305 zero\u200bwidth',
  'right to left \u202egnirts\u202c \u2066isolate\u2069',
  'controls \u0000\u0001\u0008\u000b\u007f\u009b31m tab\there',
  'x'.repeat(20_000),
];

function nastyLog(): ClusterLog {
  const log = storyLog();
  for (const text of NASTY) {
    log.raw(text);
    log.step('S1', 'Start', { index: 2, hash: 'aaaaaaaa', cmd: text });
    log.step('TEST', 'Note', { detail: text });
  }
  return log;
}

hostile('never get an escape, markup or a control character through to the screen', async () => {
  const screen = await TestScreen.open(nastyLog().open(), { width: 120, height: 40 });
  try {
    const text = await screen.press('Esc', 'G', 'Enter');
    assert.match(text, /markup\{\/red-fg\}/);
    for (let line = 0; line < 30; line += 1) {
      const shown = await screen.press('k');
      // eslint-disable-next-line no-control-regex
      assert.not.match(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/);
      assert.is(shown.split('\n').length, 41);
      assert.match(shown.split('\n')[0] ?? '', /^ run /);
    }
  } finally {
    screen.close();
  }
});

hostile('keep every column in its place, whatever the width of the characters beside it', async () => {
  const log = new ClusterLog('S1', 'S2');
  log.step('S1', 'Start', { index: 1, hash: 'aaaaaaaa', cmd: '😀漢字👩‍👩‍👧‍👦' });
  log.step('S2', 'Timeout', { timer: 'election' });
  const screen = await TestScreen.open(log.open(), { width: 100, height: 20 });
  try {
    const lines = (await screen.press('Esc')).split('\n');
    const lanes = lines.filter((line) => /Start|Timeout/.test(line)).map((line) => line.indexOf('S2') + line.lastIndexOf('│'));
    assert.is(lines.filter((line) => line.includes('Start')).length, 1);
    assert.is(lanes.length, 2);
  } finally {
    screen.close();
  }
});

hostile('are printed as columns without a control character, each row one line', async () => {
  const log = nastyLog();
  const { stdout } = await raftlens(['columns', '--width', '0', '-'], { input: log.text });
  // eslint-disable-next-line no-control-regex
  assert.not.match(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  assert.is(stdout.trim().split('\n').length, log.text.trim().split('\n').length + 1);
});
