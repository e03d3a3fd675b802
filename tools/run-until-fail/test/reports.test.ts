import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, golden, suite, throws, unlessRuns } from '@raftlens/testing';
import * as fc from 'fast-check';
import { githubAnnotations } from '../src/report/github.ts';
import { junitXml } from '../src/report/junit.ts';
import { markdownSummary } from '../src/report/markdown.ts';
import { mergeReports } from '../src/report/merge-reports.ts';
import { outcomeOf, type Report } from '../src/report/report.ts';
import { readReport } from '../src/report/report-schema.ts';
import { summaryLines } from '../src/report/summary.ts';
import { EMPTY_TALLY, type RunTally } from '../src/results/tally.ts';
import { tool } from './support/tool.ts';

const it = suite('reports');

const TALLY: RunTally = {
  ...EMPTY_TALLY,
  passed: 97,
  failed: 3,
  timedOut: 1,
  stopped: 2,
  leftProcesses: 1,
  durations: { count: 100, mean: 120, squares: 990_000, min: 80, max: 900 },
  cpu: { count: 100, mean: 42, squares: 90_000, min: 30, max: 250 },
  caseCounts: { '2': 99, '1': 1 },
};

const REPORT: Report = {
  format: 'run-until-fail/1',
  label: 'go ./raft',
  startedAt: '2026-11-24T08:00:00.000Z',
  elapsedMs: 12_300,
  environment: { system: 'Linux', processor: 'x', cores: 2, memory: '8 GiB', node: 'v20', toolchain: {}, commit: null, commandLine: [] },
  asked: 102,
  started: 102,
  stop: 'queueEmpty',
  problem: null,
  shard: null,
  tests: [{ name: 'TestBackup3B', tally: TALLY }],
  failures: [
    {
      test: 'TestBackup3B',
      signature: 'exit 1: test_test.go:N: <no> "agreement" & \u001b[31mmore',
      count: 3,
      example: { folder: '/work/logs/20261124-080001-TestBackup3B-seed7', seed: '7', why: 'exit code 1' },
    },
  ],
  shake: null,
  notes: [],
  again: 'run-until-fail go ./raft -t TestBackup3B --runs 1 --seed 7',
};

it('are summed up so that a person sees what matters', () => {
  golden(import.meta.url, 'summary.txt', `${summaryLines(REPORT, (folder) => folder.replace('/work/', '')).join('\n')}\n`);
});

it('are JUnit XML that is well-formed whatever a test printed', () => {
  golden(import.meta.url, 'junit.xml', junitXml(REPORT));
});

/** The elements of a text in their order, each with its attributes; it throws where the text is not well-formed. */
function elementsOf(
  xml: string,
): readonly { readonly path: string; readonly attributes: ReadonlySet<string>; readonly time: string | undefined }[] {
  const open: string[] = [];
  const elements = [];
  for (const [, closing, name = '', attributes = '', empty] of xml
    .replace(/<\?.*?\?>/, '')
    .matchAll(/<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)(\/?)>/g)) {
    if (closing === '/') {
      assert.is(open.pop(), name);
      continue;
    }
    const names = [...attributes.matchAll(/([\w-]+)="/g)].map(([, attribute = '']) => attribute);
    elements.push({ path: [...open, name].join('/'), attributes: new Set(names), time: /\btime="([^"]*)"/.exec(attributes)?.[1] });
    if (empty !== '/') open.push(name);
  }
  assert.equal(open, []);
  return elements;
}

/** What both schemas, of Jenkins' xUnit plugin and of Surefire, allow and want of what we write; the children of a case in Surefire's order. */
const CASE_CHILDREN = ['failure', 'rerunFailure', 'flakyFailure', 'error', 'system-out'];
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  testsuite: ['name', 'time', 'tests', 'errors', 'skipped', 'failures'],
  testcase: ['name', 'time'],
  failure: ['type'],
  rerunFailure: ['type'],
  flakyFailure: ['type'],
  error: ['type'],
  property: ['name', 'value'],
};
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  testsuites: ['name'],
  testcase: ['name', 'time', 'classname'],
  failure: ['type', 'message'],
  rerunFailure: ['type', 'message'],
  flakyFailure: ['type', 'message'],
  error: ['type', 'message'],
};

function checkJunit(xml: string): void {
  assert.not.match(xml, /(?!\n|\t)\p{Cc}/u);
  let order = 0;
  for (const { path, attributes, time } of elementsOf(xml)) {
    const name = path.split('/').at(-1) ?? '';
    for (const required of REQUIRED[name] ?? []) assert.ok(attributes.has(required), `${path} needs ${required}`);
    for (const attribute of attributes)
      assert.ok((ALLOWED[name] ?? REQUIRED[name] ?? []).includes(attribute), `${path} knows no ${attribute}`);
    if (time !== undefined) assert.match(time, /^\d+\.\d{3}$/);
    if (name === 'testcase') order = 0;
    if (path.endsWith(`testcase/${name}`)) {
      assert.ok(CASE_CHILDREN.indexOf(name) >= order, `${name} comes too late`);
      order = CASE_CHILDREN.indexOf(name);
    }
  }
}

it('are JUnit XML by the schemas of Jenkins and of Surefire, whatever tests are called and print', { timeoutMs: 60_000 }, () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(']]>', '<!--', '&amp;', '"', '\u0000', '\ud800', '\uffff', 'a\r\nb'),
  );
  const count = fc.nat({ max: 1_000_000 });
  const example = fc.record({ folder: fc.option(text), seed: text, why: text, output: text });
  const failures = fc.array(fc.record({ test: fc.constantFrom('A', 'B'), signature: text, count, example }), { maxLength: 4 });
  const tallies = fc.record({
    passed: count,
    failed: count,
    ignored: count,
    cached: count,
    lost: count,
    mean: fc.double({ min: 0, max: 1e9, noNaN: true }),
  });
  fc.assert(
    fc.property(text, failures, tallies, fc.option(text), (label, groups, { mean, ...counts }, problem) => {
      const tally: RunTally = { ...TALLY, ...counts, durations: { ...TALLY.durations, mean } };
      const report: Report = { ...REPORT, label, failures: groups, problem, tests: ['A', 'B'].map((name) => ({ name, tally })) };
      checkJunit(junitXml(report));
      checkMarkdown(markdownSummary({ ...report, tests: [{ name: label, tally }] }));
    }),
    { numRuns: 2000 },
  );
});

/** Nothing of a test begins a tag, a link, a fence or a row. */
function checkMarkdown(markdown: string): void {
  for (const line of markdown.split('\n')) {
    if (line.startsWith('    ')) continue;
    assert.not.match(line.replaceAll('**', ''), /[<`[\]]|\p{Cc}|(?<!&#\d{0,5});(?=\s*script)/u);
    if (line.startsWith('| ')) assert.is(line.split('|').length, 9, line);
  }
}

it('are a page of Markdown for GitHub Actions', async () => {
  const t = tool({ GITHUB_STEP_SUMMARY: 'summary.md' });
  writeFileSync(join(t.folder, 'summary.md'), 'of the step before\n');
  await t.run('--runs', '4', '--jobs', '1', '--seed', '1', '--keep-going', '--', 'sh', '-c', 'echo "Error: <b>|lost"; test $RUN_SEED != 3');
  const summary = readFileSync(join(t.folder, 'summary.md'), 'utf8');
  assert.match(summary, /^of the step before\n### FAILED: 1 of 4 runs failed/);
  assert.match(summary, /\| 1 \| 4 \| 25\.0 % \|/);
  assert.match(summary, /\*\*1x\*\* .*exit 1: Error: &#60;b&#62;&#124;lost/);
  assert.match(summary, /\n {4}Error: <b>\|lost\n/);
});

it('are GitHub annotations that no output can break out of', () => {
  const [line = '', ...others] = githubAnnotations({
    ...REPORT,
    failures: REPORT.failures.map((group) => ({ ...group, signature: 'a\n::set-env::b%' })),
  });
  assert.equal(others, []);
  assert.not.match(line, /\n/);
  assert.match(line, /^::error title=TestBackup3B is flaky::3x a%0A::set-env::b%25/);
});

it('of shards make one report, as if one machine had counted', () => {
  const shards = [0, 1].map((position) => ({ ...REPORT, shard: { position, count: 2 } }));
  const [first, second] = shards;
  assert.ok(first && second);
  const whole = mergeReports([first, second]);
  assert.is(whole.tests[0]?.tally.failed, 6);
  assert.is(whole.failures[0]?.count, 6);
  assert.is(whole.asked, 204);
  assert.is(outcomeOf(whole), 'failed');
  throws(() => mergeReports([first, first]), 'twice');
  throws(() => mergeReports([first]), 'no report of shard 2');
});

it('of shards on different machines or commits name all of them', () => {
  const on = (position: number, processor: string, commit: string | null): Report => ({
    ...REPORT,
    shard: { position, count: 2 },
    environment: { ...REPORT.environment, processor, commit, toolchain: { go: 'go version go1.19' } },
  });
  const { environment } = mergeReports([on(0, 'x', 'abc'), on(1, 'y', 'abd')]);
  assert.is(environment.processor, 'x | y');
  assert.is(environment.commit, 'abc | abd');
  assert.equal(environment.toolchain, { go: 'go version go1.19' });
  assert.is(mergeReports([on(0, 'x', null), on(1, 'x', null)]).environment.processor, 'x');
});

it('begin with where they were made', { skip: unlessRuns(['python3', '--version']) }, async () => {
  const t = tool();
  const { stdout } = await t.run('--runs', '1', '--', 'python3', '-c', 'pass');
  assert.match(
    stdout,
    /^PASSED: .*\n  on .*, \d+ cores?, .* GiB, Linux .*\n  with node v\d+.*; not in git\n  by run-until-fail --runs 1 -- python3 -c pass\n/,
  );
});

it('are read back as they were written, and nothing else is', () => {
  assert.equal(readReport(JSON.stringify(REPORT), 'x.json'), REPORT);
  throws(() => readReport('{}', 'x.json'), 'x.json is no report');
  throws(() => readReport('half a {', 'x.json'), 'x.json is no report');
});

it('never call a session green that tested nothing', () => {
  const nothing = { ...REPORT, tests: [{ name: 'a', tally: EMPTY_TALLY }], failures: [] };
  assert.is(outcomeOf(nothing), 'nothingRun');
  assert.match(junitXml(nothing), /<error message="no run came to a verdict" type="nothingTested"\/>/);
});

it('of real shards, made by the tool, are merged by the tool', async () => {
  const t = tool();
  for (const part of ['1/2', '2/2'])
    await t.run('--runs', '9', '--shard', part, '--report', `r${part[0]}.json`, '--keep-going', '--', 'sh', '-c', 'test $RUN_SEED != 4');
  const { code, stdout } = await t.run('merge', 'r1.json', 'r2.json');
  assert.is(code, 1);
  assert.match(stdout, /FAILED: 1 of 9 runs failed/);
});

it('are a stream of JSON events when asked for, with the summary on stderr', async () => {
  const { stdout, stderr } = await tool().run('--runs', '2', '--json', '--', 'true');
  const types = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
    .map((event) => (typeof event === 'object' && event !== null ? Reflect.get(event, 'type') : null) as unknown);
  assert.equal(types, ['begin', 'run', 'run', 'end']);
  assert.match(stderr, /PASSED: 0 of 2 runs failed/);
});

it('go on where an interrupted session stopped, and count no run twice', async () => {
  const t = tool();
  const words = ['--runs', '40', '--jobs', '2', '--seed', '1', '--', 'sh', '-c', 'echo $RUN_SEED >> "$0/seeds"; sleep 0.1', t.folder];
  const { child, ended } = t.start(...words);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  child.kill('SIGINT');
  assert.is((await ended).code, 130);
  const { code, stdout } = await t.run('--resume', ...words);
  assert.is(code, 0, stdout);
  assert.match(stdout, /asked 40, started 40, passed 40/);
  const seeds = new Set(readFileSync(join(t.folder, 'seeds'), 'utf8').trimEnd().split('\n'));
  assert.is(seeds.size, 40, 'every seed was run');
  assert.match((await t.run('--resume', ...words)).stderr, /no interrupted session of this very command line/);
});

it('tell good, bad and untestable commits apart for git bisect', async () => {
  const t = tool();
  const codes = [];
  for (const words of [
    ['--', 'true'],
    ['--', 'false'],
    ['--time', '300ms', '--', 'sleep', '9'],
  ])
    codes.push((await t.run('--bisect', '--runs', '1', ...words)).code);
  assert.equal(codes, [0, 1, 125]);
});

it('list and show what is kept, and run it again', async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'broken'), '');
  await t.run('--', 'sh', '-c', 'echo "Error: it is broken"; test ! -e broken');
  assert.match((await t.run('list')).stdout, /fail .*exit code 1/);
  assert.match((await t.run('show')).stdout, / \| Error: it is broken/);
  assert.is((await t.run('replay')).code, 1);
  const still = await t.run('rerun-failed');
  assert.is(still.code, 1);
  assert.match(still.stdout, /still fails/);
});
