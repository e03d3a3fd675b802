import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { LOG } from './cluster.ts';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const folder = temporaryFolder();
const file = join(folder, 'events.ndjson');
writeFileSync(file, LOG);

function raftlens(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...argv], { encoding: 'utf8', cwd: folder });
  return { status, stdout, stderr };
}

const asking = suite('raftlens query and sql');

asking('prints the lines that the filter selects', () => {
  const { status, stdout } = raftlens('query', 'op=BecomeLeader', file);
  assert.is(stdout, '7\t10.5\tS1 BecomeLeader T1\n');
  assert.is(status, 0);
});

asking('gives events back as they were, and counts', () => {
  const lines = LOG.split('\n').filter((line) => line.includes('"op":"AppendEntries"'));
  assert.is(raftlens('query', 'op=AppendEntries', file, '--json').stdout, `${lines.join('\n')}\n`);
  assert.is(raftlens('query', 'heartbeat', file, '--count').stdout, '2\n');
});

asking('points at a mistake in one line, with exit code 2', () => {
  const { status, stdout, stderr } = raftlens('query', 'nod=S1', file);
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.is(stderr, 'raftlens: there is no field "nod"; did you mean "node"? (column 1 of the filter nod=S1)\n');
});

const hasDuckDb = existsSync(fileURLToPath(new URL('../../../node_modules/@duckdb/node-api', import.meta.url)));

asking(
  'answers SQL, and writes Parquet',
  { skip: hasDuckDb ? false : 'the optional @duckdb/node-api is not installed', timeoutMs: 60_000 },
  () => {
    const query = "select node, count(*) as n from events where dir = 'send' group by node order by node";
    assert.is(raftlens('sql', file, query, '--json').stdout, '{"node":"S1","n":4}\n{"node":"S2","n":2}\n');
    const parquet = join(folder, 'events.parquet');
    assert.is(raftlens('sql', file, 'from events', '--parquet', parquet).status, 0);
    assert.ok(existsSync(parquet));
    const mistake = raftlens('sql', file, 'select nothing from events');
    assert.is(mistake.status, 2);
    assert.match(mistake.stderr, /"nothing" not found/);
  },
);
