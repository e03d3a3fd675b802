import { fitLine, type Line, line, span, textLine } from '../text/line.ts';

/** One line of the help: the keys as people write them, and what they do. */
export interface HelpEntry {
  readonly keys: string;
  readonly description: string;
  /** Why it can do nothing now, or null. */
  readonly disabled: string | null;
}

export interface HelpGroup {
  readonly title: string;
  readonly entries: readonly HelpEntry[];
}

const TWO_COLUMNS_FROM = 110;
const COLUMN_GAP = 2;

/** All keys by chapter, in two columns where there is room. */
export function helpPanel(groups: readonly HelpGroup[], width: number): Line[] {
  const columns = width >= TWO_COLUMNS_FROM ? 2 : 1;
  const columnWidth = Math.floor(width / columns);
  const blocks = groups.map((group) => groupLines(group));
  if (columns === 1) return blocks.flat();
  const total = blocks.reduce((sum, block) => sum + block.length, 0);
  const left: Line[] = [];
  const right: Line[] = [];
  for (const block of blocks) (left.length + block.length / 2 <= total / 2 ? left : right).push(...block);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => beside(left[at], right[at], columnWidth));
}

function groupLines({ title, entries }: HelpGroup): Line[] {
  const keysWidth = 13;
  return [
    textLine(title, 'title'),
    ...entries.map(({ keys, description, disabled }) =>
      line([
        span(`  ${keys.padEnd(keysWidth)}`, disabled === null ? 'key' : 'faint'),
        span(description, disabled === null ? 'plain' : 'faint'),
        span(disabled === null ? '' : ` (${disabled})`, 'faint'),
      ]),
    ),
    line([]),
  ];
}

function beside(left: Line | undefined, right: Line | undefined, width: number): Line {
  const { spans } = fitLine(left ?? line([]), width - COLUMN_GAP);
  return line([...spans, span(' '.repeat(COLUMN_GAP)), ...(right?.spans ?? [])]);
}
