import { spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { formatDuration } from '@raftlens/command-line';
import { bounded, errorMessage } from '../errors.ts';
import { SESSION_VARIABLE } from '../execute/launch-plan.ts';
import { signalGroup } from '../execute/process-group.ts';
import type { RunResult, RunVerdict } from '../run.ts';
import { sessionName } from './session-folder.ts';

/** `--on-failure`: a shell line that collects what the run itself could not leave, such as the logs of containers. */
export interface HookSettings {
  readonly line: string;
  readonly timeoutMs: number;
}

/** What the hook prints, in the folder of the run. */
export const HOOK_OUTPUT = 'on-failure.log';

const KILL_AFTER_MS = 2000;

/** What is told of a failing run before it is kept. */
export interface FailedRun {
  /** Where it has left its files. */
  readonly folder: string;
  readonly result: RunResult;
  readonly test: string;
  readonly why: string;
  readonly signature: string | null;
  readonly again: string;
}

/** Runs the line of `--on-failure` for each failing run, and counts how it ended. */
export class FailureHook {
  readonly #settings: HookSettings;
  /** The variables of --env. */
  readonly #values: Readonly<Record<string, string>>;
  readonly #groups = new Set<number>();
  #runs = 0;
  #failed = 0;
  #firstProblem = '';
  #hurried = false;

  constructor(settings: HookSettings, values: Readonly<Record<string, string>>) {
    this.#settings = settings;
    this.#values = values;
  }

  /** Resolves when the line has ended, or has been ended. Never rejects: a failure is counted, and changes nothing of what was found. */
  async run(failed: FailedRun): Promise<void> {
    this.#runs += 1;
    const problem = this.#hurried ? 'not run: the session was interrupted' : await this.#execute(failed);
    if (problem === null) return;
    this.#failed += 1;
    this.#firstProblem ||= `${problem} (seed ${failed.result.run.seed})`;
  }

  /** Ends what runs, and starts nothing more. */
  hurry(): void {
    this.#hurried = true;
    for (const group of this.#groups) signalGroup(group, 'SIGKILL');
  }

  /** One line for the summary, where it has failed. */
  get problem(): string | null {
    if (this.#failed === 0) return null;
    return `--on-failure failed for ${this.#failed} of ${this.#runs} failing runs: ${this.#firstProblem}; what it printed is in their ${HOOK_OUTPUT}`;
  }

  /** @returns what went wrong; null where nothing did */
  async #execute(failed: FailedRun): Promise<string | null> {
    let output: number;
    try {
      output = openSync(
        join(failed.folder, HOOK_OUTPUT),
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND,
        0o666,
      );
    } catch (error) {
      return errorMessage(error);
    }
    try {
      return await this.#ending(failed, output);
    } finally {
      closeSync(output);
    }
  }

  #ending(failed: FailedRun, output: number): Promise<string | null> {
    const { line, timeoutMs } = this.#settings;
    return new Promise((resolve) => {
      // A group of its own: it is ended with all that it has started.
      const child = spawn('/bin/sh', ['-c', line], {
        detached: true,
        stdio: ['ignore', output, output],
        env: { ...process.env, ...this.#values, ...factsOf(failed), [SESSION_VARIABLE]: sessionName() },
      });
      const group = child.pid;
      if (group !== undefined) this.#groups.add(group);
      const signal = (name: NodeJS.Signals): unknown => group !== undefined && signalGroup(group, name);
      let isLate = false;
      const asking = setTimeout(() => {
        isLate = true;
        signal('SIGTERM');
      }, timeoutMs);
      const killing = setTimeout(() => signal('SIGKILL'), timeoutMs + KILL_AFTER_MS);
      const end = (problem: string | null): void => {
        clearTimeout(asking);
        clearTimeout(killing);
        if (group !== undefined) this.#groups.delete(group);
        signal('SIGKILL'); // What it has left behind.
        resolve(isLate ? `ended after ${formatDuration(timeoutMs)}` : problem);
      };
      child.once('error', (error) => end(errorMessage(error)));
      child.once('exit', (code, ended) => end(code === 0 ? null : ended === null ? `exit code ${code}` : `ended by ${ended}`));
    });
  }
}

/** What the line may want to know of the run. */
function factsOf({
  folder,
  result: { run, verdict, durationMs },
  test,
  why,
  signature,
  again,
}: FailedRun): Readonly<Record<string, string>> {
  const facts = {
    RUN_DIR: folder,
    RUN_SEED: run.seed,
    RUN_TEST: test,
    RUN_NUMBER: String(run.number),
    RUN_WHY: why,
    RUN_KIND: kindOf(verdict),
    RUN_EXIT_CODE: verdict.kind === 'failed' && verdict.reason.type === 'exit' ? String(verdict.reason.code) : '',
    RUN_SIGNATURE: signature ?? '',
    RUN_DURATION_MS: String(Math.round(durationMs)),
    RUN_AGAIN: again,
  };
  // No variable can hold a NUL, and a test may have printed one; a very long one would keep the line from starting.
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      name === 'RUN_DIR' || name === 'RUN_AGAIN' ? value : bounded(value.replaceAll('\0', ' ')),
    ]),
  );
}

function kindOf(verdict: RunVerdict): string {
  return verdict.kind === 'failed' ? verdict.reason.type : verdict.kind;
}
