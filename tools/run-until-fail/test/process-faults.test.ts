import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { commandOf, outputOf, processesThat, processesWith, TOOL, tool, until } from './support/tool.ts';

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

const FAULTS = `case $1 in
  hangs) sleep 60 & sleep 60;;
  crashes) ulimit -c 0; kill -SEGV $$;;
  leaves) for i in 1 2 3 4 5 6 7 8 9 10; do sleep 60 & done;;
  closes) exec >&- 2>&-;;
  floods) yes;;
esac`;

// What each comes to is tested, with every launcher, in execute/launcher-pool.test.ts; here, what a person gets to read.
it('are told apart in the summary, and nothing of them is left', async () => {
  const t = marked();
  writeFileSync(join(t.folder, 'faults.sh'), FAULTS);
  const names = ['hangs', 'crashes', 'leaves', 'closes', 'floods'];
  const { code, stdout } = await t.run(
    ...names.flatMap((name) => ['-t', name]),
    '--runs',
    '1',
    '--jobs',
    '5',
    '--keep-going',
    '--timeout',
    '3s',
    '--output-max',
    '1M',
    '--',
    'sh',
    'faults.sh',
    '{test}',
  );
  assert.is(code, 1);
  assert.match(stdout, /passed 2, failed 3 \(1 timed out, 1 crashed\)/);
  assert.match(stdout, /timed out after 3s/);
  assert.match(stdout, /crashed by SIGSEGV/);
  assert.match(stdout, /printed more than 1 MiB/);
  assert.match(stdout, /1 run left processes behind; they were ended/);
  assert.equal(processesWith(MARK), []);
});

it('may print a gigabyte: it goes to the disk and not through memory', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { code, stdout } = await t.run('--jobs', '1', '--', 'sh', '-c', 'head -c 1000000000 /dev/zero; exit 1');
  assert.is(code, 1);
  assert.match(stdout, /FAILED: 1 of 1 run failed/);
  assert.is(statSync(t.runs()[0]?.outputFile ?? '').size, 1_000_000_000);
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

it('that end in time are no timeouts, although the tool was stopped by Ctrl-Z until later', async () => {
  const t = tool();
  const { child, ended } = t.start('--runs', '1', '--timeout', '2s', '--', 'sh', '-c', 'touch "$0/ready"; sleep 0.3', t.folder);
  await until('the run is ready', () => existsSync(join(t.folder, 'ready')));
  child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  child.kill('SIGCONT');
  const { code, stdout } = await ended;
  assert.is(code, 0, stdout);
});

for (const launcher of ['perl', 'node']) {
  it(`do not outlive a tool that is killed, and the next start finds what they printed (launched by ${launcher})`, async () => {
    const t = marked({ RUN_UNTIL_FAIL_LAUNCHER: launcher });
    const script = 'trap "" TERM INT HUP; test $RUN_SEED -lt 3 || { echo so far; sleep 60; }';
    const { child, ended } = t.start('--jobs', '1', '--seed', '1', '--', 'sh', '-c', script);
    await until('the third run waits', () => processesWith(MARK).some((pid) => commandOf(pid).startsWith('sleep')));
    child.kill('SIGKILL');
    await ended;
    await until('all its processes are gone', () => processesWith(MARK).length === 0);
    const { stderr } = await t.run('--runs', '1', '--', 'true');
    assert.match(stderr, /had been killed: 0 processes .*what its runs had printed is kept in .*-seed3\n/);
    assert.equal(
      t.runs().map((run) => [run.info.outcome, outputOf(run)]),
      [['abandoned', 'so far\n']],
    );
  });
}

it('leave nothing behind when Ctrl-C comes at any moment', { timeoutMs: 60_000 }, async () => {
  for (const afterMs of [100, 150, 200, 250, 300, 350, 400, 500, 800]) {
    const t = marked();
    const { child, ended } = t.start('--jobs', '4', '--', 'sh', '-c', 'sleep 0.02');
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    // Before it has begun to listen the signal simply ends it.
    assert.ok(code === 130 || (code === null && stdout === ''), `after ${afterMs} ms: exit ${code}`);
    assert.equal(processesWith(MARK), []);
    assert.equal(existsSync(join(t.logs, '.running')) ? readdirSync(join(t.logs, '.running')) : [], [], `after ${afterMs} ms`);
  }
});

it('are not begun when Ctrl-C comes during what has to be built for them', { timeoutMs: 30_000 }, async () => {
  const t = marked();
  const { child, ended } = t.start('--setup', 'touch ready; sleep 1', '--', 'sh', '-c', 'touch "$0/begun"', t.folder);
  await until('it builds', () => existsSync(join(t.folder, 'ready')));
  child.kill('SIGINT');
  const { code } = await ended;
  assert.is(code, 130);
  assert.not.ok(existsSync(join(t.folder, 'begun')));
  assert.equal(processesWith(MARK), []);
});

it('have failed although nobody reads what the tool prints', async () => {
  const t = tool();
  const line = `"${process.execPath}" "${TOOL}" --runs 20 --keep-going -- false 2>&1 | true; echo "code \${PIPESTATUS[0]}"`;
  const child = spawn('bash', ['-c', line], { cwd: t.folder, env: { ...process.env, RAFTLENS_LOGS: t.logs } });
  let stdout = '';
  child.stdout.on('data', (text) => (stdout += String(text)));
  await new Promise((resolve) => child.once('close', resolve));
  assert.is(stdout, 'code 1\n');
  assert.is(t.runs().length, 20, 'the session went on to its end');
});

it('are searched in linear time, and a pattern for which there is none is refused', { timeoutMs: 30_000 }, async () => {
  const t = tool();
  const line = `${'a'.repeat(50_000)}!`;
  const searched = await t.run('--runs', '1', '--failure', '(a+)+$', '--ignore', '(a|a)*$', '--', 'echo', line);
  assert.is(searched.code, 0, searched.stderr);
  const refused = await t.run('--runs', '1', '--failure', '(?=a)b', '--', 'true');
  assert.is(refused.code, 2);
  assert.match(refused.stderr, /^run-until-fail: --failure: lookahead, .* is not supported, since patterns are matched in linear time\n$/);
});

it('have left processes that got out of their group, which are ended and reported', { timeoutMs: 60_000 }, async () => {
  const t = marked();
  writeFileSync(join(t.folder, 'leaves.sh'), 'setsid sleep 4712 &\nsleep 0.1\ntest $RUN_SEED -lt 6\n');
  const { code, stdout } = await t.run('-j', '4', '--seed', '1', '--', 'sh', './leaves.sh');
  assert.is(code, 1);
  assert.match(stdout, /\d runs left processes behind; they were ended/);
  assert.equal(processesWith(MARK), []);
});

it('are not taken for what another left behind while they start, nor where they clear their environment', {
  timeoutMs: 60_000,
}, async () => {
  const leaving = 'setsid -f env -i sleep 4713; sleep 0.0$(($$ % 9)); exit 0';
  for (const command of [
    ['sh', '-c', leaving],
    ['env', '-i', 'PATH=/usr/bin:/bin', 'sh', '-c', leaving],
  ]) {
    const { code, stdout } = await marked().run('--runs', '80', '--jobs', '3', '--', ...command);
    assert.is(code, 0, stdout);
    assert.match(stdout, 'asked 80, started 80, passed 80, failed 0');
    assert.equal(
      processesThat((words) => words === 'sleep 4713'),
      [],
    );
  }
});

it('do not outlive a launcher that is killed, whenever it is', { timeoutMs: 120_000 }, async () => {
  for (let round = 0; round < 6; round++) {
    const t = marked();
    const { child, ended } = t.start(
      '--jobs',
      '4',
      '--runs',
      '300',
      '--keep-going',
      '--',
      'sh',
      '-c',
      'sleep 0.0$((RUN_SEED % 7)); setsid sleep 30 &',
    );
    const launchers = (): readonly number[] =>
      processesThat((words) => words.includes('launcher.pl')).filter((pid) => readsFrom(pid) === child.pid);
    for (let kill = 0; kill < 4; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 60 + 37 * round + 11 * kill));
      for (const pid of launchers()) process.kill(pid, 'SIGKILL');
    }
    child.kill('SIGINT');
    await ended;
    assert.equal(processesWith(MARK), []);
  }
});

function readsFrom(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
