import { type LogStore, type OpenOptions, openLog } from '@raftlens/log-store';
import { type CheckJob, LocalCheck } from '../controllers/check-job.ts';
import { Inspector } from '../controllers/inspector.ts';
import { pressKey } from '../controllers/keys.ts';
import { pressMouse } from '../controllers/mouse.ts';
import { restored, type Session, sessionOf } from '../controllers/session.ts';
import { WorkerCheck } from '../controllers/worker-check.ts';
import { initialState } from '../model/state.ts';
import { cellText } from '../text/line.ts';
import { themeOf } from '../text/theme.ts';
import { Terminal } from '../views/terminal.ts';
import { writeExport } from './export-file.ts';
import { refuseWhatIsNoLog } from './input.ts';
import { loadSession, saveSession } from './session-file.ts';
import type { TerminalSetup } from './terminal-options.ts';

export interface ScreenOptions extends TerminalSetup {
  readonly paths: readonly string[];
  readonly fresh: boolean;
  readonly reading: OpenOptions;
}

/** Shows the log on the terminal until the user quits. The terminal is given back whatever happens. */
export async function runScreen(options: ScreenOptions): Promise<void> {
  const store = await openLog(options.paths, { ...options.reading, follow: true });
  if (store.progress.done) refuseWhatIsNoLog(store, options.paths);
  const session = options.fresh ? null : loadSession(options.paths);
  const terminal = new Terminal(options);
  try {
    await new Promise<void>((resolve, reject) => {
      const screen = new Screen(options, store, terminal, session, resolve, reject);
      screen.start();
    });
  } finally {
    terminal.close();
    store.close();
  }
}

/** Up to here a thread of its own takes longer to start than the check takes. */
const SMALL_LOG_BYTES = 4 << 20;

/** Ties the terminal to the inspector: keys in, frames out, at most one frame a turn of the event loop. */
class Screen {
  readonly #options: ScreenOptions;
  readonly #terminal: Terminal;
  readonly #inspector: Inspector;
  readonly #session: Session | null;
  readonly #done: () => void;
  readonly #failed: (error: unknown) => void;
  #drawing = false;
  #ended = false;

  constructor(
    options: ScreenOptions,
    store: LogStore,
    terminal: Terminal,
    session: Session | null,
    done: () => void,
    failed: (error: unknown) => void,
  ) {
    this.#options = options;
    this.#terminal = terminal;
    this.#session = session;
    this.#done = done;
    this.#failed = failed;
    const { depth, theme, ascii, paths } = options;
    const blank = initialState({ ...terminal.size, depth, theme, ascii });
    this.#inspector = new Inspector({
      store,
      name: cellText(paths.join(' ')),
      state: session === null ? blank : restored(blank, session),
      opensAtViolation: session === null,
      makeCheck: () => this.#makeCheck(store),
      host: { changed: () => this.#draw(), quit: () => this.#end(), redraw: () => terminal.redraw(), writeExport },
    });
  }

  start(): void {
    const { app } = this.#inspector;
    this.#terminal.onKey((key) => this.#guarded(() => pressKey(app, key)));
    this.#terminal.onMouse((press) => this.#guarded(() => pressMouse(app, press)));
    this.#terminal.onResize(() => this.#guarded(() => app.dispatch({ type: 'resize', ...this.#terminal.size })));
    for (const signal of SIGNALS) process.once(signal, this.#onSignal);
    for (const event of HANGUPS) this.#options.input.once(event, this.#onHangup);
    process.on('uncaughtException', this.#onDefect);
    process.on('unhandledRejection', this.#onDefect);
    this.#inspector
      .start()
      .then(() => this.#takeUp())
      .catch(this.#onDefect);
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP') this.#onHangup();
    else this.#end();
  };

  /** The terminal is gone: dying by the signal is all that is left, for Node's own way out stumbles over a terminal that is not there. */
  readonly #onHangup = (): void => {
    if (this.#ended) return;
    this.#end();
    process.kill(process.pid, 'SIGHUP');
  };

  /** What nobody caught, such as a file that cannot be read any more: the terminal is given back before it is told. */
  readonly #onDefect = (error: unknown): void => this.#fail(error);

  #makeCheck(store: LogStore): CheckJob {
    const { paths, reading } = this.#options;
    const isSmall = store.progress.bytesTotal <= SMALL_LOG_BYTES;
    return isSmall || paths.includes('-') ? new LocalCheck(store) : new WorkerCheck({ paths, reading }, () => store.size);
  }

  /** Goes to where the last session was left, once that row is there. */
  #takeUp(): void {
    const row = this.#session?.row ?? -1;
    const { app } = this.#inspector;
    if (row >= 0 && !app.touched && app.state.lines.count > 0) {
      app.dispatch({ type: 'goToLine', line: app.state.lines.lineOf(row) });
      app.say('opened where it was left; --fresh begins anew');
    }
  }

  #draw(): void {
    if (this.#drawing || this.#ended) return;
    this.#drawing = true;
    setImmediate(() => {
      this.#drawing = false;
      if (this.#ended) return;
      this.#guarded(() => {
        const { theme, depth } = this.#inspector.app.state;
        this.#terminal.draw(this.#inspector.frame(), themeOf(theme, depth));
      });
    });
  }

  /** A defect must not leave the terminal in raw mode with a stack trace across it. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #end(): void {
    if (this.#ended) return;
    const { app } = this.#inspector;
    if (app.touched) saveSession(this.#options.paths, sessionOf(app.state));
    this.#stop();
    this.#done();
  }

  #fail(error: unknown): void {
    this.#stop();
    this.#failed(error);
  }

  #stop(): void {
    this.#ended = true;
    process.off('uncaughtException', this.#onDefect);
    process.off('unhandledRejection', this.#onDefect);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    for (const event of HANGUPS) this.#options.input.off(event, this.#onHangup);
    this.#inspector.stop();
  }
}

const HANGUPS = ['end', 'close', 'error'] as const;
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
