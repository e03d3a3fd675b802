import { printable } from '@raftlens/command-line';
import { type RunOnDisk, readRun } from '@raftlens/events';
import { fromHere } from '../from-here.ts';
import { excerptOfRun, hangOfRun } from '../keep/kept-output.ts';
import type { KeptRun } from '../kept-run.ts';
import { BRIEFLY, explainHang } from '../stacks/explain-hang.ts';

const OUTPUT_LINES = 8;

/** What a person sees last of a session with failures: what the first one printed about it, and how to look further. Nothing where it cannot be read. */
export function closingLines(first: KeptRun | null): readonly string[] {
  if (first === null || first.folder === null) return [];
  try {
    const run = readRun(first.folder);
    return [...outputLines(run), ...(run.eventFiles.length === 0 ? [] : [`look at it: raftlens ${fromHere(first.folder)}`])].map(printable);
  } catch {
    return []; // Why it could not be kept stands in the summary.
  }
}

function outputLines(run: RunOnDisk): readonly string[] {
  const hang = hangOfRun(run);
  if (hang.length > 0) {
    const story = explainHang(hang, BRIEFLY).map((line) => `  ${line}`);
    return ['why it hangs:', ...story, `all of it: run-until-fail hang ${fromHere(run.folder)}`];
  }
  const { telling, lines } = excerptOfRun(run, OUTPUT_LINES);
  return lines.length === 0 ? [] : [telling ? 'what it printed about it:' : 'the last that it printed:', ...lines];
}
