import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assert, suite, temporaryFolder, throws } from '@raftlens/testing';
import { createRunFolder, listRuns, pointLatestAt, readRun, runFolderName, runPath, writeRunFile } from '../src/index.ts';

const it = suite('run folders');
const MOMENT_MS = Date.UTC(2026, 10, 23, 7, 12, 5);

it('names a run by its time, what it is, and its seed', () => {
  assert.is(runFolderName(MOMENT_MS, 'figure-8', '42'), '20261123-071205-figure-8-seed42');
  assert.is(runFolderName(MOMENT_MS, 'go test -run 3C ./...'), '20261123-071205-go-test-run-3C');
  assert.is(runFolderName(MOMENT_MS, '../../etc/passwd', '../x'), '20261123-071205-etc-passwd-seedx');
  assert.is(runFolderName(MOMENT_MS, '日本'), '20261123-071205-run');
  assert.ok(runFolderName(MOMENT_MS, 'x'.repeat(500)).length < 100);
});

it('sorts by time', () => {
  const names = [999, 10_000, 3_600_000, 90_000_000].map((laterMs) => runFolderName(MOMENT_MS + laterMs, 'z'));
  assert.equal(names.toSorted(), names);
});

it('never leaves the logs folder', () => {
  for (const name of ['', '.', '..', '../x', 'a/b', 'a\\b', '/etc', 'a\0b']) throws(() => runPath('logs', name), { code: 'RUN_NAME' });
  throws(() => createRunFolder(temporaryFolder(), '../x'), { code: 'RUN_NAME' });
});

it('never overwrites another run', () => {
  const logs = join(temporaryFolder(), 'logs');
  const paths = [1, 2, 3].map(() => createRunFolder(logs, 'run'));
  assert.equal(
    paths.map((path) => basename(path)),
    ['run', 'run-2', 'run-3'],
  );
  assert.ok(paths.every((path) => existsSync(path)));
});

it('keeps a link to the newest run, relative, so that the logs folder can be moved', () => {
  const logs = temporaryFolder();
  for (const name of ['a', 'b']) {
    writeRunFile(createRunFolder(logs, name), 'info', { scenario: name });
    assert.is(pointLatestAt(logs, name), true);
  }
  assert.is(readlinkSync(join(logs, 'latest')), 'b');
  assert.is(readRun(join(logs, 'latest')).info.scenario, 'b');
  assert.is(readRun(join(logs, 'latest')).name, 'b');
  assert.equal(listRuns(logs), ['a', 'b']);
});

it('leaves a folder alone that happens to be named latest', () => {
  const logs = temporaryFolder();
  mkdirSync(join(logs, 'latest'));
  createRunFolder(logs, 'a');
  assert.is(pointLatestAt(logs, 'a'), false);
});

it('reads what a run has', () => {
  const run = createRunFolder(temporaryFolder(), 'r');
  writeRunFile(run, 'info', { seed: '42', durationMs: 12, exitCode: 1, command: ['go', 'test'], mine: { a: 1 } });
  writeRunFile(run, 'verdict', []);
  writeFileSync(join(run, 'S2.ndjson'), '');
  writeFileSync(join(run, 'S1.ndjson'), '');
  const { info, eventFiles, verdictFile, planFile, name } = readRun(run);
  assert.equal(info, { seed: '42', durationMs: 12, exitCode: 1, command: ['go', 'test'], mine: { a: 1 } });
  assert.equal(
    eventFiles.map((path) => basename(path)),
    ['S1.ndjson', 'S2.ndjson'],
  );
  assert.is(readFileSync(verdictFile ?? '', 'utf8'), '[]\n');
  assert.equal([planFile, name], [undefined, 'r']);
});

it('says that there is no run, and what to do', () => {
  const folder = temporaryFolder();
  throws(() => readRun(folder), {
    code: 'RUN_MISSING',
    message: `there is no run in ${folder}: neither run.json nor a *.ndjson file. Name a folder such as logs/latest`,
  });
  throws(() => readRun(join(folder, 'none')), { code: 'RUN_MISSING', message: `there is no folder ${join(folder, 'none')}` });
  writeFileSync(join(folder, 'file'), '');
  throws(() => readRun(join(folder, 'file')), { code: 'RUN_MISSING' });
  symlinkSync('gone', join(folder, 'latest'));
  throws(() => readRun(join(folder, 'latest')), { code: 'RUN_MISSING' });
  assert.equal(listRuns(join(folder, 'none')), []);
});

it('refuses a run.json that is none', () => {
  const cases = ['{', '[]', '7', '{"seed":42}', '{"command":"go test"}', '{"exitCode":"1"}', '{"options":[]}', '{"durationMs":"12"}'];
  for (const text of cases) {
    const run = createRunFolder(temporaryFolder(), 'r');
    writeFileSync(join(run, 'run.json'), text);
    throws(() => readRun(run), { code: 'RUN_UNREADABLE' });
  }
});
