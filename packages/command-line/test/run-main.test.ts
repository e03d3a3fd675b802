import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { assert, fixture, golden, suite } from '@raftlens/testing';

const it = suite('runMain');
const TOOL = fixture(import.meta.url, 'fixtures', 'tool.mjs');

interface Result {
  readonly exitCode: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function tool(...args: string[]): Promise<Result> {
  const environment = { ...process.env, LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };
  return new Promise((resolve) => {
    execFile(process.execPath, [TOOL, ...args], { env: environment, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

it('prints the examples before anything else in the help, in English whatever the locale', async () => {
  const { stdout, exitCode } = await tool('--help');
  golden(import.meta.url, 'help.txt', stdout);
  assert.is(exitCode, 0);
});

it('prints the version', async () => {
  assert.equal(await tool('--version'), { exitCode: 0, stdout: '1.2.3\n', stderr: '' });
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
    assert.equal(await tool(...args), { exitCode: 2, stdout: '', stderr: `tool: ${message}\n` });
  });
}

it('gives the exit code that the handler has set', async () => {
  assert.is((await tool('fail')).exitCode, 1);
});

it('ends with 130 and without a word when interrupted', async () => {
  assert.equal(await tool('throw', 'interrupt'), { exitCode: 130, stdout: '', stderr: '' });
});

it('keeps the stack of its own defects in a file', async () => {
  const { exitCode, stderr } = await tool('throw', 'anything');
  assert.is(exitCode, 3);
  assert.match(stderr, 'tool: internal error: TypeError: oops\n');
  assert.not.match(stderr, 'tool.mjs:');
  const path = /kept in (\S+);/.exec(stderr)?.[1] ?? '';
  assert.match(readFileSync(path, 'utf8'), 'tool.mjs:');
});

it('prints the stack with --debug', async () => {
  assert.match((await tool('throw', 'anything', '--debug')).stderr, 'tool.mjs:');
});

it('takes a thrown null for a defect', async () => {
  assert.is((await tool('throw', 'null')).exitCode, 3);
});

it('prints a script for completion, and completes options', async () => {
  assert.match((await tool('completion')).stdout, '--get-yargs-completions');
  assert.match((await tool('--get-yargs-completions', 'tool', 'count', '--s')).stdout, '--step');
});

it('never cuts short what goes into a pipe', async () => {
  const { stdout } = await tool('count', '200000');
  assert.is(stdout.length, 1_288_895);
  assert.ok(stdout.endsWith('\n200000\n'));
});

it('ends quietly when the pipe is closed', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${TOOL}" count 300000 | head -n 1`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
  child.stderr.on('data', (chunk) => chunks.push(`stderr ${String(chunk)}`));
  await new Promise((resolve) => child.on('close', resolve));
  assert.equal(chunks, ['1\n']);
});
