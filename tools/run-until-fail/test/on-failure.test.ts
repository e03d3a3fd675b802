import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { processesThat, tool } from './support/tool.ts';

const it = suite('--on-failure');

it('runs a line for each failing run, with its folder and what is known of it, and what it collects is kept', {
  timeoutMs: 60_000,
}, async () => {
  const t = tool();
  const line =
    'echo "$RUN_TEST/$RUN_SEED/$RUN_NUMBER/$RUN_KIND/$RUN_EXIT_CODE/$RUN_WHY/$RUN_SIGNATURE/$KEY" > "$RUN_DIR/facts"; echo said; ls "$RUN_DIR"';
  const { code, stdout } = await t.run(
    '--runs',
    '3',
    '--seed',
    '5',
    '--jobs',
    '1',
    '--keep-going',
    '-t',
    'one',
    '--env',
    'KEY=value',
    '--on-failure',
    line,
    '--',
    'sh',
    '-c',
    'echo {test} >/dev/null; echo mine > $RUN_DIR/own; echo "Error: lost"; test $RUN_SEED = 6',
  );
  assert.is(code, 1);
  assert.not.match(stdout, /on-failure failed/);
  assert.equal(
    t.runs().map(({ folder }) => readFileSync(join(folder, 'facts'), 'utf8')),
    ['5', '7'].map((seed) => `one/${seed}/${Number(seed) - 4}/exit/1/exit code 1/exit 1: Error: lost/value\n`),
  );
  assert.is(readFileSync(join(t.runs()[0]?.folder ?? '', 'on-failure.log'), 'utf8'), 'said\nfacts\non-failure.log\noutput.log\nown\n');
});

it('that fails is one line in the summary, and changes nothing else', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { code, stdout } = await t.run(
    '--runs',
    '2',
    '--seed',
    '1',
    '--jobs',
    '1',
    '-k',
    '--on-failure',
    'echo gone; exit 3',
    '--',
    'false',
  );
  assert.is(code, 1);
  assert.match(
    stdout,
    /\n--on-failure failed for 2 of 2 failing runs: exit code 3 \(seed 1\); what it printed is in their on-failure.log\n/,
  );
  assert.is(t.runs().length, 2);
});

it('that takes too long is ended with all that it has started', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { stdout } = await t.run(
    '--jobs',
    '1',
    '--on-failure',
    'sleep 61.25 & sleep 61.25',
    '--on-failure-timeout',
    '300ms',
    '--',
    'false',
  );
  assert.match(stdout, /--on-failure failed for 1 of 1 failing runs: ended after 300ms/);
  assert.equal(
    processesThat((words) => words === 'sleep 61.25'),
    [],
  );
});

it('meets a folder that a test has left hostile', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'aim'), 'mine\n');
  const script = 'ln -s "$PWD/aim" "$RUN_DIR/on-failure.log"; exit 1';
  const { code, stdout } = await t.run('--jobs', '1', '--on-failure', 'echo written', '--', 'sh', '-c', script);
  assert.is(code, 1);
  assert.match(stdout, /--on-failure failed for 1 of 1 failing runs: EEXIST/);
  assert.is(readFileSync(join(t.folder, 'aim'), 'utf8'), 'mine\n');
});

it('is asked for rightly', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  for (const [words, message] of [
    [['--on-failure', ' '], /--on-failure is empty/],
    [['--on-failure', 'true', '--on-failure-timeout', '0'], /--on-failure-timeout must be longer than zero/],
  ] as const) {
    const { code, stderr } = await t.run(...words, '--', 'true');
    assert.is(code, 2);
    assert.match(stderr, message);
    assert.is(stderr.trimEnd().split('\n').length, 1);
  }
});
