import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { tool } from './support/tool.ts';

const it = suite('--each');

const THREE = ['-t', 'a', '-t', 'b', '-t', 'c'];

it('runs the test that failed no more, and goes on with the others', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const report = join(t.folder, 'report.json');
  const { code, stdout } = await t.run(
    '--each',
    '--runs',
    '20',
    '--seed',
    '1',
    '--jobs',
    '2',
    ...THREE,
    '--report',
    report,
    '--',
    'sh',
    '-c',
    'case {test}$RUN_SEED in a3|b5|b6) exit 1;; esac',
  );
  assert.is(code, 1);
  assert.match(stdout, /\na +1\/[3-5] /);
  assert.match(stdout, /\nb +1\/[5-7] /);
  assert.match(stdout, /\nc +0\/20 /);
  assert.match(stdout, /\nnot run any more once they had failed: a, b; the others went on\n/);
  const { tests } = JSON.parse(readFileSync(report, 'utf8')) as { tests: { name: string; over?: boolean }[] };
  assert.equal(
    tests.map(({ name, over }) => [name, over ?? false]),
    [
      ['a', true],
      ['b', true],
      ['c', false],
    ],
  );
});

it('counts as many failures of each as --until-failures says, and ends when every test has had them', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { stdout } = await t.run('--each', '--until-failures', '2', '--jobs', '1', ...THREE, '--', 'test', '{test}', '=', 'x');
  for (const name of ['a', 'b', 'c']) assert.match(stdout, new RegExp(`\\n${name} +2/2 `));
  assert.match(stdout, /\nnot run any more once they had failed: a, b, c\n/);
});

it('stops each scenario at its lowest failing seed', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { code, stdout } = await t.run('sim', '--bug', 'C1', 'figure-8', 'basic-agreement', '--seeds', '1..40', '--each', '--jobs', '2');
  assert.is(code, 1);
  assert.match(stdout, /\nfigure-8 +1\/\d+ /);
  assert.match(stdout, /\nbasic-agreement +\d\/\d+ /);
});

it('goes with no --keep-going', { timeoutMs: 60_000 }, async () => {
  const { code, stderr } = await tool().run('--each', '--keep-going', '--runs', '3', '--', 'true');
  assert.is(code, 2);
  assert.match(stderr, /--keep-going stops at no failure, and --each at those of each test: give one/);
});
