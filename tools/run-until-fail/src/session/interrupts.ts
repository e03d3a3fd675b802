import { ExitCode } from '@raftlens/command-line';

/** What a person or a CI system sends to end a program. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Every Ctrl-C, SIGTERM and hang-up from the start of the tool's work to its end. It is held for the whole of that time: a signal that comes
 * between two parts of the work, when nobody listens, is not lost, nor does it end the tool with something left behind.
 */
export class Interrupts {
  #listeners: (() => void)[] = [];
  #count = 0;
  readonly #signalled = (): void => {
    this.#count += 1;
    // Whoever works now has its own way to end; where nobody does, a second signal is not asked for twice.
    if (this.#listeners.length === 0 && this.#count > 1) process.exit(ExitCode.interrupted);
    for (const listener of this.#listeners) listener();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#signalled);
  }

  /** Whether one has come. */
  get received(): boolean {
    return this.#count > 0;
  }

  /** Calls the listener at each signal, and at once when one has come before. The function that comes back ends that. */
  on(listener: () => void): () => void {
    this.#listeners = [...this.#listeners, listener];
    if (this.received) listener();
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Gives the signals back to Node. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#signalled);
  }
}
