import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Executor, Run, RunResult, Verdict } from '../run.ts';
import type { FromLauncher, LaunchOrder, LaunchPlan, LaunchReport, ToLauncher } from './protocol.ts';

const LAUNCHER = fileURLToPath(import.meta.resolve('./launcher.js'));

interface Waiting {
  readonly run: Run;
  readonly order: LaunchOrder;
  readonly resolve: (result: RunResult) => void;
}

/** One launcher process and the runs it has under way. */
interface Member {
  readonly process: ChildProcess;
  readonly waiting: Map<number, Waiting>;
}

export interface PoolOptions {
  readonly plan: LaunchPlan;
  readonly jobs: number;
  /** The name of a test, for `{test}` and RUN_TEST. */
  readonly nameOf: (test: number) => string;
  /** The folder that a run writes to, absolute. */
  readonly directoryOf: (run: Run) => string;
}

/** Runs commands through launcher processes. A launcher that dies is replaced, and its runs are lost, not passed. */
export class LauncherPool implements Executor {
  readonly slots: number;
  readonly #options: PoolOptions;
  readonly #members: Member[];
  #stopping: 'gently' | 'now' | null = null;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.slots = options.jobs;
    const launchers = Math.min(options.jobs, availableParallelism());
    this.#members = Array.from({ length: launchers }, () => this.#open());
  }

  execute(run: Run): Promise<RunResult> {
    const order: LaunchOrder = {
      id: run.number,
      directory: this.#options.directoryOf(run),
      seed: run.seed,
      test: this.#options.nameOf(run.test),
    };
    return new Promise((resolve) => {
      const member = this.#members.reduce((least, other) => (other.waiting.size < least.waiting.size ? other : least));
      member.waiting.set(order.id, { run, order, resolve });
      tell(member, { type: 'launch', order });
      if (this.#stopping !== null) tell(member, { type: 'stop', how: this.#stopping });
    });
  }

  stop(how: 'gently' | 'now'): void {
    this.#stopping = how;
    for (const member of this.#members) tell(member, { type: 'stop', how });
  }

  /** After `stop`: takes runs again. Those that were stopped stay so. */
  resume(): void {
    this.#stopping = null;
    for (const member of this.#members) tell(member, { type: 'resume' });
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#members.map(
        (member) =>
          new Promise<void>((resolve) => {
            member.process.removeAllListeners('exit');
            if (member.process.exitCode !== null || member.process.signalCode !== null) return resolve();
            member.process.once('exit', () => resolve());
            if (member.process.connected) member.process.disconnect();
          }),
      ),
    );
  }

  #open(): Member {
    // A session of its own keeps the terminal's Ctrl-C away from it.
    const child = fork(LAUNCHER, [], {
      detached: true,
      execArgv: ['--max-semi-space-size=1'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const member: Member = { process: child, waiting: new Map() };
    child.on('message', (message: FromLauncher) => {
      if (message.type === 'done') settle(member, message.report);
    });
    child.on('error', () => undefined); // A launcher that cannot be started or told something also exits.
    child.once('exit', (code, signal) => this.#replace(member, signal ?? `exit code ${code}`));
    tell(member, { type: 'plan', plan: this.#options.plan });
    return member;
  }

  #replace(member: Member, how: string): void {
    const at = this.#members.indexOf(member);
    if (at !== -1) this.#members[at] = this.#open();
    for (const { run, order, resolve } of member.waiting.values()) {
      const verdict: Verdict = { kind: 'lost', code: 'LAUNCHER_DIED', message: `the process that launched it ended (${how})` };
      resolve({ run, verdict, durationMs: 0, directory: order.directory, cases: null, leftProcesses: false });
    }
  }
}

function tell(member: Member, message: ToLauncher): void {
  if (member.process.connected) member.process.send(message, undefined, undefined, () => undefined);
}

function settle(member: Member, report: LaunchReport): void {
  const waiting = member.waiting.get(report.id);
  if (waiting === undefined) return;
  member.waiting.delete(report.id);
  const { verdict, durationMs, cases, leftProcesses } = report;
  waiting.resolve({ run: waiting.run, verdict, durationMs, directory: report.kept ? waiting.order.directory : null, cases, leftProcesses });
}
