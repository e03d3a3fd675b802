import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { groupIsAlive, signalGroup } from './process-group.ts';
import { type LaunchOrder, type LaunchPlan, OUTPUT_FILE } from './protocol.ts';
import { commandOf, environmentOf } from './substitute.ts';

/** How a command ended, before anything is made of it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
  /** The first reason for which we signalled it; null when it ended by itself. */
  readonly endedBy: 'timeout' | 'stop' | 'outputLimit' | null;
  readonly leftProcesses: boolean;
}

/** Processes that outlive the command by less than this are on their way out, not left behind. */
const SETTLE_MS = 30;
const OUTPUT_WATCH_MS = 100;

/**
 * One command in a process group of its own (a session of its own, so it has no terminal either). Both its streams are the file
 * output.log itself: nothing is copied, nothing is lost when we die, and a grandchild that holds the stream open cannot hold us up.
 */
export class LaunchedRun {
  readonly #plan: LaunchPlan;
  readonly #child: ChildProcess;
  readonly #output: number;
  readonly #startedMs = performance.now();
  readonly #timers: NodeJS.Timeout[] = [];
  #endedBy: Ending['endedBy'] = null;
  readonly ending: Promise<Ending>;

  /** Throws, or rejects `ending`, with the system's error when the command cannot be started. */
  constructor(plan: LaunchPlan, order: LaunchOrder) {
    this.#plan = plan;
    mkdirSync(order.directory, { recursive: true });
    this.#output = openSync(join(order.directory, OUTPUT_FILE), 'a');
    try {
      const [file = '', ...commandArguments] = commandOf(plan, order);
      this.#child = spawn(file, commandArguments, {
        cwd: plan.workingDirectory,
        env: environmentOf(plan, order),
        detached: true,
        shell: plan.shell,
        stdio: ['ignore', this.#output, this.#output],
      });
    } catch (error) {
      closeSync(this.#output);
      throw error;
    }
    this.ending = this.#wait();
    this.#watch();
  }

  /** Asks the whole group to end, and kills what has not obeyed after the plan's delay. */
  end(why: NonNullable<Ending['endedBy']>, signal: NodeJS.Signals): void {
    if (this.#endedBy !== null) return;
    this.#endedBy = why;
    this.#signal(signal);
    this.#signal('SIGCONT'); // A stopped process gets to see the signal.
    this.#timers.push(setTimeout(() => this.#signal('SIGKILL'), this.#plan.killAfterMs));
  }

  kill(): void {
    this.#endedBy ??= 'stop';
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid !== undefined) signalGroup(this.#child.pid, signal);
  }

  #watch(): void {
    const { timeoutMs, quitSignal, outputMaxBytes } = this.#plan;
    if (timeoutMs !== null) this.#timers.push(setTimeout(() => this.end('timeout', quitSignal), timeoutMs));
    const watch = (): void => {
      if (fstatSync(this.#output).size > outputMaxBytes) this.end('outputLimit', 'SIGTERM');
    };
    this.#timers.push(setInterval(watch, OUTPUT_WATCH_MS));
  }

  async #wait(): Promise<Ending> {
    try {
      const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
        this.#child.once('error', reject);
        this.#child.once('exit', (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
      });
      const durationMs = performance.now() - this.#startedMs;
      if (fstatSync(this.#output).size > this.#plan.outputMaxBytes) this.#endedBy ??= 'outputLimit';
      return { code, signal, durationMs, endedBy: this.#endedBy, leftProcesses: await this.#endGroup() };
    } finally {
      for (const timer of this.#timers) clearTimeout(timer);
      closeSync(this.#output);
    }
  }

  /** Ends what the command left behind in its group, and says whether there was something. */
  async #endGroup(): Promise<boolean> {
    const group = this.#child.pid;
    if (group === undefined || !groupIsAlive(group)) return false;
    if (this.#endedBy === null) {
      await delay(SETTLE_MS);
      if (!groupIsAlive(group)) return false;
    }
    signalGroup(group, 'SIGTERM');
    signalGroup(group, 'SIGCONT');
    const deadlineMs = performance.now() + this.#plan.killAfterMs;
    while (performance.now() < deadlineMs) {
      await delay(SETTLE_MS);
      if (!groupIsAlive(group)) return this.#endedBy === null;
    }
    signalGroup(group, 'SIGKILL');
    return this.#endedBy === null;
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
