import { formatDuration, printable } from '@raftlens/command-line';
import { formatCount, plural } from '../format.ts';
import type { KeptRun, Observer } from '../session.ts';
import type { Progress } from './progress.ts';

const INTERVAL_MS = 5000;

/** Progress for logs of CI: a line for each failure, and every few seconds one line that says how far it is. */
export class PlainLines implements Observer {
  readonly #write: (text: string) => void;
  readonly #timer: NodeJS.Timeout;

  constructor(write: (text: string) => void, progress: () => Progress) {
    this.#write = write;
    this.#timer = setInterval(() => write(`${progressLine(progress())}\n`), INTERVAL_MS);
    this.#timer.unref();
  }

  kept(kept: KeptRun): void {
    if (kept.verdict.kind === 'failed') this.#write(`${failureLine(kept)}\n`);
  }

  noted(text: string): void {
    this.#write(`${printable(text)}\n`);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

export function failureLine({ test, run, why, durationMs, folder, problem }: KeptRun): string {
  const kept = folder === null || problem !== null ? `could not be kept: ${problem}` : folder;
  // One failure is one line here: what follows the first, such as the two sides of a race, is in the verdict and in the summary.
  const [first = ''] = why.split('\n');
  return printable(`FAIL ${test} run ${run.number} seed ${run.seed} after ${formatDuration(durationMs)}: ${first} (${kept})`);
}

export function progressLine({ ended, asked, failed, running, perSecond, remainingMs }: Progress): string {
  const of = asked === null ? '' : ` of ${formatCount(asked)}`;
  const eta = remainingMs === null ? '' : `, ${formatDuration(remainingMs)} to go`;
  return `${plural(ended, 'run')}${of}, ${formatCount(failed)} failed, ${formatCount(running)} under way, ${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s${eta}`;
}
