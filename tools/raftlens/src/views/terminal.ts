import type { Duplex } from 'node:stream';
import blessed from 'blessed';
import type { KeyPress } from '../controllers/keys.ts';
import type { MousePress } from '../controllers/mouse.ts';
import type { Frame } from '../render/frame.ts';
import type { Line } from '../text/line.ts';
import { painted, type Theme } from '../text/theme.ts';
import { safeForBlessed } from './blessed-text.ts';
import { keyPressOf } from './key-names.ts';

export interface TerminalOptions {
  readonly input: Duplex;
  readonly output: Duplex;
  /** The terminal's name for terminfo: "xterm-256color". */
  readonly term: string;
  readonly ascii: boolean;
  readonly mouse: boolean;
}

/**
 * The terminal, through blessed. One box covers the screen and gets the whole frame as its content: blessed then writes only
 * the cells that changed, and a list of a million rows costs no more than one of ten. Its markup in braces is off (`tags`),
 * so that no text of a log can be read as markup.
 */
export class Terminal {
  readonly #screen: blessed.Widgets.Screen;
  readonly #box: blessed.Widgets.BoxElement;
  readonly #mouse: boolean;

  constructor(options: TerminalOptions) {
    // Line-drawing characters as UTF-8, not through the alternate character set, which tmux and PuTTY show as letters.
    process.env['NCURSES_NO_UTF8_ACS'] = '1';
    this.#mouse = options.mouse;
    this.#screen = blessed.screen({
      input: options.input,
      output: options.output,
      terminal: terminfoName(options.term),
      title: 'raftlens',
      smartCSR: true,
      fullUnicode: true,
      forceUnicode: !options.ascii,
      resizeTimeout: 50,
      warnings: false,
    });
    this.#box = blessed.box({ parent: this.#screen, top: 0, left: 0, width: '100%', height: '100%', tags: false, wrap: false });
    if (this.#mouse) this.#screen.program.setMouse({ vt200Mouse: true, cellMotion: false, sgrMouse: true }, true);
  }

  get size(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#screen;
    return { width: Number(width), height: Number(height) };
  }

  onKey(listener: (key: KeyPress) => void): void {
    this.#screen.program.on('keypress', (character: string | undefined, key: blessed.Widgets.Events.IKeyEventArg) => {
      const press = keyPressOf(character, key);
      if (press !== null) listener(press);
    });
  }

  onMouse(listener: (press: MousePress) => void): void {
    if (!this.#mouse) return;
    this.#screen.program.on('mouse', (event: blessed.Widgets.Events.IMouseEventArg) => {
      const kind = MOUSE_KINDS[event.action];
      if (kind !== undefined) listener({ kind, x: event.x, y: event.y });
    });
  }

  onResize(listener: () => void): void {
    this.#screen.on('resize', listener);
  }

  draw(frame: Frame, theme: Theme): void {
    this.#box.setContent(frame.lines.map((of) => painted(safeLine(of), theme)).join('\n'));
    this.#screen.render();
    const { program } = this.#screen;
    if (frame.cursor === null) program.hideCursor();
    else {
      program.cursorPos(frame.cursor.y, frame.cursor.x);
      program.showCursor();
    }
    program.flush();
  }

  /** Draws everything anew, for a screen that something else has written on. */
  redraw(): void {
    this.#screen.alloc();
    this.#screen.render();
  }

  /** Gives the terminal back as it was. */
  close(): void {
    if (this.#mouse) this.#screen.program.disableMouse();
    this.#screen.program.showCursor();
    this.#screen.destroy();
  }
}

/**
 * Whose description of the terminal blessed reads. It brings that of xterm along, which all terminals of today follow, and
 * stumbles over some that a system has (those of screen and tmux); only terminals that are no xterm keep their own.
 */
function terminfoName(term: string): string {
  return /^(linux|vt\d|ansi|cygwin)/.test(term) ? term : 'xterm-256color';
}

const MOUSE_KINDS: Readonly<Record<string, MousePress['kind']>> = { mousedown: 'click', wheelup: 'wheelUp', wheeldown: 'wheelDown' };

function safeLine(of: Line): Line {
  return { ...of, spans: of.spans.map(({ text, tone }) => ({ text: safeForBlessed(text), tone })) };
}
