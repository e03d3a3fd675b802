/** Events a second through the codec and through pino. Prints a Markdown table. */
import { rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventLog } from '../src/event-log.ts';
import { decodeLine, type Event, encodeLine, textOf } from '../src/index.ts';

const ROUND = 100_000;
const ROUNDS = 5;

function sample(i: number): Event {
  const state = { term: 3, role: 'leader', vote: 'S1', commit: 4 + i, applied: 4 + i, last: 7 + i, lastTerm: 3 } as const;
  const header = { time: 1530.217 + i, seq: i + 1, node: 'S1', boot: 1, src: 'S1', dst: 'S2' };
  const ack = { op: 'AppendEntriesReply', dir: 'recv', id: i, re: i, msgTerm: 3, success: true, match: i } as const;
  const entries = [{ term: 3, hash: '9f86d081' }];
  const append = { op: 'AppendEntries', dir: 'send', id: i, msgTerm: 3, prev: i, prevTerm: 3, n: 1, leaderCommit: 4, entries } as const;
  const apply = { op: 'Apply', index: i, entryTerm: 3, hash: '9f86d081' } as const;
  const [own] = [[ack, append, apply][i % 3] ?? ack];
  return { ...header, ...own, ...state, ...(own.op === 'Apply' ? { dst: 'S1' } : {}) };
}

/** Nanoseconds for an event, in the fastest round: slower rounds measure the machine's other work. */
function best(round: () => void): number {
  let nanoseconds = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i += 1) {
    const startedAt = process.hrtime.bigint();
    round();
    nanoseconds = Math.min(nanoseconds, Number(process.hrtime.bigint() - startedAt) / ROUND);
  }
  return nanoseconds;
}

function row(name: string, nanoseconds: number): void {
  console.log(`| ${name} | ${Math.round(1e9 / nanoseconds).toLocaleString('en')} | ${(nanoseconds / 1000).toFixed(2)} |`);
}

const events = Array.from({ length: ROUND }, (_, i) => sample(i));
const lines = events.map(encodeLine);
const path = join(tmpdir(), `raftlens-bench-${process.pid}.ndjson`);

console.log('| events | events/s | µs an event |\n| --- | ---: | ---: |');
row(
  'textOf',
  best(() => events.forEach(textOf)),
);
row(
  'encodeLine',
  best(() => events.forEach(encodeLine)),
);
row(
  'JSON.stringify of the same object, for comparison',
  best(() => events.forEach((event) => JSON.stringify(event))),
);
row(
  'decodeLine',
  best(() => lines.forEach(decodeLine)),
);
row(
  'JSON.parse of the same line, for comparison',
  best(() => lines.forEach((line) => JSON.parse(line) as unknown)),
);
row(
  'pino, to a file, synchronously',
  best(() => {
    rmSync(path, { force: true });
    const log = openEventLog(path);
    for (const event of events) log.write(event);
    log.close();
  }),
);
console.log(
  `\n${(statSync(path).size / ROUND).toFixed(0)} bytes a line; the fastest of ${ROUNDS} rounds of ${ROUND.toLocaleString('en')} events; Node ${process.version}.`,
);
rmSync(path);
