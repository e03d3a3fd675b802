import { keyText } from '../controllers/binding.ts';
import type { KeyPress } from '../controllers/keys.ts';
import type { Frame } from '../render/frame.ts';
import { fitLine, type Line, line, span } from '../text/line.ts';
import { countText } from '../text/time.ts';
import { type LogComparison, pairLine } from './diff-lines.ts';

/** Where the two runs are looked at. */
export interface DiffState {
  readonly width: number;
  readonly height: number;
  readonly cursor: number;
  readonly top: number;
  readonly help: boolean;
}

interface DiffBinding {
  readonly keys: readonly string[];
  readonly description: string;
  move(state: DiffState, comparison: LogComparison): DiffState;
}

const pageOf = (state: DiffState) => Math.max(1, state.height - 4);
const by = (lines: (state: DiffState) => number) => (state: DiffState, comparison: LogComparison) =>
  at(state, comparison, state.cursor + lines(state));

function difference(step: 1 | -1) {
  return (state: DiffState, comparison: LogComparison): DiffState => {
    const line = comparison.alignment.nextDifference(state.cursor, step);
    return line < 0 ? state : centred(state, comparison, line);
  };
}

/** All that the keys of the comparison do; its help is made from this table. */
export const DIFF_BINDINGS: readonly DiffBinding[] = [
  { keys: ['j', 'down'], description: 'the next line', move: by(() => 1) },
  { keys: ['k', 'up'], description: 'the line before', move: by(() => -1) },
  { keys: ['pagedown', 'space'], description: 'a page down', move: by(pageOf) },
  { keys: ['pageup'], description: 'a page up', move: by((state) => -pageOf(state)) },
  { keys: ['C-d'], description: 'half a page down', move: by((state) => pageOf(state) >> 1) },
  { keys: ['C-u'], description: 'half a page up', move: by((state) => -(pageOf(state) >> 1)) },
  { keys: ['g', 'home'], description: 'the first line', move: (state, comparison) => at(state, comparison, 0) },
  { keys: ['G', 'end'], description: 'the last line', move: (state, comparison) => at(state, comparison, comparison.alignment.count - 1) },
  { keys: ['x', 'n'], description: 'the next difference', move: difference(1) },
  { keys: ['X', 'N'], description: 'the difference before', move: difference(-1) },
  { keys: ['?'], description: 'this help', move: (state) => ({ ...state, help: !state.help }) },
];

/** The state after a key; null for the keys that quit. */
export function diffKey(state: DiffState, comparison: LogComparison, { name }: KeyPress): DiffState | null {
  if (name === 'q' || name === 'C-c') return null;
  if (state.help) return { ...state, help: false };
  return DIFF_BINDINGS.find(({ keys }) => keys.includes(name))?.move(state, comparison) ?? state;
}

/** Opens at the first difference, with what led up to it above. */
export function openingState(comparison: LogComparison, size: { readonly width: number; readonly height: number }): DiffState {
  return centred({ ...size, cursor: 0, top: 0, help: false }, comparison, comparison.alignment.same);
}

export function resized(state: DiffState, comparison: LogComparison, size: { readonly width: number; readonly height: number }): DiffState {
  return at({ ...state, ...size }, comparison, state.cursor);
}

function at(state: DiffState, { alignment }: LogComparison, line: number): DiffState {
  const cursor = Math.max(0, Math.min(alignment.count - 1, line));
  const height = Math.max(1, state.height - 3);
  const top = Math.min(Math.max(0, alignment.count - height), Math.max(cursor - height + 1, Math.min(state.top, cursor)));
  return { ...state, cursor, top: Math.max(0, top) };
}

function centred(state: DiffState, comparison: LogComparison, line: number): DiffState {
  return at({ ...state, top: Math.max(0, line - (state.height >> 1)) }, comparison, line);
}

export function diffFrame(state: DiffState, comparison: LogComparison): Frame {
  const { width, height } = state;
  const body = state.help ? helpLines() : pairLines(state, comparison);
  const room = Math.max(0, height - 3);
  const shown = [...body, ...Array.from({ length: Math.max(0, room - body.length) }, () => line([]))].slice(0, room);
  const lines = [titleLine(state, comparison), namesLine(state, comparison), ...shown, hintLine()];
  return { lines: lines.slice(0, height).map((of) => fitLine(of, width)), cursor: null };
}

function titleLine({ cursor }: DiffState, { alignment }: LogComparison): Line {
  const verdict = alignment.identical ? 'they tell the same' : `the same up to line ${countText(alignment.same)}`;
  const behind = alignment.isComplete ? '' : `  aligned up to line ${countText(alignment.aligned)}`;
  return line(
    [
      span(` ${countText(cursor + 1)}/${countText(alignment.count)}  `, 'title'),
      span(verdict, alignment.identical ? 'commit' : 'error'),
      span(behind, 'faint'),
    ],
    'bar',
  );
}

function namesLine({ width }: DiffState, { leftName, rightName }: LogComparison): Line {
  const half = Math.floor((width - 3) / 2);
  return line([...fitLine(line([span(` ${leftName}`, 'peer1')]), half).spans, span('   '), span(` ${rightName}`, 'peer2')]);
}

function pairLines(state: DiffState, comparison: LogComparison): Line[] {
  const { alignment } = comparison;
  const count = Math.max(0, Math.min(state.height - 3, alignment.count - state.top));
  return Array.from({ length: count }, (_, offset) => {
    const number = state.top + offset;
    return pairLine(comparison, alignment.at(number), state.width, number === state.cursor ? 'cursor' : 'none');
  });
}

function helpLines(): Line[] {
  return DIFF_BINDINGS.map(({ keys, description }) =>
    line([span(`  ${keys.map(keyText).join(', ').padEnd(14)}`, 'key'), span(description)]),
  );
}

function hintLine(): Line {
  return line(
    [
      span(' x', 'key'),
      span(' next difference  ', 'faint'),
      span('X', 'key'),
      span(' the one before  ', 'faint'),
      span('?', 'key'),
      span(' help  ', 'faint'),
      span('q', 'key'),
      span(' quit', 'faint'),
    ],
    'bar',
  );
}
