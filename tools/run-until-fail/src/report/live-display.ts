import { printable, truncate } from '@raftlens/command-line';
import type { TestResults } from '../results/results.ts';
import type { KeptRun, Observer } from '../session.ts';
import { failureLine, progressLine } from './plain-lines.ts';
import type { Progress } from './progress.ts';
import { testTable } from './summary.ts';

const INTERVAL_MS = 100;

export interface LiveScreen {
  write(text: string): void;
  readonly columns: number;
  readonly rows: number;
}

/** The table of tests, drawn over itself while the runs go on; failures and notes scroll away above it. */
export class LiveDisplay implements Observer {
  readonly #screen: () => LiveScreen;
  readonly #tests: () => readonly TestResults[];
  readonly #progress: () => Progress;
  readonly #timer: NodeJS.Timeout;
  #drawnLines = 0;

  constructor(screen: () => LiveScreen, tests: () => readonly TestResults[], progress: () => Progress) {
    this.#screen = screen;
    this.#tests = tests;
    this.#progress = progress;
    this.#timer = setInterval(() => this.#draw(), INTERVAL_MS);
  }

  kept(kept: KeptRun): void {
    if (kept.verdict.kind === 'failed') this.#above(failureLine(kept));
  }

  noted(text: string): void {
    this.#above(printable(text));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#screen().write(this.#erase());
  }

  #above(line: string): void {
    const screen = this.#screen();
    screen.write(`${this.#erase()}${line}\n`);
    this.#draw();
  }

  #draw(): void {
    const screen = this.#screen();
    const lines = liveLines(this.#tests(), this.#progress(), screen);
    screen.write(`${this.#erase()}${lines.join('\n')}\n`);
    this.#drawnLines = lines.length;
  }

  /** Moves up over what was drawn and clears from there. */
  #erase(): string {
    const lines = this.#drawnLines;
    this.#drawnLines = 0;
    return lines === 0 ? '' : `\u001b[${lines}A\u001b[J`;
  }
}

/** As many tests as fit, those with failures first, since a line that has scrolled out of sight cannot be drawn over. */
export function liveLines(
  tests: readonly TestResults[],
  progress: Progress,
  { columns, rows }: { columns: number; rows: number },
): readonly string[] {
  const room = Math.max(1, rows - 4);
  const shown = tests.length <= room ? tests : tests.toSorted((a, b) => b.tally.failed - a.tally.failed).slice(0, room);
  const hidden = tests.length - shown.length;
  const lines = testTable(shown, columns - 1).split('\n');
  const rest = hidden === 0 ? [] : [`... and ${hidden} more tests`];
  return [...lines, ...rest, progressLine(progress)].map((line) => truncate(line, columns - 1));
}
