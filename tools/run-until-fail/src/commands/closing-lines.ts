import { printable } from '@raftlens/command-line';
import { readRun } from '@raftlens/events';
import type { KeptRun } from '../session.ts';
import { fromHere } from './publish.ts';
import { lastOutput } from './show-run.ts';

const OUTPUT_LINES = 8;

/** What a person sees last of a session with failures: the end of what the first one printed, and how to look further. */
export function closingLines(first: KeptRun | null): readonly string[] {
  if (first === null || first.folder === null) return [];
  const run = readRun(first.folder);
  const output = lastOutput(run, OUTPUT_LINES);
  return [
    ...(output.length === 0 ? [] : ['the last that it printed:', ...output]),
    ...(run.eventFiles.length === 0 ? [] : [`look at it: raftlens ${fromHere(first.folder)}`]),
  ].map(printable);
}
