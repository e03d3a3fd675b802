import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KeyPress } from '../controllers/keys.ts';
import type { LogComparison } from '../diff/diff-lines.ts';
import { type DiffState, diffFrame, diffKey, openingState, resized } from '../diff/diff-view.ts';
import { type Theme, themeOf } from '../text/theme.ts';
import { type HeldTerminal, holdTerminal, type ShownScreen } from './held-terminal.ts';
import type { TerminalSetup } from './terminal-options.ts';

/** Shows the comparison on the terminal until the user quits. */
export function runDiffScreen(comparison: LogComparison, setup: TerminalSetup): Promise<void> {
  return holdTerminal(setup, (held) => {
    const screen = new DiffScreen(comparison, held, themeOf(setup.theme, setup.depth));
    screen.start();
    return screen;
  });
}

class DiffScreen implements ShownScreen {
  readonly #comparison: LogComparison;
  readonly #held: HeldTerminal;
  readonly #theme: Theme;
  #state: DiffState;
  #stopped = false;

  constructor(comparison: LogComparison, held: HeldTerminal, theme: Theme) {
    this.#comparison = comparison;
    this.#held = held;
    this.#theme = theme;
    this.#state = openingState(comparison, held.terminal.size);
  }

  start(): void {
    const { terminal } = this.#held;
    terminal.onKey((key) => this.#press(key));
    terminal.onMouse(({ kind }) => {
      if (kind !== 'click') this.#press({ name: kind === 'wheelUp' ? 'up' : 'down', character: null });
    });
    terminal.onResize(() => this.#show(resized(this.#state, this.#comparison, terminal.size)));
    this.#show(this.#state);
    void terminal.listen();
    void this.#alignTheRest();
  }

  leave(): void {}

  stop(): void {
    this.#stopped = true;
  }

  /** Behind the screen, a window a turn. Keys are answered in between. */
  async #alignTheRest(): Promise<void> {
    const { alignment } = this.#comparison;
    while (!alignment.isComplete && !this.#stopped) {
      alignment.extend();
      this.#show(this.#state);
      await nextTurn();
    }
  }

  #press(key: KeyPress): void {
    if (key.name === 'C-z') {
      this.#held.suspend();
      return;
    }
    const next = diffKey(this.#state, this.#comparison, key);
    if (next === null) this.#held.end();
    else this.#show(next);
  }

  #show(state: DiffState): void {
    this.#held.guarded(() => {
      this.#state = state;
      this.#held.terminal.draw(diffFrame(state, this.#comparison), this.#theme);
    });
  }
}
