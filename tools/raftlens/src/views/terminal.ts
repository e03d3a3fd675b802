import type { Duplex } from 'node:stream';
import type { BlessedProgram } from 'blessed';
import type { KeyPress } from '../controllers/keys.ts';
import type { MousePress } from '../controllers/mouse.ts';
import type { Frame } from '../render/frame.ts';
import { painted, type Theme } from '../text/theme.ts';
import { type BlessedKey, keyPressOf } from './key-names.ts';
import { mousePressesIn } from './mouse-reports.ts';
import { ScreenRows } from './screen-rows.ts';
import { asciiLine, steadyLine } from './steady-text.ts';

/** What keys come from; where it is a terminal it has a raw mode, in which it hands over every key at once and unseen. */
export type Keyboard = Duplex & { setRawMode?(raw: boolean): unknown };

/** What is drawn on; where it is a terminal it has a size. */
export type Display = Duplex & { readonly columns?: number; readonly rows?: number };

export interface TerminalOptions {
  readonly input: Keyboard;
  readonly output: Display;
  /** The terminal's name: "xterm-256color". */
  readonly term: string;
  readonly ascii: boolean;
  readonly mouse: boolean;
}

// The control sequences of ECMA-48 and of xterm, which every terminal of today follows.
const ALTERNATE_SCREEN = '?1049';
const WRAPPING = '?7';
const CURSOR = '?25';
/** Presses and the wheel, reported in decimal numbers: no cell is out of their reach. */
const MOUSE = ['?1000', '?1006'];

const ERASE_SCREEN = '\u001b[2J';

const on = (...modes: readonly string[]) => modes.map((mode) => `\u001b[${mode}h`).join('');
const off = (...modes: readonly string[]) => modes.map((mode) => `\u001b[${mode}l`).join('');

/** Of a terminal that does not tell its size, as over some serial lines. */
const USUAL_SIZE = { width: 80, height: 24 };

/**
 * The terminal. Blessed's program reads its keys, and is loaded once the first frame is there; of blessed's screen and its widgets nothing is
 * used, because they cost four times what the rest of a frame does. Rows that have not changed are not written.
 */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #rows = new ScreenRows();
  #program: BlessedProgram | null = null;
  /** The terminal is taken with the first frame: the shell's screen stays until there is something to see. */
  #taken = false;
  #cursor = '';
  #closed = false;
  #onKey: (key: KeyPress) => void = () => {};
  #onMouse: (press: MousePress) => void = () => {};
  #onResize: () => void = () => {};

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#setRawMode(true);
    options.output.on('resize', this.#resized);
  }

  get size(): { readonly width: number; readonly height: number } {
    const { columns = 0, rows = 0 } = this.#options.output;
    return columns > 0 && rows > 0 ? { width: columns, height: rows } : USUAL_SIZE;
  }

  onKey(listener: (key: KeyPress) => void): void {
    this.#onKey = listener;
  }

  onMouse(listener: (press: MousePress) => void): void {
    this.#onMouse = listener;
  }

  onResize(listener: () => void): void {
    this.#onResize = listener;
  }

  /** Begins to hand over keys and the mouse; what was typed before is handed over first. */
  async listen(): Promise<void> {
    const { default: Program } = await import('blessed/lib/program.js');
    if (this.#closed) return;
    const { input, output, term, mouse } = this.#options;
    const program = withoutTmux(() => new Program({ input, output, terminal: term, tput: false }));
    this.#program = program;
    program.on('keypress', (character: string | undefined, key: BlessedKey) => {
      const press = keyPressOf(character, key);
      if (press !== null) this.#onKey(press);
    });
    if (mouse) program.on('data', (data: Buffer | string) => mousePressesIn(data.toString()).forEach(this.#onMouse));
  }

  draw(frame: Frame, theme: Theme): void {
    const rows = frame.lines.map((of) => painted(this.#options.ascii ? asciiLine(of) : steadyLine(of), theme));
    const cursor = frame.cursor === null ? off(CURSOR) : `\u001b[${frame.cursor.y + 1};${frame.cursor.x + 1}H${on(CURSOR)}`;
    const changed = this.#rows.turnInto(rows);
    if (changed === '' && cursor === this.#cursor && this.#taken) return;
    this.#cursor = cursor;
    this.#options.output.write(this.#taking() + off(CURSOR) + changed + cursor);
  }

  /** Draws everything again, for a screen that something else has written on. */
  redraw(): void {
    this.#options.output.write(`${this.#taking()}${off(CURSOR)}${this.#rows.redrawn()}${this.#cursor}`);
  }

  /** Gives the terminal back as it was, until it is taken again. */
  release(): void {
    if (this.#taken) this.#options.output.write(off(...MOUSE, ALTERNATE_SCREEN) + on(WRAPPING, CURSOR));
    this.#taken = false;
    this.#setRawMode(false);
  }

  /** Takes the terminal again after it was released, or after a shell has changed its modes. */
  take(): void {
    this.#setRawMode(false);
    this.#setRawMode(true);
    this.#taken = false;
    this.redraw();
  }

  /** Gives the terminal back for good. */
  close(): void {
    this.#closed = true;
    this.release();
    this.#options.output.off('resize', this.#resized);
    this.#program?.destroy();
    this.#options.input.pause();
  }

  readonly #resized = (): void => {
    this.#rows.forget();
    this.#onResize();
  };

  #taking(): string {
    if (this.#taken) return '';
    this.#taken = true;
    return on(ALTERNATE_SCREEN, ...(this.#options.mouse ? MOUSE : [])) + off(WRAPPING) + ERASE_SCREEN;
  }

  #setRawMode(raw: boolean): void {
    const { input } = this.#options;
    if (!input.destroyed) input.setRawMode?.(raw);
  }
}

/** Inside tmux blessed asks for its version, by a process that it waits for; it matters for modes that are not used here. */
function withoutTmux<T>(make: () => T): T {
  const { TMUX } = process.env;
  delete process.env['TMUX'];
  try {
    return make();
  } finally {
    if (TMUX !== undefined) process.env['TMUX'] = TMUX;
  }
}
