import type { Finding, LogDocument } from '../model/document.ts';
import { numberOfRow } from '../model/row-number.ts';
import { cursorRow, type ScreenState } from '../model/state.ts';
import { cellText, type Line, line, span, type Tone, textLine, wrap } from '../text/line.ts';
import { clockText } from '../text/time.ts';

/** The violation that was jumped to: what was broken, the rule's own words, and the lines that prove it. */
export function violationPanel(state: ScreenState, document: LogDocument, width: number): Line[] {
  const { found, report, failed } = document.findings;
  const finding = found[Math.max(0, state.violation)];
  if (finding === undefined) return failed === null ? noneFound(report !== null) : [textLine(`the check failed: ${failed}`, 'error')];
  return [
    line([
      span(`${Math.max(0, state.violation) + 1}/${found.length}  `, 'faint'),
      span(finding.rule, 'error'),
      span(` (${finding.section}) ${finding.picture.length > 0 ? 'as seen by' : 'broken by'} `),
      span(cellText(finding.who), 'strong'),
    ]),
    ...paragraph(finding.why, width, 'plain'),
    ...paragraph(`rule: ${finding.text}`, width, 'faint'),
    ...(finding.allowed === null ? [] : paragraph(`allowed: ${finding.allowed}`, width, 'commit')),
    ...finding.picture.map((row) => textLine(`  ${row}`)),
    ...evidenceLines(state, document, finding),
  ];
}

function noneFound(complete: boolean): Line[] {
  return [textLine(complete ? 'the checker found no violation in this log' : 'no violation up to here; the check goes on', 'commit')];
}

function paragraph(text: string, width: number, tone: Tone): Line[] {
  return wrap(cellText(text), Math.max(10, width - 2)).map((piece) => textLine(`  ${piece}`, tone));
}

function evidenceLines(state: ScreenState, { store }: LogDocument, finding: Finding): Line[] {
  const here = cursorRow(state);
  return finding.evidenceRows.map((row, at) => {
    const current = row === here;
    const label = String(numberOfRow(store, row));
    return line(
      [
        span(current ? '> ' : '  ', 'key'),
        span(`${at + 1}. ${label}  ${clockText(store.columns.time(row))}  `, 'faint'),
        span(cellText(store.text(row, 1000)), at === finding.evidenceRows.length - 1 ? 'error' : 'plain'),
      ],
      current ? 'cursor' : 'none',
    );
  });
}
