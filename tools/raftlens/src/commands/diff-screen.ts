import type { Comparison } from '../diff/diff-lines.ts';
import { type DiffState, diffFrame, diffKey, openingState, resized } from '../diff/diff-view.ts';
import { themeOf } from '../text/theme.ts';
import { Terminal } from '../views/terminal.ts';
import type { TerminalSetup } from './terminal-options.ts';

/** Shows the comparison on the terminal until the user quits. */
export async function runDiffScreen(comparison: Comparison, setup: TerminalSetup): Promise<void> {
  const terminal = new Terminal(setup);
  const theme = themeOf(setup.theme, setup.depth);
  try {
    await new Promise<void>((resolve, reject) => {
      let state: DiffState = openingState(comparison, terminal.size);
      const show = (next: DiffState) => {
        state = next;
        terminal.draw(diffFrame(state, comparison), theme);
      };
      const guarded = (work: () => void) => {
        try {
          work();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      terminal.onKey((key) =>
        guarded(() => {
          const next = diffKey(state, comparison, key);
          if (next === null) resolve();
          else show(next);
        }),
      );
      terminal.onMouse(({ kind }) => {
        if (kind !== 'click')
          guarded(() => show(diffKey(state, comparison, { name: kind === 'wheelUp' ? 'up' : 'down', character: null }) ?? state));
      });
      terminal.onResize(() => guarded(() => show(resized(state, comparison, terminal.size))));
      guarded(() => show(state));
    });
  } finally {
    terminal.close();
  }
}
