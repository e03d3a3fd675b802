import { UserError } from '@raftlens/command-line';
import { mergeGroups } from '../results/failure-groups.ts';
import type { TestResults } from '../results/results.ts';
import { mergeLevels } from '../results/shake-counts.ts';
import { EMPTY_TALLY, mergeTallies } from '../results/tally.ts';
import { mergeEnvironments } from './environment.ts';
import type { Report } from './report.ts';

/** How bad an end is: the whole ended as its worst part did. */
const BADNESS: readonly Report['stop'][] = ['queueEmpty', 'time', 'failures', 'changed', 'cached', 'machine', 'interrupted'];

/** The reports of shards as one. @throws UserError when they are of different sessions, or one is there twice */
export function mergeReports(reports: readonly [Report, ...Report[]]): Report {
  const [first] = reports;
  checkShards(reports);
  const names = [...new Set(reports.flatMap((report) => report.tests.map((test) => test.name)))];
  const asked = reports.map((report) => report.asked);
  return {
    ...first,
    environment: mergeEnvironments([first.environment, ...reports.slice(1).map(({ environment }) => environment)]),
    startedAt: reports.map((report) => report.startedAt).toSorted()[0] ?? first.startedAt,
    elapsedMs: Math.max(...reports.map((report) => report.elapsedMs)),
    asked: asked.some((one) => one === null) ? null : asked.reduce<number>((sum, one) => sum + (one ?? 0), 0),
    started: reports.reduce((sum, report) => sum + report.started, 0),
    stop: BADNESS[Math.max(...reports.map((report) => BADNESS.indexOf(report.stop)))] ?? first.stop,
    problem: reports.find((report) => report.problem !== null)?.problem ?? null,
    shard: null,
    tests: names.map((name) => mergeTest(reports, name)),
    failures: reports.slice(1).reduce((groups, report) => mergeGroups(groups, report.failures), first.failures),
    shake: mergeShakes(reports),
    notes: [...new Set(reports.flatMap(({ notes }) => notes))],
    again: reports.find((report) => report.again !== null)?.again ?? null,
  };
}

function mergeShakes(reports: readonly Report[]): Report['shake'] {
  const shaken = reports.flatMap(({ shake }) => (shake === null ? [] : [shake]));
  return shaken.length === 0 ? null : shaken.reduce(mergeLevels);
}

function mergeTest(reports: readonly Report[], name: string): TestResults {
  const tallies = reports.flatMap((report) => report.tests.filter((test) => test.name === name).map((test) => test.tally));
  const over = reports.some((report) => report.tests.some((test) => test.name === name && test.over));
  return { name, tally: tallies.reduce(mergeTallies, EMPTY_TALLY), ...(over ? { over } : {}) };
}

/** A shard that is missing, or there twice, would make the counts lie. */
function checkShards(reports: readonly Report[]): void {
  const shards = reports.flatMap(({ shard }) => (shard === null ? [] : [shard]));
  if (shards.length === 0) return;
  const counts = new Set(shards.map((shard) => shard.count));
  const positions = new Set(shards.map((shard) => shard.position));
  if (counts.size > 1 || shards.length < reports.length)
    throw new UserError('MIXED_REPORTS', 'these reports are not shards of one session');
  if (positions.size < shards.length) throw new UserError('SHARD_TWICE', 'a shard is among the reports twice');
  const missing = Array.from({ length: [...counts][0] ?? 0 }, (_, at) => at).filter((at) => !positions.has(at));
  if (missing.length > 0)
    throw new UserError(
      'SHARD_MISSING',
      `no report of shard ${missing.map((at) => at + 1).join(', ')}: it may have failed before it could report`,
    );
}
