import { formatDuration, printable } from '@raftlens/command-line';
import { formatCount, formatRate, plural } from '../format.ts';
import { boundWithoutFailures, passesToBeSure, wilsonInterval } from '../results/confidence.ts';
import { judged, type RunTally } from '../results/tally.ts';
import { environmentLines } from './environment.ts';
import { type Outcome, outcomeOf, type Report, totalOf } from './report.ts';
import { shakeLines } from './shake-lines.ts';
import { testTable } from './test-table.ts';

/**
 * The final summary: what happened, how sure one may be, where the failures are. Safe to print.
 *
 * @param width of the terminal, for the table
 */
export function summaryLines(report: Report, where: (folder: string) => string, width?: number): readonly string[] {
  const total = totalOf(report);
  return [
    printable(headlineOf(report, total)),
    ...environmentLines(report.environment).map((line) => `  ${printable(line)}`),
    '',
    testTable(report.tests, width),
    '',
    countsLine(report, total),
    ...rateLines(total),
    ...noteLines(report, total),
    ...shakeLines(report.shake),
    ...failureLines(report, where),
  ];
}

const HEADLINES: Readonly<Record<Outcome, string>> = {
  passed: 'PASSED',
  failed: 'FAILED',
  nothingRun: 'NOTHING WAS TESTED',
  nothingChecked: 'NO LOG WAS CHECKED',
  cached: 'ONLY CACHED RESULTS',
  machine: 'THE MACHINE FAILED',
  interrupted: 'INTERRUPTED',
};

/** What it came to, in one line; it holds the label, which is not safe to print. */
export function headlineOf(report: Report, total: RunTally): string {
  const counts = `${formatCount(total.failed)} of ${plural(judged(total), 'run')} failed`;
  return `${HEADLINES[outcomeOf(report)]}: ${counts} in ${formatDuration(report.elapsedMs)}: ${report.label}`;
}

function countsLine({ asked, started }: Report, total: RunTally): string {
  const parts = [
    `asked ${asked === null ? 'without bound' : formatCount(asked)}`,
    `started ${formatCount(started)}`,
    `passed ${formatCount(total.passed)}`,
    `failed ${formatCount(total.failed)}${failedParts(total)}`,
    ...(total.ignored > 0 ? [`ignored ${formatCount(total.ignored)}`] : []),
    ...(total.cached > 0 ? [`not run, out of a cache ${formatCount(total.cached)}`] : []),
    ...(total.stopped > 0 ? [`ended by us ${formatCount(total.stopped)}`] : []),
    ...(total.checked > 0 ? [`logs checked ${formatCount(total.checked)}`] : []),
    ...(total.lost > 0 ? [`could not be run ${formatCount(total.lost)}`] : []),
  ];
  return parts.join(', ');
}

function failedParts({ timedOut, crashed }: RunTally): string {
  const parts = [
    ...(timedOut > 0 ? [`${formatCount(timedOut)} timed out`] : []),
    ...(crashed > 0 ? [`${formatCount(crashed)} crashed`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** How often it fails, and how sure one may be of that. */
export function rateLines(total: RunTally): readonly string[] {
  const runs = judged(total);
  if (runs === 0) return [];
  if (total.failed === 0)
    return [`no failure in ${plural(runs, 'run')}: the failure rate is below ${formatRate(boundWithoutFailures(runs))} at 95 %`];
  const { low, high } = wilsonInterval(total.failed, runs);
  const rate = `failure rate ${formatRate(total.failed / runs)}, at 95 % between ${formatRate(low)} and ${formatRate(high)}`;
  const needed = passesToBeSure(total.failed, runs);
  return [`${rate}; after a fix, ${plural(needed, 'passing run')} in a row ${needed === 1 ? 'makes' : 'make'} 95 % sure`];
}

function noteLines(report: Report, total: RunTally): readonly string[] {
  const notes: string[] = [];
  if (report.problem !== null) notes.push(`could not go on: ${printable(report.problem)}`);
  if (report.problem === null && total.cached > 0)
    notes.push('what comes out of a cache says nothing about how often a test fails: it is not counted');
  const over = report.tests.filter((test) => test.over);
  if (over.length > 0 && report.tests.length > 1)
    notes.push(
      overLine(
        over.map(({ name }) => name),
        report.tests.length,
      ),
    );
  if (total.leftProcesses > 0) notes.push(`${plural(total.leftProcesses, 'run')} left processes behind; they were ended`);
  notes.push(...report.notes.map(printable));
  for (const { name, tally } of report.tests) {
    const counts = Object.entries(tally.caseCounts);
    if (counts.length < 2) continue;
    const list = counts.map(([cases, runs]) => `${plural(Number(cases), 'case')} in ${plural(runs, 'run')}`).join(', ');
    notes.push(`${printable(name)}: the number of test cases changed between passing runs: ${list}`);
  }
  return notes;
}

const NAMES_MAX = 5;

function overLine(names: readonly string[], tests: number): string {
  const rest = names.length - NAMES_MAX;
  const listed = [...names.slice(0, NAMES_MAX).map((name) => printable(name)), ...(rest > 0 ? [`${formatCount(rest)} more`] : [])].join(
    ', ',
  );
  const others = names.length === tests ? '' : '; the others went on';
  return `not run any more once they had failed: ${listed}${others}`;
}

/** A session with more kinds of failures than this has one cause that breaks everything: the rest stands in the reports. */
const GROUPS_SHOWN_MAX = 20;
/** Reasons that the signature already gives. */
const SAID_BY_SIGNATURE = /^(?:exit code \d+|executed no test)$/;

function failureLines(report: Report, where: (folder: string) => string): readonly string[] {
  if (report.failures.length === 0) return [];
  const many = report.tests.length > 1;
  const hidden = report.failures.length - GROUPS_SHOWN_MAX;
  const groups = report.failures
    .slice(0, GROUPS_SHOWN_MAX)
    .flatMap(({ test, signature, count, example }) => [
      `  ${formatCount(count)}x ${printable(many ? `${test}: ` : '')}${printable(signature)}`,
      ...(SAID_BY_SIGNATURE.test(example.why) ? [] : example.why.split('\n').map((line) => `     ${printable(line)}`)),
      `     seed ${printable(example.seed)}${example.folder === null ? '' : `, kept in ${printable(where(example.folder))}`}`,
    ]);
  return [
    '',
    'failures, by what they have in common:',
    ...groups,
    ...(hidden > 0 ? [`  ... and ${plural(hidden, 'more kind')}: --report FILE writes them all`] : []),
    ...(report.again === null ? [] : ['', `run it again: ${printable(report.again)}`]),
  ];
}
