import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, temporaryFolder, unlessRuns } from '@raftlens/testing';
import { type LaunchPlan, OUTPUT_FILE } from '../../src/execute/launch-plan.ts';
import { LauncherPool } from '../../src/execute/launcher-pool.ts';
import type { LauncherKind } from '../../src/execute/launcher-process.ts';
import type { Run, RunResult } from '../../src/run.ts';
import type { ShakeSetting } from '../../src/shake.ts';
import { processesThat, processesWith, until } from '../support/tool.ts';

const LINUX = process.platform === 'linux' ? false : 'it reads /proc';

const NO_PRLIMIT = unlessRuns(['prlimit', '--version']);

/** A pool of its own for a test, and what the runs of its command come to. */
class Bench {
  readonly folder = temporaryFolder();
  readonly mark = `POOL_TEST_MARK=${process.pid}-${this.folder}`;
  readonly pool: LauncherPool;
  #runs = 0;

  constructor(launcher: LauncherKind, command: readonly string[], plan: Partial<LaunchPlan> = {}) {
    const [name = '', value = ''] = this.mark.split('=');
    this.pool = new LauncherPool({
      plan: {
        command,
        shell: false,
        workingDirectory: this.folder,
        environment: { PATH: process.env['PATH'] ?? '', [name]: value },
        timeoutMs: null,
        killAfterMs: 200,
        quitSignal: 'SIGTERM',
        failurePatterns: [],
        ignorePatterns: [],
        caseCounter: null,
        keepPassing: true,
        outputMaxBytes: 1_000_000,
        checksLogs: false,
        shake: null,
        ...plan,
      },
      jobs: 2,
      nameOf: () => 'a test',
      directoryOf: (run) => join(this.folder, `run-${run.number}`),
      launcher,
    });
  }

  execute(): Promise<RunResult> {
    this.#runs += 1;
    const run: Run = { number: this.#runs, test: 0, index: this.#runs, seed: String(this.#runs) };
    return this.pool.execute(run);
  }

  /** One run, and the pool is closed. */
  async once(): Promise<RunResult> {
    try {
      return await this.execute();
    } finally {
      await this.pool.close();
    }
  }
}

function printedBy({ directory }: RunResult): string {
  return readFileSync(join(directory ?? '', OUTPUT_FILE), 'utf8');
}

const shell = (script: string): readonly string[] => ['sh', '-c', script];

for (const kind of ['perl', 'node'] as const) {
  const it = suite(`commands launched by ${kind}`);

  it('get their words and variables as they are', async () => {
    const words = ['', ' two words ', 'quote \' " \\ $HOME `id`', 'line\nbreak', 'ünïcödé 漢', '--', '*'];
    const bench = new Bench(kind, [process.execPath, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...words]);
    assert.equal(JSON.parse(printedBy(await bench.once())), words);
    const variables = await new Bench(kind, ['env'], { environment: { PATH: process.env['PATH'] ?? '', EMPTY: '', ODD: 'a=b\nc' } }).once();
    const own = variables.directory;
    assert.equal(
      printedBy(variables)
        .split('\n')
        .filter((line) => !line.startsWith('PATH='))
        .toSorted(),
      ['', 'EMPTY=', 'ODD=a=b', `RUN_DIR=${own}`, 'RUN_SEED=1', 'RUN_TEST=a test', 'c'],
    );
  });

  it('have no variable that only another run had', async () => {
    const bench = new Bench(kind, shell('echo "${GOMAXPROCS:-none} $PLANNED"'), {
      environment: { PATH: process.env['PATH'] ?? '', PLANNED: 'yes' },
      shake: (seed): ShakeSetting => (seed === '2' ? { procs: 16 } : {}),
    });
    const printed = [];
    for (let run = 1; run <= 3; run++) printed.push(printedBy(await bench.execute()));
    await bench.pool.close();
    assert.equal(printed, ['none yes\n', '16 yes\n', 'none yes\n']);
  });

  it('get no file and no signal setting of ours, a group of their own and no terminal', { skip: LINUX }, async () => {
    const script = 'cut -d" " -f1,5,7 /proc/$$/stat; grep -E "^Sig(Blk|Ign)" /proc/self/status; readlink /proc/$$/fd/0; ls /proc/$$/fd';
    const { stdout: files } = spawnSync('sh', ['-c', 'ls /proc/$$/fd'], { encoding: 'utf8' });
    const printed = printedBy(await new Bench(kind, shell(script)).once());
    assert.match(printed, /^(\d+) \1 0\nSigBlk:\t0{16}\nSigIgn:\t0{16}\n\/dev\/null\n/);
    assert.is(printed.split('/dev/null\n')[1], files, 'the files that a command gets from us without a launcher between');
  });

  it('run in the working directory and write both streams to one file, in order', async () => {
    const bench = new Bench(kind, shell('pwd; echo error >&2; echo last'));
    assert.is(printedBy(await bench.once()), `${bench.folder}\nerror\nlast\n`);
  });

  it('are told apart when they exit with 137 and when they are killed', async () => {
    const exit = await new Bench(kind, shell('exit 137')).once();
    assert.equal(exit.verdict, { kind: 'failed', reason: { type: 'exit', code: 137 } });
    for (const signal of ['KILL', 'SEGV', 'ABRT']) {
      const crash = await new Bench(kind, shell(`ulimit -c 0; kill -${signal} $$`)).once();
      assert.equal(crash.verdict, { kind: 'failed', reason: { type: 'signal', signal: `SIG${signal}` } });
    }
  });

  it('may pass at once, many times over, and leave no folder', async () => {
    const bench = new Bench(kind, ['true'], { keepPassing: false });
    for (let round = 0; round < 10; round++) {
      for (const { verdict, directory } of await Promise.all([bench.execute(), bench.execute(), bench.execute()])) {
        assert.equal([verdict.kind, directory], ['passed', null]);
      }
    }
    await bench.pool.close();
  });

  it('that cannot be run are lost, not failed, and it is said why', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'script'), 'true\n');
    mkdirSync(join(folder, 'dir'));
    const tried: [readonly string[], Partial<LaunchPlan>, string, RegExp][] = [
      [['no-such-command-here'], {}, 'ENOENT', /cannot run "no-such-command-here": ENOENT/],
      [[join(folder, 'script')], {}, 'EACCES', /cannot run ".*script": EACCES/],
      [['true'], { workingDirectory: join(folder, 'gone') }, 'ENOENT', /: ENOENT/],
      [['true', 'x'.repeat(300_000)], {}, 'E2BIG', /cannot run "true": E2BIG/],
    ];
    for (const [command, plan, code, message] of tried) {
      const { verdict, directory } = await new Bench(kind, command, plan).once();
      assert.is(verdict.kind, 'lost');
      assert.is(verdict.kind === 'lost' ? verdict.code : '', code);
      assert.match(verdict.kind === 'lost' ? verdict.message : '', message);
      assert.is(directory, null, 'its folder is gone');
    }
  });

  it('leave nothing alive outside of their group, and it is reported', { skip: LINUX, timeoutMs: 60_000 }, async () => {
    const deeds: Readonly<Record<string, string>> = {
      'a session of its own': 'setsid sleep 60 & sleep 0.1',
      'one that ignores SIGTERM': `setsid sh -c "trap '' TERM; sleep 60; sleep 60" & sleep 0.1`,
      'a daemon by two forks': 'setsid sh -c "sleep 60 & sleep 60 & exit 0"',
      'one that goes on starting others': 'setsid sh -c "while :; do sleep 0.01 & done" & sleep 0.1',
      many: 'for i in 1 2 3 4 5 6 7 8; do setsid sleep 60 & done; sleep 0.1',
    };
    for (const [name, deed] of Object.entries(deeds)) {
      const bench = new Bench(kind, shell(`sleep 0.06; ${deed}`));
      const { verdict, leftProcesses } = await bench.execute();
      assert.equal([verdict.kind, leftProcesses], ['passed', true], name);
      assert.equal(processesWith(`RUN_DIR=${bench.folder}`), [], name);
      assert.is((await bench.execute()).verdict.kind, 'passed', 'the next run goes on');
      await bench.pool.close();
    }
  });

  it('tell what processor time they took with all their processes', { skip: LINUX, timeoutMs: 60_000 }, async () => {
    const busy = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done';
    const ways: Readonly<Record<string, Partial<LaunchPlan> & { readonly script: string }>> = {
      'the command itself': { script: busy },
      'a child that is waited for': { script: `(${busy}); true` },
      'a child that is left to the launcher and ends before the command': { script: `(${busy} & ); sleep 2` },
      'children that are killed at the timeout': { script: '(while :; do :; done) & (while :; do :; done); true', timeoutMs: 1500 },
      'one that left the group and lives on': { script: `setsid sh -c '${busy}; sleep 60' & sleep 2` },
    };
    for (const [name, { script, ...plan }] of Object.entries(ways)) {
      const { cpuMs } = await new Bench(kind, shell(script), plan).once();
      if (kind === 'node') assert.is(cpuMs, null, 'Node does not tell');
      else assert.ok(cpuMs !== null && cpuMs >= 40, `${name}: ${cpuMs} ms`);
    }
    if (kind === 'perl') assert.ok(((await new Bench(kind, ['sleep', '0.5']).once()).cpuMs ?? 999) < 100, 'one that sleeps takes none');
  });

  it('leave nothing alive where they take the marks off', {
    skip: LINUX === false && kind === 'node' ? 'only perl adopts' : LINUX,
    timeoutMs: 60_000,
  }, async () => {
    const bench = new Bench(kind, shell('env -i setsid sleep 61.5 & sleep 0.1'));
    const { leftProcesses } = await bench.once();
    assert.ok(leftProcesses);
    assert.equal(
      processesThat((words) => words === 'sleep 61.5'),
      [],
    );
  });

  it('wait when the machine is out of files, and run when there are some again', { skip: NO_PRLIMIT }, async () => {
    const bench = new Bench(kind, shell('echo $PPID'));
    const launcher = printedBy(await bench.execute()).trim();
    const limitFiles = (soft: number): unknown => spawnSync('prlimit', ['--pid', launcher, `--nofile=${soft}:`]);
    limitFiles(3);
    let settled = false;
    const run = bench.execute().finally(() => {
      settled = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.not.ok(settled, 'it waits');
    limitFiles(1000);
    assert.is((await run).verdict.kind, 'passed');
    await bench.pool.close();
  });

  it('are ended at the timeout, with all their children', { skip: LINUX }, async () => {
    const bench = new Bench(kind, shell('sleep 60 & sleep 60 & sleep 60'), { timeoutMs: 100 });
    const { verdict, leftProcesses } = await bench.once();
    assert.equal(verdict, { kind: 'failed', reason: { type: 'timeout', limitMs: 100 } });
    assert.not.ok(leftProcesses, 'it was we who ended it');
    assert.equal(processesWith(bench.mark), []);
  });

  it('are killed when they ignore SIGTERM', { skip: LINUX }, async () => {
    const bench = new Bench(kind, shell('test $RUN_SEED = 1 || trap "" TERM; test $RUN_SEED = 1 || sleep 60'), { timeoutMs: 500 });
    await bench.execute(); // The launcher is there now, so that the trap is set in time.
    const { verdict, durationMs } = await bench.once();
    assert.equal(verdict, { kind: 'failed', reason: { type: 'timeout', limitMs: 500 } });
    assert.ok(durationMs >= 700, `after --kill-after, not after ${durationMs} ms`);
    assert.equal(processesWith(bench.mark), []);
  });

  it('are ended although they have been stopped', { skip: LINUX }, async () => {
    const bench = new Bench(kind, shell('kill -STOP $$'), { timeoutMs: 100, killAfterMs: 60_000 });
    assert.is((await bench.once()).verdict.kind, 'failed');
    assert.equal(processesWith(bench.mark), []);
  });

  it('get the quit signal first, and what they then print is kept', async () => {
    const script = 'test $RUN_SEED = 1 && exit; trap "echo stacks here; exit 2" QUIT; while :; do sleep 0.02; done';
    const bench = new Bench(kind, shell(script), { timeoutMs: 500, killAfterMs: 60_000, quitSignal: 'SIGQUIT' });
    await bench.execute();
    assert.match(printedBy(await bench.once()), /stacks here/);
  });

  it('leave no grandchildren behind, also such as ignore SIGTERM, and it is reported', { skip: LINUX }, async () => {
    const bench = new Bench(kind, shell('for i in 1 2 3 4 5 6 7 8 9 10; do sleep 60 & done; (trap "" TERM; sleep 60) &'));
    const { verdict, leftProcesses } = await bench.once();
    assert.equal([verdict.kind, leftProcesses], ['passed', true]);
    assert.equal(processesWith(bench.mark), []);
  });

  it('are ended by stop and counted as stopped, those too that come after it', { skip: LINUX }, async () => {
    const bench = new Bench(kind, ['sleep', '60']);
    const runs = [bench.execute(), bench.execute()];
    await until('both run', () => processesWith(bench.mark).length >= 2);
    bench.pool.stop('gently');
    for (const { verdict } of await Promise.all([...runs, bench.execute()])) assert.is(verdict.kind, 'stopped');
    await bench.pool.close();
    assert.equal(processesWith(bench.mark), []);
  });

  it('that are stopped the moment they start are ended none the less', { skip: LINUX }, async () => {
    const bench = new Bench(kind, ['sleep', '60'], { killAfterMs: 60_000 });
    const runs = [bench.execute(), bench.execute()];
    bench.pool.stop('gently');
    for (const { verdict } of await Promise.all(runs)) assert.is(verdict.kind, 'stopped');
    await bench.pool.close();
    assert.equal(processesWith(bench.mark), []);
  });

  it('are lost when their launcher dies, and ended; the next run has a launcher again', { skip: LINUX }, async () => {
    const bench = new Bench(kind, shell('test -e go-on && exit; touch go-on; kill -KILL $PPID; sleep 60'));
    const { verdict } = await bench.execute();
    assert.is(verdict.kind === 'lost' ? verdict.code : '', 'LAUNCHER_DIED');
    await until('what it had started is gone', () => processesWith(bench.mark).length === 0);
    assert.is((await bench.once()).verdict.kind, 'passed');
  });

  it('are given up with a launcher that does not answer when all must end now', { skip: LINUX }, async () => {
    const bench = new Bench(kind, shell('sleep 0.2; kill -STOP $PPID; sleep 60'));
    const run = bench.execute();
    await until('it runs', () => processesWith(bench.mark).length >= 1);
    await new Promise((resolve) => setTimeout(resolve, 500)); // Its launcher is stopped.
    bench.pool.stop('gently');
    bench.pool.stop('now');
    assert.is((await run).verdict.kind, 'stopped');
    await bench.pool.close();
    await until('it is gone', () => processesWith(bench.mark).length === 0);
  });

  it('are ended with the pool', { skip: LINUX }, async () => {
    const bench = new Bench(kind, shell('sleep 60 & sleep 60'));
    void bench.execute();
    await until('it runs', () => processesWith(bench.mark).length >= 3);
    await bench.pool.close();
    await until('it is gone', () => processesWith(bench.mark).length === 0);
  });

  it('find their folder as new, whatever a run before them did to its own', async () => {
    // Each run finds its folder empty and plain, and spoils it in another way.
    const script = `
      test "$(ls -A "$RUN_DIR")" = output.log && test "$(stat -c %a "$RUN_DIR")" = "$0" || exit 1
      case $RUN_SEED in
        1) touch "$RUN_DIR/.hidden";;
        2) chmod 500 "$RUN_DIR";;
        3) rm -r "$RUN_DIR";;
        4) rm "$RUN_DIR/output.log"; mkdir -p "$RUN_DIR/a/b";;
        5) rm -r "$RUN_DIR"; ln -s "$PWD" "$RUN_DIR";;
      esac`;
    const folder = join(temporaryFolder(), 'plain');
    mkdirSync(folder);
    const mode = (0o777 & ~process.umask()).toString(8);
    const bench = new Bench(kind, ['sh', '-c', script, mode], { keepPassing: false });
    writeFileSync(join(bench.folder, OUTPUT_FILE), 'not of a run');
    for (let run = 1; run <= 7; run++) {
      const { verdict, directory } = await bench.execute();
      assert.equal([verdict.kind, directory], ['passed', null], `run ${run}`);
    }
    await bench.pool.close();
    assert.ok(existsSync(join(bench.folder, OUTPUT_FILE)), 'nothing behind a link was touched');
  });

  it('that fail keep their folder, which no later run gets', async () => {
    const bench = new Bench(kind, shell('echo $RUN_SEED; test $RUN_SEED != 2'), { keepPassing: false });
    const first = await bench.execute();
    const second = await bench.execute();
    const third = await bench.execute();
    await bench.pool.close();
    assert.equal([first.directory, second.directory, third.directory], [null, join(bench.folder, 'run-2'), null]);
    assert.is(printedBy(second), '2\n');
    chmodSync(second.directory ?? '', 0o755);
    assert.not.ok(existsSync(join(bench.folder, 'run-3', OUTPUT_FILE)));
  });
}

const without = suite('without a perl that works');

for (const [what, perl] of [
  ['there is none', null],
  ['it is broken', '#!/bin/sh\nexit 2\n'],
  ['it is another program', '#!/bin/sh\necho welcome\nread line\n'],
] as const) {
  without(`node launches: ${what}`, async () => {
    const path = temporaryFolder();
    symlinkSync('/bin/sh', join(path, 'sh'));
    if (perl !== null) writeFileSync(join(path, 'perl'), perl, { mode: 0o755 });
    const bench = new Bench('perl', ['sh', '-c', 'echo launched'], { environment: { PATH: path } });
    const first = await Promise.all([bench.execute(), bench.execute()]);
    for (const result of [...first, await bench.once()]) {
      assert.is(result.verdict.kind, 'passed');
      assert.is(printedBy(result), 'launched\n');
    }
  });
}
