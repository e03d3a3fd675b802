import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { writeReportFile } from '../../src/session/report-file.ts';
import { TOOL, tool } from '../support/tool.ts';

const it = suite('report files');

it('do not hold up a session when one is a pipe that nobody reads', async () => {
  const { run, folder } = tool();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const ended = await run('--runs', '2', '--junit', pipe, '--', 'true');
  assert.is(ended.code, 3);
  assert.match(ended.stdout, 'asked 2, started 2, passed 2, failed 0');
  assert.match(ended.stdout, /^the report pipe could not be written: it is a pipe that nobody reads$/m);
});

it('reach the reader of a pipe whole, also one that begins late', async () => {
  const { folder } = tool();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  // Opened both ways at first: there is a reader from the beginning, and the pipe is full after 64 KiB until it reads.
  const reader = spawn('sh', ['-c', `exec 3<>${pipe}; exec 4<${pipe}; echo ready; sleep 2; exec 3>&-; cat <&4 >${pipe}.read`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const gone = new Promise((resolve) => reader.once('close', resolve));
  await new Promise((resolve) => reader.stdout.once('data', resolve));
  const text = 'a line of a report\n'.repeat(20_000);
  writeReportFile(pipe, text, 'replace');
  await gone;
  assert.ok(readFileSync(`${pipe}.read`, 'utf8') === text);
});

it('leave the verdict alone where the reader of a pipe has gone, and say in words what else is in the way', () => {
  const { folder } = tool();
  const codeOf = (line: string) => execFileSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' });
  const session = `${process.execPath} ${TOOL} --runs 1`;
  assert.is(codeOf(`${session} --junit /dev/stdout -- true 2>&1 | true; echo \${PIPESTATUS[0]}`), '0\n');
  assert.is(codeOf(`${session} --junit >(cat >got.xml) -- true >/dev/null; echo $?; sleep 1`), '0\n');
  assert.match(readFileSync(join(folder, 'got.xml'), 'utf8'), '<testsuite');
  assert.match(
    codeOf(`mkdir taken; ${session} --junit taken -- true; echo code $?`),
    /the report taken could not be written: it is a folder\ncode 3\n$/,
  );
  assert.match(codeOf(`${session} --junit new/folder/j.xml -- true; echo code $?`), /code 0\n$/);
  assert.ok(existsSync(join(folder, 'new/folder/j.xml')));
});
