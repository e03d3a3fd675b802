import type { SessionState } from '../keep/session-state.ts';
import type { KeptRun, Observer } from '../kept-run.ts';
import type { StopReason } from '../queue/limits.ts';
import type { RunQueue } from '../queue/run-queue.ts';
import { describeEnvironment, type Environment } from '../report/environment.ts';
import type { LiveState } from '../report/live-display.ts';
import { progressOf, type SessionProgress } from '../report/progress.ts';
import type { Report } from '../report/report.ts';
import type { SessionResults } from '../results/results.ts';
import { ended } from '../results/tally.ts';
import type { Session } from './session.ts';
import type { SessionSettings } from './settings.ts';
import type { Workload } from './workload.ts';

export interface Counted {
  readonly workload: Workload;
  readonly settings: SessionSettings;
  readonly resumed: SessionState | null;
  readonly firstSeed: number;
  readonly queue: RunQueue;
  readonly results: SessionResults;
  /** The words of the command line, without --resume, which is no part of what names a session. */
  readonly commandLine: readonly string[];
}

/** What can be told of a session at any moment: how far it is, the state that a later one goes on from, and in the end the report. */
export class SessionNumbers implements Observer {
  readonly #of: Counted;
  readonly #session: Session;
  readonly #startedAt = new Date().toISOString();
  readonly #environment: Environment;
  readonly #endedBefore: number;
  #firstFailure: KeptRun | null = null;

  constructor(of: Counted, session: Session) {
    this.#of = of;
    this.#session = session;
    this.#environment = describeEnvironment(process.argv.slice(2), of.workload.version, of.workload.directory);
    this.#endedBefore = of.resumed === null ? 0 : of.results.ended;
  }

  kept(run: KeptRun): void {
    if (run.verdict.kind === 'failed') this.#firstFailure ??= run;
  }

  /** The first run that failed and was kept. */
  get firstFailure(): KeptRun | null {
    return this.#firstFailure;
  }

  /** What is known before the first run. */
  get head(): Pick<Report, 'label' | 'startedAt' | 'environment' | 'asked'> {
    return { label: this.#of.workload.label, startedAt: this.#startedAt, environment: this.#environment, asked: this.#of.queue.asked };
  }

  live(): LiveState {
    const { queue, results, workload } = this.#of;
    const askedPerTest = queue.asked === null ? null : queue.asked / workload.tests.length;
    return { tests: results.tests, progress: this.#progress(), pace: { askedPerTest, elapsedMs: this.#elapsedMs() } };
  }

  state(): SessionState {
    const { commandLine, firstSeed, queue, results } = this.#of;
    return {
      commandLine,
      firstSeed,
      elapsedMs: this.#elapsedMs(),
      queue: queue.state(),
      tests: results.tests.map((test) => ({ ...test, tally: { ...test.tally, cached: 0, stopped: 0, lost: 0 } })),
      failures: results.failures,
      shake: results.shake,
    };
  }

  /** @param notes what else the summary has to say */
  report(stop: StopReason, notes: readonly string[]): Report {
    const { results, settings } = this.#of;
    const { tests, failures } = results;
    return {
      format: 'run-until-fail/1',
      ...this.head,
      elapsedMs: this.#elapsedMs(),
      started: tests.reduce((sum, test) => sum + ended(test.tally), 0),
      stop,
      problem: stop === 'machine' || stop === 'cached' ? this.#session.problem : null,
      shard: settings.shard.count === 1 ? null : settings.shard,
      tests,
      failures,
      shake: results.shake,
      notes,
      again: this.#firstFailure?.again ?? null,
    };
  }

  #progress(): SessionProgress {
    const { results, settings, resumed } = this.#of;
    return progressOf({
      ended: results.ended,
      endedBefore: this.#endedBefore,
      asked: this.#expected(),
      failed: results.failed,
      running: this.#session.running,
      elapsedMs: this.#session.elapsedMs,
      timeMs: timeLeftMs(settings, resumed),
    });
  }

  /** Runs that the session may still come to: of a test that is over, those that it has had. */
  #expected(): number | null {
    const { queue, results, workload } = this.#of;
    if (queue.asked === null) return null;
    const ofEach = queue.asked / workload.tests.length;
    return results.tests.reduce((sum, { tally, over }) => sum + (over ? ended(tally) : ofEach), 0);
  }

  #elapsedMs(): number {
    return this.#session.elapsedMs + (this.#of.resumed?.elapsedMs ?? 0);
  }
}

/** Of --time, for the part of a session that is still to come; null when it is unbounded. */
export function timeLeftMs({ timeMs }: SessionSettings, resumed: SessionState | null): number | null {
  return timeMs === null ? null : Math.max(1, timeMs - (resumed?.elapsedMs ?? 0));
}
