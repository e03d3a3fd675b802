import type { Panel } from '../model/state.ts';
import type { App } from './app.ts';
import type { Binding } from './binding.ts';

function toggle(app: App, panel: Panel): void {
  app.dispatch({ type: 'panel', panel: app.state.panel === panel ? 'none' : panel });
}

function withoutPanel(app: App): string | null {
  return app.state.panel === 'none' ? 'no panel is open' : null;
}

/** Enter on a fold opens it, because what it holds says more than the fold's details. */
function enter(app: App): void {
  const { lines, cursor } = app.state;
  if (cursor < lines.count && lines.at(cursor).count > 1) app.dispatch({ type: 'open' });
  else toggle(app, 'details');
}

export const lookBindings: readonly Binding[] = [
  { id: 'details', keys: ['enter'], group: 'Look', description: 'the details of the line, or open the fold', run: enter },
  {
    id: 'state',
    keys: ['tab'],
    group: 'Look',
    description: 'the state of every server at this moment',
    run: (app) => toggle(app, 'state'),
  },
  {
    id: 'violation',
    keys: ['v'],
    group: 'Look',
    description: 'the violation, its rule and its evidence',
    run: (app) => toggle(app, 'violation'),
  },
  { id: 'help', keys: ['?'], group: 'Look', description: 'this help', run: (app) => toggle(app, 'help') },
  {
    id: 'panel-down',
    keys: ['J'],
    group: 'Look',
    description: 'scroll the panel down',
    disabledBecause: withoutPanel,
    run: (app) => app.dispatch({ type: 'scrollPanel', by: 3 }),
  },
  {
    id: 'panel-up',
    keys: ['K'],
    group: 'Look',
    description: 'scroll the panel up',
    disabledBecause: withoutPanel,
    run: (app) => app.dispatch({ type: 'scrollPanel', by: -3 }),
  },
];
