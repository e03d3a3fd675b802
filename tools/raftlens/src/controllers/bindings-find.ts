import type { App } from './app.ts';
import type { Binding } from './binding.ts';
import { searchAgain } from './search.ts';

function withoutSearch(app: App): string | null {
  return app.state.search === '' ? 'nothing was searched for yet' : null;
}

/** Esc undoes what was opened last, one thing a press: the panel, the marks of the search, the filter. */
function goUp(app: App): void {
  const { panel, search, filter } = app.state;
  app.stopJob();
  app.dispatch({ type: 'notice', notice: null });
  if (panel !== 'none') app.dispatch({ type: 'panel', panel: 'none' });
  else if (search !== '') app.dispatch({ type: 'search', search: '' });
  else if (filter !== '') {
    app.dispatch({ type: 'filter', filter: '' });
    void app.refeed();
  }
}

export const findBindings: readonly Binding[] = [
  {
    id: 'search',
    keys: ['/'],
    group: 'Find',
    description: 'search for text, or for a pattern as re:...',
    run: (app) => app.dispatch({ type: 'prompt', kind: 'search', text: '' }),
  },
  {
    id: 'search-next',
    keys: ['n'],
    group: 'Find',
    description: 'the next match',
    disabledBecause: withoutSearch,
    run: (app) => void searchAgain(app, 'forward'),
  },
  {
    id: 'search-previous',
    keys: ['N'],
    group: 'Find',
    description: 'the match before',
    disabledBecause: withoutSearch,
    run: (app) => void searchAgain(app, 'backward'),
  },
  {
    id: 'filter',
    keys: ['f'],
    group: 'Find',
    description: 'filter, with a live count',
    run: (app) => app.dispatch({ type: 'prompt', kind: 'filter', text: app.state.filter }),
  },
  { id: 'escape', keys: ['escape'], group: 'Find', description: 'close the panel, end the search, clear the filter', run: goUp },
];
