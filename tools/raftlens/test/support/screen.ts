import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogStore } from '@raftlens/log-store';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import { LocalCheck } from '../../src/check/local-check.ts';
import { Inspector } from '../../src/controllers/inspector.ts';
import { pressKey } from '../../src/controllers/keys.ts';
import { pressMouse } from '../../src/controllers/mouse.ts';
import { initialState } from '../../src/model/state.ts';
import { type ColorDepth, themeOf } from '../../src/text/theme.ts';
import { Terminal } from '../../src/views/terminal.ts';

export interface TestScreenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: ColorDepth;
  readonly ascii?: boolean;
  /** What the log is called. */
  readonly name?: string;
}

const KEY_BYTES: Readonly<Record<string, string>> = {
  Enter: '\r',
  Esc: '\u001b',
  Tab: '\t',
  Up: '\u001b[A',
  Down: '\u001b[B',
  Right: '\u001b[C',
  Left: '\u001b[D',
  PgUp: '\u001b[5~',
  PgDn: '\u001b[6~',
  Home: '\u001b[H',
  End: '\u001b[F',
  Backspace: '\u007f',
};

/** A pair of streams that plays the terminal: what is written goes to xterm, what is typed comes from the test. */
class FakeTty extends Duplex {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly #onOutput: (text: string) => void;

  constructor(columns: number, rows: number, onOutput: (text: string) => void) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
    this.#onOutput = onOutput;
  }

  override _read(): void {}

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.#onOutput(chunk.toString());
    done();
  }

  setRawMode(): this {
    return this;
  }
}

/** The whole inspector over a terminal in memory: keys go in as bytes, and the screen is read cell by cell. */
export class TestScreen {
  readonly inspector: Inspector;
  readonly #xterm: xterm.Terminal;
  readonly #tty: FakeTty;
  readonly #terminal: Terminal;
  quit = false;
  suspended = false;

  constructor(store: LogStore, { width = 100, height = 24, depth = 256, ascii = false, name = 'run' }: TestScreenOptions = {}) {
    this.#xterm = new xterm.Terminal({ cols: width, rows: height, allowProposedApi: true });
    this.#xterm.loadAddon(new Unicode11Addon());
    this.#xterm.unicode.activeVersion = '11';
    this.#tty = new FakeTty(width, height, (text) => this.#xterm.write(text));
    this.#terminal = new Terminal({ input: this.#tty, output: this.#tty, term: 'xterm-256color', ascii, mouse: true });
    this.inspector = new Inspector({
      store,
      name,
      state: initialState({ width, height, depth, theme: 'dark', ascii }),
      opensAtViolation: true,
      makeCheck: () => Promise.resolve(new LocalCheck(store)),
      host: {
        changed: () => {},
        quit: () => (this.quit = true),
        redraw: () => this.#terminal.redraw(),
        suspend: () => (this.suspended = true),
        writeExport: (path) => Promise.resolve(`saved to ${path}`),
      },
    });
    this.#terminal.onKey((key) => pressKey(this.inspector.app, key));
    this.#terminal.onMouse((press) => pressMouse(this.inspector.app, press));
    this.#terminal.onResize(() => this.inspector.app.dispatch({ type: 'resize', ...this.#terminal.size }));
  }

  /** Opens the log and waits until it is read and checked. */
  static async open(store: LogStore, options?: TestScreenOptions): Promise<TestScreen> {
    const screen = new TestScreen(store, options);
    await screen.#terminal.listen();
    await screen.inspector.start();
    screen.inspector.startBehind();
    await store.done;
    await screen.settled();
    return screen;
  }

  /** Types keys: names as in the help, or text that is typed character by character. */
  async press(...keys: string[]): Promise<string> {
    for (const key of keys) {
      for (const bytes of KEY_BYTES[key] === undefined ? Array.from(key.startsWith('Ctrl-') ? control(key) : key) : [KEY_BYTES[key]]) {
        this.#tty.push(bytes);
        await this.settled();
      }
    }
    return this.text();
  }

  /** What the terminal sends in one piece: a report of the mouse. */
  async pressBytes(bytes: string): Promise<void> {
    this.#tty.push(bytes);
    await this.settled();
  }

  async resize(width: number, height: number): Promise<string> {
    this.#xterm.resize(width, height);
    this.#tty.columns = width;
    this.#tty.rows = height;
    this.inspector.app.dispatch({ type: 'resize', width, height });
    this.#tty.emit('resize');
    return this.text();
  }

  /** Lets jobs that are under way end. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 25; turn += 1) await nextTurn();
  }

  /** The screen as text, without spaces at the ends of its lines. */
  async text(): Promise<string> {
    const { theme, depth } = this.inspector.app.state;
    this.#terminal.draw(this.inspector.frame(), themeOf(theme, depth));
    await new Promise<void>((resolve) => this.#xterm.write('', resolve));
    const { buffer, rows } = this.#xterm;
    const lines = Array.from({ length: rows }, (_, y) => buffer.active.getLine(y)?.translateToString(true) ?? '');
    return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  /** The colours and attributes of a cell. */
  cell(
    x: number,
    y: number,
  ): { readonly foreground: number; readonly background: number; readonly bold: boolean; readonly inverse: boolean } {
    const cell = this.#xterm.buffer.active.getLine(y)?.getCell(x);
    if (cell === undefined) throw new RangeError(`no cell at ${x},${y}`);
    return { foreground: cell.getFgColor(), background: cell.getBgColor(), bold: cell.isBold() !== 0, inverse: cell.isInverse() !== 0 };
  }

  close(): void {
    void this.inspector.stop();
    this.#terminal.close();
    this.#xterm.dispose();
  }
}

function control(key: string): string {
  return String.fromCharCode(key.charCodeAt('Ctrl-'.length) - 96);
}
