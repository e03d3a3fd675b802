import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { parse } from 'yaml';
import type { Report } from '../src/report/report.ts';
import { readReport } from '../src/report/report-schema.ts';
import { TOOL, tool } from './support/tool.ts';

const it = suite('the files for CI systems in docs/ci');

function ciFile(name: string): string {
  return readFileSync(new URL(`../../../../docs/ci/${name}`, import.meta.url), 'utf8');
}

/** Follows keys and positions into what a YAML file holds. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined), value);
}

function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  assert.type(found, 'string', path.join('.'));
  return String(found);
}

/** A checkout with the test that the files name, and the tool of this repository on the PATH. */
class Checkout {
  readonly folder = temporaryFolder();
  readonly #programs = join(this.folder, 'bin');

  constructor() {
    mkdirSync(this.#programs);
    this.#script(join(this.#programs, 'run-until-fail'), `exec '${process.execPath}' '${TOOL}' "$@"`);
    this.#script(join(this.folder, 'my-test'), 'test $((RUN_SEED % 7)) -ne 3 || { echo "Error: no leader in term $RUN_SEED"; exit 4; }');
  }

  /** Runs a script as the system would, but 40 runs instead of 8000. Gives its exit code. */
  run(script: string, environment: Readonly<Record<string, string>>): number | null {
    assert.ok(/ merge /.test(script) || script.includes('--runs 8000'), script);
    const { status } = spawnSync('/bin/sh', ['-e', '-c', script.replace('--runs 8000', '--runs 40')], {
      cwd: this.folder,
      env: { ...process.env, GITHUB_ACTIONS: '', PATH: `${this.#programs}${delimiter}${process.env['PATH'] ?? ''}`, ...environment },
      stdio: 'ignore',
    });
    return status;
  }

  report(...path: readonly string[]): Report {
    const file = join(this.folder, ...path);
    return readReport(readFileSync(file, 'utf8'), file);
  }

  #script(path: string, text: string): void {
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  }
}

/** What must be the same however many machines share the runs. */
function figuresOf({ asked, started, tests, failures }: Report): unknown {
  return {
    asked,
    started,
    tests: tests.map(({ name, tally }) => [name, tally.passed, tally.failed, tally.durations.count]),
    failures: failures.map(({ signature, count }) => [signature, count]),
  };
}

let ofOneRun: Promise<unknown> | undefined;

function figuresOfOneRun(): Promise<unknown> {
  ofOneRun ??= runAlone(new Checkout());
  return ofOneRun;
}

async function runAlone(checkout: Checkout): Promise<unknown> {
  const t = tool();
  const words = ['--cwd', checkout.folder, '--seed', '1', '--runs', '40', '--keep-going', '--report', 'one.json', '--', './my-test'];
  assert.is((await t.run(...words)).code, 1);
  return figuresOf(readReport(readFileSync(join(t.folder, 'one.json'), 'utf8'), 'one.json'));
}

it('GitHub Actions: eight jobs and a merge come to what one run comes to', { timeoutMs: 120_000 }, async () => {
  const workflow: unknown = parse(ciFile('github.yml'));
  const parts = at(workflow, 'jobs', 'run', 'strategy', 'matrix', 'part');
  assert.equal(parts, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.is(at(workflow, 'jobs', 'run', 'strategy', 'fail-fast'), false);
  assert.is(at(workflow, 'jobs', 'merge', 'if'), 'always()');
  assert.is(at(workflow, 'jobs', 'merge', 'needs'), 'run');
  const checkout = new Checkout();
  const step = textAt(workflow, 'jobs', 'run', 'steps', 4, 'run');
  // What the upload of the one job names is where the merge of the other looks.
  assert.match(textAt(workflow, 'jobs', 'run', 'steps', 5, 'with', 'path'), /^reports$/m);
  const codes = [1, 2, 3, 4, 5, 6, 7, 8].map((part) => checkout.run(step.replaceAll('${{ matrix.part }}', String(part)), {}));
  assert.ok(codes.every((code) => code === 0 || code === 1) && codes.includes(1), String(codes));
  const merge = textAt(workflow, 'jobs', 'merge', 'steps', 4, 'run');
  assert.is(checkout.run(`${merge} --report whole.json`, {}), 1, 'the merge has the exit code of the whole');
  assert.equal(figuresOf(checkout.report('whole.json')), await figuresOfOneRun());
  assert.match(readFileSync(join(checkout.folder, 'junit.xml'), 'utf8'), /<testsuite name="\.\/my-test" tests="1" failures="1"/);
});

it('Kubernetes: each pod runs the part of its index, and one that finds failures does not end the others', {
  timeoutMs: 120_000,
}, async () => {
  const job: unknown = parse(ciFile('kubernetes.yaml'));
  assert.is(at(job, 'spec', 'completionMode'), 'Indexed');
  assert.is(at(job, 'spec', 'completions'), 8);
  const container = at(job, 'spec', 'template', 'spec', 'containers', 0);
  assert.equal(at(container, 'command'), ['/bin/sh', '-c']);
  assert.is(at(container, 'volumeMounts', 0, 'name'), at(job, 'spec', 'template', 'spec', 'volumes', 0, 'name'));
  const checkout = new Checkout();
  const script = textAt(container, 'args', 0).replace('/8"', '/2"').replaceAll('/reports', join(checkout.folder, 'volume'));
  for (const index of ['0', '1']) assert.is(checkout.run(script, { JOB_COMPLETION_INDEX: index }), 0);
  assert.is(checkout.run('run-until-fail merge volume/*.json --report whole.json', {}), 1);
  assert.equal(figuresOf(checkout.report('whole.json')), await figuresOfOneRun());
});

it('Slurm: each task of the array runs its part', { timeoutMs: 120_000 }, async () => {
  const script = ciFile('slurm.sh');
  assert.match(script, /^#!\/bin\/sh\n#SBATCH --array=1-8\n/);
  const checkout = new Checkout();
  for (const task of ['1', '2']) {
    const code = checkout.run(script, { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_TASK_COUNT: '2' });
    assert.ok(code === 0 || code === 1, String(code));
  }
  assert.is(checkout.run('run-until-fail merge reports/*.json --report whole.json', {}), 1);
  assert.equal(figuresOf(checkout.report('whole.json')), await figuresOfOneRun());
});
