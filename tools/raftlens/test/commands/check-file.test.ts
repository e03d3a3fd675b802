import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '@raftlens/log-store';
import { assert, suite } from '@raftlens/testing';
import { checkStore, type LogCheck } from '../../src/check/log-check.ts';
import { checkFile } from '../../src/commands/check-file.ts';
import { HEALTHY } from './healthy.ts';

const it = suite('checkFile');
const folder = mkdtempSync(join(tmpdir(), 'raftlens-check-file-'));
const path = join(folder, 'events.ndjson');
it.after(() => rmSync(folder, { recursive: true }));

const LINES = HEALTHY.trimEnd().split('\n');
const BROKEN = LINES.map((line) => line.replace(/"op":"Commit",(.*)"index":1/, '"op":"Commit",$1"index":2'));
const ENDED = [...LINES, '{"time":99,"node":"TEST","boot":0,"op":"TestEnd","name":"x","outcome":"fail"}'];

/** By the one pass over the file, and by the store. */
async function bothWays(text: string): Promise<readonly [LogCheck | null, LogCheck]> {
  writeFileSync(path, text);
  const store = await openLog(path);
  await store.done;
  const opened = checkStore(store);
  store.close();
  return [checkFile([path], {}), opened];
}

for (const [name, text] of [
  ['a healthy log', HEALTHY],
  ['a log with a wrong step', `${BROKEN.join('\n')}\n`],
  ['a log without a last newline', LINES.join('\n')],
  ['lines that end as on Windows', `${LINES.join('\r\n')}\r\n`],
  ['a log that says that the test failed', `${ENDED.join('\n')}\n`],
  ['a log of several blocks', `${LINES.join('\n')}\n${'{"time":99,"node":"TEST","op":"Note","detail":"é"}\n'.repeat(40_000)}`],
] as const) {
  it(`finds in ${name} what the store finds`, async () => {
    const [quick, opened] = await bothWays(text);
    assert.ok(quick !== null);
    assert.equal(quick.finish(), opened.finish());
    assert.equal([quick.sawAny, quick.testEnd?.seq], [opened.sawAny, opened.testEnd?.seq]);
  });
}

it('leaves what it cannot read to the store, which says why', async () => {
  for (const text of [
    '',
    'hello\n',
    `${LINES.join('\n')}\nhello\n`,
    `${LINES.join('\n')}\n${LINES[0]?.slice(0, 40)}`,
    ' '.repeat(3 << 20),
  ]) {
    const [quick] = await bothWays(text);
    assert.is(quick, null, text.slice(0, 20));
  }
});

it('takes one file of its own format, or the folder of a run, and nothing else', () => {
  writeFileSync(path, LINES.join('\n'));
  const twoFiles = join(folder, 'servers');
  mkdirSync(twoFiles);
  for (const name of ['S1.ndjson', 'S2.ndjson']) writeFileSync(join(twoFiles, name), LINES.join('\n'));
  assert.ok(checkFile([folder], {}) !== null);
  assert.is(checkFile([path, path], {}), null);
  assert.is(checkFile([path], { format: 'lab' }), null);
  assert.is(checkFile([path], { formats: ['mine.json'] }), null);
  assert.is(checkFile([twoFiles], {}), null);
  assert.is(checkFile([join(folder, 'absent')], {}), null);
  assert.is(checkFile(['-'], {}), null);
});
