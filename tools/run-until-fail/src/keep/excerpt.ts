import type { Run } from '@raftlens/events';
import { readEnds } from '../execute/inspect-output.ts';
import { hangingPlace, linesOf, tellingLine } from '../results/telling-line.ts';

const OUTPUT_BYTES = 64 * 1024;

/** What a run printed, in a few lines. */
export interface Excerpt {
  /** They tell why it failed; otherwise they are the last that there are. */
  readonly telling: boolean;
  readonly lines: readonly string[];
}

const LINES_BEFORE = 2;

/** Lines around the one that tells why the run failed: behind it many a runner prints a long stack or its totals. Not safe to print. */
export function excerptOf(run: Run, most: number): Excerpt {
  const lines = linesOf(outputOf(run));
  const at = run.info.outcome === 'fail' ? (timedOut(run) ? hangingPlace(lines) : tellingLine(lines))?.at : undefined;
  const from = at === undefined ? Number.POSITIVE_INFINITY : Math.max(0, at - Math.min(LINES_BEFORE, most - 1));
  const first = Math.max(0, Math.min(from, lines.length - most));
  return { telling: at !== undefined, lines: lines.slice(first, first + most).map((line) => `  | ${line.replaceAll('\t', '  ')}`) };
}

function timedOut(run: Run): boolean {
  const reason = run.info['reason'];
  return typeof reason === 'object' && reason !== null && Reflect.get(reason, 'type') === 'timeout';
}

/** Empty where it has none, or where what stands under its name is no plain file. */
function outputOf({ outputFile }: Run): string {
  try {
    return outputFile === undefined ? '' : readEnds(outputFile, OUTPUT_BYTES);
  } catch {
    return '';
  }
}
