import type { LogStore } from '@raftlens/log-store';
import { numberOfRow } from '../model/row-number.ts';
import { cellText, fit, type Line, type LineMark, line, type Span, span } from '../text/line.ts';
import { peerTone } from '../text/peer-tone.ts';
import { clockText, countText, plural } from '../text/time.ts';
import type { Alignment, Pair } from './alignment.ts';

/** Two logs, and which of their lines stand beside one another. */
export interface LogComparison {
  readonly left: LogStore;
  readonly right: LogStore;
  readonly leftName: string;
  readonly rightName: string;
  readonly alignment: Alignment;
}

const LABEL_WIDTH = 7;
const TIME_WIDTH = 12;
const MIDDLE = 3;

/** One line of the comparison in `width` cells. The sign between the halves is that of sdiff: | changed, < left only, > right only. */
export function pairLine(comparison: LogComparison, pair: Pair, width: number, mark: LineMark = 'none'): Line {
  const half = Math.floor((width - MIDDLE) / 2);
  const sign = !pair.differ ? ' ' : pair.left < 0 ? '>' : pair.right < 0 ? '<' : '|';
  return line(
    [
      ...sideSpans(comparison.left, pair.left, half, pair.differ),
      span(` ${sign} `, 'error'),
      ...sideSpans(comparison.right, pair.right, half, pair.differ),
    ],
    mark,
  );
}

function sideSpans(store: LogStore, row: number, width: number, differ: boolean): Span[] {
  if (row < 0) return [span(' '.repeat(width))];
  const label = String(numberOfRow(store, row)).padStart(LABEL_WIDTH);
  const time = clockText(store.columns.time(row)).padStart(TIME_WIDTH);
  const head = width < 50 ? `${label} ` : `${label} ${time}  `;
  const place = store.peers.indexOf(store.columns.names.nameOf(store.columns.node(row)));
  const tone = differ ? peerTone(Math.max(0, place)) : 'faint';
  return [span(head, 'faint'), span(fit(cellText(store.text(row, 1000)), width - head.length), tone)];
}

/** What the comparison came to, in words. */
export function summaryLines({ left, right, leftName, rightName, alignment }: LogComparison): Line[] {
  const sizes = `${leftName} (${plural(left.size, 'line')}), ${rightName} (${plural(right.size, 'line')})`;
  if (alignment.identical) return [line([span(`${sizes}: they tell the same`, 'commit')])];
  const row = Math.min(alignment.same, Math.max(0, left.size - 1));
  const when = left.size === 0 ? '' : ` at ${clockText(left.columns.time(row))}`;
  const verdict =
    alignment.same === 0
      ? 'they differ from the first line on'
      : `they tell the same up to line ${countText(alignment.same)} and part${when}`;
  return [line([span(sizes)]), line([span(verdict, 'error')])];
}
