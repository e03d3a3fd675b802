import { parseFilter } from '@raftlens/log-store';
import { cursorRow, type Histories, type ScreenState, type TimeFormat } from '../model/state.ts';
import { THEME_NAMES, type ThemeName } from '../text/theme.ts';

/** What is kept of a session: the next call for the same log opens where this one was left. */
export interface ViewSession {
  readonly row: number;
  readonly filter: string;
  readonly search: string;
  readonly folding: boolean;
  readonly hiddenPeers: readonly string[];
  readonly marks: readonly number[];
  readonly timeFormat: TimeFormat;
  readonly theme: ThemeName;
  readonly histories: Histories;
}

export function sessionOf(state: ScreenState): ViewSession {
  const { filter, search, folding, hiddenPeers, marks, timeFormat, theme, histories } = state;
  return { row: cursorRow(state), filter, search, folding, hiddenPeers, marks, timeFormat, theme, histories };
}

/** The state with what the session kept; the row is gone to once it is indexed. */
export function restored(state: ScreenState, session: ViewSession): ScreenState {
  const { filter, search, folding, hiddenPeers, marks, timeFormat, theme, histories } = session;
  return { ...state, filter, search, folding, hiddenPeers, marks, timeFormat, theme, histories };
}

/** Reads what `sessionOf` wrote. The file is the user's: anything that does not fit is passed over, null where nothing does. */
export function parseSession(value: unknown): ViewSession | null {
  if (typeof value !== 'object' || value === null) return null;
  const field = (name: string): unknown => Reflect.get(value, name);
  const row = field('row');
  if (typeof row !== 'number' || !Number.isInteger(row) || row < -1) return null;
  const theme = THEME_NAMES.find((name) => name === field('theme')) ?? 'dark';
  const timeFormat = (['clock', 'start', 'delta'] as const).find((name) => name === field('timeFormat')) ?? 'clock';
  return {
    row,
    filter: filterIn(field('filter')),
    search: textIn(field('search')),
    folding: field('folding') !== false,
    hiddenPeers: textsIn(field('hiddenPeers')),
    marks: rowsIn(field('marks')),
    timeFormat,
    theme,
    histories: historiesIn(field('histories')),
  };
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A filter that this version does not understand is none. */
function filterIn(value: unknown): string {
  const text = textIn(value);
  return parseFilter(text).ok ? text : '';
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function rowsIn(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item): item is number => Number.isInteger(item) && Number(item) >= 0) : [];
}

function historiesIn(value: unknown): Histories {
  const of = (name: string) => (typeof value === 'object' && value !== null ? textsIn(Reflect.get(value, name)) : []);
  return { filter: of('filter'), search: of('search'), command: of('command'), export: of('export') };
}
