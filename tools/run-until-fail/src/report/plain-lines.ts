import { formatDuration, printable } from '@raftlens/command-line';
import { formatCount, plural } from '../format.ts';
import type { KeptRun, Observer } from '../kept-run.ts';
import { FailureLines } from './failure-lines.ts';
import type { SessionProgress } from './progress.ts';

const INTERVAL_MS = 5000;

/** Progress for logs of CI: a line for each failure, and every few seconds one line that says how far it is. */
export class PlainLines implements Observer {
  readonly #write: (text: string) => void;
  readonly #failures = new FailureLines();
  readonly #timer: NodeJS.Timeout;

  constructor(write: (text: string) => void, progress: () => SessionProgress) {
    this.#write = write;
    this.#timer = setInterval(() => write(`${progressLine(progress())}\n`), INTERVAL_MS);
    this.#timer.unref();
  }

  kept(kept: KeptRun): void {
    for (const line of this.#failures.linesFor(kept)) this.#write(`${line}\n`);
  }

  noted(text: string): void {
    this.#write(`${printable(text)}\n`);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** What matters most comes first: a narrow terminal cuts the end. */
export function progressLine({ ended, asked, failed, running, perSecond, remainingMs }: SessionProgress): string {
  const of = asked === null ? '' : ` of ${formatCount(asked)}`;
  const eta = remainingMs === null ? '' : `, ${formatDuration(remainingMs)} to go`;
  const speed = `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`;
  return `${plural(ended, 'run')}${of}, ${formatCount(failed)} failed${eta}, ${speed}, ${formatCount(running)} under way`;
}
