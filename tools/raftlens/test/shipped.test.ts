import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, fixture, suite, temporaryFolder, unlessRuns } from '@raftlens/testing';
import { storyLog } from './support/cluster-log.ts';

const shipped = suite('raftlens as it is shipped');

const ROOT = fixture(import.meta.url, '..', '..', '..');
const folder = temporaryFolder();
writeFileSync(join(folder, 'run.ndjson'), storyLog().text);
// A format of one's own: `12ms S1 says something`.
const FORMAT = {
  name: 'own',
  line: { pattern: '^(?<t>\\d+)ms (?<who>\\w+) says (?<text>.*)$' },
  time: { from: 't', unit: 'ms' },
  node: ['{who}'],
  events: [],
  detail: '{text}',
};
writeFileSync(join(folder, 'own.json'), JSON.stringify(FORMAT));

/** Through bin/, as a user does: the bundle answers, and not the compiled files that other tests import. */
function raftlens(...args: string[]) {
  return spawnSync(join(ROOT, 'bin', 'raftlens'), args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
}

/** A lab of our own, with the function names of the labs. */
const LAB = fixture(import.meta.url, '..', '..', '..', 'packages', 'observe', 'test', 'lab');

/** Every command once: what to type, the exit code, and what it prints or writes. */
const CALLS: Readonly<Record<string, readonly [args: readonly string[], code: number, printed: RegExp]>> = {
  open: [['run.ndjson'], 0, /BecomeLeader/],
  columns: [['columns', 'run.ndjson'], 0, /BecomeLeader/],
  check: [['check', 'run.ndjson'], 1, /All servers rule 1 .* broken by S3/],
  explain: [['explain', 'run.ndjson'], 1, /All servers rule 1/],
  lab: [['lab', LAB], 0, /RequestVote/],
  diff: [['diff', 'run.ndjson', 'run.ndjson'], 0, /they tell the same/],
  query: [['query', 'op=BecomeLeader', 'run.ndjson'], 0, /S1 BecomeLeader T1/],
  stats: [['stats', 'run.ndjson'], 0, /elections/i],
  formats: [['formats'], 0, /etcd-trace/],
  convert: [['convert', 'run.ndjson', '--to', 'native'], 0, /"op":"BecomeLeader"/],
  svg: [['svg', 'run.ndjson'], 0, /^<svg /],
  html: [['html', 'run.ndjson'], 0, /<svg [^]*addEventListener/],
  sql: [['sql', 'run.ndjson', 'select count(*) as lines from events'], 0, /lines\n *\d+/],
};

/** Those that are absent until something is installed. */
const OPTIONAL = { sql: existsSync(fixture(import.meta.url, '..', 'node_modules', '@duckdb', 'node-api')) };

const NO_DUCKDB = 'the optional @duckdb/node-api is not installed';

shipped('is a bundle', () => {
  assert.ok(existsSync(fixture(import.meta.url, '..', 'dist', 'bundle', 'main.js')));
});

shipped('has no command that is not tried here', () => {
  const { stdout, status } = raftlens('--help');
  assert.is(status, 0);
  const commands = [...stdout.matchAll(/^ {2}raftlens (\w+)/gm)].map((match) => match[1] ?? '');
  assert.equal(commands.sort(), Object.keys(CALLS).sort());
});

for (const [name, [args, code, printed]] of Object.entries(CALLS)) {
  const skip = name === 'lab' ? unlessRuns(['go', 'version']) : name === 'sql' && !OPTIONAL.sql ? NO_DUCKDB : false;
  shipped(`does its work: ${name}`, { skip, timeoutMs: 60_000 }, () => {
    const { stdout, stderr, status } = raftlens(...args);
    assert.is(stderr, '');
    assert.is(status, code);
    assert.match(stdout, printed);
  });
}

for (const [command, ...more] of [['check'], ['stats'], ['columns'], ['query', ''], ['convert', '--to', 'native'], ['svg'], ['html']]) {
  shipped(`takes a file for a log that follows an option which takes several values: ${command}`, () => {
    const { stderr, status } = raftlens(command ?? '', ...more, '--formats', 'own.json', 'run.ndjson');
    assert.is(stderr, '');
    assert.is(status, command === 'check' ? 1 : 0);
  });
}

shipped('takes a list as one value, and once more for more', () => {
  const { stdout } = raftlens('columns', '--just', 'Timeout,Crash', '--just', 'BecomeLeader', 'run.ndjson');
  assert.equal(
    [...stdout.matchAll(/\b(Timeout|Crash|BecomeLeader|Vote)\b/g)].map(([word]) => word),
    ['Timeout', 'BecomeLeader', 'Crash'],
  );
});

shipped('tells its verdict by its exit code when nobody reads to the end', () => {
  const { status, stdout } = spawnSync('bash', ['-c', `set -o pipefail; "${join(ROOT, 'bin', 'raftlens')}" check run.ndjson | head -1`], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.match(stdout, /2 violations/);
  assert.is(status, 1);
});

for (const name of readdirSync(join(ROOT, 'bin'))) {
  shipped(`stands beside other tools in bin/, each of which says what it is: ${name}`, () => {
    const { stdout, status } = spawnSync(join(ROOT, 'bin', name), ['--version'], { encoding: 'utf8' });
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    assert.is(status, 0);
  });
}
