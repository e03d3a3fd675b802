import type { EditKey } from '../model/line-edit.ts';
import type { Prompt } from '../model/state.ts';
import type { HelpGroup } from '../render/help-panel.ts';
import type { App } from './app.ts';
import { BINDING_GROUPS, keyText } from './binding.ts';
import { BINDINGS, bindingOf } from './bindings.ts';
import { completion, runBinding, runCommand } from './palette.ts';
import { applyFilter, applySearch, exportTo, previewPrompt } from './prompt-actions.ts';

/** A key as the terminal gave it: its name ("j", "G", "C-d", "pageup", "enter"), and the character it stands for, if any. */
export interface KeyPress {
  readonly name: string;
  readonly character: string | null;
}

/** One key, to whoever has the keyboard: the prompt when one is open, the table of bindings otherwise. */
export function pressKey(app: App, key: KeyPress): void {
  const { prompt } = app.state;
  if (prompt !== null) {
    pressInPrompt(app, prompt, key);
    return;
  }
  const binding = bindingOf(key.name);
  if (binding === undefined) return;
  // Whoever leaves at once has not looked at the log: the next call still opens at the violation.
  if (binding.group !== 'Other') app.touched = true;
  runBinding(app, binding);
}

const EDIT_KEYS: Readonly<Record<string, EditKey>> = {
  left: { kind: 'left' },
  'C-b': { kind: 'left' },
  right: { kind: 'right' },
  'C-f': { kind: 'right' },
  'M-b': { kind: 'wordLeft' },
  'C-left': { kind: 'wordLeft' },
  'M-f': { kind: 'wordRight' },
  'C-right': { kind: 'wordRight' },
  home: { kind: 'home' },
  'C-a': { kind: 'home' },
  end: { kind: 'end' },
  'C-e': { kind: 'end' },
  backspace: { kind: 'backspace' },
  'C-h': { kind: 'backspace' },
  delete: { kind: 'delete' },
  'C-d': { kind: 'delete' },
  'C-w': { kind: 'deleteWord' },
  'C-u': { kind: 'deleteToStart' },
  'C-k': { kind: 'deleteToEnd' },
};

function pressInPrompt(app: App, prompt: Prompt, key: KeyPress): void {
  app.touched = true;
  const edit = EDIT_KEYS[key.name];
  if (edit !== undefined) app.dispatch({ type: 'edit', key: edit });
  else if (key.name === 'enter') return accept(app, prompt);
  else if (key.name === 'escape' || key.name === 'C-c' || key.name === 'C-g') return cancel(app);
  else if (key.name === 'C-z') app.host.suspend();
  else if (key.name === 'up' || key.name === 'C-p') app.dispatch({ type: 'recall', by: 1 });
  else if (key.name === 'down' || key.name === 'C-n') app.dispatch({ type: 'recall', by: -1 });
  else if (key.name === 'tab' && prompt.kind === 'command') app.dispatch({ type: 'replacePrompt', text: completion(prompt.edit.text) });
  else if (key.character !== null) app.dispatch({ type: 'edit', key: { kind: 'insert', text: key.character } });
  const text = app.state.prompt?.edit.text;
  if (text !== undefined && text !== prompt.edit.text) previewPrompt(app, prompt.kind, text);
}

function cancel(app: App): void {
  app.stopJob();
  app.dispatch({ type: 'cancelPrompt' });
}

function accept(app: App, prompt: Prompt): void {
  app.stopJob();
  const { text } = prompt.edit;
  app.dispatch({ type: 'accept' });
  switch (prompt.kind) {
    case 'filter':
      void applyFilter(app, text);
      break;
    case 'search':
      applySearch(app, text);
      break;
    case 'command':
      runCommand(app, text);
      break;
    case 'export':
      exportTo(app, text.trim());
      break;
  }
}

/** The help, made from the bindings. The nine keys of the peers are one line. */
export function helpGroups(app: App | null): HelpGroup[] {
  return BINDING_GROUPS.map((title) => ({
    title,
    entries: BINDINGS.filter((binding) => binding.group === title && !/^peer-[2-9]$/.test(binding.id)).map((binding) => {
      const peers = binding.id === 'peer-1';
      return {
        keys: peers ? '1 .. 9' : binding.keys.map(keyText).join(', '),
        description: peers ? 'show or hide the first .. ninth peer' : binding.description,
        disabled: app === null || peers ? null : (binding.disabledBecause?.(app) ?? null),
      };
    }),
  }));
}

/** The keys that matter most now, for the last line. */
export function hintsOf(app: App): (readonly [string, string])[] {
  const { panel, lines, cursor, filter } = app.state;
  const hints: (readonly [string, string])[] = [];
  if (panel !== 'none' || filter !== '') hints.push(['Esc', panel === 'none' ? 'all lines' : 'close']);
  if (cursor < lines.count && lines.at(cursor).count > 1) hints.push(['l', 'open the fold']);
  if (app.document.findings.found.length > 0) hints.push(['x', 'violation'], ['p', 'evidence']);
  if (app.row >= 0 && app.document.store.partnerOf(app.row) >= 0) hints.push(['m', 'other end']);
  hints.push(
    ['Tab', 'state'],
    ['Enter', 'details'],
    ['/', 'search'],
    ['f', 'filter'],
    ['e', 'election'],
    [':', 'commands'],
    ['?', 'help'],
    ['q', 'quit'],
  );
  return hints;
}
