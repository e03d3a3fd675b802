/** Most text: nothing to do. */
const HARMLESS = /^[ -~]*$/;
const HARMLESS_LINES = /^[ -~\n]*$/;

/**
 * Everything that a terminal acts on or hides instead of showing it. \p{Cc} are the control characters (C0, DEL, C1: escape sequences start
 * with one), \p{Cf} formatting (bidirectional controls reverse the text, zero-width ones change its width), \p{DI} what Unicode calls
 * Default_Ignorable, which is not drawn, \p{Cs} surrogates without their partner, \p{Zl} and \p{Zp} line breaks that are no newline;
 * then the noncharacters, and from the third combining mark on the same letter, which would pile up over other lines.
 */
const HOSTILE =
  '[\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\p{Cs}\\p{Zl}\\p{Zp}\\u{fdd0}-\\u{fdef}\\u{fffe}\\u{ffff}]|(?<=\\p{M}\\p{M})\\p{M}';

const IN_A_LINE = new RegExp(HOSTILE, 'gu');
/** A line break is found first, and left as it is. */
const IN_LINES = new RegExp(`\\r?\\n|${HOSTILE}`, 'gu');

/** After a picture a variation selector only chooses its look; after a letter it hides, and tells two names apart that look alike. */
const LOOKS_OF_PICTURES = /(?<=\p{Extended_Pictographic})[\u{fe0e}\u{fe0f}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text as one line that is safe to print on a terminal: whatever could move the cursor, change colours, turn the reading direction, be
 * invisible or have a width that cannot be told is written as an escape (`\n`, `\x1b`, `\u202e`). Characters with a shape stay as they are,
 * wide ones too: their width is what `displayWidth` says.
 */
export function printable(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text.replace(LOOKS_OF_PICTURES, '').replace(IN_A_LINE, escaped);
}

/** The same for text of several lines, whose line breaks stay. */
export function printableLines(text: string): string {
  if (HARMLESS_LINES.test(text)) return text;
  return text.replace(LOOKS_OF_PICTURES, '').replace(IN_LINES, (found) => (found.endsWith('\n') ? found : escaped(found)));
}

/**
 * The same for JSON, one or more values in lines. Hostile characters become JSON's own escapes (`\u001b`): a reader gets the same values.
 */
export function printableJson(text: string): string {
  if (HARMLESS_LINES.test(text)) return text;
  return text.replace(IN_LINES, (found) => (found.endsWith('\n') ? found : escapedUnits(found)));
}

function escaped(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

/** JSON knows escapes of UTF-16 units alone: a character beyond the first plane is two of them. */
function escapedUnits(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
