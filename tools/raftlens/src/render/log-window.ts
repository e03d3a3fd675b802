import { DIRECTIONS, DROP, FLAG_HEARTBEAT, type LogStore, OPCODE_CODES, ROLES } from '@raftlens/log-store';
import type { LinearPattern } from '@raftlens/patterns';
import type { LogDocument } from '../model/document.ts';
import type { ListLine } from '../model/lines.ts';
import { needleOf } from '../model/needle.ts';
import { numberOfRow } from '../model/row-number.ts';
import { cursorRow, type ScreenState } from '../model/state.ts';
import { CRASHED, type RoleSpan } from '../model/survey.ts';
import { cellOf, roleLetter } from '../text/cell.ts';
import { type CellText, cellText, cut, dropCells, type Line, type LineMark, type Tone, widthOf } from '../text/line.ts';
import { toneOfOpcode } from '../text/opcode-style.ts';
import { peerTone } from '../text/peer-tone.ts';
import { clockText, countText, durationText } from '../text/time.ts';
import { Cells } from './cells.ts';
import type { Geometry, PeerColumn } from './geometry.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';

/** What every line of one window shares. */
interface Window {
  readonly state: ScreenState;
  readonly document: LogDocument;
  readonly geometry: Geometry;
  readonly glyphs: Glyphs;
  readonly width: number;
  /** What was searched for, '' for nothing. */
  readonly needle: string | LinearPattern;
  /** The line of the other end of the cursor's message, -1 where there is none to be seen. */
  readonly partnerLine: number;
}

/** The visible lines of the log: a column a peer, lanes that tell the roles, arrows from senders to receivers. */
export function logLines(state: ScreenState, document: LogDocument, geometry: Geometry, height: number): Line[] {
  const window = windowOf(state, document, geometry);
  const lines: Line[] = [];
  for (let at = state.top; at < Math.min(state.lines.count, state.top + height); at += 1) lines.push(drawLine(window, at));
  while (lines.length < height) lines.push(new Cells(state.width).toLine('none'));
  return lines;
}

function windowOf(state: ScreenState, document: LogDocument, geometry: Geometry): Window {
  const row = cursorRow(state);
  const partner = row < 0 ? -1 : document.store.partnerOf(row);
  const partnerLine = partner >= 0 && state.lines.shows(partner) ? state.lines.lineOf(partner) : -1;
  return { state, document, geometry, glyphs: glyphsOf(state.ascii), width: state.width, needle: needleOf(state.search), partnerLine };
}

function drawLine(window: Window, at: number): Line {
  const { state, document, geometry } = window;
  const of = state.lines.at(at);
  const cells = new Cells(window.width);
  drawGutter(window, cells, at, of);
  drawTime(window, cells, at, of);
  const node = document.store.columns.node(of.first);
  const column = geometry.columns.find((candidate) => candidate.node === node);
  if (of.count > 1) drawFold(window, cells, of, column);
  else if (column === undefined) drawAcross(window, cells, of.first);
  else drawEvent(window, cells, of.first, column);
  if (window.needle !== '') cells.highlight(window.needle, geometry.left, window.width, 'match');
  return cells.toLine(markOf(window, at, of));
}

function markOf({ state, document, partnerLine }: Window, at: number, of: ListLine): LineMark {
  if (at === state.cursor) return 'cursor';
  if (at === partnerLine) return 'pair';
  return holdsEvidence(document, of) ? 'evidence' : 'none';
}

function holdsEvidence({ evidence }: LogDocument, { first, last, count }: ListLine): boolean {
  if (count === 1 || evidence.size === 0) return evidence.has(first);
  return [...evidence].some((row) => row >= first && row <= last);
}

/** Two cells: the line's mark, and the bracket that ties the two ends of the cursor's message. */
function drawGutter({ state, document, glyphs, partnerLine }: Window, cells: Cells, at: number, of: ListLine): void {
  if (holdsEvidence(document, of)) cells.write(0, '!', 'error');
  else if (state.marks.some((mark) => mark >= of.first && mark <= of.last)) cells.write(0, '*', 'key');
  else if (at === state.cursor) cells.write(0, '>', 'key');
  if (partnerLine < 0) return;
  const top = Math.min(state.cursor, partnerLine);
  const bottom = Math.max(state.cursor, partnerLine);
  if (at === top) cells.write(1, glyphs.bracketTop, 'arrow');
  else if (at === bottom) cells.write(1, glyphs.bracketBottom, 'arrow');
  else if (at > top && at < bottom) cells.write(1, glyphs.bracketSide, 'arrow');
}

function drawTime({ state, document, geometry }: Window, cells: Cells, at: number, of: ListLine): void {
  const { store } = document;
  const { label, time } = geometry;
  if (label.width > 0) cells.write(label.x, String(numberOfRow(store, of.first)).padStart(label.width), 'faint');
  if (time.width === 0) return;
  cells.write(time.x, cut(timeText(state, store, at, of.first), time.width).padStart(time.width), 'faint');
}

function timeText(state: ScreenState, store: LogStore, at: number, row: number): string {
  // A line that no format knows has no time of its own.
  const timeMs = store.columns.op(row) === 0 ? Number.NaN : store.columns.time(row);
  switch (state.timeFormat) {
    case 'clock':
      return Number.isNaN(timeMs) ? '' : clockText(timeMs);
    case 'start':
      return Number.isNaN(timeMs) ? '' : `+${durationText(timeMs - store.columns.time(0))}`;
    case 'delta':
      return at === 0 || Number.isNaN(timeMs) ? '' : `+${durationText(timeMs - store.columns.time(state.lines.at(at - 1).last))}`;
  }
}

/** The lane of every peer: its line tells the role by its weight and by its colour. */
function drawLanes({ document, geometry, glyphs }: Window, cells: Cells, row: number): void {
  for (const { node, x } of geometry.columns) {
    const span = document.survey.roleAt(node, row);
    if (span !== undefined) cells.write(x, laneSign(span, glyphs), laneTone(span));
    else if (!document.survey.knowsRoles) cells.write(x, glyphs.follower, 'faint');
  }
}

function laneSign(span: RoleSpan, glyphs: Glyphs): string {
  if (span.role === CRASHED) return glyphs.crashed;
  switch (ROLES[span.role] ?? 'follower') {
    case 'leader':
      return glyphs.leader;
    case 'candidate':
    case 'precandidate':
      return glyphs.candidate;
    case 'follower':
      return glyphs.follower;
  }
}

export function laneTone(span: RoleSpan): Tone {
  if (span.role === CRASHED) return 'crashed';
  const role = ROLES[span.role] ?? 'follower';
  return role === 'precandidate' ? 'candidate' : role;
}

function drawEvent(window: Window, cells: Cells, row: number, column: PeerColumn): void {
  const { columns } = window.document.store;
  drawLanes(window, cells, row);
  const now = window.document.survey.roleAt(column.node, row);
  const role = now === undefined ? null : ROLES[now.role];
  // A loss is the network's line, not the server's.
  if (now !== undefined && role !== null && role !== undefined && columns.dir(row) !== DROP)
    cells.write(column.x, roleLetter(role), laneTone(now));
  const text = eventText(window, row, column, textRoom(window, row, column));
  cells.write(column.x + 2, text, eventTone(window, row, column));
  const direction = DIRECTIONS[columns.dir(row)];
  if (direction === 'recv') drawReceived(window, cells, row, column, widthOf(text));
  else if (direction === 'drop') drawLost(window, cells, row, column, widthOf(text));
}

/**
 * The cells that the text may take: it runs on over the columns to its right, which have nothing to say on this line, but
 * leaves room for an arrow that comes or goes there.
 */
function textRoom({ document, geometry, width }: Window, row: number, column: PeerColumn): number {
  const { columns } = document.store;
  const direction = DIRECTIONS[columns.dir(row)];
  const other = direction === 'recv' ? columns.src(row) : direction === 'drop' ? columns.dst(row) : -1;
  const end = geometry.columns.find(({ node, x }) => node === other && x > column.x)?.x;
  return end === undefined ? width - column.x - 2 : end - column.x - ARROW_LEAST;
}

/** Of a longer line the details show the rest. */
const ACROSS_CHARACTERS_MAX = 4000;

/** The lane and its blank, and two cells of an arrow with the blank before it. */
const ARROW_LEAST = 5;

function eventText({ document, state }: Window, row: number, column: PeerColumn, width: number): string {
  const { store } = document;
  const op = OPCODE_CODES[store.columns.op(row)] ?? null;
  const text = cellOf(store.text(row, 1000), column.peer, op, width);
  return state.ascii ? text : text.replace(/^->/, '→').replace(/^<-/, '←').replace(/^-x/, '×');
}

function eventTone({ document }: Window, row: number, column: PeerColumn): Tone {
  const op = OPCODE_CODES[document.store.columns.op(row)] ?? null;
  const tone = op === null ? 'plain' : toneOfOpcode(op);
  return tone === 'plain' ? peerTone(column.place) : tone;
}

/** The arrow of a message that arrived, from its sender's lane to the text of the receive. */
function drawReceived({ document, geometry, glyphs }: Window, cells: Cells, row: number, to: PeerColumn, textWidth: number): void {
  const source = document.store.columns.src(row);
  const from = geometry.columns.find((candidate) => candidate.node === source);
  if (from === undefined || from === to) return;
  if (from.x < to.x) {
    drawAcrossLanes(geometry, glyphs, cells, from.x + 1, to.x - 1, glyphs.across, 'arrow');
    cells.write(to.x - 1, glyphs.right, 'arrow');
    return;
  }
  const start = to.x + 3 + textWidth;
  drawAcrossLanes(geometry, glyphs, cells, start + 1, from.x, glyphs.across, 'arrow');
  cells.write(start, glyphs.left, 'arrow');
}

/** The arrow of a message that was lost: it ends before the lane of whom it never reached. */
function drawLost({ document, geometry, glyphs }: Window, cells: Cells, row: number, from: PeerColumn, textWidth: number): void {
  const target = document.store.columns.dst(row);
  const to = geometry.columns.find((candidate) => candidate.node === target);
  if (to === undefined || from === to) return;
  if (to.x > from.x) {
    drawAcrossLanes(geometry, glyphs, cells, from.x + 3 + textWidth, to.x - 1, glyphs.lostAcross, 'lost');
    cells.write(to.x - 1, glyphs.lost, 'lost');
    return;
  }
  drawAcrossLanes(geometry, glyphs, cells, to.x + 2, from.x, glyphs.lostAcross, 'lost');
  cells.write(to.x + 1, glyphs.lost, 'lost');
}

function drawAcrossLanes(geometry: Geometry, glyphs: Glyphs, cells: Cells, from: number, to: number, sign: string, tone: Tone): void {
  cells.fill(from, to, sign, tone);
  for (const { x } of geometry.columns) if (x >= from && x < to) cells.write(x, glyphs.crossing, tone);
}

/** Lines of the harness and of clients, and lines that no format knows: across all columns. */
function drawAcross(window: Window, cells: Cells, row: number): void {
  const { document, geometry, width } = window;
  const { store } = document;
  const op = OPCODE_CODES[store.columns.op(row)] ?? null;
  const tone = op === null ? 'faint' : toneOfOpcode(op);
  const { sideways } = window.state;
  cells.write(geometry.left, cut(dropCells(acrossText(store, row), sideways), width - geometry.left), tone);
  if (sideways > 0) cells.write(geometry.left - 1, '<', 'key');
}

/** What such a line says, all of it: it is longer than the screen where it has to be scrolled sideways. */
export function acrossText(store: LogStore, row: number): CellText {
  return cellText(store.columns.op(row) === 0 ? store.text(row, ACROSS_CHARACTERS_MAX) : `-- ${store.text(row, ACROSS_CHARACTERS_MAX)}`);
}

/** By the code of the direction. */
const FOLDED_HOW = ['', ' sent', ' received', ' lost'] as const;

function drawFold(window: Window, cells: Cells, of: ListLine, column: PeerColumn | undefined): void {
  const { document, geometry, glyphs, width } = window;
  const { columns } = document.store;
  drawLanes(window, cells, of.last);
  const tookMs = columns.time(of.last) - columns.time(of.first);
  const took = Number.isFinite(tookMs) ? ` in ${durationText(tookMs)}` : '';
  if ((columns.flags(of.first) & FLAG_HEARTBEAT) !== 0) {
    const text = `${glyphs.fold} ${countText(of.count)} heartbeats${took} `;
    cells.write(geometry.left + 2, cut(text, width - geometry.left - 2), 'faint');
    return;
  }
  const x = column === undefined ? geometry.left : column.x + 2;
  const op = OPCODE_CODES[columns.op(of.first)];
  const text = `${glyphs.fold} ${countText(of.count)} ${op ?? 'lines'}${FOLDED_HOW[columns.dir(of.first)] ?? ''}${took} `;
  cells.write(x, cut(text, width - x), 'faint');
}
