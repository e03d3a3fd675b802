import { readFileSync } from 'node:fs';
import { assert, fixture, suite } from '@raftlens/testing';
import { allScenarios, Cluster } from '../src/index.ts';

const it = suite('docs/SIMULATOR.md');

const text = readFileSync(fixture(import.meta.url, '..', '..', '..', 'docs', 'SIMULATOR.md'), 'utf8');

it('lists every scenario as it is, and no other', () => {
  const rows = text.split('\n').filter((line) => /^\| `[a-z0-9-]+` \| \d+ \|/.test(line));
  assert.equal(
    rows,
    allScenarios().map(({ name, servers, summary }) => `| \`${name}\` | ${servers} | ${summary} |`),
  );
});

it('names only calls that the cluster has', () => {
  const table = text.split('\n').filter((line) => /^\| (time and tasks|commands|servers|network|the labs' checks) \|/.test(line));
  const calls = table.flatMap((line) => [...line.matchAll(/`(\w+)/g)].map((match) => match[1] ?? ''));
  assert.ok(calls.length > 40);
  for (const call of calls) assert.ok(call in Cluster.prototype, `the cluster has no ${call}`);
});
