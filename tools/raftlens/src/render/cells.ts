import { type LinearPattern, literalPattern } from '@raftlens/patterns';
import { cellText, type Line, type LineMark, line, type Span, span, type Tone, widthOf } from '../text/line.ts';

/** One line of the screen as cells: lanes, arrows and texts are drawn over one another. */
export class Cells {
  readonly width: number;
  readonly #characters: string[];
  readonly #tones: Tone[];

  constructor(width: number) {
    this.width = width;
    this.#characters = new Array<string>(width).fill(' ');
    this.#tones = new Array<Tone>(width).fill('plain');
  }

  /** Writes from cell `x` on; what does not fit on the line is left out. */
  write(x: number, text: string, tone: Tone): void {
    let at = x;
    for (const character of cellText(text)) {
      const cells = character.length === 1 && character <= '\u{7e}' ? 1 : widthOf(character);
      if (cells === 0) continue;
      if (at < 0 || at + cells > this.width) return;
      this.#characters[at] = character;
      this.#tones[at] = tone;
      for (let rest = 1; rest < cells; rest += 1) this.#characters[at + rest] = '';
      at += cells;
    }
  }

  /** Fills the cells from `from` up to and without `to`. `sign` is one cell wide. */
  fill(from: number, to: number, sign: string, tone: Tone): void {
    for (let x = Math.max(0, from); x < Math.min(to, this.width); x += 1) {
      this.#characters[x] = sign;
      this.#tones[x] = tone;
    }
  }

  /** Gives the tone to the cells between two that show the text or match the pattern. */
  highlight(needle: string | LinearPattern, from: number, to: number, tone: Tone): void {
    const shown = this.#characters.slice(from, to).map((character) => (character === '' ? '\u{0}' : character.slice(0, 1)));
    for (const { index, length } of occurrences(shown.join(''), needle)) this.#tones.fill(tone, from + index, from + index + length);
  }

  toLine(mark: LineMark): Line {
    const spans: Span[] = [];
    let text = '';
    let tone: Tone = this.#tones[0] ?? 'plain';
    for (let x = 0; x < this.width; x += 1) {
      const next = this.#tones[x] ?? 'plain';
      if (next !== tone && this.#characters[x] !== '') {
        if (text !== '') spans.push(span(text, tone));
        text = '';
        tone = next;
      }
      text += this.#characters[x] ?? ' ';
    }
    if (text !== '') spans.push(span(text, tone));
    return line(spans, mark);
  }
}

function occurrences(text: string, needle: string | LinearPattern): { readonly index: number; readonly length: number }[] {
  if (needle === '') return [];
  const pattern = typeof needle === 'string' ? literalPattern(needle) : needle;
  const found: { readonly index: number; readonly length: number }[] = [];
  for (let match = pattern.exec(text); match !== null; ) {
    const { length } = match.groups[0];
    found.push({ index: match.index, length });
    // A match of nothing does not move: the next one starts a character later.
    match = pattern.exec(text, match.index + Math.max(1, length));
  }
  return found;
}
