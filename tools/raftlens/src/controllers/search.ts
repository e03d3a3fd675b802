import { needleOf } from '../model/needle.ts';
import type { App } from './app.ts';

/** Goes to the next line shown that matches, beginning after the cursor's. Searching goes on behind until a key stops it. */
export function searchAgain(app: App, direction: 'forward' | 'backward'): Promise<void> {
  return app.startJob(async (signal) => {
    const needle = needleOf(app.state.search);
    const { store } = app.document;
    const step = direction === 'forward' ? 1 : -1;
    let from = app.row + step;
    while (from >= 0 && from < store.size) {
      const row = await store.search(needle, from, direction, { signal });
      if (signal.aborted) return;
      if (row < 0) break;
      if (app.state.lines.shows(row)) {
        app.dispatch({ type: 'goToRow', row });
        return;
      }
      from = row + step;
    }
    app.say(`no ${direction === 'forward' ? 'further' : 'earlier'} match for ${app.state.search}`, 'warning');
  });
}
