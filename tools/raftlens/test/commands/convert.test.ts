import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckReport } from '@raftlens/checker';
import { openText } from '@raftlens/log-store';
import { assert, golden, suite, temporaryFolder } from '@raftlens/testing';
import { checkLog } from '../../src/check/log-check.ts';
import { converted, TARGETS, type TargetName } from '../../src/convert/convert.ts';
import { FAULTS } from '../planted/acts.ts';
import { nativeLog } from '../planted/phrasebooks.ts';
import { raftlens } from '../support/command.ts';
import { EVENTS, LOG } from './cluster.ts';

const converting = suite('raftlens convert');

async function convert(text: string, to: TargetName): Promise<string> {
  const log = openText(text, { name: 'memory.ndjson' });
  await log.done;
  return [
    ...converted(
      log,
      Array.from({ length: log.size }, (_, row) => row),
      to,
    ),
  ].join('');
}

for (const to of TARGETS) {
  converting(`writes ${to}`, async () => {
    golden(import.meta.url, `convert-${to}.txt`, await convert(`${LOG}panic: "no", it said\n`, to));
  });
}

/** Formats that hold the text of an event give it back. */
const TEXTUAL: readonly TargetName[] = ['native', 'lab', 'shiviz', 'etcd-zap', 'hclog', 'pino'];

for (const to of TEXTUAL) {
  converting(`reads back what it wrote as ${to}: the same texts, the same pairs`, async () => {
    const before = openText(LOG);
    const after = openText(await convert(LOG, to));
    await Promise.all([before.done, after.done]);
    assert.is(after.unmatched, 0);
    const told = (log: typeof before) => EVENTS.map((_, row) => `${log.text(row)} with ${log.partnerOf(row)}`);
    // A dropped message has no id in these formats, and so no partner.
    const isDrop = (text: string) => text.includes('-x') || text.startsWith('S1->S3');
    assert.equal(
      told(after).filter((text) => !isDrop(text)),
      told(before).filter((text) => !isDrop(text)),
    );
  });
}

async function reportOf(text: string): Promise<CheckReport> {
  const log = openText(text);
  await log.done;
  return checkLog(log);
}

/** Rules that are broken, and what is broken of them. */
function brokenIn({ violations }: CheckReport): readonly string[] {
  return violations.map(({ rule, node, why }) => `${rule}: ${node}: ${why}`);
}

/** Whether the rule was held against every step that it governs. */
function isJudged({ coverage, unchecked }: CheckReport, rule: string): boolean {
  return coverage.judged.includes(rule) && !unchecked.some((other) => other.rule === rule);
}

for (const to of TEXTUAL) {
  converting(
    `loses no fault in ${to}: what is read back has the same verdict, to the word, or says that a rule was not judged`,
    async () => {
      for (const log of [LOG, ...FAULTS.map((fault) => nativeLog(fault.log))]) {
        const before = await reportOf(log);
        const after = await reportOf(await convert(log, to));
        const broken = brokenIn(after);
        assert.equal(
          broken.filter((text) => !brokenIn(before).includes(text)),
          [],
        );
        for (const { rule, node, why } of before.violations) {
          assert.ok(broken.includes(`${rule}: ${node}: ${why}`) || !isJudged(after, rule), why);
        }
      }
    },
  );
}

converting('accuses nobody in etcd-trace who is not accused in the log itself', async () => {
  // Each line of a trace has a state, so that a server which leaves terms out would have leapt over them.
  for (const fault of FAULTS.filter(({ name }) => name !== 'elections in vain')) {
    const log = nativeLog(fault.log);
    const known = new Set(brokenIn(await reportOf(log)).map((text) => text.split(':')[0]));
    const found = brokenIn(await reportOf(await convert(log, 'etcd-trace')));
    assert.equal(
      found.filter((text) => !known.has(text.split(':')[0])),
      [],
      fault.name,
    );
  }
});

interface TraceItem {
  readonly ph: string;
  readonly tid: number;
  readonly ts?: number;
  readonly id?: number;
}

async function traceOf(text: string): Promise<readonly TraceItem[]> {
  const trace: unknown = JSON.parse(await convert(text, 'chrome'));
  assert.ok(typeof trace === 'object' && trace !== null && 'traceEvents' in trace && Array.isArray(trace.traceEvents));
  return trace.traceEvents.map((item: TraceItem) => item);
}

const idsOf = (items: readonly TraceItem[], phase: string) => items.filter(({ ph }) => ph === phase).map(({ id }) => id);

converting('writes a trace that is one JSON value, with an arrow of two ends for each message that arrived', async () => {
  const items = await traceOf(LOG);
  assert.is(idsOf(items, 'f').length, EVENTS.filter((event) => event.dir === 'recv').length);
  assert.equal(
    idsOf(items, 's'),
    idsOf(items, 'f').toSorted((a, b) => Number(a) - Number(b)),
  );
  assert.is(idsOf(items, 'B').length, idsOf(items, 'E').length);
});

converting('writes a trace whose times rise in each thread, and an arrow once for what is received twice', async () => {
  const lines = LOG.trimEnd().split('\n');
  const received = lines.findIndex((line) => line.includes('"dir":"recv"'));
  const backwards = lines.map((line, at) => (at % 5 === 4 ? line.replace(/"time":[\d.]+/, '"time":0.001') : line));
  backwards.splice(received + 1, 0, lines[received] ?? '');
  const items = await traceOf(`${backwards.join('\n')}\n`);
  const latest = new Map<number, number>();
  for (const { tid, ts } of items) {
    if (ts === undefined) continue;
    assert.ok(ts >= (latest.get(tid) ?? 0), `thread ${tid}`);
    latest.set(tid, ts);
  }
  assert.equal(new Set(idsOf(items, 'f')).size, idsOf(items, 'f').length);
  assert.equal(new Set(idsOf(items, 's')), new Set(idsOf(items, 'f')));
});

/** Lines that are read, and cannot be written in every format. */
const ODD = [
  LOG.split('\n')[0]?.replace(/"time":[\d.]+/, '"time":1e300') ?? '',
  '{"time":3,"node":"S1","boot":1,"op":"BecomeLeader","term":1,"voters":"S1,,S2"}',
];

for (const to of TARGETS) {
  converting(`leaves out of ${to} what it cannot hold, says so, and writes the rest`, async () => {
    const file = join(temporaryFolder(), 'odd.ndjson');
    writeFileSync(file, `${ODD.join('\n')}\n${LOG}`);
    const { code, stdout, stderr } = await raftlens(['convert', file, '--to', to]);
    assert.is(code, 0, stderr);
    assert.ok(stdout.split('\n').length > EVENTS.length);
    assert.not.match(stderr, /internal error/);
    const isDated = !['native', 'csv', 'shiviz'].includes(to);
    if (isDated) assert.match(stderr, /could not be written as .*odd\.ndjson:1: its time is 1e\+300 ms/);
    if (['etcd-trace', 'chrome'].includes(to)) assert.match(stderr, new RegExp(`${to} does not hold `));
    else assert.not.match(stderr, /does not hold/);
  });
}

converting('gives a query as JSON with what can be written, and says what cannot', async () => {
  const file = join(temporaryFolder(), 'odd.ndjson');
  writeFileSync(file, `${ODD.join('\n')}\n${LOG}`);
  const { code, stdout, stderr } = await raftlens(['query', '', file, '--json']);
  assert.is(code, 0, stderr);
  assert.ok(stdout.split('\n').length > EVENTS.length);
});
