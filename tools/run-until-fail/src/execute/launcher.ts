/**
 * The launcher: a small process that starts, watches, judges and cleans up commands on behalf of the tool. It exists for two reasons. Node
 * forks itself to start a command, which stops the event loop for a time that grows with its memory: two small launchers start twice as
 * many commands as one large tool. And when the tool is killed, its launchers see the channel close and end the commands: no orphan
 * stays behind.
 */
import { rmdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../errors.ts';
import { Judge } from './judge.ts';
import { type Ending, LaunchedRun } from './launched-run.ts';
import { type FromLauncher, type LaunchOrder, type LaunchPlan, type LaunchReport, OUTPUT_FILE, type ToLauncher } from './protocol.ts';

/** The machine is out of something for the moment; the command has not been started. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM']);
const ATTEMPTS_MAX = 25;
const ATTEMPT_DELAY_MS = 20;

class Launcher {
  readonly #plan: LaunchPlan;
  readonly #judge: Judge;
  readonly #running = new Set<LaunchedRun>();
  #stopping: 'gently' | 'now' | null = null;

  constructor(plan: LaunchPlan) {
    this.#plan = plan;
    this.#judge = new Judge(plan);
  }

  async launch(order: LaunchOrder): Promise<LaunchReport> {
    try {
      const ending = await this.#start(order);
      if (ending === null) return report(order, { kind: 'stopped' }, !this.#remove(order.directory));
      const { verdict, cases } = this.#judge.judge(ending, order.directory);
      const keep = verdict.kind === 'failed' || verdict.kind === 'ignored' || (verdict.kind === 'passed' && this.#plan.keepPassing);
      const kept = keep || !this.#remove(order.directory);
      return { id: order.id, verdict, durationMs: ending.durationMs, cases, leftProcesses: ending.leftProcesses, kept };
    } catch (error) {
      const verdict = { kind: 'lost', code: errorCode(error), message: errorMessage(error) } as const;
      return report(order, verdict, !this.#remove(order.directory));
    }
  }

  stop(how: 'gently' | 'now'): void {
    this.#stopping = how;
    for (const run of this.#running) {
      if (how === 'gently') run.end('stop', 'SIGTERM');
      else run.kill();
    }
  }

  resume(): void {
    this.#stopping = null;
  }

  /** Runs the command to its end; null when the session stopped before it could be started. */
  async #start(order: LaunchOrder): Promise<Ending | null> {
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

  async #runOnce(order: LaunchOrder): Promise<Ending> {
    const run = new LaunchedRun(this.#plan, order);
    this.#running.add(run);
    try {
      return await run.ending;
    } finally {
      this.#running.delete(run);
    }
  }

  /** True when the folder is gone. Most runs leave the empty output file alone, and removing that by name is quicker. */
  #remove(directory: string): boolean {
    try {
      unlinkSync(join(directory, OUTPUT_FILE));
      rmdirSync(directory);
      return true;
    } catch {
      try {
        rmSync(directory, { recursive: true, force: true });
        return true;
      } catch {
        return false;
      }
    }
  }
}

function report(order: LaunchOrder, verdict: LaunchReport['verdict'], kept: boolean): LaunchReport {
  return { id: order.id, verdict, durationMs: 0, cases: null, leftProcesses: false, kept };
}

let launcher: Launcher | null = null;

function send(message: FromLauncher): void {
  // The callback takes the error of a channel that closed meanwhile: 'disconnect' deals with it.
  process.send?.(message, undefined, undefined, () => undefined);
}

process.on('message', (message: ToLauncher) => {
  switch (message.type) {
    case 'plan':
      launcher = new Launcher(message.plan);
      send({ type: 'ready' });
      break;
    case 'launch':
      void launcher?.launch(message.order).then((done) => send({ type: 'done', report: done }));
      break;
    case 'stop':
      launcher?.stop(message.how);
      break;
    case 'resume':
      launcher?.resume();
      break;
  }
});

// The tool is done with us, or dead: whatever still runs is nobody's any more. The process ends by itself with its last command.
process.on('disconnect', () => launcher?.stop('now'));
// The terminal's signals are the tool's business; it says stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
