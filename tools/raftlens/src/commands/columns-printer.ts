import { cellText, cut, type Line, line, type Span, span, type Tone, widthOf } from '../text/line.ts';
import { toneOfOpcode } from '../text/opcode-style.ts';
import { peerTone } from '../text/peer-tone.ts';
import { clockText, plural } from '../text/time.ts';
import { type ColumnsLayout, GAP, type PrintedRow } from './columns-layout.ts';

/** The names of the peers, each above the place where its texts begin. */
export function headerLine(layout: ColumnsLayout): Line {
  const gap = ' '.repeat(GAP);
  const spans = [span(`  ${'seq'.padStart(layout.labelWidth)}${gap}${'time'.padStart(layout.timeWidth)}`, 'faint')];
  let x = layout.left - GAP;
  for (const [place, column] of layout.columns.entries()) {
    const next = layout.columns[place + 1];
    const name = cut(cellText(column.peer), Math.max(1, (next === undefined ? layout.total : next.x - 1) - column.x));
    spans.push(span(' '.repeat(Math.max(0, column.x - x))), span(name, peerTone(place)));
    x = column.x + widthOf(name);
  }
  return line(spans);
}

/** The row in its peer's column. Lines of the harness, of clients, and those that no format knows stand across all columns. */
export function rowLine(row: PrintedRow, layout: ColumnsLayout): Line {
  const time = row.event === null ? '' : clockText(row.event.time);
  const place = row.event === null ? -1 : layout.columns.findIndex(({ peer }) => peer === row.event?.node);
  const column = layout.columns[place] ?? { x: layout.left, width: layout.total - layout.left };
  const text = place < 0 && row.event !== null ? `-- ${cellText(row.text)}` : cellText(row.text);
  const head: Span[] = [
    span(row.evidence ? '! ' : '  ', 'error'),
    span(`${row.label.padStart(layout.labelWidth)}${' '.repeat(GAP)}${time.padStart(layout.timeWidth)}`, 'faint'),
  ];
  const body = [span(' '.repeat(column.x - layout.left + GAP)), span(cut(text, column.width).trimEnd(), toneOfRow(row, place))];
  return line([...head, ...body], row.evidence ? 'evidence' : 'none');
}

/** Stands where lines were left out between two that are printed. */
export function gapLine(count: number, layout: ColumnsLayout): Line {
  return line([span(`  ${'...'.padStart(layout.labelWidth)}  ${plural(count, 'line')}`, 'faint')]);
}

/** The opcode's own colour where it has one, the peer's otherwise: a column can be followed by eye. */
function toneOfRow({ event }: PrintedRow, place: number): Tone {
  if (event === null) return 'faint';
  const tone = toneOfOpcode(event.op);
  return tone === 'plain' && place >= 0 ? peerTone(place) : tone;
}
