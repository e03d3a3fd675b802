import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { TOOL } from './support/tool.ts';

const it = suite('--bisect');

const FLAKY = 'test $((RUN_SEED % 5)) -ne 3';

/** Commits of a project whose `build` and `test` are shell scripts, oldest first. */
const COMMITS = [
  { what: 'good', build: 'true', test: 'true' },
  { what: 'also good', build: 'true', test: 'true # also' },
  { what: 'does not build', build: 'echo no; false', test: 'true # also' },
  { what: 'still good', build: 'true', test: 'true # still' },
  { what: 'bad', build: 'true', test: FLAKY },
  { what: 'as bad', build: 'true', test: `${FLAKY} # as bad` },
];

function git(folder: string, ...words: readonly string[]): string {
  const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
  const { stdout, stderr, status } = spawnSync('git', [...identity, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, RAFTLENS_LOGS: join(folder, 'logs') },
  });
  assert.is(status, 0, stderr);
  return stdout;
}

it('lets git bisect run name the commit that made a test flaky, past one that does not build', { timeoutMs: 60_000 }, () => {
  const folder = temporaryFolder();
  git(folder, 'init', '--quiet');
  for (const { what, build, test } of COMMITS) {
    writeFileSync(join(folder, 'build'), `${build}\n`);
    writeFileSync(join(folder, 'test'), `${test}\n`);
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '--message', what);
  }
  git(folder, 'bisect', 'start', 'HEAD', `HEAD~${COMMITS.length - 1}`);
  const words = [process.execPath, TOOL, '--bisect', '--seed', '1', '--runs', '10', '--setup', 'sh ./build', '--', 'sh', './test'];
  const said = git(folder, 'bisect', 'run', ...words);
  assert.match(said, /is the first bad commit[\s\S]* bad\n/);
  assert.match(git(folder, 'bisect', 'log'), /skip: \[\w+\] does not build/);
});

it('says of a commit that has no such test that it cannot tell', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.test.mjs'), "import { test } from 'node:test';\ntest('other', () => {});\n");
  const words = [TOOL, 'node', 'a.test.mjs', '-t', 'the new test', '--runs', '1', '--bisect'];
  assert.is(spawnSync(process.execPath, words, { cwd: folder, stdio: 'ignore' }).status, 125);
});
