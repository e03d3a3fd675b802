import { shownPeers } from '../render/geometry.ts';
import type { App } from './app.ts';
import type { Binding } from './binding.ts';

/** Right opens the fold under the cursor; where there is none it moves the columns. Left does the opposite. */
function right(app: App): void {
  const { lines, cursor, firstPeer } = app.state;
  if (cursor < lines.count && lines.at(cursor).count > 1) app.dispatch({ type: 'open' });
  else app.dispatch({ type: 'firstPeer', firstPeer: Math.min(firstPeer + 1, Math.max(0, shownPeers(app.state, app.document).length - 1)) });
}

function left(app: App): void {
  const { lines } = app.state;
  app.dispatch({ type: 'close' });
  if (app.state.lines === lines) app.dispatch({ type: 'firstPeer', firstPeer: app.state.firstPeer - 1 });
}

export const moveBindings: readonly Binding[] = [
  { id: 'down', keys: ['j', 'down'], group: 'Move', description: 'the next line', run: (app) => app.dispatch({ type: 'move', by: 1 }) },
  { id: 'up', keys: ['k', 'up'], group: 'Move', description: 'the line before', run: (app) => app.dispatch({ type: 'move', by: -1 }) },
  { id: 'right', keys: ['l', 'right'], group: 'Move', description: 'open the fold, or the columns to the right', run: right },
  { id: 'left', keys: ['h', 'left'], group: 'Move', description: 'close the fold, or the columns to the left', run: left },
  {
    id: 'half-page-down',
    keys: ['C-d'],
    group: 'Move',
    description: 'half a page down',
    run: (app) => app.dispatch({ type: 'movePage', pages: 0.5 }),
  },
  {
    id: 'half-page-up',
    keys: ['C-u'],
    group: 'Move',
    description: 'half a page up',
    run: (app) => app.dispatch({ type: 'movePage', pages: -0.5 }),
  },
  {
    id: 'page-down',
    keys: ['pagedown', 'space'],
    group: 'Move',
    description: 'a page down',
    run: (app) => app.dispatch({ type: 'movePage', pages: 1 }),
  },
  { id: 'page-up', keys: ['pageup'], group: 'Move', description: 'a page up', run: (app) => app.dispatch({ type: 'movePage', pages: -1 }) },
  {
    id: 'first',
    keys: ['g', 'home'],
    group: 'Move',
    description: 'the first line',
    run: (app) => app.dispatch({ type: 'goToLine', line: 0 }),
  },
  {
    id: 'last',
    keys: ['G', 'end'],
    group: 'Move',
    description: 'the last line',
    run: (app) => app.dispatch({ type: 'goToLine', line: app.state.lines.count - 1 }),
  },
];
