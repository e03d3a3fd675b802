import { isNarrow, type Line, widthOf } from '../text/line.ts';
import type { PaintableLine } from '../text/theme.ts';

const ERASE_LINE = '\u001b[2K';
const ASCII = /^[\x20-\x7e]*$/;
const NOT_ASCII = /[^\x20-\x7e]+/g;

/**
 * The line with all of it where it was drawn, whatever the terminal makes of it. Terminals disagree about the width of emoji,
 * combining marks and new scripts: after each run of such characters the cursor is put where the next one belongs.
 */
export function steadyLine(of: Line): PaintableLine {
  if (of.spans.every(({ text }) => isNarrow(text))) return of;
  let x = 0;
  const spans = of.spans.map(({ text, tone }) => {
    const steady = { text: steadyText(text, x), tone };
    x += widthOf(text);
    return steady;
  });
  // Where the terminal takes fewer cells, what stood there before would shine through.
  return { ...of, spans: [{ text: ERASE_LINE, tone: 'plain' as const }, ...spans] };
}

function steadyText(text: string, x: number): string {
  return text.replace(NOT_ASCII, (run, offset: number) => {
    const next = x + widthOf(text.slice(0, offset + run.length));
    return isNarrow(run) ? run : `${run}\u001b[${next + 1}G`;
  });
}

/** The line for a terminal that shows ASCII alone: other characters are as many question marks as they have cells. */
export function asciiLine(of: Line): PaintableLine {
  if (of.spans.every(({ text }) => ASCII.test(text))) return of;
  const spans = of.spans.map(({ text, tone }) => ({ text: text.replace(NOT_ASCII, (run) => '?'.repeat(widthOf(run))), tone }));
  return { ...of, spans };
}
