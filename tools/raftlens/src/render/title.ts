import { ROLES } from '@raftlens/log-store';
import type { LogDocument } from '../model/document.ts';
import { cursorRow, type ScreenState } from '../model/state.ts';
import { CRASHED } from '../model/survey.ts';
import { roleLetter } from '../text/cell.ts';
import { cellText, cut, fitLine, type Line, line, type Span, span, widthOf } from '../text/line.ts';
import { peerTone } from '../text/peer-tone.ts';
import { countText, plural } from '../text/time.ts';
import { Cells } from './cells.ts';
import type { Geometry } from './geometry.ts';
import { laneTone } from './log-window.ts';

/** The first line: which log, where in it, what is filtered, what the checker found, how far the index is. */
export function titleLine(state: ScreenState, document: LogDocument): Line {
  const right = [...checkSpans(document), ...progressSpans(state, document)];
  const rightWidth = right.reduce((sum, { text }) => sum + widthOf(text), 0);
  const filter = state.filter === '' ? '' : `  filter: ${cellText(state.filter)}`;
  const place = `  ${countText(Math.min(state.cursor + 1, state.lines.count))}/${countText(state.lines.count)}`;
  const room = state.width - rightWidth - 1;
  // The name gives way: where in the log one is, nothing else says.
  const name = cut(cellText(document.name), Math.max(1, room - 1 - widthOf(place) - Math.min(widthOf(filter), 24)));
  const left: Span[] = [span(` ${name}`, 'title'), span(place), span(filter, 'warning')];
  return line([...fitLine(line(left), room).spans, span(' '), ...right], 'bar');
}

function checkSpans({ findings, store, survey, testFailure }: LogDocument): Span[] {
  const { found, report, failed, checkedRows } = findings;
  if (failed !== null) return [span(' not checked', 'warning')];
  if (found.length > 0) return [span(` ! ${plural(found.length, 'violation')}`, 'error')];
  if (report !== null && testFailure !== null) return [span(' no violation, but the test failed', 'warning')];
  if (report !== null) return [survey.knowsRoles ? span(' no violation', 'commit') : span(' nothing to check', 'faint')];
  return [span(` checking ${percent(checkedRows, store.size)}`, 'faint')];
}

function progressSpans(state: ScreenState, { store }: LogDocument): Span[] {
  const spans: Span[] = [];
  const { bytesDone, bytesTotal, done } = store.progress;
  if (!done) spans.push(span(Number.isNaN(bytesTotal) ? '  reading' : `  indexing ${percent(bytesDone, bytesTotal)}`, 'faint'));
  if (store.unmatched > 0) spans.push(span(`  ${countText(store.unmatched)} unknown`, 'warning'));
  if (state.follow) spans.push(span('  FOLLOW', 'commit'));
  else if (state.unseen > 0 && done) spans.push(span(`  ${countText(state.unseen)} new`, 'commit'));
  return spans;
}

function percent(part: number, whole: number): string {
  return `${whole <= 0 ? 0 : Math.min(100, Math.floor((part / whole) * 100))}%`;
}

/** Above the columns: who they are, with role and term at the cursor's moment. */
export function headerLine(state: ScreenState, document: LogDocument, geometry: Geometry): Line {
  const cells = new Cells(state.width);
  const row = Math.max(0, cursorRow(state));
  const { label, time } = geometry;
  if (label.width > 0) cells.write(label.x, 'seq'.padStart(label.width), 'faint');
  if (time.width > 0) cells.write(time.x, TIME_HEADS[state.timeFormat].padStart(time.width), 'faint');
  for (const { peer, node, place, x, width } of geometry.columns) {
    const now = document.survey.roleAt(node, row);
    const name = cut(cellText(peer), Math.max(3, width - (now === undefined ? 1 : 8)));
    cells.write(x, name, peerTone(place));
    if (now === undefined) continue;
    const role = ROLES[now.role];
    const letter = now.role === CRASHED ? 'down' : role === null || role === undefined ? '' : roleLetter(role);
    cells.write(x + widthOf(name) + 1, `${letter} T${now.term}`.trim().slice(0, width - widthOf(name) - 2), laneTone(now));
  }
  if (geometry.moreLeft) cells.write(geometry.left - 1, '<', 'key');
  if (geometry.moreRight) cells.write(state.width - 1, '>', 'key');
  return cells.toLine('none');
}

const TIME_HEADS = { clock: 'time', start: 'since start', delta: 'since above' } as const;
