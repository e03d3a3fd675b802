import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openText } from '@raftlens/log-store';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { TARGETS } from '../src/convert/convert.ts';
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

/** What a terminal acts on or hides: none of it may be in anything that a command prints, but a tab between cells, and the end of a line of CSV. */
const UNPRINTABLE = /(?!\t|\r?\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{fdd0}-\u{fdef}\u{fffe}\u{ffff}]/u;

/** As the name of a server: a title for the terminal, a tab, C1, bidi, and characters that are drawn as nothing. */
const EVIL = 'S3\u001b]0;owned\u0007\t\u009b31m\u202e\u034f\u115f\u3164\ufe0f\u{e0100}\uffff<&">';

/** The story, in which a server with such a name breaks a rule, and whose texts are as bad. */
function evilRun(): string {
  const folder = join(temporaryFolder(), 'run \u001b]0;owned\u0007\u202e');
  mkdirSync(folder);
  const log = nastyLog();
  log.step('C1', 'Invoke', { client: EVIL, opid: 1, f: 'put', key: EVIL, value: EVIL });
  writeFileSync(
    join(folder, 'events.ndjson'),
    log.text.replaceAll(/"S3"/g, () => JSON.stringify(EVIL)),
  );
  return folder;
}

const CALLS: readonly (readonly string[])[] = [
  ['check', 'RUN'],
  ['check', '--all', '--rules', '--color', 'RUN'],
  ['check', '--json', 'RUN'],
  ['columns', 'RUN'],
  ['columns', '--around', 'violation', 'RUN'],
  ['query', '', 'RUN'],
  ['query', '', 'RUN', 'RUN'],
  ['query', '--json', '', 'RUN'],
  ['stats', 'RUN'],
  ['stats', '--json', 'RUN'],
  ['svg', 'RUN'],
  ['html', 'RUN'],
  ['diff', 'RUN', 'OTHER'],
  ['columns', '--peers', '\u001b]0;owned\u0007', 'RUN'],
  ['check', '\u001b]0;owned\u0007\u202e/'],
  ...TARGETS.map((target) => ['convert', '--to', target, 'RUN']),
];

const run = evilRun();
const other = join(temporaryFolder(), 'other.ndjson');
writeFileSync(other, storyLog().text);

for (const call of CALLS) {
  hostile(
    `print nothing through \`${call.join(' ').replaceAll('\u001b', 'ESC').replaceAll('\u0007', 'BEL').replaceAll('\u202e', 'RLO')}\` that a terminal acts on or hides`,
    async () => {
      const { stdout, stderr } = await raftlens(call.map((word) => (word === 'RUN' ? run : word === 'OTHER' ? other : word)));
      // Colours are the tool's own.
      // eslint-disable-next-line no-control-regex
      const printed = call.includes('--color') ? stdout.replaceAll(/\u001b\[[\d;]*m/g, '') : stdout;
      assert.not.match(printed, UNPRINTABLE);
      assert.not.match(stderr, UNPRINTABLE);
      assert.ok(`${printed}${stderr}`.includes('owned'));
    },
  );
}

hostile('lose nothing in JSON: what is escaped has the same value', async () => {
  const { stdout } = await raftlens(['query', '--json', 'op=Invoke', run]);
  const event: unknown = JSON.parse(stdout);
  assert.is(typeof event === 'object' && event !== null && 'key' in event ? event.key : '', EVIL);
});

hostile('have no server whose name makes a picture ill-formed', async () => {
  const { stdout } = await raftlens(['svg', run]);
  assert.match(stdout, /S3\\x1b\]0;owned\\x07\\t/);
  assert.match(stdout, /\\uffff&lt;&amp;&quot;&gt;/);
});

hostile('put no server on the screen whose name moves what stands beside it', async () => {
  const screen = await TestScreen.open(openText(readFileSync(join(run, 'events.ndjson'), 'utf8'), { name: 'run' }), {
    width: 120,
    height: 40,
  });
  try {
    for (const key of ['Esc', 'Tab', 'G', 'Enter', '?']) {
      const shown = await screen.press(key);
      assert.not.match(shown, UNPRINTABLE);
      assert.is(shown.split('\n').length, 41);
    }
  } finally {
    screen.close();
  }
});
