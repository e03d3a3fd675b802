import { closeSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { assert, fixture, suite, temporaryFolder } from '@raftlens/testing';
import fc from 'fast-check';
import { type LogStore, openLog, openText, openTexts } from '../src/index.ts';
import { ELECTION, textOfLog } from './lines.ts';

const hostile = suite('Hostile input');

const GOOD = textOfLog(ELECTION);
const FIRST = GOOD.slice(0, GOOD.indexOf('\n'));

async function opened(text: string): Promise<LogStore> {
  const log = openText(text);
  await log.done;
  return log;
}

/** Every line by itself: nothing is lost, nothing is decoded twice, nothing throws. */
function readAll(log: LogStore): string {
  const lines: string[] = [];
  for (let row = 0; row < log.size; row++) {
    const line = log.line(row);
    lines.push(line);
    const event = log.event(row);
    assert.is(event === null, log.problem(row) !== null);
    assert.type(log.text(row), 'string');
    log.partnerOf(row);
    log.requestOf(row);
  }
  if (log.size > 0) log.stateAt(log.size - 1);
  return lines.join('\n');
}

const ONE_LINERS: readonly (readonly [string, string])[] = [
  ['NUL bytes', '{"level":30,\0\0"time":1}\0'],
  ['a terminal escape', '\u001b[2J\u001b]0;title\u0007 {"op":"Vote"}'],
  ['a key that comes twice', FIRST.replace('"boot":1', '"boot":1,"boot":2')],
  ['a column that comes twice', FIRST.replace('"commit":0', '"commit":0,"commit":5')],
  ['a number beyond 2^53', FIRST.replace('"term":0', '"term":9007199254740993')],
  ['a negative term', FIRST.replace('"term":0', '"term":-1.5')],
  ['a number with an exponent', FIRST.replace('"time":1', '"time":1e400')],
  ['deep nesting', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['an opcode that there is not', FIRST.replace('Boot', 'Reboot')],
  ['a key named __proto__', FIRST.replace('"boot":1', '"boot":1,"__proto__":{"op":"Vote"}')],
  ['a name of 10,000 characters', FIRST.replaceAll('"S1"', `"${'S'.repeat(10_000)}"`)],
  ['an empty object', '{}'],
  ['a list', '[1,2,3]'],
  ['half a line', FIRST.slice(0, 100)],
];

for (const [what, line] of ONE_LINERS) {
  hostile(`is kept beside what can be read: ${what}`, async () => {
    const log = await opened(`${GOOD}${line}\n${GOOD}`);
    assert.is(log.size, 2 * ELECTION.length + 1);
    assert.is(`${readAll(log)}\n`, `${GOOD}${line}\n${GOOD}`);
    assert.is(log.line(ELECTION.length), line);
  });
}

hostile('finds a mistake behind the columns when the event is asked for, and counts it', async () => {
  const log = await opened(`${GOOD}${FIRST.replace('"snapshotTerm":0', '"snapshotTerm":0,"snapshotTerm":1')}\n`);
  const row = ELECTION.length;
  assert.is(log.unmatched, 0);
  assert.is(log.event(row), null);
  assert.match(log.problem(row)?.reason ?? '', /comes twice/);
  assert.is(log.unmatched, 1);
});

hostile('reads bytes that are no UTF-8', async () => {
  const path = join(temporaryFolder(), 'bytes.ndjson');
  writeFileSync(path, Buffer.concat([Buffer.from(GOOD), Buffer.from([0xff, 0xfe, 0x80, 0x0a, 0xc3, 0x28, 0x0a]), Buffer.from(GOOD)]));
  const log = await openLog(path);
  await log.done;
  assert.is(log.size, 2 * ELECTION.length + 2);
  assert.is(log.unmatched, 2);
  readAll(log);
  log.close();
});

hostile('reads a line of 10 MB, and gives as much of it as is wanted', async () => {
  const long = `${'x'.repeat(10_000_000)}\n`;
  const log = await opened(GOOD + long + GOOD);
  assert.is(log.size, 2 * ELECTION.length + 1);
  assert.is(log.line(ELECTION.length).length, 10_000_000);
  assert.is(log.line(ELECTION.length, 80).length, 80);
  assert.is(log.text(log.size - 1), log.text(ELECTION.length - 1));
  assert.is(await log.search('Crash', ELECTION.length, 'forward'), log.size - 1);
});

hostile('reads a file whose every line is empty', async () => {
  const log = await opened('\n'.repeat(200_000));
  assert.is(log.size, 200_000);
  assert.is(log.unmatched, 200_000);
  assert.is(log.line(199_999), '');
});

hostile('reads a log of twenty thousand peers', { timeoutMs: 60_000 }, async () => {
  const count = 20_000;
  const line = (i: number) =>
    `{"level":30,"time":${i},"seq":${i + 1},"node":"N${i}","boot":1,"op":"Timeout","src":"N${i}","dst":"N${i}","term":1,"role":"follower","vote":null,"commit":0,"applied":0,"last":0,"lastTerm":0,"timer":"x","msg":""}\n`;
  const log = await opened(Array.from({ length: count }, (_, i) => line(i)).join(''));
  assert.is(log.size, count);
  assert.is(log.unmatched, 0);
  assert.is(log.peers.length, count);
  assert.is(log.peers[10], 'N10', 'in natural order');
  assert.equal(Array.from(await log.filter('node=N19999')), [count - 1]);
  assert.is(log.stateAt(7_000).size, 7_001);
  assert.is(log.event(19_999)?.node, 'N19999');
  assert.equal(
    log.notices.map(({ code }) => code),
    ['PEERS'],
  );
});

hostile('outlives a file that shrinks while it is read', async () => {
  const path = join(temporaryFolder(), 'shrinks.ndjson');
  writeFileSync(path, GOOD.repeat(2000));
  const log = await openLog(path, { workers: 0 });
  const fd = openSync(path, 'r+');
  ftruncateSync(fd, 1000);
  closeSync(fd);
  await log.done;
  assert.equal(
    log.notices.map((notice) => notice.code),
    ['TRUNCATED'],
  );
  readAll(log);
  assert.is(await log.search('nothing like it', 0, 'forward'), -1);
  log.close();
});

const FIXTURES = [
  'lab.log',
  'etcd-trace.ndjson',
  'etcd-zap.json',
  'node-1.hclog.log',
  'pino.log',
  'shiviz.log',
  'shiviz-clock-first.log',
  'shiviz-line.log',
];
const TEXTS = [GOOD, ...FIXTURES.map((name) => readFileSync(fixture(import.meta.url, 'fixtures', name), 'utf8'))];

hostile('loses no line of any format, wherever it is cut or overwritten', async () => {
  const damage = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(40),
    put: fc.string({ unit: 'binary', maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...TEXTS), fc.array(damage, { maxLength: 8 }), async (text, damages) => {
      const damaged = damages.reduce((now, { at, cut, put }) => {
        const place = Math.floor(at * now.length);
        return now.slice(0, place) + put + now.slice(place + cut);
      }, text);
      const log = await opened(damaged);
      // What stands in memory is UTF-8: half a surrogate pair is not.
      const stored = Buffer.from(damaged).toString('utf8');
      assert.is(readAll(log).replace(/\r+(?=\n|$)/g, ''), stored.replace(/\n$/, '').replace(/\r+(?=\n|$)/g, ''));
      const both = openTexts([
        { name: 'a', text: damaged },
        { name: 'b', text: GOOD },
      ]);
      await both.done;
      assert.is(both.size, log.size + ELECTION.length);
      readAll(both);
    }),
    { numRuns: 60, seed: 20261124 },
  );
});

/** Some events, a line of so many bytes, and events again. */
function withLongLine(bytes: number, lines = GOOD): string {
  return `${lines}${'x'.repeat(bytes)}\n${lines}`;
}

const LONG = 16 * 1024 * 1024;

for (const [what, bytes, hasNotice] of [
  ['that is as long as a line may be', LONG - 1, false],
  ['that is longer than a line may be', 3 * LONG, true],
] as const) {
  hostile(`goes on behind a line ${what}`, async () => {
    const path = join(temporaryFolder(), 'long.ndjson');
    writeFileSync(path, withLongLine(bytes));
    for (const workers of [0, 1]) {
      const log = await openLog(path, { workers });
      await log.done;
      assert.is(log.size, 2 * ELECTION.length + 1);
      assert.is(log.unmatched, 1);
      assert.is(log.text(log.size - 1), log.text(ELECTION.length - 1));
      assert.is(log.lineNumberOf(log.size - 1), 2 * ELECTION.length + 1);
      assert.ok(log.line(ELECTION.length).length <= LONG + 2);
      assert.is(log.line(ELECTION.length, 80), 'x'.repeat(80));
      assert.is(await log.search('Crash', ELECTION.length, 'forward'), log.size - 1);
      assert.equal(
        log.notices.map(({ code }) => code),
        hasNotice ? ['LONG_LINE'] : [],
      );
      log.close();
    }
  });
}

hostile('goes on with threads behind a line that is too long', async () => {
  const path = join(temporaryFolder(), 'long.ndjson');
  const events = GOOD.repeat(800);
  writeFileSync(path, withLongLine(2 * LONG, events) + withLongLine(2 * LONG, events));
  const log = await openLog(path, { workers: 2 });
  await log.done;
  assert.is(log.size, 4 * 800 * ELECTION.length + 2);
  assert.is(log.unmatched, 2);
  log.close();
});

hostile('takes a file without a newline for one line', async () => {
  const path = join(temporaryFolder(), 'no-newline.ndjson');
  writeFileSync(path, 'y'.repeat(5 * LONG));
  const log = await openLog(path);
  await log.done;
  assert.is(log.size, 1);
  assert.match(log.problem(0)?.reason ?? '', /more than the 16777216 bytes/);
  log.close();
});

hostile('looks through a line once that comes piece by piece', { timeoutMs: 60_000 }, async () => {
  // To look through it again with each piece would be to read 150 GB.
  const pieces = 3000;
  const stdin = Readable.from(
    (function* () {
      yield GOOD;
      for (let i = 0; i < pieces; i++) yield 'z'.repeat(40_000);
      yield `\n${GOOD}`;
    })(),
  );
  const log = await openLog('-', { stdin });
  await log.done;
  assert.is(log.size, 2 * ELECTION.length + 1);
  log.close();
});
