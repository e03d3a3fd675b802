import type { Operation } from './history.ts';

const WIDTH = 48;
const VALUE_MAX = 40;

/**
 * The operations as bars over time, one a line, for any terminal: `C1 |----| put x "1"`. A bar that is open to the right belongs to an
 * operation of unknown outcome. At most `linesMax` lines: the last ones, because they are the ones that contradict each other.
 */
export function pictureOf(operations: readonly Operation[], at: Operation, linesMax = 24): string {
  const shown = operations.slice(-linesMax);
  const moments = shown.flatMap(({ call, end }) => (end === Number.POSITIVE_INFINITY ? [call] : [call, end]));
  const first = Math.min(...moments);
  const span = Math.max(1, Math.max(...moments) - first);
  const column = (moment: number): number => Math.round(((moment - first) / span) * (WIDTH - 1));
  const nameWidth = Math.max(...shown.map(({ client }) => client.length));
  const lines = shown.map((operation) => {
    const mark = operation === at || operation.endSeq === at.endSeq ? '*' : ' ';
    return `${mark} ${operation.client.padEnd(nameWidth)} ${bar(column(operation.call), operation.end === Number.POSITIVE_INFINITY ? null : column(operation.end))} ${describe(operation)}`;
  });
  const left = operations.length - shown.length;
  return [...(left > 0 ? [`  (${left} earlier operations)`] : []), ...lines].join('\n');
}

function bar(from: number, to: number | null): string {
  const start = ' '.repeat(from);
  if (to === null) return `${start}|${'-'.repeat(WIDTH - from - 1)}>`;
  return `${start}|${'-'.repeat(Math.max(0, to - from - 1))}${to > from ? '|' : ''}`.padEnd(WIDTH + 1);
}

/** What was called and what it gave, in one line. */
export function describe({ f, key, input, output, end, failed }: Operation): string {
  const called = `${f} ${key}${input === '' ? '' : ` ${quoted(input)}`}`;
  if (end === Number.POSITIVE_INFINITY) return `${called} -> ?`;
  if (failed) return `${called} -> refused${output === null || output === '' || output === input ? '' : ` (${output})`}`;
  return output === null || output === input ? called : `${called} -> ${quoted(output)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length <= VALUE_MAX ? text : `...${text.slice(-VALUE_MAX)}`);
}
