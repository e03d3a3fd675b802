import { type LogStore, type OpenOptions, openLog, shareRows } from '@raftlens/log-store';
import type { CheckJob } from '../check/check-job.ts';
import { Inspector } from '../controllers/inspector.ts';
import { pressKey } from '../controllers/keys.ts';
import { pressMouse } from '../controllers/mouse.ts';
import { restored, sessionOf, type ViewSession } from '../controllers/session.ts';
import { initialState } from '../model/state.ts';
import { cellText } from '../text/line.ts';
import { themeOf } from '../text/theme.ts';
import { writeExport } from './export-file.ts';
import { type HeldTerminal, holdTerminal } from './held-terminal.ts';
import { refuseWhatIsNoLog } from './log-paths.ts';
import { loadSession, saveSession } from './session-file.ts';
import type { TerminalSetup } from './terminal-options.ts';

export interface ScreenOptions extends TerminalSetup {
  readonly paths: readonly string[];
  readonly fresh: boolean;
  readonly reading: OpenOptions;
}

/** Shows the log on the terminal until the user quits. */
export async function runScreen(options: ScreenOptions): Promise<void> {
  const store = await openLog(options.paths, { ...options.reading, follow: true });
  if (store.progress.done) refuseWhatIsNoLog(store, options.paths);
  const session = options.fresh ? null : loadSession(options.paths);
  let reading: Promise<void> = Promise.resolve();
  try {
    await holdTerminal(options, (held) => {
      const screen = new LogScreen(options, store, held, session);
      screen.start();
      return {
        leave: () => screen.leave(),
        stop: () => {
          reading = screen.stop();
        },
      };
    });
  } finally {
    // The thread that checks reads through the files of the store.
    await reading;
    store.close();
  }
}

/** Up to here a thread of its own takes longer to start than the check takes. */
const SMALL_LOG_BYTES = 4 << 20;

/** Ties the terminal to the inspector: keys in, frames out, at most one frame a turn of the event loop. */
class LogScreen {
  readonly #options: ScreenOptions;
  readonly #held: HeldTerminal;
  readonly #inspector: Inspector;
  /** Where the last session was left, until that row is there or the user has gone elsewhere; -1 for nowhere. */
  #rowToTakeUp: number;
  #drawing = false;
  #stopped = false;

  constructor(options: ScreenOptions, store: LogStore, held: HeldTerminal, session: ViewSession | null) {
    this.#options = options;
    this.#held = held;
    this.#rowToTakeUp = session?.row ?? -1;
    const { depth, theme, ascii, paths } = options;
    const { terminal } = held;
    const blank = initialState({ ...terminal.size, depth, theme, ascii });
    this.#inspector = new Inspector({
      store,
      name: cellText(paths.join(' ')),
      state: session === null ? blank : restored(blank, session),
      opensAtViolation: session === null,
      makeCheck: () => this.#makeCheck(store),
      host: {
        changed: () => this.#draw(),
        quit: () => held.end(),
        redraw: () => terminal.redraw(),
        suspend: () => held.suspend(),
        writeExport,
      },
    });
  }

  start(): void {
    const held = this.#held;
    const { terminal } = held;
    const { app } = this.#inspector;
    terminal.onKey((key) => held.guarded(() => pressKey(app, key)));
    terminal.onMouse((press) => held.guarded(() => pressMouse(app, press)));
    terminal.onResize(() => held.guarded(() => app.dispatch({ type: 'resize', ...terminal.size })));
    // What fails here reaches whoever holds the terminal as an unhandled rejection.
    void this.#begin();
  }

  leave(): void {
    const { app } = this.#inspector;
    if (app.touched) saveSession(this.#options.paths, sessionOf(app.state));
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#inspector.stop();
  }

  /** The first lines are drawn before anything else is begun. */
  async #begin(): Promise<void> {
    await this.#inspector.start();
    if (this.#stopped) return;
    this.#drawNow();
    await this.#held.terminal.listen();
    if (this.#stopped) return;
    this.#inspector.startBehind();
  }

  async #makeCheck(store: LogStore): Promise<CheckJob> {
    const sharing = store.progress.bytesTotal <= SMALL_LOG_BYTES ? null : shareRows(store);
    if (sharing === null) {
      const { LocalCheck } = await import('../check/local-check.ts');
      return new LocalCheck(store);
    }
    const { WorkerCheck } = await import('../check/worker-check.ts');
    return new WorkerCheck(sharing);
  }

  #takeUp(): void {
    const { app } = this.#inspector;
    const { lines } = app.state;
    const row = app.touched ? -1 : this.#rowToTakeUp;
    if (row >= 0 && (lines.count === 0 || lines.at(lines.count - 1).last < row)) return;
    this.#rowToTakeUp = -1;
    if (row < 0) return;
    app.dispatch({ type: 'goToLine', line: lines.lineOf(row) });
    app.say('opened where it was left; --fresh starts at the beginning');
  }

  #draw(): void {
    if (this.#drawing || this.#stopped) return;
    this.#drawing = true;
    setImmediate(() => {
      this.#drawing = false;
      if (!this.#stopped) this.#held.guarded(() => this.#drawNow());
    });
  }

  #drawNow(): void {
    this.#takeUp();
    const { theme, depth } = this.#inspector.app.state;
    this.#held.terminal.draw(this.#inspector.frame(), themeOf(theme, depth));
  }
}
