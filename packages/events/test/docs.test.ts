import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, fixture, suite, temporaryFolder } from '@raftlens/testing';
import { DERIVED_FILES } from '../generate/derived-files.ts';
import { decodeLine, encodeLine } from '../src/index.ts';

const it = suite('what follows from the tables');
const PATH = fixture(import.meta.url, '..', '..', '..', 'docs', 'EVENTS.md');

for (const { path, written } of DERIVED_FILES) {
  it(`says what the tables say: ${path}`, () => {
    const file = fixture(import.meta.url, '..', '..', '..', path);
    const text = readFileSync(file, 'utf8');
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, written(text));
    else assert.is(text, written(text), `${path}: npm run generate`);
  });
}

it('shows only lines that can be read', () => {
  const lines = readFileSync(PATH, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'));
  assert.ok(lines.length >= 4);
  for (const line of lines) assert.is(decodeLine(line).error, undefined, line);
});

it('shows a whole line just as it is written', () => {
  const [line = ''] = readFileSync(PATH, 'utf8')
    .split('\n')
    .filter((text) => text.startsWith('{"level"'));
  const { event } = decodeLine(line);
  assert.ok(event !== undefined);
  assert.is(encodeLine(event), line);
});

it('runs the example of the README', () => {
  const folder = fixture(import.meta.url, '..');
  const [, example = ''] = /```js\n([^]*?)```/.exec(readFileSync(join(folder, 'README.md'), 'utf8')) ?? [];
  const log = join(temporaryFolder(), 'logs', 'S1.ndjson');
  const script = example.replace("'logs/S1.ndjson'", JSON.stringify(log));
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], { cwd: folder, input: script, encoding: 'utf8' });
  assert.equal([stdout, stderr], ['S1 voted for S2 in term 1\n', '']);
});
