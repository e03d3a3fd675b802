import stringWidth from 'string-width';

const ASCII = /^[ -~]*$/;
/** What a reader sees as one character. No language is named, since the division does not depend on one. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How many cells of a terminal the text takes. Escape sequences for colours take none. */
export function displayWidth(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/**
 * The text cut or padded to exactly `width` cells. A text that was cut ends in "…"; no wide character is cut in two. Only for text that
 * has passed `printable` and has no colours.
 */
export function fitWidth(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cells = Math.max(0, Math.floor(width));
  const shown = truncate(text, cells);
  const padding = ' '.repeat(cells - displayWidth(shown));
  return align === 'left' ? shown + padding : padding + shown;
}

/** The text cut to at most `width` cells, with "…" at its end where something was cut. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  if (ASCII.test(text)) return `${text.slice(0, width - 1)}…`;
  let shown = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += displayWidth(segment);
    if (used > width - 1) break;
    shown += segment;
  }
  // Widths do not quite add up where clusters meet: the whole is measured once more.
  while (displayWidth(shown) > width - 1) shown = shown.slice(0, -1);
  return `${shown}…`;
}
