import { ExitCode, formatDuration, printable, UserError } from '@raftlens/command-line';
import { plural } from '../format.ts';
import type { KeptRun } from '../kept-run.ts';
import { totalOf } from '../report/report.ts';
import { passesToBeSure } from '../results/confidence.ts';
import { judged } from '../results/tally.ts';
import type { Interrupts } from '../session/interrupts.ts';
import { runAgain } from '../session/run-again.ts';
import type { SessionEnd } from '../session/run-session.ts';
import { SourceWatcher } from './source-watcher.ts';

/** A session that a change ended sooner than this after its start was hardly ended by a person. */
const PERSON_MS = 2000;
/** After so many of them in a row the runs themselves write what is watched, and changes are heeded between sessions only. */
const RESTARTS_MAX = 3;

/** @param changed ends the session when it is aborted */
export type WatchedSession = (changed: AbortSignal) => Promise<SessionEnd>;

/**
 * Runs the session, then again after each change of the sources: the last failure first, and the rest once that passes. A change in the
 * middle ends what runs, since that tests what is no longer there. Ctrl-C ends it.
 */
export async function watchAndRun(session: WatchedSession, logs: string, interrupts: Interrupts): Promise<ExitCode> {
  const sources = await SourceWatcher.open(process.cwd(), logs);
  try {
    return await new WatchLoop(session, sources, logs, interrupts).run();
  } finally {
    await sources.close();
  }
}

/** The failure that is run first after a change. */
interface LastFailure {
  readonly run: KeptRun;
  /** So many passing runs in a row would make 95 % sure that it is mended: one says little of a test that fails now and then. */
  readonly needed: number;
}

function lastFailureOf({ firstFailure, report }: SessionEnd): LastFailure | null {
  if (firstFailure === null) return null;
  const tally = report.tests.find(({ name }) => name === firstFailure.test)?.tally ?? totalOf(report);
  return { run: firstFailure, needed: passesToBeSure(Math.max(1, tally.failed), judged(tally)) };
}

class WatchLoop {
  readonly #session: WatchedSession;
  readonly #sources: SourceWatcher;
  readonly #logs: string;
  readonly #interrupts: Interrupts;
  #failure: LastFailure | null = null;
  #restarts = 0;

  constructor(session: WatchedSession, sources: SourceWatcher, logs: string, interrupts: Interrupts) {
    this.#interrupts = interrupts;
    this.#session = session;
    this.#sources = sources;
    this.#logs = logs;
  }

  async run(): Promise<ExitCode> {
    for (;;) {
      const change = this.#sources.nextChange();
      const heeded = this.#restarts < RESTARTS_MAX;
      const startedMs = performance.now();
      const exitCode = await this.#round(heeded ? change : new AbortController().signal);
      if (exitCode === ExitCode.interrupted || this.#interrupts.received) return exitCode;
      if (heeded && change.aborted) {
        this.#changedInTheMiddle(change, performance.now() - startedMs);
        continue;
      }
      this.#restarts = heeded ? 0 : this.#restarts;
      say('waiting for a file to change here; Ctrl-C ends it');
      if (!heeded) await this.#sources.settle();
      const next = this.#sources.nextChange();
      if (!(await this.#changedBeforeInterrupt(next))) return exitCode;
      sayChanged(next);
    }
  }

  async #round(changed: AbortSignal): Promise<ExitCode> {
    try {
      if (this.#failure !== null && !(await this.#passesNow(this.#failure, changed))) return ExitCode.failed;
      const end = await this.#session(changed);
      // What a change cut short says nothing about the failure that was seen before it.
      if (end.report.stop !== 'changed' || end.firstFailure !== null) this.#failure = lastFailureOf(end);
      return end.exitCode;
    } catch (error) {
      // What does not build now may build after the next change.
      if (!(error instanceof UserError)) throw error;
      say(error.message);
      return ExitCode.usage;
    }
  }

  async #passesNow({ run, needed }: LastFailure, changed: AbortSignal): Promise<boolean> {
    const startedMs = performance.now();
    if ((await runAgain(run.againWords, { directory: process.cwd(), logs: this.#logs, values: run.values }, changed)) !== ExitCode.ok)
      return false;
    const sure = needed === 1 ? '' : `: ${plural(needed, 'passing run')} in a row would make 95 % sure`;
    say(`the last failure did not come back in one run (${formatDuration(performance.now() - startedMs)})${sure}; on to the rest`);
    return true;
  }

  #changedBeforeInterrupt(change: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const release = this.#interrupts.on(() => resolve(false));
      const end = (): void => {
        release();
        resolve(true);
      };
      if (change.aborted) end();
      else change.addEventListener('abort', end, { once: true });
    });
  }

  /** Tests that write into the watched folder would be started over for ever. */
  #changedInTheMiddle(change: AbortSignal, afterMs: number): void {
    sayChanged(change);
    this.#restarts = afterMs < PERSON_MS ? this.#restarts + 1 : 0;
    if (this.#restarts < RESTARTS_MAX) return;
    say(`the runs seem to write it, so that a change ends no session any more: let the test write to $RUN_DIR, or let git ignore the file`);
  }
}

function sayChanged(change: AbortSignal): void {
  say(`${String(change.reason)} has changed`);
}

function say(text: string): void {
  process.stderr.write(`${text.split('\n').map(printable).join('\n')}\n`);
}
