/** The signs of the drawing, all of them one cell wide, and their stand-ins for a terminal without UTF-8. */
export interface Glyphs {
  readonly follower: string;
  readonly candidate: string;
  readonly leader: string;
  readonly crashed: string;
  readonly right: string;
  readonly left: string;
  readonly across: string;
  readonly lostAcross: string;
  readonly lost: string;
  readonly crossing: string;
  readonly bracketTop: string;
  readonly bracketSide: string;
  readonly bracketBottom: string;
  readonly fold: string;
  readonly arrow: string;
  readonly rule: string;
  readonly here: string;
  readonly density: readonly string[];
}

const UNICODE: Glyphs = {
  follower: '│',
  candidate: '┆',
  leader: '┃',
  crashed: '·',
  right: '►',
  left: '◄',
  across: '─',
  lostAcross: '╌',
  lost: '×',
  crossing: '┼',
  bracketTop: '┌',
  bracketSide: '│',
  bracketBottom: '└',
  fold: '≡',
  arrow: '→',
  rule: '━',
  here: '▼',
  density: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

const ASCII: Glyphs = {
  follower: '|',
  candidate: ':',
  leader: '#',
  crashed: '.',
  right: '>',
  left: '<',
  across: '-',
  lostAcross: '~',
  lost: 'x',
  crossing: '+',
  bracketTop: '/',
  bracketSide: '|',
  bracketBottom: '\\',
  fold: '=',
  arrow: '>',
  rule: '=',
  here: 'v',
  density: [' ', '.', '.', ':', '-', '=', '+', '*', '#'],
};

export function glyphsOf(ascii: boolean): Glyphs {
  return ascii ? ASCII : UNICODE;
}
