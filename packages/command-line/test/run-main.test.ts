import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

it('ends quietly when the pipe is closed', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" count 300000 | head -n 1`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
  child.stderr.on('data', (chunk) => chunks.push(`stderr ${String(chunk)}`));
  await new Promise((resolve) => child.on('close', resolve));
  assert.equal(chunks, ['1\n']);
});
