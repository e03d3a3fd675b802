import { formatDuration } from '@raftlens/command-line';
import { formatCount, formatRate, plural } from '../format.ts';
import { judged } from '../results/tally.ts';
import { type Report, totalOf } from './report.ts';
import { verdictOn } from './shake-lines.ts';
import { headlineOf, rateLines } from './summary.ts';

/** GitHub takes a megabyte of a step: so many tests and kinds of failures are far below that. */
const ROWS_MAX = 200;
const GROUPS_MAX = 20;
const TEXT_MAX = 500;
const OUTPUT_LINES_MAX = 20;

/** The summary as Markdown, for the page of a job on GitHub Actions. Nothing that a test printed is taken for Markdown or HTML. */
export function markdownSummary(report: Report): string {
  const total = totalOf(report);
  return [
    `### ${text(headlineOf(report, total))}`,
    '',
    '| test | failed | runs | rate | mean | max | CPU |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...report.tests.slice(0, ROWS_MAX).map(row),
    ...(report.tests.length > ROWS_MAX ? [`| and ${plural(report.tests.length - ROWS_MAX, 'more test')} | | | | | | |`] : []),
    '',
    ...rateLines(total).map(text),
    ...(report.shake?.some(({ failed }) => failed > 0) ? [`\n${text(verdictOn(report.shake))}`] : []),
    ...report.notes.map((note) => `\n${text(note)}`),
    ...report.failures.slice(0, GROUPS_MAX).flatMap(group),
    ...(report.failures.length > GROUPS_MAX ? ['', `and ${plural(report.failures.length - GROUPS_MAX, 'more kind')} of failures`] : []),
    ...(report.again === null ? [] : ['', 'run it again:', ...block([report.again])]),
    '',
  ].join('\n');
}

function row({ name, tally }: Report['tests'][number]): string {
  const runs = judged(tally);
  const { mean, max } = tally.durations;
  const cpu = tally.cpu.count === 0 ? '-' : formatDuration(tally.cpu.mean);
  const measures = runs === 0 ? ['-', '-', '-', '-'] : [formatRate(tally.failed / runs), formatDuration(mean), formatDuration(max), cpu];
  return `| ${[text(name), formatCount(tally.failed), formatCount(runs), ...measures].join(' | ')} |`;
}

function group({ test, signature, count, example }: Report['failures'][number]): readonly string[] {
  const kept = example.folder === null ? '' : `, kept in ${example.folder}`;
  return [
    '',
    `**${formatCount(count)}x** ${text(`${test}: ${signature}`)}`,
    '',
    text(`seed ${example.seed}${kept}`),
    ...(example.output === undefined ? [] : block(example.output.split('\n').slice(0, OUTPUT_LINES_MAX))),
  ];
}

/** Lines as they are, indented: no fence that a line of a test could close. */
function block(lines: readonly string[]): readonly string[] {
  return ['', ...lines.map((line) => `    ${plain(line)}`), ''];
}

/** Text in a paragraph or a cell: whatever means something there is written as a character reference. */
function text(of: string): string {
  return plain(of).replace(/[\\`*_{}[\]()#+!|<>&~@$:-]/g, (character) =>
    SAFE.has(character) ? character : `&#${character.charCodeAt(0)};`,
  );
}

/** In the middle of a line these mean nothing. */
const SAFE = new Set(['(', ')', ':', '-', '#', '+', '!', '{', '}']);

function plain(of: string): string {
  return of.slice(0, TEXT_MAX).replace(/\p{Cc}/gu, ' ');
}
