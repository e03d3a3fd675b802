import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert, golden, suite } from '@raftlens/testing';
import { runMain } from '../src/index.ts';
import { tool } from './tool.ts';

const it = suite('runMain');
const MAIN = fileURLToPath(new URL('tool-main.js', import.meta.url));

/** In this process: all but what goes to stdout. */
async function complaintOf(...args: string[]): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  let stderr = '';
  const exitCode = await runMain(args, tool, { write: (text) => (stderr += text) });
  return { exitCode, stderr };
}

/** As a process of its own, in a German locale. */
function output(...args: string[]): Promise<{ readonly exitCode: unknown; readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

it('prints the examples before anything else in the help, in English whatever the locale', async () => {
  const { stdout, exitCode } = await output('--help');
  golden(import.meta.url, 'help.txt', stdout);
  assert.is(exitCode, 0);
});

it('prints the version', async () => {
  assert.equal(await output('--version'), { exitCode: 0, stdout: '1.2.3\n', stderr: '' });
});

const MISTAKES: readonly (readonly [string[], string])[] = [
  [['cuont', '3'], 'unknown command "cuont". Did you mean count? Known: count, fail, throw.'],
  [['count', '3', '--setp', '1'], 'unknown option --setp. Did you mean --step?'],
  [['count', '3', '--setp=1'], 'unknown option --setp. Did you mean --step?'],
  [['count', '3', '-x'], 'unknown option -x.'],
  [['count', '3', '4'], 'unexpected argument "4".'],
  [['count', '3', '--kind', 'fency'], '--kind cannot be "fency". Did you mean fancy? Known: plain, fancy.'],
  [['count', '3', '--step', 'abc'], '--step must be a number.'],
  [['count', '3', '--step', '1', '--step', '2'], '--step was given more than once.'],
  [['count'], 'an argument is missing: --help shows what is needed.'],
  [[], 'a command is needed: count, fail or throw.'],
  [['throw', 'user'], 'a.log:3: not an event: \\x1b[31m'],
  [['throw', 'store'], 'the store is shut'],
  [['throw', 'path'], 'cannot use x/y: there is no such file or folder.'],
];
for (const [args, message] of MISTAKES) {
  it(`answers "${args.join(' ')}" with one line and exit code 2`, async () => {
    assert.equal(await complaintOf(...args), { exitCode: 2, stderr: `tool: ${message}\n` });
  });
}

it('gives the exit code that the handler has set', async () => {
  assert.equal(await complaintOf('fail'), { exitCode: 1, stderr: '' });
  assert.is((await output('fail')).exitCode, 1);
});

it('ends with 130 and without a word when interrupted', async () => {
  assert.equal(await complaintOf('throw', 'interrupt'), { exitCode: 130, stderr: '' });
});

it('keeps the stack of its own defects in a file', async () => {
  const { exitCode, stderr } = await complaintOf('throw', 'anything');
  assert.is(exitCode, 3);
  assert.match(stderr, 'tool: internal error: TypeError: oops\n');
  assert.not.match(stderr, 'tool.js:');
  const path = /kept in (\S+);/.exec(stderr)?.[1] ?? '';
  assert.match(readFileSync(path, 'utf8'), /tool\.[jt]s:/);
});

it('prints the stack with --debug', async () => {
  assert.match((await complaintOf('throw', 'anything', '--debug')).stderr, /tool\.[jt]s:/);
});

it('takes a thrown null for a defect', async () => {
  assert.is((await complaintOf('throw', 'null')).exitCode, 3);
});

it('prints a script for completion, and completes options', async () => {
  assert.match((await output('completion')).stdout, '--get-yargs-completions');
  assert.match((await output('--get-yargs-completions', 'tool', 'count', '--s')).stdout, '--step');
});

it('never cuts short what goes into a pipe', async () => {
  const { stdout } = await output('count', '200000');
  assert.is(stdout.length, 1_288_895);
  assert.ok(stdout.endsWith('\n200000\n'));
});

/** A shell line over the tool, `$TOOL` in it; what it prints by itself, and what it adds to stderr. */
async function shell(line: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const child = spawn('bash', ['-c', line], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE: process.execPath, TOOL: MAIN },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  await new Promise((resolve) => child.on('close', resolve));
  return { stdout, stderr };
}

/** The exit code of the tool stands in front of a pipe's: bash keeps it in PIPESTATUS. */
const CODE = 'echo "code ${PIPESTATUS[0]}"';

it('prints no more when the pipe is closed, and keeps the exit code that it would have had', async () => {
  assert.equal(await shell(`$NODE $TOOL count 300000 | head -n 1; ${CODE}`), { stdout: '1\ncode 0\n', stderr: '' });
  assert.equal(await shell(`$NODE $TOOL fail 300000 | head -n 1; ${CODE}`), { stdout: '1\ncode 1\n', stderr: '' });
  assert.equal(await shell(`exec 3>&1; { $NODE $TOOL throw user 2>&1; echo "code $?" >&3; } | true`), { stdout: 'code 2\n', stderr: '' });
});

it('keeps its exit code where stdout or stderr is closed from the start', async () => {
  for (const closed of ['>&-', '2>&-', '>&- 2>&-']) {
    assert.equal(await shell(`$NODE $TOOL fail 3000 ${closed} >/dev/null; echo "code $?"`), { stdout: 'code 1\n', stderr: '' });
  }
  assert.equal(await shell('$NODE $TOOL count 3 >&- 2>&-; echo "code $?"'), { stdout: 'code 0\n', stderr: '' });
});

it('says in one line that the output cannot be written, and is no success then', {
  skip: !existsSync('/dev/full') && 'no /dev/full',
}, async () => {
  const lost = 'tool: cannot write the output: the disk is full; what follows is not printed\n';
  assert.equal(await shell('$NODE $TOOL count 300000 >/dev/full; echo "code $?"'), { stdout: 'code 3\n', stderr: lost });
  assert.equal(await shell('$NODE $TOOL fail 300000 >/dev/full; echo "code $?"'), { stdout: 'code 1\n', stderr: lost });
  assert.equal(await shell('$NODE $TOOL throw user 2>/dev/full; echo "code $?"'), { stdout: 'code 2\n', stderr: '' });
});

it('takes an error that nobody catches for a defect, and not for a run that failed', async () => {
  const { stdout, stderr } = await shell('$NODE $TOOL throw later; echo "code $?"');
  assert.is(stdout, 'code 3\n');
  assert.match(stderr, /^tool: internal error: TypeError: too late\nThis is a defect of the tool/);
});
