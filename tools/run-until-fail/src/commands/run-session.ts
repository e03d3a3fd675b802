import { type ExitCode, printable } from '@raftlens/command-line';
import { plural } from '../format.ts';
import { fromHere } from '../from-here.ts';
import { clearLeftovers } from '../keep/leftovers.ts';
import { RunKeeper } from '../keep/run-keeper.ts';
import { SessionFolder } from '../keep/session-folder.ts';
import { type SessionState, SessionStateFile } from '../keep/session-state.ts';
import type { StopReason } from '../queue/limits.ts';
import { RunQueue } from '../queue/run-queue.ts';
import { describeEnvironment, type Environment } from '../report/environment.ts';
import { JsonEvents } from '../report/json-events.ts';
import { LiveDisplay, type LiveState } from '../report/live-display.ts';
import { PlainLines } from '../report/plain-lines.ts';
import { type Progress, progressOf } from '../report/progress.ts';
import type { Report } from '../report/report.ts';
import { Results } from '../results/results.ts';
import { ended } from '../results/tally.ts';
import type { Executor } from '../run.ts';
import { type KeptRun, type Observer, Session } from '../session.ts';
import { closingLines } from './closing-lines.ts';
import { exitCodeOf } from './exit-code.ts';
import { HangHint } from './hang-hint.ts';
import type { Interrupts } from './interrupt.ts';
import { publish } from './publish.ts';
import type { SessionSettings } from './session-options.ts';
import { StateSaver } from './state-saver.ts';
import type { Workload } from './workload.ts';

/** What a finished session comes to. */
export interface SessionEnd {
  readonly exitCode: ExitCode;
  readonly report: Report;
  /** The first run that failed and was kept; of the others the report tells, in groups. */
  readonly firstFailure: KeptRun | null;
}

/**
 * Runs a workload to its end, prints the summary and gives the exit code.
 *
 * @param changed ends the session when it is aborted: the sources are no longer those that are tested
 */
export async function runSession(
  workload: Workload,
  settings: SessionSettings,
  interrupts: Interrupts,
  changed?: AbortSignal,
): Promise<SessionEnd> {
  const stateFile = new SessionStateFile(settings.logs, commandLineOf(process.argv.slice(2)));
  const resumed = settings.resume ? await stateFile.read() : null;
  const folder = new SessionFolder(settings.logs, (test) => workload.tests[test]?.name ?? workload.label);
  const running = new RunningSession(workload, settings, folder, stateFile, resumed);
  try {
    return await running.run(interrupts, changed);
  } finally {
    const inTheWay = folder.remove();
    if (inTheWay !== null) process.stderr.write(`${printable(`${folder.path} stays: ${inTheWay}`)}\n`);
  }
}

/** `--resume` is not part of what names a session. */
function commandLineOf(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--');
  return argv.filter((word, at) => word !== '--resume' || (dashes !== -1 && at > dashes));
}

/** The parts of one session, put together. */
class RunningSession {
  readonly #workload: Workload;
  readonly #settings: SessionSettings;
  readonly #resumed: SessionState | null;
  readonly #startedAt = new Date().toISOString();
  readonly #environment: Environment;
  readonly #queue: RunQueue;
  readonly #results: Results;
  readonly #executor: Executor;
  readonly #session: Session;
  #firstFailure: KeptRun | null = null;
  readonly #json: JsonEvents | null;
  readonly #saver: StateSaver;
  readonly #hangHint: HangHint | null;
  readonly #endedBefore: number;
  #display: LiveDisplay | PlainLines | undefined;
  #interrupted = false;

  constructor(
    workload: Workload,
    settings: SessionSettings,
    folder: SessionFolder,
    stateFile: SessionStateFile,
    resumed: SessionState | null,
  ) {
    this.#workload = workload;
    this.#settings = settings;
    this.#resumed = resumed;
    this.#environment = describeEnvironment(process.argv.slice(2), workload.version, workload.directory);
    const firstSeed = resumed?.firstSeed ?? workload.firstSeed;
    this.#queue = new RunQueue(
      {
        tests: workload.tests.length,
        runsPerTest: workload.runsPerTest ?? settings.runs,
        shard: settings.shard,
        seedOf: (index) => String(firstSeed + index),
      },
      resumed?.queue,
    );
    this.#results = new Results(workload.tests, resumed);
    this.#endedBefore = resumed === null ? 0 : this.#results.ended;
    const noted = (text: string): void => this.#note(text);
    this.#executor = workload.open(folder, noted);
    this.#json = settings.json
      ? new JsonEvents(
          (text) => process.stdout.write(text),
          (test) => workload.tests[test]?.name ?? '',
        )
      : null;
    this.#saver = new StateSaver(stateFile, () => this.#state(firstSeed));
    // Seeded tests, whose results are ordered, have a timeout even where none is given.
    this.#hangHint = settings.timeoutMs === null && !workload.ordered ? new HangHint(noted) : null;
    const display: Observer = {
      kept: (run) => {
        this.#noteFailure(run);
        this.#display?.kept(run);
      },
    };
    this.#session = new Session({
      queue: this.#queue,
      limits: { timeMs: this.#timeLeftMs(), failures: settings.failures },
      executor: this.#executor,
      results: this.#results,
      keeper: new RunKeeper(settings.logs, workload.details(folder, noted), settings.bounds),
      observers: [display, this.#saver, this.#json, this.#hangHint].filter((observer): observer is Observer => observer !== null),
      ordered: workload.ordered,
    });
  }

  async run(interrupts: Interrupts, changed?: AbortSignal): Promise<SessionEnd> {
    const stopForChange = (): void => this.#session.stop('changed');
    changed?.addEventListener('abort', stopForChange, { once: true });
    if (changed?.aborted) stopForChange();
    this.#display = openDisplay(() => this.#liveState());
    const release = interrupts.on(() => this.#interrupt());
    this.#json?.begin({
      label: this.#workload.label,
      startedAt: this.#startedAt,
      environment: this.#environment,
      asked: this.#queue.asked,
    });
    try {
      this.#reportLeftovers();
      const stop = await this.#session.run();
      this.#display.close();
      const report = this.#report(stop);
      this.#saver.finish(stop === 'interrupted' || stop === 'machine');
      this.#json?.end(report);
      publish(report, this.#settings, closingLines(this.#firstFailure));
      return { exitCode: exitCodeOf(report, this.#settings.bisect), report, firstFailure: this.#firstFailure };
    } finally {
      this.#display.close();
      this.#hangHint?.close();
      changed?.removeEventListener('abort', stopForChange);
      await this.#executor.close();
      release();
    }
  }

  #interrupt(): void {
    if (!this.#interrupted) this.#note(`ending ${plural(this.#session.running, 'run')}; Ctrl-C once more kills at once`);
    this.#interrupted = true;
    this.#session.stop('interrupted');
  }

  #reportLeftovers(): void {
    for (const { session, runs, processes, problems } of clearLeftovers(this.#settings.logs)) {
      const kept = runs.length === 0 ? '' : `; what its runs had printed is kept in ${runs.map(fromHere).join(', ')}`;
      this.#note(`session ${session} had been killed: ${processes} processes of it were still running and have been ended${kept}`);
      for (const problem of problems) this.#note(`of session ${session}, which had been killed, ${problem}`);
    }
  }

  #noteFailure(run: KeptRun): void {
    if (run.verdict.kind === 'failed') this.#firstFailure ??= run;
  }

  #note(text: string): void {
    this.#display?.noted(text);
    this.#json?.noted(text);
  }

  #timeLeftMs(): number | null {
    const { timeMs } = this.#settings;
    return timeMs === null ? null : Math.max(1, timeMs - (this.#resumed?.elapsedMs ?? 0));
  }

  #elapsedMs(): number {
    return this.#session.elapsedMs + (this.#resumed?.elapsedMs ?? 0);
  }

  #liveState(): LiveState {
    const { asked } = this.#queue;
    return {
      tests: this.#results.tests,
      progress: this.#progress(),
      pace: { askedPerTest: asked === null ? null : asked / this.#workload.tests.length, elapsedMs: this.#elapsedMs() },
    };
  }

  #progress(): Progress {
    return progressOf({
      ended: this.#results.ended,
      endedBefore: this.#endedBefore,
      asked: this.#queue.asked,
      failed: this.#results.failed,
      running: this.#session.running,
      elapsedMs: this.#session.elapsedMs,
      timeMs: this.#timeLeftMs(),
    });
  }

  #state(firstSeed: number): SessionState {
    const { tests, failures } = this.#results;
    return {
      commandLine: commandLineOf(process.argv.slice(2)),
      firstSeed,
      elapsedMs: this.#elapsedMs(),
      queue: this.#queue.state(),
      tests: tests.map(({ name, tally }) => ({ name, tally: { ...tally, cached: 0, stopped: 0, lost: 0 } })),
      failures,
    };
  }

  #report(stop: StopReason): Report {
    const { shard } = this.#settings;
    const { tests, failures } = this.#results;
    return {
      format: 'run-until-fail/1',
      label: this.#workload.label,
      startedAt: this.#startedAt,
      elapsedMs: this.#elapsedMs(),
      environment: this.#environment,
      asked: this.#queue.asked,
      started: tests.reduce((sum, test) => sum + ended(test.tally), 0),
      stop,
      problem: stop === 'machine' || stop === 'cached' ? this.#session.machineProblem : null,
      shard: shard.count === 1 ? null : shard,
      tests,
      failures,
      again: this.#firstFailure?.again ?? null,
    };
  }
}

function openDisplay(state: () => LiveState): LiveDisplay | PlainLines {
  const { stderr } = process;
  if (!stderr.isTTY || process.env['TERM'] === 'dumb')
    return new PlainLines(
      (text) => stderr.write(text),
      () => state().progress,
    );
  return new LiveDisplay(() => ({ write: (text) => stderr.write(text), columns: stderr.columns || 80, rows: stderr.rows || 24 }), state);
}
