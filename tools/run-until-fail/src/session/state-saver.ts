import type { SessionState } from '../keep/session-state.ts';
import type { SessionStateFile } from '../keep/session-state-file.ts';
import type { KeptRun, Observer } from '../kept-run.ts';

const INTERVAL_MS = 1000;

/**
 * Writes down how far a session is: about once a second, and at each failure. After a kill at any moment the runs since then are run again;
 * none is counted twice, since the counts are written with them.
 */
export class StateSaver implements Observer {
  readonly #file: SessionStateFile;
  readonly #state: () => SessionState;
  #savedMs = performance.now();

  constructor(file: SessionStateFile, state: () => SessionState) {
    this.#file = file;
    this.#state = state;
  }

  finished(): void {
    if (performance.now() - this.#savedMs >= INTERVAL_MS) this.#save();
  }

  kept({ verdict }: KeptRun): void {
    if (verdict.kind === 'failed') this.#save();
  }

  /** A session can be resumed from its first moment on. */
  begin(): void {
    this.#save();
  }

  /** @param unfinished there is something to go on with */
  finish(unfinished: boolean): void {
    if (unfinished) this.#save();
    else this.#remove();
  }

  #remove(): void {
    try {
      this.#file.remove();
    } catch {
      // It stays, and a later --resume would find nothing left to run.
    }
  }

  #save(): void {
    this.#savedMs = performance.now();
    try {
      this.#file.write(this.#state());
    } catch {
      // A full disk ends the session anyway, through its runs; not being able to resume must not end it a moment earlier.
    }
  }
}
