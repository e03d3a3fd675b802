import type { Binding } from './binding.ts';
import { defaultExportPath } from './export-name.ts';

export const otherBindings: readonly Binding[] = [
  {
    id: 'commands',
    keys: [':'],
    group: 'Other',
    description: 'all commands by name',
    run: (app) => app.dispatch({ type: 'prompt', kind: 'command', text: '' }),
  },
  {
    id: 'export',
    keys: ['C-s'],
    group: 'Other',
    description: 'save the lines that the filter leaves',
    disabledBecause: (app) => (app.state.lines.count === 0 ? 'nothing is shown' : null),
    run: (app) => app.dispatch({ type: 'prompt', kind: 'export', text: defaultExportPath(app.document) }),
  },
  {
    id: 'leave',
    keys: ['q'],
    group: 'Other',
    description: 'quit, or leave the help',
    run: (app) => {
      if (app.state.panel === 'help') app.dispatch({ type: 'panel', panel: 'none' });
      else app.host.quit();
    },
  },
  { id: 'redraw', keys: ['C-l'], group: 'Other', description: 'redraw the screen', run: (app) => app.host.redraw() },
  {
    id: 'suspend',
    keys: ['C-z'],
    group: 'Other',
    description: 'back to the shell for a while; its `fg` brings this back',
    run: (app) => app.host.suspend(),
  },
  {
    id: 'quit',
    keys: ['C-c'],
    group: 'Other',
    description: 'quit; the next call opens where this one left',
    run: (app) => app.host.quit(),
  },
];
