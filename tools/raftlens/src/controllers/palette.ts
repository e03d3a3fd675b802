import { FilterError } from '@raftlens/log-store';
import { rowOfNumber } from '../model/row-number.ts';
import { type Line, line, span } from '../text/line.ts';
import { THEME_NAMES, type ThemeName } from '../text/theme.ts';
import type { App } from './app.ts';
import { type Binding, type KeyCommand, keyText } from './binding.ts';
import { BINDINGS } from './bindings.ts';
import { togglePeer } from './bindings-show.ts';
import { applyFilter, applySearch, exportTo } from './prompt-actions.ts';

/** What can be done by name: every binding, and what needs an argument. */
export const COMMANDS: readonly KeyCommand[] = [
  { id: 'goto', argument: 'SEQ', description: 'the line with this seq', run: goToSeq },
  { id: 'time', argument: 'MS', description: 'the first line at or after this time', run: goToTime },
  {
    id: 'filter',
    argument: 'EXPRESSION',
    description: 'show what the filter selects',
    run: (app, argument) => void applyFilter(app, argument),
  },
  { id: 'search', argument: 'TEXT', description: 'search for text, or for a pattern as re:...', run: applySearch },
  { id: 'export', argument: 'FILE', description: 'save the lines that the filter leaves', run: exportTo },
  { id: 'theme', argument: THEME_NAMES.join('|'), description: 'the colours', run: setTheme },
  { id: 'peer', argument: 'NAME', description: 'show or hide a peer', run: togglePeerByName },
];

function goToSeq(app: App, argument: string): void {
  const seq = Number(argument.replaceAll(',', ''));
  const row = argument === '' ? -1 : rowOfNumber(app.document.store, seq);
  if (row < 0) app.say(`no line has the seq ${argument}`, 'warning');
  else void app.goToRow(row);
}

function goToTime(app: App, argument: string): void {
  const { store } = app.document;
  const timeMs = Number(argument);
  if (argument === '' || Number.isNaN(timeMs)) app.say(`"${argument}" is no time: give milliseconds as the log has them`, 'warning');
  else if (store.size > 0) app.dispatch({ type: 'goToRow', row: Math.min(store.size - 1, store.rowAtTime(timeMs)) });
}

function setTheme(app: App, argument: string): void {
  if (isTheme(argument)) app.dispatch({ type: 'theme', theme: argument });
  else app.say(`there is no theme "${argument}": ${THEME_NAMES.join(', ')}`, 'warning');
}

function isTheme(name: string): name is ThemeName {
  return THEME_NAMES.some((theme) => theme === name);
}

function togglePeerByName(app: App, argument: string): void {
  const peer = app.document.peers.find((name) => name.toLowerCase() === argument.toLowerCase());
  if (peer === undefined) app.say(`there is no peer "${argument}": ${app.document.peers.slice(0, 9).join(', ')}`, 'warning');
  else togglePeer(app, peer);
}

type PaletteEntry = { readonly kind: 'binding'; readonly binding: Binding } | { readonly kind: 'command'; readonly command: KeyCommand };

const ENTRIES: readonly PaletteEntry[] = [
  ...COMMANDS.map((command): PaletteEntry => ({ kind: 'command', command })),
  ...BINDINGS.filter(({ id }) => !COMMANDS.some((command) => command.id === id)).map(
    (binding): PaletteEntry => ({ kind: 'binding', binding }),
  ),
];

function idOf(entry: PaletteEntry): string {
  return entry.kind === 'binding' ? entry.binding.id : entry.command.id;
}

function descriptionOf(entry: PaletteEntry): string {
  return entry.kind === 'binding' ? entry.binding.description : entry.command.description;
}

/** The entries that fit the typed text, the best first: name begins with it, name holds it, description holds it. */
function matching(typed: string): readonly PaletteEntry[] {
  const word = commandWord(typed).toLowerCase();
  const rank = (entry: PaletteEntry) => {
    const id = idOf(entry);
    if (id === word) return 0;
    if (id.startsWith(word)) return 1;
    if (id.includes(word)) return 2;
    return descriptionOf(entry).toLowerCase().includes(word) ? 3 : 4;
  };
  return ENTRIES.map((entry) => ({ entry, rank: rank(entry) }))
    .filter((candidate) => candidate.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}

function commandWord(typed: string): string {
  return typed.trimStart().split(' ', 1)[0] ?? '';
}

/** What the palette shows above its prompt. */
export function paletteLines(app: App): Line[] {
  const { prompt } = app.state;
  if (prompt?.kind !== 'command') return [];
  return matching(prompt.edit.text).map((entry, at) => {
    const name = entry.kind === 'binding' ? entry.binding.id : `${entry.command.id} ${entry.command.argument}`;
    const keys = entry.kind === 'binding' ? entry.binding.keys.map(keyText).join(' ') : '';
    return line(
      [span(` ${name.padEnd(24)}`, at === 0 ? 'key' : 'plain'), span(` ${keys.padEnd(12)}`, 'faint'), span(descriptionOf(entry), 'faint')],
      at === 0 ? 'pair' : 'bar',
    );
  });
}

/** The name that Tab completes to. */
export function completion(typed: string): string {
  const [first] = matching(typed);
  if (first === undefined) return typed;
  return first.kind === 'command' ? `${idOf(first)} ` : idOf(first);
}

/** Runs the best match of what was typed, or says why not. */
export function runCommand(app: App, typed: string): void {
  const word = commandWord(typed);
  if (word === '') return;
  const [entry] = matching(typed);
  if (entry === undefined) {
    app.say(`there is no command "${word}": Tab completes, ? lists the keys`, 'warning');
    return;
  }
  const argument = typed.trimStart().slice(word.length).trim();
  if (entry.kind === 'binding') {
    runBinding(app, entry.binding);
    return;
  }
  try {
    entry.command.run(app, argument);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    app.say(error.message, 'error');
  }
}

/** Runs the binding, or says why it can do nothing now. */
export function runBinding(app: App, binding: Binding): void {
  const reason = binding.disabledBecause?.(app) ?? null;
  if (reason === null) binding.run(app);
  else app.say(reason);
}
