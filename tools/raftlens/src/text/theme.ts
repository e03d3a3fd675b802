/**
 * From meaning to colour. The palette is that of Okabe and Ito, which readers with any of the common colour-vision
 * deficiencies can tell apart; every colour is doubled by a letter or a sign in the text. Nothing is lost without colours.
 */
import type { LineMark, Tone } from './line.ts';

export const THEME_NAMES = ['dark', 'light', 'plain'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** How many colours the terminal can show; 0 is NO_COLOR: bold, underline and inverse only. */
export type ColorDepth = 0 | 16 | 256;

/** The parameters of one SGR sequence, as in ECMA-48, 8.3.117; '' is the terminal's own look. */
type Sgr = string;
type Palette = Readonly<Record<Tone, Sgr>>;

export interface Theme {
  readonly name: ThemeName;
  readonly depth: ColorDepth;
  readonly tones: Palette;
  readonly marks: Readonly<Record<LineMark, Sgr>>;
}

const DARK_256: Palette = {
  plain: '',
  faint: '38;5;245',
  strong: '1',
  title: '1;38;5;255',
  key: '1;38;5;117',
  leader: '1;38;5;214',
  candidate: '38;5;175',
  follower: '38;5;245',
  crashed: '1;38;5;203',
  election: '1;38;5;175',
  commit: '38;5;79',
  arrow: '38;5;74',
  lost: '38;5;209',
  warning: '38;5;221',
  error: '1;38;5;209',
  match: '1;30;48;5;221',
  peer1: '38;5;117',
  peer2: '38;5;214',
  peer3: '38;5;79',
  peer4: '38;5;175',
  peer5: '38;5;221',
  peer6: '38;5;209',
  peer7: '38;5;147',
  peer8: '38;5;252',
};

const LIGHT_256: Palette = {
  plain: '',
  faint: '38;5;243',
  strong: '1',
  title: '1;38;5;16',
  key: '1;38;5;25',
  leader: '1;38;5;130',
  candidate: '38;5;127',
  follower: '38;5;243',
  crashed: '1;38;5;124',
  election: '1;38;5;127',
  commit: '38;5;29',
  arrow: '38;5;25',
  lost: '38;5;130',
  warning: '38;5;94',
  error: '1;38;5;124',
  match: '1;30;48;5;221',
  peer1: '38;5;25',
  peer2: '38;5;130',
  peer3: '38;5;29',
  peer4: '38;5;127',
  peer5: '38;5;94',
  peer6: '38;5;124',
  peer7: '38;5;55',
  peer8: '38;5;238',
};

const SIXTEEN: Palette = {
  plain: '',
  faint: '90',
  strong: '1',
  title: '1',
  key: '1;36',
  leader: '1;33',
  candidate: '35',
  follower: '90',
  crashed: '1;31',
  election: '1;35',
  commit: '32',
  arrow: '36',
  lost: '31',
  warning: '33',
  error: '1;31',
  match: '30;43',
  peer1: '36',
  peer2: '33',
  peer3: '32',
  peer4: '35',
  peer5: '34',
  peer6: '31',
  peer7: '96',
  peer8: '',
};

const COLOURLESS: Palette = {
  plain: '',
  faint: '',
  strong: '1',
  title: '1',
  key: '1',
  leader: '1',
  candidate: '4',
  follower: '',
  crashed: '1',
  election: '4',
  commit: '',
  arrow: '',
  lost: '1',
  warning: '1',
  error: '1',
  match: '7',
  peer1: '',
  peer2: '',
  peer3: '',
  peer4: '',
  peer5: '',
  peer6: '',
  peer7: '',
  peer8: '',
};

const MARKS = {
  colourless: { none: '', cursor: '7', pair: '4', evidence: '1', bar: '7' },
  sixteen: { none: '', cursor: '7', pair: '4', evidence: '1', bar: '7' },
  dark: { none: '', cursor: '48;5;238', pair: '48;5;236', evidence: '48;5;52', bar: '48;5;236' },
  light: { none: '', cursor: '48;5;153', pair: '48;5;254', evidence: '48;5;224', bar: '48;5;254' },
} as const satisfies Record<string, Readonly<Record<LineMark, Sgr>>>;

export function themeOf(name: ThemeName, depth: ColorDepth): Theme {
  if (name === 'plain' || depth === 0) return { name, depth: 0, tones: COLOURLESS, marks: MARKS.colourless };
  if (depth === 16) return { name, depth, tones: SIXTEEN, marks: MARKS.sixteen };
  return name === 'light' ? { name, depth, tones: LIGHT_256, marks: MARKS.light } : { name, depth, tones: DARK_256, marks: MARKS.dark };
}

/** The theme that follows in the order of `THEME_NAMES`, for the key that steps through them. */
export function themeAfter(name: ThemeName): ThemeName {
  return THEME_NAMES[(THEME_NAMES.indexOf(name) + 1) % THEME_NAMES.length] ?? 'dark';
}

/** A line, or one that a view has put control sequences of its own into. */
export interface PaintableLine {
  readonly spans: readonly PaintableSpan[];
  readonly mark: LineMark;
}

export interface PaintableSpan {
  readonly text: string;
  readonly tone: Tone;
}

/** The line with SGR sequences, ending in the terminal's own look. */
export function painted(of: PaintableLine, theme: Theme): string {
  const background = theme.marks[of.mark];
  return of.spans.map((part) => paintedSpan(part, background, theme)).join('');
}

function paintedSpan(part: PaintableSpan, background: Sgr, theme: Theme): string {
  const codes = [background, theme.tones[part.tone]].filter((code) => code !== '').join(';');
  return codes === '' || part.text === '' ? part.text : `\u001b[${codes}m${part.text}\u001b[0m`;
}
