import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, fixture, suite, temporaryFolder, throws } from '@raftlens/testing';
import fc from 'fast-check';
import { pino } from 'pino';
import { openEventLog } from '../src/event-log.ts';
import { decodeLine, type Event, encodeLine } from '../src/index.ts';
import { anyEvent } from './arbitrary-event.ts';
import { EXAMPLES } from './examples.ts';

const it = suite('openEventLog');
const folder = temporaryFolder();
let files = 0;
const newPath = () => join(folder, `log-${(files += 1)}.ndjson`);
const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');
const vote = (seq = 0): Event => ({ time: 1, seq, node: 'S1', boot: 1, op: 'Vote', src: 'S1', dst: 'S1', for: 'S2' });

it('writes by pino what encodeLine gives, to the byte', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 5 }), (events) => {
      const path = newPath();
      const numbered = events.map((event, i) => ({ ...event, seq: i + 1 }));
      const log = openEventLog(path);
      for (const event of numbered) log.write(event);
      log.close();
      assert.is(readFileSync(path, 'utf8'), `${numbered.map(encodeLine).join('\n')}\n`);
    }),
    { seed: 20261124, numRuns: 40 },
  );
});

it('gives lines that pino by itself would have written', () => {
  for (const event of EXAMPLES) {
    const line = encodeLine(event);
    const { level, msg, ...fields } = JSON.parse(line) as { level: number; msg: string };
    let written = '';
    const plain = pino({ base: null, timestamp: false }, { write: (text) => (written = text) });
    plain[level === 30 ? 'info' : level === 40 ? 'warn' : 'error'](fields, msg);
    assert.is(written, `${line}\n`);
  }
});

it('numbers the events', () => {
  const path = newPath();
  const log = openEventLog(path);
  const events = [vote(), vote(), vote(10), vote()];
  for (const event of events) log.write(event);
  log.close();
  assert.equal(
    events.map((event) => event.seq),
    [1, 2, 10, 11],
  );
});

it('refuses a number that does not rise', () => {
  const log = openEventLog(newPath());
  log.write(vote(5));
  throws(() => log.write(vote(5)), { code: 'EVENT_ORDER' });
  log.close();
});

it('goes on where an earlier process stopped, and loses only the half-written line', () => {
  const path = newPath();
  writeFileSync(path, `${encodeLine(vote(1))}\n${encodeLine(vote(2))}\n`);
  appendFileSync(path, encodeLine(vote(3)).slice(0, 40));
  const log = openEventLog(path);
  log.write(vote());
  log.close();
  const decoded = linesOf(path).map((line) => decodeLine(line).event?.seq);
  assert.equal(decoded, [1, 2, undefined, 3]);
});

it('makes the folder of the log', () => {
  const path = join(folder, 'a', 'b', 'events.ndjson');
  openEventLog(path).close();
  assert.ok(existsSync(path));
});

it('says why it cannot write', { skip: existsSync('/dev/full') ? false : 'there is no /dev/full here' }, () => {
  const log = openEventLog('/dev/full');
  const error = throws(() => log.write(vote()), { code: 'LOG_UNWRITABLE' });
  assert.match(error.message, 'cannot write the log /dev/full: ENOSPC');
});

it('says why it cannot be opened', () => {
  mkdirSync(join(folder, 'folder'));
  throws(() => openEventLog(join(folder, 'folder')), { code: 'LOG_UNWRITABLE' });
});

function writer(path: string, end: string, signal?: NodeJS.Signals): Promise<string> {
  const child = spawn(process.execPath, [fixture(import.meta.url, 'fixtures', 'writer.mjs'), path, end], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (signal !== undefined) child.stdout.once('data', () => child.kill(signal));
  return new Promise((resolve) => child.on('close', (code, killedBy) => resolve(String(killedBy ?? code))));
}

const ENDS: readonly (readonly [string, string, NodeJS.Signals | undefined, string])[] = [
  ['process.exit', 'exit', undefined, '0'],
  ['an uncaught exception', 'throw', undefined, '1'],
  ['SIGTERM', 'forever', 'SIGTERM', 'SIGTERM'],
  ['SIGKILL', 'forever', 'SIGKILL', 'SIGKILL'],
];
for (const [name, end, signal, outcome] of ENDS) {
  it(`loses nothing that was written before ${name}`, async () => {
    const path = newPath();
    assert.is(await writer(path, end, signal), outcome);
    const seqs = linesOf(path).map((line) => decodeLine(line).event?.seq);
    assert.ok(seqs.length >= 1000);
    assert.equal(
      seqs,
      Array.from(seqs, (_, i) => i + 1),
    );
  });
}
