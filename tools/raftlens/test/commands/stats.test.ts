import { openText } from '@raftlens/log-store';
import { assert, golden, suite } from '@raftlens/testing';
import { logStats } from '../../src/stats/log-stats.ts';
import { Sample } from '../../src/stats/percentiles.ts';
import { statsReport } from '../../src/stats/report.ts';
import { LOG } from './cluster.ts';

const counting = suite('raftlens stats');

async function stats() {
  const log = openText(`${LOG}panic\n`, { name: 'memory.ndjson' });
  await log.done;
  return logStats(log);
}

counting('tells who led, what was lost and how fast commands were committed', async () => {
  golden(import.meta.url, 'stats.txt', statsReport(await stats(), 100));
});

counting('counts every message once, heartbeats apart', async () => {
  const { messages } = await stats();
  const entries = messages.find(({ op, isHeartbeat }) => op === 'AppendEntries' && !isHeartbeat);
  assert.equal([entries?.sent, entries?.received, entries?.dropped, entries?.missing], [2, 1, 1, 0]);
  assert.is(messages.find(({ isHeartbeat }) => isHeartbeat)?.sent, 1);
});

counting('measures a commit from the start of the command', async () => {
  assert.equal((await stats()).commitMs, { count: 1, p50: 10.5, p90: 10.5, p99: 10.5, max: 10.5 });
});

counting('takes percentiles by the nearest rank', () => {
  const sample = new Sample();
  for (let value = 1000; value >= 1; value--) sample.add(value);
  assert.equal(sample.summary(), { count: 1000, p50: 500, p90: 900, p99: 990, max: 1000 });
  assert.ok(Number.isNaN(new Sample().percentile(0.5)));
});
