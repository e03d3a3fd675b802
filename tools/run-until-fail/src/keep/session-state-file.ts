import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@raftlens/command-line';
import { errorCode } from '../errors.ts';
import { readPlainFile } from '../files.ts';
import type { SessionState } from './session-state.ts';

const STATE_BYTES_MAX = 2 ** 28;

const FOLDER = '.sessions';
/** A session is known by its command line: the same command with --resume goes on where it stopped. */
export class SessionStateFile {
  readonly #path: string;
  readonly #folder: string;

  constructor(logs: string, commandLine: readonly string[]) {
    this.#folder = join(logs, FOLDER);
    const name = createHash('sha256').update(JSON.stringify(commandLine)).digest('hex').slice(0, 16);
    this.#path = join(this.#folder, `${name}.json`);
  }

  /** @throws UserError NOTHING_TO_RESUME or BAD_STATE */
  async read(): Promise<SessionState> {
    let text: string;
    try {
      text = readPlainFile(this.#path, STATE_BYTES_MAX);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      throw new UserError('NOTHING_TO_RESUME', 'no interrupted session of this very command line is known here; run it without --resume');
    }
    const { parseState } = await import('./parse-state.ts');
    return parseState(text, this.#path);
  }

  /** In one step, so that a kill at any moment leaves the old state or the new. */
  write(state: SessionState): void {
    mkdirSync(this.#folder, { recursive: true });
    const draft = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(draft, `${JSON.stringify(state)}\n`);
    renameSync(draft, this.#path);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
