import { type Column, displayWidth, formatDuration, printable, table } from '@raftlens/command-line';
import { formatCount, formatRate } from '../format.ts';
import { standardDeviation } from '../results/moments.ts';
import type { TestResults } from '../results/results.ts';
import { judged } from '../results/tally.ts';

interface Measure {
  readonly title: string;
  /** On a narrow terminal those with the highest number go first. */
  readonly dropped: number;
  /** @param elapsedMs since the session began */
  readonly of: (results: TestResults, elapsedMs: number) => string;
}

/** What a live table adds to that of the summary: how many runs of each test were asked for, and for how long they have been going on. */
export interface Pace {
  readonly askedPerTest: number | null;
  readonly elapsedMs: number;
}

const MEASURES: readonly Measure[] = [
  { title: 'failed/total', dropped: 0, of: ({ tally }) => `${formatCount(tally.failed)}/${formatCount(judged(tally))}` },
  { title: 'rate', dropped: 1, of: ({ tally }) => (judged(tally) === 0 ? '-' : formatRate(tally.failed / judged(tally))) },
  { title: 'mean', dropped: 2, of: duration(({ tally }) => tally.durations.mean) },
  { title: 'sd', dropped: 6, of: duration(({ tally }) => standardDeviation(tally.durations)) },
  { title: 'min', dropped: 4, of: duration(({ tally }) => tally.durations.min) },
  { title: 'max', dropped: 3, of: duration(({ tally }) => tally.durations.max) },
];

/** Processor time of a run, on average; only where some run told it. */
const CPU: Measure = { title: 'CPU', dropped: 5, of: ({ tally }) => (tally.cpu.count === 0 ? '-' : formatDuration(tally.cpu.mean)) };

function duration(of: (results: TestResults) => number): Measure['of'] {
  return (results) => (judged(results.tally) === 0 ? '-' : formatDuration(of(results)));
}

/** By the test's own pace: the queue is fair in runs, but another test's may be over sooner. */
function etaOf(askedPerTest: number): Measure {
  return {
    title: 'ETA',
    dropped: 7,
    of: ({ tally, over }, elapsedMs) => {
      const done = judged(tally);
      return done === 0 || over ? '-' : formatDuration((Math.max(0, askedPerTest - done) / done) * elapsedMs);
    },
  };
}

/** So much of the names is worth more than a further measure. */
const NAME_CELLS = 20;
const GAP_CELLS = 2;

/** One line a test, safe to print. With a width it fits: measures are left out, and then names are cut. */
export function testTable(tests: readonly TestResults[], width?: number, pace?: Pace): string {
  const measures = [
    ...MEASURES,
    ...(tests.some(({ tally }) => tally.cpu.count > 0) ? [CPU] : []),
    ...(pace === undefined || pace.askedPerTest === null ? [] : [etaOf(pace.askedPerTest)]),
  ];
  const cells = measures.map((measure) => [measure.title, ...tests.map((test) => measure.of(test, pace?.elapsedMs ?? 0))]);
  const shown = width === undefined ? measures : fitting(measures, cells, nameCells(tests), width);
  const columns: readonly Column[] = [{ title: 'test' }, ...shown.map(({ title }): Column => ({ title, align: 'right' }))];
  const rows = tests.map(({ name }, row) => [name, ...shown.map((measure) => cells[measures.indexOf(measure)]?.[row + 1] ?? '')]);
  return table(columns, rows, width === undefined ? {} : { width });
}

function nameCells(tests: readonly TestResults[]): number {
  return Math.min(NAME_CELLS, Math.max(4, ...tests.map(({ name }) => displayWidth(printable(name)))));
}

function fitting(measures: readonly Measure[], cells: readonly (readonly string[])[], name: number, width: number): readonly Measure[] {
  const widths = cells.map((column) => Math.max(...column.map(displayWidth)));
  let shown = measures;
  const needed = (): number => name + shown.reduce((sum, measure) => sum + GAP_CELLS + (widths[measures.indexOf(measure)] ?? 0), 0);
  for (const { dropped } of measures.toSorted((a, b) => b.dropped - a.dropped)) {
    if (needed() <= width || dropped === 0) break;
    shown = shown.filter((measure) => measure.dropped !== dropped);
  }
  return shown;
}
