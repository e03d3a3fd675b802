import blessed from 'blessed';
import { widthOf } from '../text/line.ts';

const PLAIN = /^[\x20-\x7e]*$/;
const STAND_IN = '?';
const known = new Map<string, string>();

/**
 * Replaces characters about whose width blessed and terminals disagree (emoji, combining marks, new scripts) by as many
 * question marks as they have cells: otherwise one hostile line would shift all that stands right of it.
 */
export function safeForBlessed(text: string): string {
  if (PLAIN.test(text)) return text;
  let safe = '';
  for (const character of text) safe += character <= '\u{7e}' ? character : standInOf(character);
  return safe;
}

function standInOf(character: string): string {
  const found = known.get(character);
  if (found !== undefined) return found;
  const cells = widthOf(character);
  const agreed = character.length === 1 && cells > 0 && blessedWidth(character) === cells;
  const standIn = agreed ? character : STAND_IN.repeat(cells);
  if (known.size < 10_000) known.set(character, standIn);
  return standIn;
}

/** Blessed's own table of widths, which its types do not know. */
function blessedWidth(character: string): number {
  const unicode: unknown = Reflect.get(blessed, 'unicode');
  if (typeof unicode !== 'object' || unicode === null) return 1;
  const charWidth: unknown = Reflect.get(unicode, 'charWidth');
  return typeof charWidth === 'function' ? Number(Reflect.apply(charWidth, unicode, [character, 0])) : 1;
}
