import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { isNobodysSource, SourceWatcher } from '../../src/watch/source-watcher.ts';
import { type Ended, type Tool, tool, until } from '../support/tool.ts';

const it = suite('--watch');

/** A session under --watch, and what it has said so far on both streams. */
function watching(t: Tool, ...words: readonly string[]) {
  const { child, ended } = t.start(...words, '--watch', '--', 'sh', './test.sh');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: string) => (said += text));
  const waitFor = async (text: string): Promise<void> => {
    await until(`it says "${text}"; it said ${said}`, () => said.includes(text), 20_000);
  };
  const stop = (): Promise<Ended> => {
    child.kill('SIGINT');
    return ended;
  };
  return { waitFor, stop, forget: () => (said = ''), said: () => said };
}

function writeTest(t: Tool, script: string): void {
  writeFileSync(join(t.folder, 'test.sh'), script);
}

it('runs the last failure first when a source changes, and the rest once that passes', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  writeTest(t, 'test $RUN_SEED -lt 12\n');
  const w = watching(t, '--seed', '10', '--runs', '4', '--jobs', '1');
  await w.waitFor('FAILED: 1 of 3 runs failed');
  await w.waitFor('waiting for a file to change');
  w.forget();
  writeTest(t, 'echo still; test $RUN_SEED -lt 12\n');
  await w.waitFor('test.sh has changed');
  await w.waitFor('FAILED: 1 of 1 run failed');
  await w.waitFor('waiting for a file to change');
  assert.not.match(w.said(), /on to the rest/);
  w.forget();
  writeTest(t, 'true\n');
  await w.waitFor('PASSED: 0 of 1 run failed');
  await w.waitFor('the last failure did not come back in one run');
  await w.waitFor('passing runs in a row would make 95 % sure; on to the rest');
  await w.waitFor('PASSED: 0 of 4 runs failed');
  await w.waitFor('waiting for a file to change');
  assert.is((await w.stop()).code, 0);
});

it('ends what runs when a source changes in the middle of it, and begins again', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  writeTest(t, 'sleep 60\n');
  const w = watching(t, '--jobs', '1');
  await until('a run is under way', () => spawnSync('ls', [join(t.logs, '.running')], { encoding: 'utf8' }).stdout !== '');
  await new Promise((resolve) => setTimeout(resolve, 2500)); // Not so soon that the runs themselves could be the cause.
  writeTest(t, 'exit 7\n');
  await w.waitFor('ended by us 1');
  await w.waitFor('test.sh has changed');
  await w.waitFor('exit code 7');
  await w.waitFor('waiting for a file to change');
  assert.is((await w.stop()).code, 1);
});

it('waits for the next change where something does not build', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  writeTest(t, 'true\n');
  writeFileSync(join(t.folder, 'mode'), 'broken');
  const w = watching(t, '--runs', '1', '--shell', '--setup', 'grep -q fine mode');
  await w.waitFor('the setup "grep -q fine mode" failed');
  await w.waitFor('waiting for a file to change');
  writeFileSync(join(t.folder, 'mode'), 'fine');
  await w.waitFor('PASSED: 0 of 1 run failed');
  await w.stop();
});

it('does not start over for ever when the test itself writes into the watched folder', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  writeTest(t, 'date +%N > trace.txt; sleep 0.6\n');
  const w = watching(t, '--jobs', '1', '--runs', '2');
  await w.waitFor('the runs seem to write it');
  await w.waitFor('PASSED: 0 of 2 runs failed');
  await w.stop();
});

it('sees sources, and nothing that git ignores or that tools and editors write', { timeoutMs: 20_000 }, async () => {
  const folder = temporaryFolder();
  for (const name of ['src/deep', 'out', 'logs', 'node_modules/x']) mkdirSync(join(folder, name), { recursive: true });
  spawnSync('git', ['init', '--quiet'], { cwd: folder });
  writeFileSync(join(folder, '.gitignore'), 'out\n*.log\n');
  const watcher = await SourceWatcher.open(folder, join(folder, 'logs'));
  try {
    const change = watcher.nextChange();
    for (const name of ['out/a.js', 'logs/a', 'node_modules/x/a.js', 'new.log', 'src/.#a.ts', 'src/a.ts~'])
      writeFileSync(join(folder, name), 'x');
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.not.ok(change.aborted, String(change.reason));
    writeFileSync(join(folder, 'src/deep/a.ts'), 'x');
    await until('the change is seen', () => change.aborted);
    assert.is(change.reason, join('src', 'deep', 'a.ts'));
  } finally {
    await watcher.close();
  }
});

it('knows the files of editors by their names', () => {
  for (const name of ['a.ts~', '.a.ts.swp', '4913', '#a.ts#', '.#a.ts', 'a.ts___jb_tmp___', 'x/target', 'x/.git']) {
    assert.ok(isNobodysSource(name), name);
  }
  for (const name of ['a.ts', 'swap.go', 'logs.rs', '.eslintrc']) assert.not.ok(isNobodysSource(name), name);
});
