import type { Tone } from '../text/line.ts';
import type { ColorDepth, ThemeName } from '../text/theme.ts';
import { FoldedRows } from './folded-rows.ts';
import type { LineEdit } from './line-edit.ts';
import { Lines } from './lines.ts';

/** What stands under the log. */
export type Panel = 'none' | 'details' | 'state' | 'violation' | 'help';

export type PromptKind = 'filter' | 'search' | 'command' | 'export';

export interface Prompt {
  readonly kind: PromptKind;
  readonly edit: LineEdit;
  /** How far back in the history of this kind of prompt the text comes from; 0 is the line being typed. */
  readonly recalled: number;
  /** What the text so far would do: the live count, or the error with its column. */
  readonly feedback: StatusNotice | null;
}

export interface StatusNotice {
  readonly text: string;
  readonly tone: Tone;
}

export type TimeFormat = 'clock' | 'start' | 'delta';

export type Histories = Readonly<Record<PromptKind, readonly string[]>>;

/**
 * All that the screen shows and that is not the log itself. Immutable; `reduce` makes the next one. Rows are those of the
 * log store, lines are those of the list (`lines`), which is a view of the rows that the filter, the peers and the folds leave.
 */
export interface ScreenState {
  readonly width: number;
  readonly height: number;
  readonly depth: ColorDepth;
  readonly theme: ThemeName;
  readonly ascii: boolean;

  readonly lines: Lines;
  readonly cursor: number;
  readonly top: number;

  readonly panel: Panel;
  readonly panelScroll: number;
  /** The lines that the open panel has needed so far; it only grows while the panel is open, because the log must not jump. */
  readonly panelLines: number;
  readonly prompt: Prompt | null;
  readonly histories: Histories;

  /** The filter in force, '' for none. */
  readonly filter: string;
  readonly search: string;
  readonly folding: boolean;
  readonly hiddenPeers: readonly string[];
  /** The first column shown, where not all fit. */
  readonly firstPeer: number;
  /** Cells that texts across all columns are scrolled to the left by. */
  readonly sideways: number;
  readonly marks: readonly number[];
  /** Which violation the panel shows, -1 before any was chosen. */
  readonly violation: number;
  readonly follow: boolean;
  /** Rows that came since the cursor last stood at the end. */
  readonly unseen: number;
  readonly timeFormat: TimeFormat;
  readonly notice: StatusNotice | null;
  /** Rows that jumps came from, the last one last. */
  readonly trail: readonly number[];
}

export interface InitialOptions {
  readonly width: number;
  readonly height: number;
  readonly depth: ColorDepth;
  readonly theme: ThemeName;
  readonly ascii: boolean;
}

export function initialState(options: InitialOptions): ScreenState {
  return {
    ...options,
    lines: new Lines(new FoldedRows(null)),
    cursor: 0,
    top: 0,
    panel: 'none',
    panelScroll: 0,
    panelLines: 0,
    prompt: null,
    histories: { filter: [], search: [], command: [], export: [] },
    filter: '',
    search: '',
    folding: true,
    hiddenPeers: [],
    firstPeer: 0,
    sideways: 0,
    marks: [],
    violation: -1,
    follow: false,
    unseen: 0,
    timeFormat: 'clock',
    notice: null,
    trail: [],
  };
}

/** The row under the cursor, the first of a fold; -1 where nothing is shown. */
export function cursorRow(state: ScreenState): number {
  return state.cursor < state.lines.count ? state.lines.at(state.cursor).first : -1;
}
