import type { RunOnDisk } from '@raftlens/events';
import { readEnds } from '../execute/inspect-output.ts';
import { type Excerpt, excerptOf } from '../results/excerpt.ts';
import { linesOf } from '../results/telling-line.ts';
import { dumpsOfRun } from '../stacks/hang-file.ts';
import { mayHoldDump, tellsOfHang } from '../stacks/hang-story.ts';
import type { Dump } from '../stacks/thread.ts';

const OUTPUT_BYTES = 64 * 1024;

/** The ends of what a run printed; empty where it has no output, or where what stands under its name is no plain file. */
export function endsOfOutput(outputFile: string | undefined): string {
  try {
    return outputFile === undefined ? '' : readEnds(outputFile, OUTPUT_BYTES);
  } catch {
    return '';
  }
}

/**
 * The stacks by which a failed run tells of its hang; none where it has not hung, or left no stacks.
 *
 * @param ends of what it printed, as `endsOfOutput` gives them
 */
export function dumpsOfHang(folder: string, outputFile: string, ends: string, hasTimedOut: boolean): readonly Dump[] {
  // A test that hung may have printed gigabytes before: they are only read again where their end looks like stacks.
  const isPrinted = mayHoldDump(ends);
  if (!hasTimedOut && !isPrinted) return [];
  const dumps = dumpsOfRun(folder, isPrinted ? outputFile : null);
  return tellsOfHang(dumps, hasTimedOut) ? dumps : [];
}

/** The same of a kept run. */
export function hangOfRun(run: RunOnDisk): readonly Dump[] {
  if (run.info.outcome !== 'fail' || run.outputFile === undefined) return [];
  return dumpsOfHang(run.folder, run.outputFile, endsOfOutput(run.outputFile), timedOut(run));
}

/** What a kept run printed, in at most so many lines, each to be shown behind a bar. Not safe to print. */
export function excerptOfRun(run: RunOnDisk, most: number): Excerpt {
  const how = run.info.outcome !== 'fail' ? 'other' : timedOut(run) ? 'timedOut' : 'failed';
  // It may have printed the name of the folder that it ran in, which is gone.
  const ranIn = run.info['ranIn'];
  const printed = endsOfOutput(run.outputFile);
  const output = typeof ranIn === 'string' && ranIn !== '' ? printed.replaceAll(ranIn, run.folder) : printed;
  const { telling, lines } = excerptOf(linesOf(output), how, most);
  return { telling, lines: lines.map((line) => `  | ${line.replaceAll('\t', '  ')}`) };
}

function timedOut(run: RunOnDisk): boolean {
  const reason = run.info['reason'];
  return typeof reason === 'object' && reason !== null && Reflect.get(reason, 'type') === 'timeout';
}
