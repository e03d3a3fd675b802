import { type Event, HEADER_FIELDS, specOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import type { LogDocument } from '../model/document.ts';
import { numberOfRow } from '../model/row-number.ts';
import { cursorRow, type ScreenState } from '../model/state.ts';
import { cellText, type Line, line, span, textLine, wrap } from '../text/line.ts';
import { toneOfOpcode } from '../text/opcode-style.ts';
import { clockText, countText, durationText } from '../text/time.ts';

const RAW_CHARACTERS_MAX = 4000;
const VALUE_CHARACTERS_MAX = 400;

/** All that the log tells of the line under the cursor, and where the other end of its message is. */
export function detailsPanel(state: ScreenState, document: LogDocument, width: number): Line[] {
  if (state.cursor >= state.lines.count) return [textLine('nothing is shown', 'faint')];
  const { store } = document;
  const row = cursorRow(state);
  const { count, last } = state.lines.at(state.cursor);
  const event = store.event(row);
  const lines = event === null ? unknownLine(store, row) : eventLines(store, row, event, width);
  if (count > 1) {
    lines.unshift(
      textLine(
        `the first of ${countText(count)} lines folded together, up to ${clockText(store.columns.time(last))}; Right or l opens them`,
        'warning',
      ),
    );
  }
  return [...lines, line([]), ...rawLines(store, row, width)];
}

function unknownLine(store: LogStore, row: number): Line[] {
  return [textLine(`no format knows this line: ${store.problem(row)?.reason ?? 'it has no event'}`, 'warning')];
}

function eventLines(store: LogStore, row: number, event: Event, width: number): Line[] {
  const { meaning, section } = specOf(event.op);
  const lines = [
    line([span(event.op, toneOfOpcode(event.op)), span(`  ${meaning}`), span(section === '' ? '' : `  (${section})`, 'faint')]),
  ];
  lines.push(...messageLines(store, row, event));
  lines.push(line([]), ...fieldLines(event, width));
  return lines;
}

/** What became of the message, and which request or reply belongs to it. */
function messageLines(store: LogStore, row: number, event: Event): Line[] {
  if (event.dir === undefined) return [];
  const partner = store.partnerOf(row);
  const lines: Line[] = [];
  if (partner < 0) {
    lines.push(textLine(event.dir === 'send' ? 'the log does not say what became of it' : 'the log does not have its send', 'faint'));
  } else {
    const other = store.event(partner);
    const tookMs = Math.abs(store.columns.time(partner) - store.columns.time(row));
    const what = other?.dir === 'drop' ? 'lost' : other?.dir === 'recv' ? 'received' : 'sent';
    lines.push(
      line([
        span(`${what} in line ${numberOfRow(store, partner)} at ${clockText(store.columns.time(partner))}, ${durationText(tookMs)} apart`),
        span('  m goes there', 'faint'),
      ]),
    );
  }
  const request = store.requestOf(row);
  const reply = store.replyOf(row);
  if (request >= 0)
    lines.push(textLine(`answers ${cellText(store.text(request, VALUE_CHARACTERS_MAX))} in line ${numberOfRow(store, request)}`));
  if (reply >= 0)
    lines.push(textLine(`answered by ${cellText(store.text(reply, VALUE_CHARACTERS_MAX))} in line ${numberOfRow(store, reply)}`));
  return lines;
}

const SERVER_STATE = new Set(['term', 'role', 'vote', 'commit', 'applied', 'last', 'lastTerm']);
const HEADER = Object.keys(HEADER_FIELDS);

function fieldLines(event: Event, width: number): Line[] {
  const entries = Object.entries(event).filter(([name, value]) => value !== undefined && name !== 'op' && name !== 'extra');
  const own = entries.filter(([name]) => !HEADER.includes(name));
  // In the order of the format, whatever that of the line was.
  const known = entries.filter(([name]) => HEADER.includes(name)).sort(([a], [b]) => HEADER.indexOf(a) - HEADER.indexOf(b));
  const header = known.filter(([name]) => !SERVER_STATE.has(name));
  const state = known.filter(([name]) => SERVER_STATE.has(name));
  const extra = Object.entries(event.extra ?? {});
  return [
    ...group('line', header, width),
    ...group('state after', state, width),
    ...group('fields', own, width),
    ...group('unknown to the format', extra, width),
  ];
}

function group(title: string, entries: readonly (readonly [string, unknown])[], width: number): Line[] {
  if (entries.length === 0) return [];
  const text = entries.map(([name, value]) => `${cellText(name)}=${valueText(value)}`).join('  ');
  return wrap(text, Math.max(10, width - 2)).map((piece, at) =>
    at === 0 ? line([span(`${title}: `, 'faint'), span(piece)]) : line([span(`  ${piece}`)]),
  );
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return cellText(text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}…` : text);
}

function rawLines(store: LogStore, row: number, width: number): Line[] {
  const raw = cellText(store.line(row, RAW_CHARACTERS_MAX));
  const where = `${store.fileOf(row).name}:${store.lineNumberOf(row)} (${store.fileOf(row).format})`;
  return [textLine(cellText(where), 'faint'), ...wrap(raw, width).map((piece) => textLine(piece, 'faint'))];
}
