/** Most text: nothing to do. */
const HARMLESS = /^[ -~]*$/;

// Everything that a terminal acts on or hides instead of showing it. \p{Cc} are the control characters (C0, DEL, C1: escape sequences start
// with one), \p{Cf} the invisible ones (bidirectional controls turn the text around, zero-width ones upset its width), \p{Cs} surrogates
// without their partner, \p{Zl} and \p{Zp} line breaks that are no newline; then the noncharacters, and from the third combining mark on
// the same letter, which would pile up over other lines.
const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{fdd0}-\u{fdef}\u{fffe}\u{ffff}]|(?<=\p{M}\p{M})\p{M}/gu;

/** Variation selectors only choose a look, and terminals disagree on how wide that look is. */
const SELECTORS = /[\u{fe00}-\u{fe0f}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text as one line that is safe to print on a terminal: whatever could move the cursor, change colours, turn the reading direction or
 * have a width that cannot be told is written as an escape (`\n`, `\x1b`, `\u202e`). Characters with a shape stay as they are, wide ones
 * too: their width is what `displayWidth` says.
 */
export function printable(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text.replace(SELECTORS, '').replace(HOSTILE, escaped);
}

function escaped(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
