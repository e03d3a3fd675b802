import { InterruptedError } from '@raftlens/command-line';
import { Terminal } from '../views/terminal.ts';
import type { TerminalSetup } from './terminal-options.ts';

/** What asks a program to end. Ctrl-C is a key here and no signal; SIGINT comes from elsewhere. */
const ENDING = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;
/** The keyboard is gone, and the terminal with it. */
const HANGUPS = ['end', 'close', 'error'] as const;
/** As long as a signal may take to reach the last of the threads. */
const STOPPING_MS = 50;

/** What a screen can ask of the terminal that is held for it. */
export interface HeldTerminal {
  readonly terminal: Terminal;
  /** The user has quit. */
  end(): void;
  /** Does the work; where it throws, the terminal is given back before the error is told. */
  guarded(work: () => void): void;
  /** Gives the terminal to the shell, as Ctrl-Z does, until the user's `fg`. */
  suspend(): void;
}

/** What is shown on it. */
export interface ShownScreen {
  /** It ends because the user quit or a signal came: what is to be kept is kept now. */
  leave(): void;
  /** It ends, for whatever reason: nothing may be drawn any more. */
  stop(): void;
}

/**
 * Takes the terminal, shows a screen on it, and gives it back whatever happens: the user quits, a signal comes, the terminal hangs up, the
 * shell stops the process and goes on with it, or there is a defect. Resolves when the user has quit.
 *
 * @throws InterruptedError for a signal that asks to end, and what the screen throws
 */
export function holdTerminal(setup: TerminalSetup, show: (held: HeldTerminal) => ShownScreen): Promise<void> {
  return new Promise((resolve, reject) => new Hold(setup, resolve, reject).begin(show));
}

class Hold implements HeldTerminal {
  readonly terminal: Terminal;
  readonly #setup: TerminalSetup;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  #screen: ShownScreen | null = null;
  #stopping: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(setup: TerminalSetup, resolve: () => void, reject: (error: unknown) => void) {
    this.#setup = setup;
    this.#resolve = resolve;
    this.#reject = reject;
    this.terminal = new Terminal(setup);
  }

  begin(show: (held: HeldTerminal) => ShownScreen): void {
    for (const signal of ENDING) process.on(signal, this.#interrupted);
    for (const event of HANGUPS) this.#setup.input.on(event, this.#hungUp);
    process.on('SIGHUP', this.#hungUp);
    process.on('SIGCONT', this.#continued);
    process.on('uncaughtException', this.#failed);
    process.on('unhandledRejection', this.#failed);
    this.guarded(() => (this.#screen = show(this)));
  }

  end(): void {
    this.#leave(this.#resolve);
  }

  guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(error);
    }
  }

  /**
   * Stops the whole job, as the terminal's own Ctrl-Z does: a launcher such as npx would wait on otherwise. Where no shell is there to go on
   * with it nothing is stopped, and the terminal is taken again at once; after a stop SIGCONT does that.
   */
  suspend(): void {
    this.terminal.release();
    this.#stopping = setTimeout(this.#continued, STOPPING_MS);
    process.kill(0, 'SIGTSTP');
  }

  readonly #continued = (): void => {
    clearTimeout(this.#stopping);
    this.guarded(() => this.terminal.take());
  };

  readonly #interrupted = (): void => this.#leave(() => this.#reject(new InterruptedError()));

  /** The process dies by the signal: Node's own way out stumbles over a terminal that is not there. */
  readonly #hungUp = (): void => this.#leave(() => process.kill(process.pid, 'SIGHUP'));

  /** What nobody caught, such as a file that cannot be read any more: the terminal is given back before it is told. */
  readonly #failed = (error: unknown): void => {
    if (this.#ended) return;
    this.#giveBack();
    this.#reject(error);
  };

  #leave(then: () => void): void {
    if (this.#ended) return;
    this.#screen?.leave();
    this.#giveBack();
    then();
  }

  #giveBack(): void {
    this.#ended = true;
    clearTimeout(this.#stopping);
    for (const signal of ENDING) process.off(signal, this.#interrupted);
    for (const event of HANGUPS) this.#setup.input.off(event, this.#hungUp);
    process.off('SIGHUP', this.#hungUp);
    process.off('SIGCONT', this.#continued);
    process.off('uncaughtException', this.#failed);
    process.off('unhandledRejection', this.#failed);
    this.#screen?.stop();
    this.terminal.close();
  }
}
