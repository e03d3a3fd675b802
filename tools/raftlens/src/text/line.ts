/**
 * Text with meaning: what every view and every printer makes, and what only the theme turns into colours.
 *
 * A line is a list of spans; a span says what its text is (a leader, a violation, a peer's message), never how it looks.
 * A span holds `CellText`, which only this file makes: whatever a caller puts into it, nothing that a terminal would act on gets into a
 * line. Widths are in cells of the terminal, and those of the text as it is shown.
 */
import { displayWidth, fitWidth, printable, truncate } from '@raftlens/command-line';

export type PeerTone = 'peer1' | 'peer2' | 'peer3' | 'peer4' | 'peer5' | 'peer6' | 'peer7' | 'peer8';

export type Tone =
  | 'plain'
  | 'faint'
  | 'strong'
  | 'title'
  | 'key'
  | 'leader'
  | 'candidate'
  | 'follower'
  | 'crashed'
  | 'election'
  | 'commit'
  | 'arrow'
  | 'lost'
  | 'warning'
  | 'error'
  | 'match'
  | PeerTone;

declare const isShown: unique symbol;

/** Text that a terminal shows as it is: no escapes, no control, bidi or invisible characters, and every character of known width. */
export type CellText = string & { readonly [isShown]: true };

export interface Span {
  readonly text: CellText;
  readonly tone: Tone;
}

/** What a whole line is marked as. The theme gives it a background. */
export type LineMark = 'none' | 'cursor' | 'pair' | 'evidence' | 'bar';

export interface Line {
  readonly spans: readonly Span[];
  readonly mark: LineMark;
}

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text: cellText(text), tone };
}

export function line(spans: readonly Span[], mark: LineMark = 'none'): Line {
  return { spans, mark };
}

export function textLine(text: string, tone: Tone = 'plain'): Line {
  return line([span(text, tone)]);
}

export function plainText(of: Line): string {
  return of.spans.map((part) => part.text).join('');
}

const ASCII = /^[\x20-\x7e]*$/;

/** The text as a terminal may show it. */
export function cellText(text: string): CellText {
  // The one place where text becomes CellText.
  return (NARROW.test(text) ? text : printable(text)) as CellText;
}

/**
 * ASCII, and the signs that the inspector itself draws with: one cell each. Nearly all text is of this kind, and measuring the rest
 * grapheme by grapheme costs a hundred times as much.
 */
const NARROW = /^[\x20-\x7e\u00d7\u2026\u2190\u2192\u2261\u2500-\u2588\u25ba\u25bc\u25c4]*$/;

/** Whether every character takes one cell, in every terminal. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text);
}

/** Cells that the text takes. */
export function widthOf(text: string): number {
  return NARROW.test(text) ? text.length : displayWidth(printable(text));
}

/** The text, cut to at most `width` cells; what was cut is shown by an ellipsis in the last one. */
export function cut(text: string, width: number): string {
  if (!NARROW.test(text)) return truncate(printable(text), width);
  if (text.length <= width) return text;
  return width < 1 ? '' : `${text.slice(0, Math.floor(width) - 1)}\u{2026}`;
}

/** The text, cut or padded to exactly `width` cells. */
export function fit(text: string, width: number): string {
  return NARROW.test(text) ? cut(text, width).padEnd(width) : fitWidth(printable(text), width);
}

/** The line, cut or padded to exactly `width` cells. */
export function fitLine(of: Line, width: number): Line {
  const spans: Span[] = [];
  let left = width;
  for (const part of of.spans) {
    if (left <= 0) break;
    const text = cut(part.text, left);
    spans.push(span(text, part.tone));
    left -= widthOf(text);
  }
  if (left > 0) spans.push(span(' '.repeat(left)));
  return line(spans, of.mark);
}

/** Breaks at spaces into pieces of at most `width` cells; a word that is longer is broken anywhere. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  const pieces: string[] = [];
  let current = '';
  for (const word of cellText(text).split(' ')) {
    let rest = word;
    if (current !== '' && widthOf(current) + 1 + widthOf(rest) <= room) {
      current += ` ${rest}`;
      continue;
    }
    if (current !== '') pieces.push(current);
    while (widthOf(rest) > room) {
      const head = takeCells(rest, room);
      pieces.push(head);
      rest = rest.slice(head.length);
    }
    current = rest;
  }
  if (current !== '' || pieces.length === 0) pieces.push(current);
  return pieces;
}

/** The text without what its first `cells` cells show. */
export function dropCells(text: string, cells: number): string {
  return cells <= 0 ? text : text.slice(takeCells(text, cells).length);
}

function takeCells(text: string, width: number): string {
  if (ASCII.test(text)) return text.slice(0, width);
  let taken = '';
  let cells = 0;
  for (const character of text) {
    cells += widthOf(character);
    if (cells > width && taken !== '') break;
    taken += character;
  }
  return taken;
}
