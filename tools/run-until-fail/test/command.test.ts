import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { outputOf, tool } from './support/tool.ts';

const it = suite('running a command until it fails');

it('runs the count that was asked for, and passes when nothing failed', async () => {
  const t = tool();
  const { code, stdout } = await t.run('--runs', '25', '--jobs', '4', '--', 'true');
  assert.is(code, 0);
  assert.match(stdout, /asked 25, started 25, passed 25, failed 0/);
  assert.match(stdout, /failure rate is below 11.3 % at 95 %/);
  assert.equal(t.runs(), []);
});

it('stops at the first failure and keeps its folder, output and the line that runs it again', async () => {
  const t = tool();
  const { code, stdout } = await t.run(
    '--jobs',
    '1',
    '--seed',
    '40',
    '--',
    'sh',
    '-c',
    'echo "seed $RUN_SEED arg $0"; test $RUN_SEED != 43',
    '{seed}',
  );
  assert.is(code, 1);
  assert.match(stdout, /FAILED: 1 of 4 runs failed/);
  const [run, ...others] = t.runs();
  assert.equal(others, []);
  assert.ok(run);
  assert.is(run.info.seed, '43');
  assert.is(run.info.outcome, 'fail');
  assert.is(run.info.exitCode, 1);
  assert.is(outputOf(run), 'seed 43 arg 43\n');
  assert.match(stdout, String(run.info.again));
});

it('gives each run a folder, by RUN_DIR and {dir}, and keeps what a failing run put there', async () => {
  const t = tool();
  await t.run('--', 'sh', '-c', 'test "$RUN_DIR" = "$0" && echo mine > "$RUN_DIR/own.txt"; exit 3', '{dir}');
  const [run] = t.runs();
  assert.is(run?.info.exitCode, 3);
  writeFileSync(join(run?.folder ?? '', 'own.txt'), 'x', { flag: 'r+' }); // Throws unless it is there.
});

it('goes on after failures when told to, and groups them by what they say', async () => {
  const t = tool();
  const script = 'case $RUN_SEED in *3) echo "Error: no leader at $RUN_SEED"; exit 1;; *7) echo "Error: two leaders"; exit 1;; esac';
  const { code, stdout } = await t.run('--runs', '20', '--seed', '1', '--keep-going', '--', 'sh', '-c', script);
  assert.is(code, 1);
  assert.match(stdout, /FAILED: 4 of 20 runs failed/);
  assert.match(stdout, /2x exit 1: Error: no leader at N/);
  assert.match(stdout, /2x exit 1: Error: two leaders/);
});

it('stops at the K-th failure', async () => {
  const t = tool();
  const { stdout } = await t.run('--until-failures', '3', '--jobs', '1', '--', 'false');
  assert.match(stdout, /FAILED: 3 of 3 runs failed/);
});

it('stops when its time is over, and does not count the runs that it ended as passed', async () => {
  const t = tool();
  const { code, stdout } = await t.run('--time', '600ms', '--jobs', '2', '--', 'sleep', '30');
  assert.is(code, 1, 'no run came to a verdict, which is no pass');
  assert.match(stdout, /NOTHING WAS TESTED/);
  assert.match(stdout, /passed 0, failed 0, ended by us 2/);
});

it('runs several tests in one fair queue', async () => {
  const t = tool();
  const { stdout } = await t.run('-t', 'alpha', '-t', 'beta', '--runs', '5', '--', 'test', '{test}', '!=', 'gamma');
  assert.match(stdout, /alpha +0\/5 /);
  assert.match(stdout, /beta +0\/5 /);
});

it('takes the names of tests from a file and from a command', async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'names'), '# these\none\n\ntwo\n');
  const { stdout } = await t.run(
    '--tests-from',
    'names',
    '--tests-command',
    'echo TestX; echo "ok  \tpkg\t0.1s"',
    '--runs',
    '2',
    '--',
    'echo',
    '{test}',
  );
  for (const name of ['one', 'two', 'TestX']) assert.match(stdout, new RegExp(`${name} +0/2 `));
  assert.match(stdout, /asked 6, started 6/);
});

it('judges by the output too: --failure makes a failure of exit code 0, --ignore takes one away', async () => {
  const t = tool();
  const failing = await t.run('--runs', '3', '--failure', 'DATA RACE', '--', 'echo', 'WARNING: DATA RACE');
  assert.is(failing.code, 1);
  assert.match(failing.stdout, /output matches --failure/);
  const ignored = await t.run('--runs', '3', '--ignore', 'address in use', '--', 'sh', '-c', 'echo address in use; exit 1');
  assert.is(ignored.code, 0);
  assert.match(ignored.stdout, /passed 0, failed 0, ignored 3/);
});

it('uses a shell only when told to', async () => {
  const t = tool();
  const plain = await t.run('--runs', '1', '--keep', '--', 'echo', 'a; echo $((1+1))');
  const shell = await t.run('--runs', '1', '--keep', '--shell', '--', 'echo $((1+1))');
  assert.equal([plain.code, shell.code], [0, 0]);
  assert.equal(t.runs().map(outputOf).toSorted(), ['2\n', 'a; echo $((1+1))\n']);
});

it('shows what a setup prints as it comes, when it takes longer than a moment', async () => {
  const t = tool();
  const setup = 'echo first; sleep 1.5; printf "10 %%\\r20 %%\\n\\033[2Jlast"';
  const { code, stderr } = await t.run('--runs', '1', '--setup', setup, '--', 'true');
  assert.is(code, 0);
  assert.match(stderr, /^setup: echo first; .*\n {2}\| first\n {2}\| 20 %\n {2}\| \\x1b\[2Jlast\nthat took [\d.]+s\n$/);
  const quick = await t.run('--runs', '1', '--setup', 'echo quick', '--', 'true');
  assert.is(quick.stderr, '');
  const failing = await t.run('--runs', '1', '--setup', 'echo cannot; sleep 1.2; exit 4', '--', 'true');
  assert.is(failing.code, 2);
  assert.is(failing.stderr.split('cannot\n').length, 2, 'what was shown is not said again');
});

it('runs the setup once, and stops with its output when that fails', async () => {
  const t = tool();
  await t.run('--runs', '4', '--setup', 'echo x >> count', '--', 'true');
  writeFileSync(join(t.folder, 'count'), 'x\n', { flag: 'r+' });
  const { code, stderr } = await t.run('--runs', '4', '--setup', 'echo cannot build; exit 9', '--', 'true');
  assert.is(code, 2);
  assert.match(stderr, /the setup "echo cannot build; exit 9" failed: exit 9\n {2}\| cannot build/);
});

it('sets the environment and the working directory', async () => {
  const t = tool();
  const { code } = await t.run('--runs', '1', '--env', 'WHO=me', '--cwd', '/', '--', 'sh', '-c', 'test $WHO = me && test $PWD = /');
  assert.is(code, 0);
});

it('keeps the values of --env on this machine: replay has them, and nothing that travels does', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const script = 'test "${#API_KEY}" = 12 && exit 7; exit 8';
  const words = [
    '--jobs',
    '1',
    '--env',
    'API_KEY=s3cret value',
    '--env=TOKEN=s3cret2',
    '--json',
    '--junit',
    'j.xml',
    '--report',
    'r.json',
    '--',
    'sh',
    '-c',
    script,
  ];
  const { code, stdout, stderr } = await t.run(...words);
  assert.is(code, 1);
  assert.match(stderr, /1x exit 7/);
  const [run] = t.runs();
  assert.ok(run);
  assert.is((await t.run('pack', '-o', 'run.tar.gz')).code, 0);
  const packed = spawnSync('sh', ['-c', 'gzip -dc run.tar.gz'], { cwd: t.folder, encoding: 'utf8' }).stdout;
  const travels = [stdout, stderr, packed, ...['j.xml', 'r.json'].map((name) => readFileSync(join(t.folder, name), 'utf8'))];
  for (const text of travels) {
    assert.not.match(text, 's3cret');
    assert.match(text, /API_KEY/);
  }
  assert.is(statSync(join(t.logs, '.values', `${run.name}.json`)).mode & 0o777, 0o600);
  assert.match((await t.run('replay')).stdout, /1x exit 7/);
  rmSync(join(t.logs, '.values'), { recursive: true });
  assert.match((await t.run('replay')).stderr, /--env API_KEY: it is not set here; write API_KEY=VALUE/);
});
