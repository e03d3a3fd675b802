import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linearPattern } from '@raftlens/patterns';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { inspectOutput } from '../../src/execute/inspect-output.ts';

const it = suite('what patterns find in an output');

async function find(output: string, pattern: string, counter: string | null = null) {
  const path = join(temporaryFolder(), 'output.log');
  writeFileSync(path, output);
  const file = openSync(path, 'r');
  try {
    const { matches, cases } = await inspectOutput(file, [linearPattern(pattern)], counter === null ? null : linearPattern(counter));
    return { found: matches[0], cases };
  } finally {
    closeSync(file);
  }
}

it('is the same wherever in a line it stands, however long the line is', async () => {
  for (const before of [0, 1, 60_000, 65_530, 131_065, 131_072, 200_000, 262_140, 1_000_000])
    for (const after of [0, 1, 70_000, 400_000]) {
      const line = `${'a'.repeat(before)}FATAL${'b'.repeat(after)}`;
      for (const output of [line, `x\n${line}\ny\n`]) {
        assert.is((await find(output, 'FATAL')).found, true, `${before} ${after}`);
        assert.is((await find(output, '^FATAL')).found, before === 0, `^ ${before} ${after}`);
        assert.is((await find(output, 'FATAL$')).found, after === 0, `$ ${before} ${after}`);
        assert.is((await find(output, 'FATAL|^b|^a*$|^b*$')).found, true);
        assert.is((await find(output, '^b|^[ab]*$|b^|a$')).found, false, `none ${before} ${after}`);
      }
    }
});

it('counts a long line once', async () => {
  const line = 'ok 1 '.repeat(100_000);
  assert.equal(await find(`${line}\n${line}\nok\n`, 'no', '\\bok\\b'), { found: false, cases: 3 });
});

it('is found at the end of a line that ends as on Windows or a terminal', async () => {
  assert.is((await find('one\r\nFAIL\r\ntwo\r\n', '^FAIL$')).found, true);
  assert.is((await find('FAIL\r', '^FAIL$')).found, true);
  assert.is((await find('', '^$')).found, false);
  assert.is((await find('\n', '^$')).found, true);
});
