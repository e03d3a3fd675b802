import { ExitCode } from '@raftlens/command-line';
import { errorMessage } from '../errors.ts';
import { plural } from '../format.ts';
import { fromHere } from '../from-here.ts';
import { FailureHook } from '../keep/failure-hook.ts';
import { clearLeftovers } from '../keep/leftovers.ts';
import { RunKeeper } from '../keep/run-keeper.ts';
import { SessionFolder } from '../keep/session-folder.ts';
import type { SessionState } from '../keep/session-state.ts';
import { SessionStateFile } from '../keep/session-state-file.ts';
import type { KeptRun, Observer } from '../kept-run.ts';
import { RunQueue } from '../queue/run-queue.ts';
import type { Report } from '../report/report.ts';
import { SessionResults } from '../results/results.ts';
import type { Executor } from '../run.ts';
import { withoutValues } from '../without-values.ts';
import { exitCodeOf } from './exit-code.ts';
import { HangHint } from './hang-hint.ts';
import type { Interrupts } from './interrupts.ts';
import { publish } from './publish.ts';
import { Session } from './session.ts';
import { SessionNumbers, timeLeftMs } from './session-numbers.ts';
import { SessionVoice } from './session-voice.ts';
import type { SessionSettings } from './settings.ts';
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
  const words = commandLineOf(process.argv.slice(2));
  const stateFile = new SessionStateFile(settings.logs, words);
  const commandLine = withoutValues(words);
  const resumed = settings.resume ? await stateFile.read() : null;
  const folder = new SessionFolder(settings.logs, (test) => workload.tests[test]?.name ?? workload.label);
  const parts = new SessionParts({ workload, settings, folder, stateFile, resumed, commandLine });
  try {
    return await parts.run(interrupts, changed);
  } finally {
    await parts.close();
  }
}

/** `--resume` is not part of what names a session. */
function commandLineOf(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--');
  return argv.filter((word, at) => word !== '--resume' || (dashes !== -1 && at > dashes));
}

interface Setting {
  readonly workload: Workload;
  readonly settings: SessionSettings;
  readonly folder: SessionFolder;
  readonly stateFile: SessionStateFile;
  readonly resumed: SessionState | null;
  readonly commandLine: readonly string[];
}

/** An executor that does not come to its end in this time is left to the launchers, which end what runs when we do. */
const CLOSE_MAX_MS = 10_000;

/** The parts of one session, put together; they live and end with it. */
class SessionParts {
  readonly #of: Setting;
  readonly #executor: Executor;
  readonly #session: Session;
  readonly #numbers: SessionNumbers;
  readonly #voice: SessionVoice;
  readonly #saver: StateSaver;
  readonly #hangHint: HangHint | null;
  readonly #hook: FailureHook | null;
  readonly #results: SessionResults;
  #interrupted = false;

  constructor(of: Setting) {
    const { workload, settings, folder, resumed, commandLine } = of;
    this.#of = of;
    this.#voice = new SessionVoice(settings.json, (test) => workload.tests[test]?.name ?? '');
    const noted = (text: string): void => this.#voice.noted(text);
    const firstSeed = resumed?.firstSeed ?? workload.firstSeed;
    const queue = queueOf(workload, settings, firstSeed, resumed);
    const results = new SessionResults(workload.tests, resumed);
    this.#results = results;
    this.#executor = workload.open(folder, noted);
    const observers: Observer[] = [this.#voice];
    const details = workload.details(folder, noted);
    const { keepPassing, onFailure } = settings;
    this.#hook = onFailure === null ? null : new FailureHook(onFailure, details.values ?? {});
    this.#session = new Session({
      queue,
      limits: {
        timeMs: timeLeftMs(settings, resumed),
        failures: settings.each ? null : settings.failures,
        failuresOfTest: settings.each ? settings.failures : null,
      },
      executor: this.#executor,
      results,
      keeper: new RunKeeper(settings.logs, details, settings.bounds, this.#hook),
      observers,
      ordered: workload.ordered,
      keepsPassing: keepPassing && details.complete !== undefined,
    });
    this.#numbers = new SessionNumbers({ workload, settings, resumed, firstSeed, queue, results, commandLine }, this.#session);
    this.#saver = new StateSaver(of.stateFile, () => this.#numbers.state());
    // Seeded tests, whose results are ordered, have a timeout even where none is given.
    this.#hangHint = settings.timeoutMs === null && !workload.ordered ? new HangHint(noted) : null;
    observers.push(this.#numbers, this.#saver, ...(this.#hangHint === null ? [] : [this.#hangHint]));
  }

  async run(interrupts: Interrupts, changed: AbortSignal | undefined): Promise<SessionEnd> {
    const stopForChange = (): void => this.#session.stop('changed');
    this.#voice.open(this.#numbers.head, () => this.#numbers.live());
    const release = interrupts.on(() => this.#interrupt());
    changed?.addEventListener('abort', stopForChange, { once: true });
    if (changed?.aborted) stopForChange();
    try {
      this.#reportLeftovers();
      this.#saver.begin();
      const stop = await this.#session.run();
      this.#voice.close();
      return this.#conclude(this.#numbers.report(stop, this.#notes()));
    } finally {
      changed?.removeEventListener('abort', stopForChange);
      release();
    }
  }

  /** Ends what the session has started, and removes its folder. What is in the way is said, and changes nothing of what was found. */
  async close(): Promise<void> {
    this.#voice.close();
    this.#hangHint?.close();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MAX_MS);
    });
    await Promise.race([this.#executor.close(), late]).catch((error: unknown) => this.#voice.noted(errorMessage(error)));
    clearTimeout(timer);
    const inTheWay = this.#of.folder.remove();
    if (inTheWay !== null) this.#voice.noted(`${fromHere(this.#of.folder.path)} stays: ${inTheWay}`);
  }

  #conclude(report: Report): SessionEnd {
    const { settings } = this.#of;
    const { firstFailure } = this.#numbers;
    this.#saver.finish(report.stop === 'interrupted' || report.stop === 'machine');
    this.#voice.end(report);
    const problems = publish(report, settings, firstFailure);
    const verdict = exitCodeOf(report, settings.bisect);
    return { exitCode: verdict === ExitCode.ok && problems > 0 ? ExitCode.internal : verdict, report, firstFailure };
  }

  /** What else the summary has to say. */
  #notes(): readonly string[] {
    const { problem } = this.#hook ?? { problem: null };
    const { unchecked } = this.#results.total;
    const why = this.#results.uncheckedWhy;
    return [
      ...(why === null ? [] : [`the log of ${plural(unchecked, 'run')} could not be checked; of the first: ${why}`]),
      ...(problem === null ? [] : [problem]),
    ];
  }

  #interrupt(): void {
    if (!this.#interrupted) this.#voice.noted(`ending ${plural(this.#session.running, 'run')}; Ctrl-C once more kills at once`);
    this.#interrupted = true;
    this.#session.stop('interrupted');
  }

  #reportLeftovers(): void {
    for (const { session, runs, processes, problems } of clearLeftovers(this.#of.settings.logs)) {
      const kept = runs.length === 0 ? '' : `; what its runs had printed is kept in ${runs.map(fromHere).join(', ')}`;
      this.#voice.noted(`session ${session} had been killed: ${processes} processes of it were still running and have been ended${kept}`);
      for (const problem of problems) this.#voice.noted(`of session ${session}, which had been killed: ${problem}`);
    }
  }
}

function queueOf(workload: Workload, settings: SessionSettings, firstSeed: number, resumed: SessionState | null): RunQueue {
  const options = {
    tests: workload.tests.length,
    runsPerTest: workload.runsPerTest ?? settings.runs,
    shard: settings.shard,
    seedOf: (index: number) => String(firstSeed + index),
  };
  return new RunQueue(options, resumed?.queue);
}
