import type { App } from './app.ts';

/** The chapters of the help, in its order. */
export const BINDING_GROUPS = ['Move', 'Jump', 'Find', 'Look', 'Show', 'Other'] as const;
export type BindingGroup = (typeof BINDING_GROUPS)[number];

/**
 * One thing that the user can do: the one record from which the handler, the help, the command palette and the printed
 * documentation are made: they cannot disagree.
 */
export interface Binding {
  /** Its name in the command palette: "next-violation". */
  readonly id: string;
  /** As blessed names keys: "j", "C-d", "S-tab", "pageup"; the first is the one that the help shows first. */
  readonly keys: readonly string[];
  readonly group: BindingGroup;
  readonly description: string;
  /** Why it can do nothing now, in a few words for the status line; null when it can. */
  disabledBecause?(app: App): string | null;
  run(app: App): void;
}

/** A command with an argument: only the palette knows it. */
export interface KeyCommand {
  readonly id: string;
  readonly argument: string;
  readonly description: string;
  run(app: App, argument: string): void;
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'S-tab': 'Shift-Tab',
  space: 'Space',
};

/** A key as people write it: "Ctrl-d", "G", "PgDn". */
export function keyText(key: string): string {
  const known = KEY_NAMES[key];
  if (known !== undefined) return known;
  if (key.startsWith('C-')) return `Ctrl-${key.slice(2)}`;
  if (key.startsWith('S-')) return key.slice(2).toUpperCase();
  return key;
}
