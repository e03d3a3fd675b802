import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { ExitCode } from '@raftlens/command-line';
import { RunKeeper } from '../keep/run-keeper.ts';
import { SessionFolder } from '../keep/session-folder.ts';
import { RunQueue } from '../queue/run-queue.ts';
import { describeEnvironment } from '../report/environment.ts';
import { LiveDisplay } from '../report/live-display.ts';
import { PlainLines } from '../report/plain-lines.ts';
import { type Progress, progressOf } from '../report/progress.ts';
import { outcomeOf, type Report } from '../report/report.ts';
import { summaryLines } from '../report/summary.ts';
import { Results } from '../results/results.ts';
import { type KeptRun, type Observer, Session } from '../session.ts';
import { exitCodeOf } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import type { SessionSettings } from './session-options.ts';
import type { Workload } from './workload.ts';

/** Runs a workload to its end, prints the summary and gives the exit code. */
export async function runSession(workload: Workload, settings: SessionSettings): Promise<ExitCode> {
  const startedAt = new Date().toISOString();
  const environment = describeEnvironment(process.argv.slice(1), workload.program, workload.directory);
  const folder = new SessionFolder(settings.logs, (test) => workload.tests[test]?.name ?? workload.label);
  const { executor, details } = workload.open(folder, (text) => display.noted(text));
  const queue = new RunQueue({
    tests: workload.tests.length,
    runsPerTest: workload.runsPerTest ?? settings.runs,
    shard: settings.shard,
    seedOf: workload.seedOf,
  });
  const results = new Results(workload.tests);
  const kept: KeptRun[] = [];
  const observers: Observer[] = [{ kept: (run) => kept.push(run) }];
  const session = new Session({
    queue,
    limits: { timeMs: settings.timeMs, failures: settings.failures },
    executor,
    results,
    keeper: new RunKeeper(settings.logs, details, settings.bounds),
    observers,
    ordered: workload.ordered,
  });
  const progress = () =>
    progressOf({
      ended: results.ended,
      endedBefore: 0,
      asked: queue.asked,
      failed: results.failed,
      running: session.running,
      elapsedMs: session.elapsedMs,
      timeMs: settings.timeMs,
    });
  const display = openDisplay(() => results.tests, progress);
  observers.push(display);
  const release = onInterrupt(() => session.stop('interrupted'));
  try {
    const stop = await session.run();
    display.close();
    const report: Report = {
      format: 'run-until-fail/1',
      label: workload.label,
      startedAt,
      elapsedMs: session.elapsedMs,
      environment,
      asked: queue.asked,
      started: queue.state().started,
      stop,
      problem: stop === 'machine' ? session.machineProblem : null,
      shard: settings.shard.count === 1 ? null : settings.shard,
      tests: results.tests,
      failures: results.failures,
      again: kept.find((run) => run.verdict.kind === 'failed')?.again ?? null,
    };
    publish(report, settings);
    return exitCodeOf(outcomeOf(report), settings.bisect);
  } finally {
    display.close();
    release();
    await executor.close();
    folder.remove();
  }
}

function openDisplay(tests: () => Results['tests'], progress: () => Progress): LiveDisplay | PlainLines {
  const { stderr } = process;
  if (!stderr.isTTY || process.env['TERM'] === 'dumb') return new PlainLines((text) => stderr.write(text), progress);
  return new LiveDisplay(() => ({ write: (text) => stderr.write(text), columns: stderr.columns, rows: stderr.rows }), tests, progress);
}

function publish(report: Report, settings: SessionSettings): void {
  const summary = `${summaryLines(report, (folder) => relative(process.cwd(), folder) || '.').join('\n')}\n`;
  (settings.json ? process.stderr : process.stdout).write(summary);
  if (settings.reportFile !== null) writeFileSync(settings.reportFile, `${JSON.stringify(report, null, 2)}\n`);
}
