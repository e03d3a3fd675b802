import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { tool } from './support/tool.ts';

const it = suite('files and patterns that are named to the tool');

it('are refused in one line where they are a folder or have no end', async () => {
  const { run, folder } = tool();
  mkdirSync(join(folder, 'folder'));
  const tried: readonly [readonly string[], RegExp][] = [
    [['merge', 'folder'], /^run-until-fail: folder is a folder: name a file\n$/],
    [['merge', '/dev/zero'], /^run-until-fail: \/dev\/zero has more than \d+ bytes, and is not read\n$/],
    [
      ['--tests-from', '/dev/zero', '--', 'true', '{test}'],
      /^run-until-fail: cannot read the list of tests \/dev\/zero: .* is not read\n$/,
    ],
    [
      ['--tests-from', 'folder', '--', 'true', '{test}'],
      /^run-until-fail: cannot read the list of tests folder: folder is a folder: name a file\n$/,
    ],
  ];
  for (const [argv, message] of tried) {
    const { code, stderr } = await run(...argv);
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
  }
});

it('may be links, but no session waits for a pipe that has the name of the presets', async () => {
  const { run, folder } = tool();
  const presets = join(folder, 'run-until-fail.json');
  execFileSync('mkfifo', [presets]);
  const refused = await run('--runs', '1', '--', 'true');
  assert.is(refused.code, 2);
  assert.match(refused.stderr, /^run-until-fail: cannot read .*run-until-fail\.json: .* is not a plain file\n$/);
  rmSync(presets);
  writeFileSync(join(folder, 'elsewhere.json'), '{"presets":{"mine":{"command":["true"]}}}');
  symlinkSync('elsewhere.json', presets);
  assert.is((await run('mine', '--runs', '1')).code, 0);
});

it('do not include an empty pattern, which would match every line', async () => {
  for (const option of ['--failure', '--ignore']) {
    const { code, stderr } = await tool().run('--runs', '1', option, '', '--', 'echo', 'hello');
    assert.is(code, 2);
    assert.is(stderr, `run-until-fail: ${option}: an empty pattern matches every line: say what to look for\n`);
  }
});
