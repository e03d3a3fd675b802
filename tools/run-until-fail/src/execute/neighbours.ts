import { type ChildProcess, spawn } from 'node:child_process';
import type { ShakeSetting } from '../shake.ts';
import { SESSION_VARIABLE } from './launch-plan.ts';
import { neighbourWords } from './shaken-command.ts';

/** Processes that keep the processors of a run busy while it lasts. They end with us, too, however we end. */
export class Neighbours {
  readonly #processes: readonly ChildProcess[];

  /** @param session the value of SESSION_VARIABLE */
  constructor(setting: ShakeSetting, seed: string, session: string) {
    this.#processes = Array.from({ length: setting.neighbours ?? 0 }, () => {
      const [program = '', ...words] = neighbourWords(setting, seed);
      const child = spawn(program, words, { stdio: 'ignore', env: { PATH: process.env['PATH'] ?? '', [SESSION_VARIABLE]: session } });
      child.on('error', () => undefined); // One fewer: the run is shaken less, and is judged all the same.
      return child;
    });
  }

  end(): void {
    for (const child of this.#processes) child.kill('SIGKILL');
  }
}
