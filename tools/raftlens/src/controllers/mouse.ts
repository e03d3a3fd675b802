import { topsOf } from '../model/layout.ts';
import { layoutFor } from '../model/reduce.ts';
import { rowAtColumn } from '../render/timeline.ts';
import type { App } from './app.ts';

export interface MousePress {
  readonly kind: 'click' | 'wheelUp' | 'wheelDown';
  readonly x: number;
  readonly y: number;
}

const WHEEL_LINES = 3;

/** The wheel scrolls what it is over; a click goes to the line or to the moment of the strip; a second one opens the details. */
export function pressMouse(app: App, { kind, x, y }: MousePress): void {
  app.touched = true;
  const { state } = app;
  if (state.prompt !== null) return;
  const layout = layoutFor(state);
  const tops = topsOf(layout);
  if (kind !== 'click') {
    const by = kind === 'wheelUp' ? -WHEEL_LINES : WHEEL_LINES;
    app.dispatch(y >= tops.panel && y < tops.status && layout.panel > 0 ? { type: 'scrollPanel', by } : { type: 'move', by });
    return;
  }
  if (layout.timeline > 0 && y >= tops.timeline && y < tops.timeline + layout.timeline) clickStrip(app, x);
  else if (y >= tops.log && y < tops.log + layout.log) clickLine(app, state.top + y - tops.log);
}

function clickStrip(app: App, x: number): void {
  const row = rowAtColumn(app.state, app.document, x);
  if (row >= 0) app.dispatch({ type: 'goToRow', row });
}

function clickLine(app: App, line: number): void {
  const { lines, cursor, panel } = app.state;
  if (line >= lines.count) return;
  if (line !== cursor) app.dispatch({ type: 'goToLine', line });
  else if (lines.at(line).count > 1) app.dispatch({ type: 'open' });
  else app.dispatch({ type: 'panel', panel: panel === 'details' ? 'none' : 'details' });
}
