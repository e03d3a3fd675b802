import { type Geometry, geometryOf } from '../render/geometry.ts';
import { acrossText } from '../render/log-window.ts';
import { widthOf } from '../text/line.ts';
import type { App } from './app.ts';
import type { Binding } from './binding.ts';

/** Cells of one step sideways. */
const SIDE_STEP = 20;

/** Right opens the fold under the cursor; where there is none it moves the columns, or the text that is longer than the screen. */
function right(app: App): void {
  const { state, document } = app;
  const { lines, cursor } = state;
  if (cursor >= lines.count) return;
  if (lines.at(cursor).count > 1) {
    app.dispatch({ type: 'open' });
    return;
  }
  const geometry = geometryOf(state, document, state.width);
  if (runsBeyond(app, geometry)) app.dispatch({ type: 'sideways', sideways: state.sideways + SIDE_STEP });
  else if (geometry.moreRight) app.dispatch({ type: 'firstPeer', firstPeer: state.firstPeer + 1 });
}

/** Whether the line under the cursor stands across all columns, and is cut at the screen's edge. */
function runsBeyond({ row, state, document: { store } }: App, { columns, left }: Geometry): boolean {
  if (columns.some(({ node }) => node === store.columns.node(row))) return false;
  return widthOf(acrossText(store, row)) - state.sideways > state.width - left;
}

/** Left does the opposite, in the opposite order. */
function left(app: App): void {
  const { lines, sideways, firstPeer } = app.state;
  app.dispatch({ type: 'close' });
  if (app.state.lines !== lines) return;
  if (sideways > 0) app.dispatch({ type: 'sideways', sideways: sideways - SIDE_STEP });
  else app.dispatch({ type: 'firstPeer', firstPeer: firstPeer - 1 });
}

export const moveBindings: readonly Binding[] = [
  { id: 'down', keys: ['j', 'down'], group: 'Move', description: 'the next line', run: (app) => app.dispatch({ type: 'move', by: 1 }) },
  { id: 'up', keys: ['k', 'up'], group: 'Move', description: 'the line before', run: (app) => app.dispatch({ type: 'move', by: -1 }) },
  { id: 'right', keys: ['l', 'right'], group: 'Move', description: 'open the fold; the columns, or a long line, to the right', run: right },
  { id: 'left', keys: ['h', 'left'], group: 'Move', description: 'close the fold; the columns, or a long line, to the left', run: left },
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
