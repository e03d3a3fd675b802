import { openText } from '@raftlens/log-store';
import { assert, golden, suite } from '@raftlens/testing';
import { converted, TARGETS, type TargetName } from '../../src/convert/convert.ts';
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

converting('writes a trace that is one JSON value, with an arrow for each message that arrived', async () => {
  const trace: unknown = JSON.parse(await convert(LOG, 'chrome'));
  assert.ok(typeof trace === 'object' && trace !== null && 'traceEvents' in trace && Array.isArray(trace.traceEvents));
  const phases = trace.traceEvents.map((item: { ph: string }) => item.ph);
  const count = (phase: string) => phases.filter((found) => found === phase).length;
  assert.is(count('f'), EVENTS.filter((event) => event.dir === 'recv').length);
  assert.is(count('B'), count('E'));
});
