import type { LogDocument } from '../model/document.ts';
import { cursorRow, type ScreenState } from '../model/state.ts';
import type { Line } from '../text/line.ts';
import { cellText } from '../text/line.ts';
import { peerTone } from '../text/peer-tone.ts';
import { Cells } from './cells.ts';
import { glyphsOf } from './glyphs.ts';

interface TimelineSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Two lines over the whole run: how many events there were at each time, with the cursor and the violations; and who led
 * in which term. Counting by binary search makes its cost independent of the length of the log.
 */
export function timelineLines(state: ScreenState, document: LogDocument): Line[] {
  const span = timeSpan(document);
  const density = new Cells(state.width);
  const leaders = new Cells(state.width);
  if (span !== null) {
    drawDensity(state, document, span, density);
    drawReigns(state, document, span, leaders);
    drawMarks(state, document, span, density);
  }
  return [density.toLine('none'), leaders.toLine('none')];
}

/** From the first to the last time that the log tells; null where it tells none. */
function timeSpan({ store }: LogDocument): TimelineSpan | null {
  if (store.size === 0) return null;
  let first = 0;
  let last = store.size - 1;
  while (first < Math.min(store.size - 1, 1000) && Number.isNaN(store.columns.time(first))) first += 1;
  while (last > Math.max(0, store.size - 1000) && Number.isNaN(store.columns.time(last))) last -= 1;
  const fromMs = store.columns.time(first);
  const toMs = store.columns.time(last);
  return Number.isFinite(fromMs) && Number.isFinite(toMs) && toMs > fromMs ? { fromMs, toMs } : null;
}

function drawDensity(state: ScreenState, { store }: LogDocument, span: TimelineSpan, cells: Cells): void {
  const { density } = glyphsOf(state.ascii);
  const counts: number[] = [];
  let before = 0;
  for (let x = 1; x <= state.width; x += 1) {
    const upTo = x === state.width ? store.size : store.rowAtTime(timeOfColumn(x, state.width, span));
    counts.push(Math.max(0, upTo - before));
    before = Math.max(before, upTo);
  }
  const most = Math.max(1, ...counts);
  for (const [x, count] of counts.entries()) {
    const level = count === 0 ? 0 : Math.max(1, Math.round((count / most) * (density.length - 1)));
    cells.write(x, density[level] ?? ' ', 'faint');
  }
}

function drawReigns(state: ScreenState, { store, survey, peers }: LogDocument, span: TimelineSpan, cells: Cells): void {
  const { rule } = glyphsOf(state.ascii);
  for (const [at, reign] of survey.reigns.entries()) {
    const next = survey.reigns[at + 1];
    const from = columnOfTime(store.columns.time(reign.row), state.width, span);
    const to = next === undefined ? state.width : columnOfTime(store.columns.time(next.row), state.width, span);
    const name = store.columns.names.nameOf(reign.node);
    const tone = peerTone(Math.max(0, peers.indexOf(name)));
    cells.fill(from, to, rule, tone);
    const label = [`T${reign.term} ${cellText(name)}`, cellText(name)].find((text) => to - from > text.length);
    if (label !== undefined) cells.write(from, label, tone);
  }
}

function drawMarks(state: ScreenState, document: LogDocument, span: TimelineSpan, cells: Cells): void {
  const { store } = document;
  for (const { row } of document.findings.found) cells.write(columnOfTime(store.columns.time(row), state.width, span), '!', 'error');
  const row = cursorRow(state);
  if (row >= 0) cells.write(columnOfTime(store.columns.time(row), state.width, span), glyphsOf(state.ascii).here, 'key');
}

function timeOfColumn(x: number, width: number, { fromMs, toMs }: TimelineSpan): number {
  return fromMs + ((toMs - fromMs) * x) / width;
}

function columnOfTime(timeMs: number, width: number, { fromMs, toMs }: TimelineSpan): number {
  if (Number.isNaN(timeMs)) return 0;
  return Math.min(width - 1, Math.max(0, Math.floor(((timeMs - fromMs) / (toMs - fromMs)) * width)));
}

/** The row at a column of the strip, for a click on it; -1 where the log tells no times. */
export function rowAtColumn(state: ScreenState, document: LogDocument, x: number): number {
  const span = timeSpan(document);
  if (span === null) return -1;
  return Math.min(document.store.size - 1, document.store.rowAtTime(timeOfColumn(x, state.width, span)));
}
