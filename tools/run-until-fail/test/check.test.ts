import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '@raftlens/testing';
import { type Tool, tool } from './support/tool.ts';

const it = suite('--check');

/** A log that breaks a rule, and one that breaks none, of the simulator. */
async function logs(t: Tool): Promise<void> {
  await t.run('sim', '--bug', 'C1', '--logs', join(t.folder, 'broken'));
  copyFileSync(join(t.folder, 'broken', 'latest', 'events.ndjson'), join(t.folder, 'bad.ndjson'));
  await t.run('sim', 'basic-agreement', '--seeds', '1', '--keep', '--logs', join(t.folder, 'healthy'));
  copyFileSync(join(t.folder, 'healthy', 'latest', 'events.ndjson'), join(t.folder, 'good.ndjson'));
}

it('fails a run whose log breaks a rule, however the run itself ended, and the rule is why', { timeoutMs: 120_000 }, async () => {
  const t = tool();
  await logs(t);
  const script = 'case $RUN_SEED in 2) log=bad;; 3) log=bad; end=3;; *) log=good;; esac; cp $log.ndjson $RUN_DIR/events.ndjson; exit $end';
  const report = join(t.folder, 'report.json');
  const { code, stdout } = await t.run('--check', '--runs', '4', '-k', '--seed', '1', '--report', report, '--', 'sh', '-c', script);
  assert.is(code, 1, stdout);
  assert.match(stdout, /passed 2, failed 2, logs checked 4\n/);
  assert.match(stdout, /2x violation: Leaders rule 4\n {5}Leaders rule 4 \(figure 2, .*commits index 1.*\(broken by S\d\)\n/);
  assert.match(stdout, /run it again: run-until-fail .*--check -- sh/);
  assert.equal(
    t
      .runs()
      .map(({ info }) => [
        info.seed,
        (info['reason'] as { type: string; ending?: unknown }).type,
        (info['reason'] as { ending?: unknown }).ending,
      ]),
    [
      ['2', 'violation', undefined],
      ['3', 'violation', { type: 'exit', code: 3 }],
    ],
  );
  assert.match(String(t.runs()[1]?.info['why']), /; the run itself: exit code 3$/);
  assert.is((await t.run('rerun-failed')).code, 1, 'the check is part of running it again');
  assert.match((await t.run('merge', report)).stdout, /logs checked 4/);
});

it('goes with a preset, and reads what the test prints as well', { timeoutMs: 120_000 }, async () => {
  const t = tool();
  await logs(t);
  const presets = { presets: { mine: { command: ['cat', '{targets}'] } } };
  writeFileSync(join(t.folder, 'run-until-fail.json'), JSON.stringify(presets));
  const bad = await t.run('mine', 'bad.ndjson', '--check', '--runs', '2', '--jobs', '1');
  assert.is(bad.code, 1, bad.stdout);
  assert.match(bad.stdout, /violation: Leaders rule 4/);
  const good = await t.run('mine', 'good.ndjson', '--check', '--runs', '1');
  assert.is(good.code, 0, good.stdout);
  assert.match(good.stdout, /logs checked 1\n/);
});

it('says of how many runs there was no log to check, and does not pass where there was none at all', { timeoutMs: 120_000 }, async () => {
  const t = tool();
  const { code, stdout } = await t.run('--check', '--runs', '2', '--junit', 'junit.xml', '--', 'true');
  assert.is(code, 1);
  assert.match(stdout, /^NO LOG WAS CHECKED: 0 of 2 runs failed/);
  assert.match(stdout, /\nthe log of 2 runs could not be checked; of the first: it left no log in RUN_DIR and printed nothing\n/);
  assert.match(readFileSync(join(t.folder, 'junit.xml'), 'utf8'), /<error message="no log was checked"/);
  const prose = await t.run('--check', '--runs', '1', '--', 'echo', 'nothing of Raft');
  assert.is(prose.code, 1);
  assert.match(prose.stdout, /the log of 1 run could not be checked; of the first: the run's folder/);
});
