import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bugById } from '@raftlens/bug-zoo';
import { decodeLine } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { tool } from './support/tool.ts';

const it = suite('running scenarios of the simulator');

it('passes on the healthy core', async () => {
  const t = tool();
  const { code, stdout } = await t.run('sim', 'initial-election', 're-election', '--seeds', '1..10', '--keep-going');
  assert.is(code, 0, stdout);
  assert.match(stdout, /asked 20, started 20, passed 20, failed 0/);
  assert.equal(t.runs(), []);
});

it('keeps passing runs with their events where they are asked for', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { code, stdout } = await t.run('sim', 'basic-agreement', '--seeds', '4..9', '--keep', '--keep-runs', '5', '--jobs', '2');
  assert.is(code, 0, stdout);
  const runs = t.runs();
  assert.is(runs.length, 5, 'within the bounds');
  for (const run of runs) {
    assert.is(run.info.outcome, 'pass');
    assert.is(run.info['failedAgain'], undefined);
    const [file = ''] = run.eventFiles;
    assert.ok(readFileSync(file, 'utf8').split('\n').length > 20, 'the events of the run');
  }
  assert.is(new Set(runs.map(({ info }) => info.seed)).size, 5);
});

it('plants a patch from a file of the user, and replays its failure', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { patch } = bugById('C1');
  const file = join(t.folder, 'mine.patch');
  writeFileSync(file, patch.slice(patch.indexOf('--- a/')));
  const { code, stdout } = await t.run('sim', 'figure-8', '--bug', 'mine.patch');
  assert.is(code, 1);
  assert.match(stdout, /Leaders rule 4 \(figure 2/);
  assert.ok(stdout.includes(`--bug ${file}`), stdout);
  assert.match((await t.run('replay')).stdout, /the same run, event for event/);
});

it('refuses a patch that it cannot plant, and a structure that does not have the bug, in one line', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'empty.patch'), 'nothing');
  for (const [message, ...args] of [
    [/no\.patch cannot be read/, 'sim', 'figure-8', '--bug', 'no.patch'],
    [/empty\.patch: it changes no file/, 'sim', 'figure-8', '--bug', 'empty.patch'],
    [/the bug T1 is in structure locked/, 'sim', '--bug', 'T1', '--structure', 'state-machine'],
  ] as const) {
    const { code, stderr } = await t.run(...args);
    assert.is(code, 2, stderr);
    assert.match(stderr, message);
    assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});

it('finds a planted bug and keeps the seed with its events, verdict and plan, which all can be used', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { code, stdout } = await t.run('sim', '--bug', 'C1');
  assert.is(code, 1);
  assert.match(stdout, /Leaders rule 4 \(figure 2/);
  assert.match(stdout, /run it again: run-until-fail sim figure-8 --seeds \d+ --bug C1/);
  assert.match(stdout, /look at it: raftlens logs\//);
  const [run] = t.runs();
  assert.ok(run);
  const events = readFileSync(run.eventFiles[0] ?? '', 'utf8')
    .trimEnd()
    .split('\n');
  assert.ok(events.every((line) => 'event' in decodeLine(line)));
  assert.match(readFileSync(run.verdictFile ?? '', 'utf8'), /"rule": "Leaders rule 4"/);
  assert.is(run.info['failedAgain'], true);

  const replayed = await t.run('replay');
  assert.is(replayed.code, 1);
  assert.match(replayed.stdout, /the same run, event for event/);
  const shrunk = await t.run('shrink', '--budget', '2s', '--to', 'figure-8.json');
  assert.match(readFileSync(join(t.folder, 'figure-8.json'), 'utf8'), /"rule":"Leaders rule 4"/);
  assert.match((await t.run('shrink', '--to', 'figure-8.json')).stderr, /is there already/);
  assert.match(shrunk.stdout, /actions +\d+ -> \d+/);
  assert.ok(existsSync(join(run.folder, 'shrunk.json')));
  const explained = await t.run('explain', '--budget', '1s');
  assert.match(explained.stdout, /The lines marked \* prove it/);
  assert.match(explained.stdout, /C1: /);
  const packed = await t.run('pack', '-o', 'run.tar.gz');
  assert.is(packed.code, 0);
  const listing = spawnSync('tar', ['tzf', 'run.tar.gz'], { cwd: t.folder, encoding: 'utf8' });
  assert.match(listing.stdout, /events\.ndjson\n.*plan\.json\n.*run\.json\n/);
});

it('names the same, lowest failing seed on any number of workers', { timeoutMs: 60_000 }, async () => {
  const seeds: (string | undefined)[] = [];
  for (const jobs of ['1', '4']) {
    const t = tool();
    await t.run('sim', 'figure-8-unreliable', '--bug', 'R1', '--jobs', jobs);
    seeds.push(t.runs()[0]?.info.seed);
  }
  assert.ok(seeds[0]);
  assert.is(seeds[0], seeds[1]);
});

it('says what was meant where a name is wrong', async () => {
  const t = tool();
  const scenario = await t.run('sim', 'figre-8');
  assert.is(scenario.code, 2);
  assert.match(scenario.stderr, /unknown scenario "figre-8"\. Did you mean "figure-8"\?/);
  const bug = await t.run('sim', '--bug', 'C1O0');
  assert.is(bug.code, 2);
  assert.match(bug.stderr, /unknown bug "C1O0"/);
  const none = await t.run('sim');
  assert.match(none.stderr, /say which scenario to run/);
  const seeds = await t.run('sim', 'figure-8', '--seeds', '9..1');
  assert.match(seeds.stderr, /holds no seed/);
});

const SCENARIO = `
import { defineScenario } from '@raftlens/simulator';
export default defineScenario({
  name: 'mine',
  summary: 'a leader is cut off and comes back',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('before', 3);
    const old = await cluster.checkOneLeader();
    cluster.disconnect(old);
    await cluster.one('after', 2);
    if (cluster.random.below(4) === 3) cluster.fail('an unlucky draw');
  },
});
`;

it("runs a scenario of the user's own by its path, which can be replayed, shrunk and explained from elsewhere", {
  timeoutMs: 60_000,
}, async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'mine.ts'), SCENARIO);
  const { code, stdout } = await t.run('sim', './mine.ts', '--seeds', '1..100');
  assert.is(code, 1, stdout);
  assert.match(stdout, /an unlucky draw/);
  assert.match(stdout, /run it again: run-until-fail sim \.\/mine\.ts --seeds \d+/);
  const elsewhere = tool({ RAFTLENS_LOGS: t.logs });
  const replayed = await elsewhere.run('replay');
  assert.is(replayed.code, 1);
  assert.match(replayed.stdout, /the same run, event for event/);
  assert.match((await elsewhere.run('shrink', '--budget', '1s')).stdout, /actions +\d+ -> \d+/);
  assert.match((await elsewhere.run('explain', '--budget', '1s')).stdout, /an unlucky draw/);
  assert.is((await t.run('rerun-failed')).code, 1);
});

it("says what is wrong with a file that is no scenario, once and by the user's own lines", async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'mine.ts'), 'export default { name: "mine" };');
  const { code, stderr } = await t.run('sim', './mine.ts', '--seeds', '1..5');
  assert.is(code, 2);
  assert.match(stderr, /^run-until-fail: \.\/mine\.ts: `summary` must say in one line what happens\n$/);
});

const MODULE = `
export function fine(seed: string): void { console.log('noise', seed); }
export async function breaks(seed: string): Promise<void> { console.log('about to', seed); if (Number(seed) % 13 === 0) throw new RangeError('bad ' + seed); }
export function dies(seed: string): void { if (seed === '5') process.exit(7); }
export function hangs(seed: string): void { if (seed === '4') for (;;); }
const kept: unknown[] = [];
export function leaks(seed: string): void { kept.push(Array.from({ length: 200_000 }, () => seed + Math.random())); }
`;

function withModule() {
  const t = tool();
  writeFileSync(join(t.folder, 'my.ts'), MODULE);
  return t;
}

it('runs the seeded functions of a module, silently, and keeps what the failing seed printed', async () => {
  const t = withModule();
  const { code, stdout } = await t.run('module', 'my.ts', '-t', 'fine', '-t', 'breaks', '--runs', '100');
  assert.is(code, 1);
  assert.match(stdout, /RangeError: bad 13/);
  assert.match(stdout, / \| about to 13/);
  assert.is(t.runs()[0]?.info.seed, '13');
});

it('replaces a worker that dies, and one that hangs, and counts and keeps the seed', async () => {
  const t = withModule();
  const { code, stdout } = await t.run(
    'module',
    'my.ts',
    '-t',
    'dies',
    '-t',
    'hangs',
    '--seeds',
    '1..20',
    '--keep-going',
    '--timeout',
    '700ms',
  );
  assert.is(code, 1);
  assert.match(stdout, /dies +1\/20 /);
  assert.match(stdout, /hangs +1\/20 /);
  assert.match(stdout, /passed 38, failed 2 \(1 timed out, 1 crashed\)/);
});

it('replaces a worker that leaks, and loses no seed', { timeoutMs: 60_000 }, async () => {
  const t = withModule();
  const { code, stdout, stderr } = await t.run(
    'module',
    'my.ts',
    '-t',
    'leaks',
    '--seeds',
    '1..40',
    '--jobs',
    '1',
    '--worker-memory',
    '200',
  );
  assert.is(code, 0, stdout);
  assert.match(stderr, /a worker was replaced after \d+ runs: its memory had grown/);
  assert.match(stdout, /passed 40, failed 0/);
});

/** What may stand where a plan or a verdict was; each is one line of what is wrong, and never an internal error. */
const SPOILT: Readonly<Record<string, (path: string) => void>> = {
  'no JSON': (path) => writeFileSync(path, '{'),
  'other JSON': (path) => writeFileSync(path, '[1,{"version":"x","violations":[{}]}]'),
  'a half': (path) => writeFileSync(path, readFileSync(path, 'utf8').slice(0, 200)),
  nothing: (path) => writeFileSync(path, ''),
  'a pipe': (path) => {
    rmSync(path);
    spawnSync('mkfifo', [path]);
  },
  'a link': (path) => {
    rmSync(path);
    symlinkSync('/dev/zero', path);
  },
  'a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
};

it('says what is wrong with a plan or a verdict that was spoilt', { timeoutMs: 120_000 }, async () => {
  const t = tool();
  await t.run('sim', 'figure-8', '--bug', 'C1', '--seeds', '1..400');
  const [folder] = t.runs().map((run) => run.folder);
  assert.ok(folder);
  const plan = readFileSync(join(folder, 'plan.json'), 'utf8');
  for (const [what, spoil] of Object.entries(SPOILT)) {
    for (const name of ['plan.json', 'verdict.json']) {
      rmSync(join(folder, name), { recursive: true, force: true });
      writeFileSync(join(folder, name), plan);
      spoil(join(folder, name));
    }
    const replayed = await t.run('replay');
    assert.is(replayed.code, 2, `${what}: ${replayed.stderr}`);
    assert.match(replayed.stderr, /^run-until-fail: .*plan\.json is no plan of a run: [^\n]*\n$/, what);
    const shown = await t.run('show');
    assert.is(shown.code, 0, `${what}: ${shown.stderr}`);
  }
});
