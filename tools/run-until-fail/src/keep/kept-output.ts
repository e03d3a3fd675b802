import type { Run } from '@raftlens/events';
import { readEnds } from '../execute/inspect-output.ts';
import { type Excerpt, excerptOf } from '../results/excerpt.ts';
import { linesOf } from '../results/telling-line.ts';

const OUTPUT_BYTES = 64 * 1024;

/** The ends of what a run printed; empty where it has no output, or where what stands under its name is no plain file. */
export function endsOfOutput(outputFile: string | undefined): string {
  try {
    return outputFile === undefined ? '' : readEnds(outputFile, OUTPUT_BYTES);
  } catch {
    return '';
  }
}

/** What a kept run printed, in at most so many lines, each to be shown behind a bar. Not safe to print. */
export function excerptOfRun(run: Run, most: number): Excerpt {
  const how = run.info.outcome !== 'fail' ? 'other' : timedOut(run) ? 'timedOut' : 'failed';
  const { telling, lines } = excerptOf(linesOf(endsOfOutput(run.outputFile)), how, most);
  return { telling, lines: lines.map((line) => `  | ${line.replaceAll('\t', '  ')}`) };
}

function timedOut(run: Run): boolean {
  const reason = run.info['reason'];
  return typeof reason === 'object' && reason !== null && Reflect.get(reason, 'type') === 'timeout';
}
