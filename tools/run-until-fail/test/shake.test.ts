import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, unlessRuns } from '@raftlens/testing';
import * as fc from 'fast-check';
import { levelsHere } from '../src/execute/shaken-command.ts';
import { shakeLines, verdictOn } from '../src/report/shake-lines.ts';
import { countSetting, fisherMore, type LevelCount, mergeLevels, standoutOf } from '../src/results/shake-counts.ts';
import { FACTORS, type Levels, parseSetting, type ShakeSetting, settingOf, settingText } from '../src/shake.ts';
import { outputOf, processesThat, type Tool, tool } from './support/tool.ts';

const it = suite('--shake');

const LEVELS: Levels = { procs: [1, 2, 16], cpus: [1, 2], neighbours: [1, 4], nice: [10, 19], slack: [10, 50] };
const LINUX = process.platform === 'linux' ? false : 'affinity and timer slack are those of Linux';

it('gives a run the setting that its seed says, and each factor is as usual half of the time', () => {
  const drawn = Array.from({ length: 4000 }, (_, seed) => settingOf(String(seed), LEVELS));
  for (const factor of FACTORS) {
    const usual = drawn.filter((setting) => setting[factor] === undefined).length;
    assert.ok(usual > 1850 && usual < 2150, `${factor}: ${usual}`);
    for (const level of LEVELS[factor]) {
      const share = drawn.filter((setting) => setting[factor] === level).length * LEVELS[factor].length;
      assert.ok(share > 1600 && share < 2400, `${factor}=${level}: ${share}`);
    }
  }
  assert.equal(settingOf('77', LEVELS), settingOf('77', LEVELS));
});

it('is written as it is read', () => {
  for (let seed = 0; seed < 500; seed++) {
    const setting = settingOf(String(seed), LEVELS);
    assert.equal(parseSetting(settingText(setting)), setting);
  }
});

it('reaches the run, and ends with it', { skip: LINUX || unlessRuns(['taskset', '--version']), timeoutMs: 60_000 }, async () => {
  const t = tool();
  const script = 'nproc; nice; cat /proc/$$/timerslack_ns; echo $GOMAXPROCS; sleep 0.2; ps -eo args | grep -c "^[^ ]*sh -c while kill -0"';
  const setting = 'procs=3,cpus=1,neighbours=2,nice=7,slack=20ms';
  const base = Number((await t.run('--runs', '1', '--keep', '--', 'nice'), lastOutput(t)));
  await t.run('--shake-with', setting, '--runs', '1', '--keep', '--env', 'GOMAXPROCS=9', '--', 'sh', '-c', script);
  const run = t.runs().at(-1);
  assert.is(run?.info['shake'], setting);
  const [cpus, nice, slack, procs, neighbours] = lastOutput(t).split('\n').map(Number);
  assert.equal([cpus, nice, slack, procs], [1, Math.min(19, base + 7), 20_000_000, 3]);
  assert.ok((neighbours ?? 0) >= 2);
  assert.equal(
    processesThat((words) => words.includes('while kill -0') && words.includes(t.folder)),
    [],
  );
});

it('tells how a shaken command ended as it would of any other', { skip: LINUX, timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { stdout } = await t.run(
    '--shake-with',
    'nice=5,slack=10ms',
    '--runs',
    '3',
    '--seed',
    '1',
    '-k',
    '--timeout',
    '500ms',
    '--',
    'sh',
    '-c',
    'case $RUN_SEED in 1) exit 7;; 2) kill -KILL $$;; 3) sleep 60;; esac',
  );
  assert.match(stdout, /failed 3 \(1 timed out, 1 crashed\)/);
  assert.match(stdout, /1x exit 7\n/);
  assert.match(stdout, /1x SIGKILL\n/);
});

it('finds the setting under which a test fails, keeps it with the run, and runs it again under it', {
  skip: LINUX || (levelsHere().nice.length === 0 && 'there is no nice(1)'),
  timeoutMs: 120_000,
}, async () => {
  const t = tool();
  const script = 'test "${GOMAXPROCS:-0}" != 16 || { echo "Error: race"; exit 1; }';
  const report = join(t.folder, 'report.json');
  const { stdout, stderr } = await t.run('--shake', '--runs', '80', '-k', '--seed', '1', '--report', report, '--', 'sh', '-c', script);
  assert.match(
    stdout,
    /\nit fails most under procs=16: (\d+) of \1 runs, and 0 of \d+ without; chance alone does that in less than 0\.01 % of such sessions/,
  );
  assert.match(stderr, /FAIL .*, shaken by procs=16[^:]*: exit code 1/);
  const [run] = t.runs();
  assert.match(String(run?.info['shake']), /^procs=16/);
  const again = await t.run('replay');
  assert.is(again.code, 1);
  assert.match(again.stdout, /failed 1\n/);
  assert.match((await t.run('merge', report)).stdout, /it fails most under procs=16/);
  const { shake } = JSON.parse(readFileSync(report, 'utf8')) as { shake: readonly LevelCount[] };
  for (const factor of FACTORS) {
    const runs = shake.filter((count) => count.factor === factor).reduce((sum, count) => sum + count.runs, 0);
    assert.is(runs, 80, factor);
  }
});

it('compares by Fisher’s exact test', () => {
  // Fisher's own example: the lady tasting tea, 3 of 4 right.
  assert.ok(Math.abs(fisherMore({ runs: 4, failed: 3 }, { runs: 4, failed: 1 }) - 17 / 70) < 1e-9);
  assert.ok(Math.abs(fisherMore({ runs: 4, failed: 4 }, { runs: 4, failed: 0 }) - 1 / 70) < 1e-9);
  assert.ok(Math.abs(fisherMore({ runs: 10, failed: 0 }, { runs: 10, failed: 5 }) - 1) < 1e-9);
  assert.ok(fisherMore({ runs: 100_000, failed: 300 }, { runs: 100_000, failed: 100 }) < 1e-20);
});

function lastOutput(t: Tool): string {
  const run = t.runs().at(-1);
  return run === undefined ? '' : outputOf(run);
}

/** A test that fails with a probability, whatever it is shaken by: a session that stops at so many failures. */
function sessionOf(random: () => number, rate: number, failures: number): readonly LevelCount[] {
  let counts: readonly LevelCount[] = [];
  for (let failed = 0, seed = 0; failed < failures && seed < 4000; seed++) {
    const setting: ShakeSetting = settingOf(String(Math.floor(random() * 1e9)), LEVELS);
    const fails = random() < rate;
    failed += fails ? 1 : 0;
    counts = countSetting(counts, setting, fails);
  }
  return counts;
}

it('names a setting in at most one of twenty sessions where none matters', { timeoutMs: 60_000 }, () => {
  let named = 0;
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let session = 0; session < 400; session++) {
    const standout = standoutOf(sessionOf(random, 0.1, 15));
    if (standout !== null && standout.chance < 0.05) named += 1;
  }
  assert.ok(named <= 30, `${named} of 400`);
});

it('says what it knows: nothing of one failure, and no setting where none stands out', () => {
  const once = countSetting(countSetting([], { nice: 19 }, true), {}, false);
  assert.match(shakeLines(once).join('\n'), /it failed under procs=usual, .*nice=19.*; so few failures do not tell which of these matters/);
  const even = [...Array(40).keys()].reduce<readonly LevelCount[]>(
    (counts, at) => countSetting(counts, at % 2 === 0 ? {} : { nice: 19 }, at % 4 < 2 && at % 8 < 4),
    [],
  );
  assert.match(verdictOn(even), /^no setting stands out: /);
  assert.equal(shakeLines(null), []);
  assert.equal(shakeLines(countSetting([], { nice: 19 }, true)), [], 'all in one way');
});

it('adds up over machines', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1000), fc.boolean())), fc.nat(20), (runs, at) => {
      const countOf = (some: typeof runs) =>
        some.reduce<readonly LevelCount[]>((counts, [seed, failed]) => countSetting(counts, settingOf(String(seed), LEVELS), failed), []);
      const sorted = (counts: readonly LevelCount[]) => counts.toSorted((a, b) => (a.level < b.level ? -1 : 1));
      assert.equal(sorted(mergeLevels(countOf(runs.slice(0, at)), countOf(runs.slice(at)))), sorted(countOf(runs)));
    }),
  );
});

it('refuses what it does not know, in one line', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  for (const [words, message] of [
    [['--shake-with', 'x=1'], /unknown setting of --shake-with "x"/],
    [['--shake-with', ''], /unknown setting of --shake-with ""/],
    [['--shake-with', 'cpus=0'], /cpus must be a whole number from 1 to 1024, not "0"/],
    [['--shake-with', 'nice=20'], /nice must be a whole number from 0 to 19, not "20"/],
    [['--shake-with', 'slack=5'], /slack must be a whole number of milliseconds, such as 50ms, from 0 to 1000, not "5"/],
    [['--shake-with', 'nice=1,nice=2'], /--shake-with has nice twice/],
    [['--shake', '--shake-with', 'nice=1'], /give one of them/],
  ] as const) {
    const { code, stderr } = await t.run(...words, '--', 'true');
    assert.is(code, 2);
    assert.match(stderr, message);
    assert.is(stderr.trimEnd().split('\n').length, 1);
  }
});
