import { askForStacks } from './ask-for-stacks.ts';
import type { LaunchOrder, LaunchPlan } from './launch-plan.ts';
import type { Exit, LauncherProcess } from './launcher-process.ts';
import { groupIsAlive, signalGroup, signalProcess } from './process-group.ts';
import type { RunOutput } from './run-output.ts';
import { endStrays } from './strays.ts';
import { commandOf, environmentOf } from './substitute.ts';

/** How a command ended, before anything is made of it. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
  /** The first reason for which we signalled it; null when it ended by itself. */
  readonly endedBy: 'timeout' | 'stop' | 'outputLimit' | null;
  readonly leftProcesses: boolean;
  /** Processor time of all its processes; null where it cannot be told. */
  readonly cpuMs: number | null;
  /** What it had printed when the command ended. */
  readonly outputBytes: number;
}

/** What a command left behind has come to its end. */
interface LeftBehind {
  /** There was something that would not have ended by itself at once. */
  readonly left: boolean;
  readonly spentMs: number | null;
}

const NOTHING_LEFT: LeftBehind = { left: false, spentMs: 0 };

/** Processes that outlive the command by less than this are on their way out, not left behind. */
const SETTLE_MS = 30;
const OUTPUT_WATCH_MS = 100;
/** From having killed a run to giving up a launcher that does not say that it has ended. */
const SILENT_MAX_MS = 5000;

/**
 * One command in a process group of its own, without a terminal. Both its streams are the file
 * output.log itself: nothing is copied, nothing is lost when we die, and a grandchild that holds the stream open cannot hold us up.
 */
export class LaunchedRun {
  readonly #plan: LaunchPlan;
  readonly #launcher: LauncherProcess;
  readonly #directory: string;
  readonly #output: RunOutput;
  readonly #startedMs = performance.now();
  readonly #timers: NodeJS.Timeout[] = [];
  #group: number | null = null;
  /** Signals from before the launcher has said which process it is. */
  readonly #early: NodeJS.Signals[] = [];
  #over = false;
  #endedBy: Ending['endedBy'] = null;
  readonly ending: Promise<Ending>;

  /** `ending` rejects with a LaunchError when the command could not be started. */
  constructor(plan: LaunchPlan, order: LaunchOrder, output: RunOutput, launcher: LauncherProcess) {
    this.#plan = plan;
    this.#launcher = launcher;
    this.#output = output;
    this.#directory = order.directory;
    const exit = new Promise<Exit>((resolve, reject) => {
      launcher.start(
        { words: commandOf(plan, order), environment: environmentOf(order), output: output.path },
        { started: (group) => this.#started(group), exited: resolve, failed: reject },
      );
    });
    this.ending = this.#wait(exit);
    this.#watch();
  }

  /** Asks the whole group to end, and kills what has not obeyed after the plan's delay. */
  end(why: NonNullable<Ending['endedBy']>, signal: NodeJS.Signals): void {
    if (this.#endedBy !== null || this.#over) return;
    this.#endedBy = why;
    this.#askToEnd(signal);
  }

  #askToEnd(signal: NodeJS.Signals): void {
    this.#signal(signal);
    this.#signal('SIGCONT'); // A stopped process gets to see the signal.
    this.#timers.push(setTimeout(() => this.#kill(), this.#plan.killAfterMs));
  }

  #timeOut(): void {
    const { quitSignal, killAfterMs } = this.#plan;
    if (quitSignal !== null || this.#group === null) return this.end('timeout', quitSignal ?? 'SIGTERM');
    if (this.#endedBy !== null || this.#over) return;
    // Already now: what is asked for its stacks may end by that.
    this.#endedBy = 'timeout';
    const asked = {
      group: this.#group,
      variable: `RUN_DIR=${this.#directory}`,
      outputBytes: () => (this.#over ? null : this.#output.bytes),
    };
    void askForStacks(asked, killAfterMs).then(() => {
      if (!this.#over) this.#askToEnd('SIGTERM');
    });
  }

  kill(): void {
    this.#endedBy ??= 'stop';
    this.#kill();
  }

  /** A launcher that does not say that a killed run has ended is at its own end: it is given up. */
  #kill(): void {
    this.#signal('SIGKILL');
    this.#timers.push(setTimeout(() => this.#launcher.kill(), SILENT_MAX_MS));
  }

  #started(group: number): void {
    this.#group = group;
    for (const signal of this.#early.splice(0)) this.#signal(signal);
  }

  /** Where the command has not made its group yet, it is all that there is to be signalled. */
  #signal(signal: NodeJS.Signals): void {
    if (this.#group === null) this.#early.push(signal);
    else if (!signalGroup(this.#group, signal) && !this.#over) signalProcess(this.#group, signal);
  }

  #watch(): void {
    const { timeoutMs, outputMaxBytes } = this.#plan;
    // Where we were stopped (Ctrl-Z) or busy, the command may have ended in time and only not been heard: that comes before the timeout.
    const timeUp = (): unknown => setImmediate(() => this.#timeOut());
    if (timeoutMs !== null) this.#timers.push(setTimeout(timeUp, timeoutMs));
    const watch = (): void => {
      if (this.#output.bytes > outputMaxBytes) this.end('outputLimit', 'SIGTERM');
    };
    this.#timers.push(setInterval(watch, OUTPUT_WATCH_MS));
  }

  async #wait(exit: Promise<Exit>): Promise<Ending> {
    try {
      const { code, signal, left, strays, spentUs } = await exit;
      this.#over = true;
      const durationMs = performance.now() - this.#startedMs;
      const outputBytes = this.#output.bytes;
      if (outputBytes > this.#plan.outputMaxBytes) this.#endedBy ??= 'outputLimit';
      const group = left && this.#group !== null ? await this.#endGroup(this.#group) : NOTHING_LEFT;
      const outside = strays || this.#launcher.looksForStrays() ? await this.#endStrays() : NOTHING_LEFT;
      const cpuMs = spentUs === null || group.spentMs === null ? null : spentUs / 1000 + group.spentMs + (outside.spentMs ?? 0);
      return { code, signal, durationMs, endedBy: this.#endedBy, leftProcesses: group.left || outside.left, cpuMs, outputBytes };
    } catch (error) {
      if (this.#group === null) throw error;
      // Its launcher is gone, and whatever it had started is nobody's.
      await this.#endStrays();
      if (this.#endedBy === null || this.#endedBy === 'stop') throw error;
      // We had ended it ourselves, and know why.
      const durationMs = performance.now() - this.#startedMs;
      return {
        code: null,
        signal: 'SIGKILL',
        durationMs,
        endedBy: this.#endedBy,
        leftProcesses: false,
        cpuMs: null,
        outputBytes: this.#output.bytes,
      };
    } finally {
      for (const timer of this.#timers) clearTimeout(timer);
    }
  }

  /** Ends what the command left behind outside of its group. */
  async #endStrays(): Promise<LeftBehind> {
    const launcher = this.#launcher;
    // While the launcher has other commands, a child without a mark may be one of theirs.
    const adoptedBy = (): number | null => (launcher.load === 0 ? (launcher.pid ?? null) : null);
    const startedMs = performance.now();
    const { left, spentMs } = await endStrays({ variable: `RUN_DIR=${this.#directory}`, adoptedBy }, this.#plan.killAfterMs);
    if (!left) this.#launcher.hasLooked(performance.now() - startedMs);
    return { left: left && this.#endedBy === null, spentMs };
  }

  /** Ends what the command left behind in its group. */
  async #endGroup(group: number): Promise<LeftBehind> {
    const left = await this.#leftInGroup(group);
    const spentUs = await this.#launcher.forget(group);
    return { left, spentMs: spentUs === null ? null : spentUs / 1000 };
  }

  async #leftInGroup(group: number): Promise<boolean> {
    if (!groupIsAlive(group)) return false;
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
    await delay(SETTLE_MS);
    return this.#endedBy === null;
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
