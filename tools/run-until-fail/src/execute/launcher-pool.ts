import { availableParallelism } from 'node:os';
import { errorCode, errorMessage } from '../errors.ts';
import type { Executor, Run, RunResult, RunVerdict } from '../run.ts';
import { EndingJudge } from './judge.ts';
import { type LaunchOrder, type LaunchPlan, markOf, SESSION_VARIABLE } from './launch-plan.ts';
import { type Ending, LaunchedRun } from './launched-run.ts';
import { type LauncherKind, LauncherProcess, preferredLauncher, UNUSABLE } from './launcher-process.ts';
import { Neighbours } from './neighbours.ts';
import { RunFolders } from './run-folders.ts';
import type { RunOutput } from './run-output.ts';
import { endStrays } from './strays.ts';

export interface PoolOptions {
  readonly plan: LaunchPlan;
  readonly jobs: number;
  /** The name of a test, for `{test}` and RUN_TEST. */
  readonly nameOf: (test: number) => string;
  /** The folder that a run writes to, absolute. */
  readonly directoryOf: (run: Run) => string;
  readonly launcher?: LauncherKind;
  /** Tells a person, in one line, of processes that were found only at the end. */
  readonly noted?: (text: string) => void;
}

/** The command has not been started, and next time it may be: the machine is out of something for the moment, or another launcher is tried. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', UNUSABLE]);
const ATTEMPTS_MAX = 25;
const ATTEMPT_DELAY_MS = 20;
/** From having killed all runs to giving up a launcher that does not say that they have ended. */
const SILENT_MAX_MS = 1000;

/** Of the processor time of the shortest runs a launcher of perl takes a quarter; of Node, so much that every core needs one. */
const LAUNCHERS_MAX: Readonly<Record<LauncherKind, number>> = { perl: Math.ceil(availableParallelism() / 4), node: availableParallelism() };

/** A run that has come to its end, and what it printed, which is still to be closed. */
interface Ended {
  readonly ending: Ending;
  readonly output: RunOutput;
}

/** Runs commands through launchers, watches and judges them. A launcher that dies is replaced, and its runs are lost, not passed. */
export class LauncherPool implements Executor {
  readonly slots: number;
  /** Names the session in the environment of what is not a run. */
  readonly #session: string;
  readonly #options: PoolOptions;
  #kind: LauncherKind;
  readonly #launchers = new Set<LauncherProcess>();
  readonly #running = new Set<LaunchedRun>();
  readonly #folders = new RunFolders();
  readonly #judge: EndingJudge;
  #stopping: 'gently' | 'now' | null = null;
  #hasRun = false;

  constructor(options: PoolOptions) {
    this.#session = options.plan.environment[SESSION_VARIABLE] ?? '';
    this.#options = { ...options, plan: withMark(options.plan) };
    this.#kind = options.launcher ?? preferredLauncher();
    this.#judge = new EndingJudge(this.#options.plan);
    this.slots = options.jobs;
  }

  async execute(run: Run): Promise<RunResult> {
    const directory = this.#options.directoryOf(run);
    try {
      const setting = this.#options.plan.shake?.(run.seed) ?? null;
      const ended = await this.#start({ directory, seed: run.seed, test: this.#options.nameOf(run.test), setting });
      if (ended === null) return this.#withoutEnding(run, directory, { kind: 'stopped' });
      const result = await this.#complete(run, directory, ended);
      return setting === null ? result : { ...result, setting };
    } catch (error) {
      if (this.#stopping === 'now') return this.#withoutEnding(run, directory, { kind: 'stopped' });
      return this.#withoutEnding(run, directory, {
        kind: 'lost',
        code: errorCode(error),
        message: withoutFolder(errorMessage(error), directory),
      });
    }
  }

  async #complete(run: Run, directory: string, { ending, output }: Ended): Promise<RunResult> {
    const { durationMs, cpuMs, leftProcesses } = ending;
    let spare = false;
    try {
      const { verdict: judged, cases } = await this.#judge.judge(ending, output);
      const { verdict, check } = await this.#checked(judged, directory, output);
      const result = { run, verdict, durationMs, cpuMs, cases, leftProcesses, ...(check === undefined ? {} : { check }) };
      const keep = verdict.kind === 'failed' || verdict.kind === 'ignored' || (verdict.kind === 'passed' && this.#options.plan.keepPassing);
      if (keep) return { ...result, ...kept(directory, output) };
      spare = !leftProcesses && this.#folders.setAside(directory, output);
      return { ...result, directory: spare || this.#folders.remove(directory) ? null : directory };
    } finally {
      if (!spare) output.close();
    }
  }

  /** A run whose log breaks a rule has failed, and the rule is why, however it ended. */
  async #checked(verdict: RunVerdict, directory: string, output: RunOutput): Promise<Pick<RunResult, 'verdict' | 'check'>> {
    if (!this.#options.plan.checksLogs || (verdict.kind !== 'passed' && verdict.kind !== 'failed')) return { verdict };
    const { checkLog } = await import('./check-log.ts'); // Few check, and what reads its answer is large.
    const { problem } = kept(directory, output);
    const found = problem === undefined ? await checkLog(directory, output.bytes > 0) : ({ kind: 'unchecked', why: problem } as const);
    if (found.kind === 'unchecked') return { verdict, check: { done: false, why: found.why } };
    if (found.kind === 'holds') return { verdict, check: { done: true } };
    const { rule, section, message } = found;
    const ending = verdict.kind === 'passed' ? {} : { ending: verdict.reason };
    return { verdict: { kind: 'failed', reason: { type: 'violation', rule, section, message, ...ending } }, check: { done: true } };
  }

  stop(how: 'gently' | 'now'): void {
    this.#stopping = how;
    for (const run of this.#running) {
      if (how === 'gently') run.end('stop', 'SIGTERM');
      else run.kill();
    }
    if (how === 'now') setTimeout(() => this.#killLaunchers(), SILENT_MAX_MS).unref();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#launchers].map((launcher) => launcher.close()));
    this.#folders.close();
    const { plan, noted } = this.#options;
    const session = plan.environment[SESSION_VARIABLE];
    if (session === undefined || !this.#hasRun) return;
    const { left } = await endStrays({ variable: `${SESSION_VARIABLE}=${session}`, adoptedBy: () => null }, plan.killAfterMs);
    if (left) noted?.('processes that runs had left behind were still there at the end; they were ended');
  }

  #withoutEnding(run: Run, directory: string, verdict: RunVerdict): RunResult {
    const gone = this.#folders.remove(directory);
    return { run, verdict, durationMs: 0, cpuMs: null, directory: gone ? null : directory, cases: null, leftProcesses: false };
  }

  /** Runs the command to its end; null when the session stopped before it could be started. */
  async #start(order: LaunchOrder): Promise<Ended | null> {
    for (let attempt = 1; this.#stopping === null; attempt++) {
      try {
        return await this.#runOnce(order);
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || !PASSING.has(errorCode(error))) throw error;
        await new Promise((resolve) => setTimeout(resolve, attempt * ATTEMPT_DELAY_MS));
      }
    }
    return null;
  }

  async #runOnce(order: LaunchOrder): Promise<Ended> {
    const output = this.#folders.open(order.directory);
    const run = new LaunchedRun(this.#options.plan, order, output, this.#launcher());
    this.#running.add(run);
    this.#hasRun = true;
    const neighbours = order.setting === null ? null : new Neighbours(order.setting, order.seed, this.#session);
    try {
      return { ending: await run.ending, output };
    } catch (error) {
      output.close();
      throw error;
    } finally {
      neighbours?.end();
      this.#running.delete(run);
    }
  }

  #killLaunchers(): void {
    for (const launcher of this.#launchers) if (launcher.load > 0) launcher.kill();
  }

  #died(launcher: LauncherProcess): void {
    this.#launchers.delete(launcher);
    if (!launcher.usable) this.#kind = 'node'; // There is no perl here, or not a whole one.
  }

  /** The launcher that has least to do. */
  #launcher(): LauncherProcess {
    let least: LauncherProcess | null = null;
    for (const launcher of this.#launchers) if (least === null || launcher.load < least.load) least = launcher;
    if (least !== null && (least.load === 0 || this.#launchers.size >= LAUNCHERS_MAX[this.#kind])) return least;
    const opened = new LauncherProcess(this.#kind, this.#options.plan, (dead) => this.#died(dead));
    this.#launchers.add(opened);
    return opened;
  }
}

/** The folder is gone when this is read. */
function withoutFolder(message: string, directory: string): string {
  return message.replaceAll(directory, "the run's folder");
}

/** What a kept run has of its folder. The verdict stands, whatever the test did to it. */
function kept(directory: string, output: RunOutput): Pick<RunResult, 'directory' | 'problem'> {
  try {
    output.putBack();
    return { directory };
  } catch (error) {
    return { directory: null, problem: withoutFolder(errorMessage(error), directory) };
  }
}

let pools = 0;

/**
 * The plan with a mark that no other pool of this process has. A worker of a shared queue runs several sessions, each with a pool of its
 * own: the end of one must not take the commands of another for what its own runs left behind.
 */
function withMark(plan: LaunchPlan): LaunchPlan {
  const session = plan.environment[SESSION_VARIABLE];
  if (session === undefined) return plan;
  pools += 1;
  return { ...plan, environment: { ...plan.environment, [SESSION_VARIABLE]: markOf(session, pools) } };
}
