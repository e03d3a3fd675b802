import { formatDuration, printable } from '@raftlens/command-line';
import { fromHere } from '../from-here.ts';
import type { KeptRun } from '../kept-run.ts';
import { GROUPS_MAX } from '../results/failure-groups.ts';
import { settingText } from '../shake.ts';

/** So many failures of a kind get a line of their own while a session runs; the summary counts them all. */
const LINES_MAX = 3;

/** A line for each failure as it comes: of each kind the first few, since a test that always fails would flood the terminal with the rest. */
export class FailureLines {
  readonly #seen = new Map<string, number>();

  /** None, or one or two lines; safe to print. */
  linesFor(kept: KeptRun): readonly string[] {
    if (kept.verdict.kind !== 'failed') return [];
    const kind = `${kept.test}\n${kept.signature}`;
    if (this.#seen.size >= GROUPS_MAX && !this.#seen.has(kind)) return [];
    const count = (this.#seen.get(kind) ?? 0) + 1;
    this.#seen.set(kind, count);
    if (count > LINES_MAX) return [];
    return [
      failureLine(kept),
      ...(count === LINES_MAX ? [printable(`further failures of ${kept.test} like this are counted, and get no line here`)] : []),
    ];
  }
}

function failureLine({ test, run, why, durationMs, setting, folder, problem }: KeptRun): string {
  const kept = folder === null || problem !== null ? `could not be kept: ${problem}` : fromHere(folder);
  // One failure is one line here: what follows the first, such as the two sides of a race, is in the verdict and in the summary.
  const [first = ''] = why.split('\n');
  const shaken = setting === undefined ? '' : `, shaken by ${settingText(setting)}`;
  return printable(`FAIL ${test} run ${run.number} seed ${run.seed} after ${formatDuration(durationMs)}${shaken}: ${first} (${kept})`);
}
