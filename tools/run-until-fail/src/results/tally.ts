import type { FailureReason, RunResult } from '../run.ts';
import { addSample, mergeMoments, NO_MOMENTS, type SampleMoments } from './moments.ts';

/** Honest counts of one test: every started run ends in exactly one of passed, failed, ignored, cached, stopped and lost. */
export interface RunTally {
  readonly passed: number;
  readonly failed: number;
  /** Of `failed`: ended by --timeout. */
  readonly timedOut: number;
  /** Of `failed`: ended by a signal that was not ours. */
  readonly crashed: number;
  readonly ignored: number;
  /** Not run: a cache had the result. */
  readonly cached: number;
  readonly stopped: number;
  readonly lost: number;
  /** Runs that left processes behind, whatever their verdict. */
  readonly leftProcesses: number;
  /** Of passed and failed runs, in ms. */
  readonly durations: SampleMoments;
  /** Of the same runs their processor time, in ms, where it can be told. */
  readonly cpu: SampleMoments;
  /** How many passing runs executed how many test cases (a failure ends many a run early); empty where it cannot be told. */
  readonly caseCounts: Readonly<Record<string, number>>;
  /** Runs whose log was held against the rules (--check), and those where there was nothing to hold. */
  readonly checked: number;
  readonly unchecked: number;
}

export const EMPTY_TALLY: RunTally = {
  passed: 0,
  failed: 0,
  timedOut: 0,
  crashed: 0,
  ignored: 0,
  cached: 0,
  stopped: 0,
  lost: 0,
  leftProcesses: 0,
  durations: NO_MOMENTS,
  cpu: NO_MOMENTS,
  caseCounts: {},
  checked: 0,
  unchecked: 0,
};

/** The runs that say something about the test. */
export function judged(tally: RunTally): number {
  return tally.passed + tally.failed;
}

export function ended(tally: RunTally): number {
  return tally.passed + tally.failed + tally.ignored + tally.cached + tally.stopped + tally.lost;
}

/** How a run ended that failed, whatever its log showed beside. */
function endingOf(reason: FailureReason): FailureReason['type'] {
  return reason.type === 'violation' && reason.ending !== undefined ? reason.ending.type : reason.type;
}

export function addResult(tally: RunTally, result: RunResult): RunTally {
  const { verdict } = result;
  const says = verdict.kind === 'passed' || verdict.kind === 'failed';
  const reason = verdict.kind === 'failed' ? endingOf(verdict.reason) : null;
  return {
    ...tally,
    [verdict.kind]: tally[verdict.kind] + 1,
    timedOut: tally.timedOut + (reason === 'timeout' ? 1 : 0),
    crashed: tally.crashed + (reason === 'signal' || reason === 'workerDied' ? 1 : 0),
    checked: tally.checked + (result.check?.done === true ? 1 : 0),
    unchecked: tally.unchecked + (result.check?.done === false ? 1 : 0),
    leftProcesses: tally.leftProcesses + (result.leftProcesses ? 1 : 0),
    durations: says ? addSample(tally.durations, result.durationMs) : tally.durations,
    cpu: says && result.cpuMs !== null ? addSample(tally.cpu, result.cpuMs) : tally.cpu,
    caseCounts: verdict.kind === 'passed' && result.cases !== null ? countOne(tally.caseCounts, String(result.cases), 1) : tally.caseCounts,
  };
}

/** The sum of what two machines, or two parts of an interrupted session, counted. */
export function mergeTallies(a: RunTally, b: RunTally): RunTally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    timedOut: a.timedOut + b.timedOut,
    crashed: a.crashed + b.crashed,
    ignored: a.ignored + b.ignored,
    cached: a.cached + b.cached,
    stopped: a.stopped + b.stopped,
    lost: a.lost + b.lost,
    leftProcesses: a.leftProcesses + b.leftProcesses,
    checked: a.checked + b.checked,
    unchecked: a.unchecked + b.unchecked,
    durations: mergeMoments(a.durations, b.durations),
    cpu: mergeMoments(a.cpu, b.cpu),
    caseCounts: Object.entries(b.caseCounts).reduce((counts, [cases, runs]) => countOne(counts, cases, runs), a.caseCounts),
  };
}

function countOne(counts: Readonly<Record<string, number>>, key: string, by: number): Readonly<Record<string, number>> {
  return { ...counts, [key]: (counts[key] ?? 0) + by };
}
