import type { KeyPress } from '../controllers/keys.ts';

/** What blessed says of a key. `name` and `full` are absent for characters that it has no name for. */
export interface BlessedKey {
  readonly name?: string | undefined;
  readonly full?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

const ESCAPE = '\u001b';

/**
 * The key as the bindings name it, or null for what is to be passed over: blessed sends Enter twice, once as "return" and
 * once as "enter". A character that can be typed is its own name: "G" and "?" need no modifier.
 */
export function keyPressOf(character: string | undefined, key: BlessedKey): KeyPress | null {
  if (key.name === 'return') return null;
  if (key.name === 'linefeed') return { name: 'enter', character: null };
  const typed = key.ctrl !== true && key.meta !== true && isTyped(character) ? character : null;
  if (typed !== null) return { name: typed === ' ' ? 'space' : typed, character: typed };
  const name = key.full ?? key.name;
  return name === undefined ? null : { name, character: null };
}

function isTyped(character: string | undefined): character is string {
  return character !== undefined && character >= ' ' && character !== '\u{7f}' && !character.startsWith(ESCAPE);
}
