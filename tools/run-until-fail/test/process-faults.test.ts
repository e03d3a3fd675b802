import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { outputOf, processesWith, TOOL, tool, until } from './support/tool.ts';

const it = suite('commands that misbehave');

/** A word of this test file alone, by which its processes are found in /proc. */
const MARK = `FAULT_TEST_MARK=${process.pid}-${Date.now()}`;

function marked(environment: Readonly<Record<string, string>> = {}) {
  return tool({ ...environment, FAULT_TEST_MARK: MARK.slice(MARK.indexOf('=') + 1) });
}

/** Why a small file system cannot be had here, or false. */
const NO_TMPFS = process.getuid?.() === 0 && process.platform === 'linux' ? false : 'only root can mount a small file system to fill';

function mountTmpfs(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).status === 0;
}

it('are ended at the timeout, with all their children', async () => {
  const t = marked();
  const { code, stdout } = await t.run('--timeout', '300ms', '--jobs', '1', '--', 'sh', '-c', 'sleep 60 & sleep 60 & sleep 60');
  assert.is(code, 1);
  assert.match(stdout, /timed out after 300ms/);
  assert.match(stdout, /failed 1 \(1 timed out\)/);
  assert.equal(processesWith(MARK), []);
});

it('are killed when they ignore SIGTERM', async () => {
  const t = marked();
  const { stdout } = await t.run(
    '--timeout',
    '200ms',
    '--kill-after',
    '200ms',
    '--jobs',
    '1',
    '--',
    'sh',
    '-c',
    'trap "" TERM; while :; do sleep 0.1; done',
  );
  assert.match(stdout, /1 timed out/);
  assert.equal(processesWith(MARK), []);
});

it('can be asked for their stacks first: the quit signal comes, and what it prints is kept', async () => {
  const t = marked();
  const script = 'trap "echo stacks here; exit 2" QUIT; while :; do sleep 0.05; done';
  await t.run('--timeout', '300ms', '--quit-signal', 'quit', '--jobs', '1', '--', 'sh', '-c', script);
  const [run] = t.runs();
  assert.ok(run);
  assert.match(outputOf(run), /stacks here/);
});

it('leave no grandchildren behind, and it is said that they did', async () => {
  const t = marked();
  const { code, stdout } = await t.run('--runs', '2', '--jobs', '1', '--', 'sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9 10; do sleep 60 & done');
  assert.is(code, 0, 'the command itself passed');
  assert.match(stdout, /2 runs left processes behind; they were ended/);
  assert.equal(processesWith(MARK), []);
});

it('may be killed by a signal, which counts as a crash', async () => {
  const { stdout } = await tool().run('--jobs', '1', '--', 'sh', '-c', 'kill -SEGV $$');
  assert.match(stdout, /crashed by SIGSEGV/);
  assert.match(stdout, /failed 1 \(1 crashed\)/);
});

it('may close their output', async () => {
  const { code } = await tool().run('--runs', '2', '--', 'sh', '-c', 'exec >&- 2>&-; true');
  assert.is(code, 0);
});

it('may print a gigabyte: it goes to the disk and not through memory', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { code, stdout } = await t.run('--jobs', '1', '--', 'sh', '-c', 'head -c 1000000000 /dev/zero; exit 1');
  assert.is(code, 1);
  assert.match(stdout, /FAILED: 1 of 1 run failed/);
  assert.is(statSync(t.runs()[0]?.outputFile ?? '').size, 1_000_000_000);
});

it('are ended when they print more than the limit', async () => {
  const { code, stdout } = await tool().run('--output-max', '1M', '--jobs', '1', '--', 'sh', '-c', 'yes; true');
  assert.is(code, 1);
  assert.match(stdout, /printed more than 1 MiB/);
});

it('print escapes and invalid UTF-8, and none of it reaches the terminal', async () => {
  const t = tool();
  const { stdout, stderr } = await t.run(
    '--jobs',
    '1',
    '--',
    'sh',
    '-c',
    "printf '\\033[2JError: \\033]0;owned\\007 \\377\\376 \\033[31mred'; exit 1",
  );
  assert.not.match(stdout + stderr, /(?!\n)\p{Cc}/u);
  assert.match(stdout, /Error:/);
});

it('may not exist, be no program, or not be allowed', async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'my-test-script'), 'true\n');
  const missing = await t.run('--', 'no-such-command-here');
  assert.is(missing.code, 2);
  assert.match(missing.stderr, /^run-until-fail: there is no command "no-such-command-here" on the PATH/);
  const notExecutable = await t.run('--', './my-test-script');
  assert.is(notExecutable.code, 2);
  assert.match(notExecutable.stderr, /not executable; chmod \+x it/);
  chmodSync(join(t.folder, 'my-test-script'), 0o755);
  const here = await t.run('--', 'my-test-script');
  assert.match(here.stderr, /There is a file of that name here: write \.\/my-test-script/);
});

it('wait when the machine is out of files, and run when there are some again', async () => {
  const t = tool();
  // Each launcher wants a file for each of its 85 runs, and may not have so many.
  const limited = `ulimit -n 80; exec "${process.execPath}" "${TOOL}" --runs 170 --jobs 170 -- sleep 0.3`;
  const { status, stdout } = spawnSync('sh', ['-c', limited], {
    cwd: t.folder,
    encoding: 'utf8',
    env: { ...process.env, RAFTLENS_LOGS: t.logs },
  });
  assert.is(status, 0, stdout);
  assert.match(stdout, /passed 170, failed 0/);
});

it('fail for want of space on a full disk, which is the fault of the disk and not theirs', { skip: NO_TMPFS }, async () => {
  const t = tool();
  mountTmpfs(t.logs);
  try {
    const { code, stdout } = await t.run('--jobs', '1', '--', 'sh', '-c', 'head -c 1000000 /dev/zero');
    assert.is(code, 3);
    assert.match(stdout, /THE MACHINE FAILED: 0 of 0 runs failed/);
    assert.match(stdout, /could not go on: the disk of .* is full/);
  } finally {
    spawnSync('umount', [t.logs]);
  }
});

it('are ended by Ctrl-C, and the summary so far is printed', async () => {
  const t = marked();
  const { child, ended } = t.start('--jobs', '2', '--', 'sh', '-c', 'touch "$0/started-$RUN_SEED"; sleep 60', t.folder);
  await until('two runs have begun', () => processesWith(MARK).length >= 4);
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.is(code, 130);
  assert.match(stdout, /INTERRUPTED: 0 of 0 runs failed/);
  assert.match(stdout, /passed 0, failed 0, ended by us 2/);
  assert.equal(processesWith(MARK), []);
});

it('are killed by a second Ctrl-C when they ignore the first', async () => {
  const t = marked();
  const { child, ended } = t.start(
    '--jobs',
    '1',
    '--kill-after',
    '60s',
    '--',
    'sh',
    '-c',
    'trap "" TERM INT; touch "$0/ready"; while :; do sleep 0.1; done',
    t.folder,
  );
  await until('the run is ready', () => existsSync(join(t.folder, 'ready')));
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.is(code, 130);
  assert.match(stdout, /ended by us 1/);
  assert.equal(processesWith(MARK), []);
});

for (const launcher of ['perl', 'node']) {
  it(`do not outlive a tool that is killed (launched by ${launcher})`, async () => {
    const t = marked({ RUN_UNTIL_FAIL_LAUNCHER: launcher });
    const { child, ended } = t.start('--jobs', '2', '--', 'sh', '-c', 'trap "" TERM INT HUP; sleep 60');
    await until('two runs have begun', () => processesWith(MARK).length >= 4);
    child.kill('SIGKILL');
    await ended;
    await until('all its processes are gone', () => processesWith(MARK).length === 0);
  });
}
