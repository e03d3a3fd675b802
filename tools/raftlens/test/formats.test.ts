import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { raftlens } from './support/command.ts';

const LOG = '10:00:01.5 [n1] hello\n10:00:02 [n2] becoming leader for term 7\n10:00:03 [n1] granting vote to n2 in term 7\n';

function folderWith(files: Readonly<Record<string, string>>): string {
  const cwd = temporaryFolder();
  mkdirSync(cwd, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

const formats = suite('raftlens formats');

formats('lists what is read', async () => {
  const { code, stdout } = await raftlens(['formats'], { cwd: temporaryFolder() });
  assert.is(code, 0);
  assert.match(stdout, /^kraft +Kafka's KRaft/m);
});

formats('drafts a format that reads the log it was made from', async () => {
  const cwd = folderWith({ 'server.log': LOG });
  const { code, stdout, stderr } = await raftlens(['formats', 'draft', 'server.log'], { cwd });
  assert.is(code, 0, stderr);
  assert.match(stderr, /2 events, 1 note, 0 lines not read, of 3/);
  writeFileSync(join(cwd, 'own.json'), stdout);
  const preview = await raftlens(['formats', 'draft', 'server.log', '--formats', 'own.json'], { cwd });
  assert.match(preview.stdout, /n2 BecomeLeader T7 .*< 10:00:02 \[n2\]/);
  const columns = await raftlens(['columns', 'server.log', '--formats', 'own.json'], { cwd });
  assert.match(columns.stdout, /n1 Vote T7 for=n2/);
});

formats('says what is wrong with a log, and with a format', async () => {
  const cwd = folderWith({ 'x.log': 'hello\n', 'empty.log': '', 'own.json': '{"name":"x","line":{"pattern":"("}}', 'server.log': LOG });
  const failing = async (...args: string[]) => {
    const { code, stderr } = await raftlens(['formats', ...args], { cwd });
    assert.is(code, 2);
    return stderr;
  };
  assert.match(await failing('draft'), /name the log/);
  assert.match(await failing('draft', 'x.log'), /no line that begins with a time/);
  assert.match(await failing('draft', 'empty.log'), /is empty/);
  assert.match(await failing('draft', 'missing.log'), /missing\.log/);
  assert.match(await failing('draft', 'server.log', '--formats', 'own.json'), /"line.pattern" is no regular expression/);
});

formats('of which no format knows a log: its lines are shown as they stand, and what to do', async () => {
  const cwd = folderWith({ 'x.log': 'hello\nworld\n' });
  const { code, stdout, stderr } = await raftlens(['columns', 'x.log'], { cwd });
  assert.is(code, 0);
  assert.match(stdout, /hello\n.*world/);
  assert.match(stderr, /no format knows any of its 2 lines.*raftlens formats draft/);
});
