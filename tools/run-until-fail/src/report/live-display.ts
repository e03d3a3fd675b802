import { displayWidth, printable, truncate } from '@raftlens/command-line';
import type { KeptRun, Observer } from '../kept-run.ts';
import type { TestResults } from '../results/results.ts';
import { FailureLines } from './failure-lines.ts';
import { progressLine } from './plain-lines.ts';
import type { SessionProgress } from './progress.ts';
import { type Pace, testTable } from './test-table.ts';

const INTERVAL_MS = 100;
/** The table's titles, the line that says what is hidden, the progress and the line of the cursor. */
const OTHER_ROWS = 4;

export interface LiveScreen {
  write(text: string): void;
  readonly columns: number;
  readonly rows: number;
}

/** What is drawn: asked for at each drawing. */
export interface LiveState {
  readonly tests: readonly TestResults[];
  readonly progress: SessionProgress;
  readonly pace: Pace;
}

/** The table of tests, drawn over itself while the runs go on; failures and notes scroll away above it. */
export class LiveDisplay implements Observer {
  readonly #screen: () => LiveScreen;
  readonly #state: () => LiveState;
  readonly #timer: NodeJS.Timeout;
  readonly #failures = new FailureLines();
  /** Lines that wait for the next drawing to be put above the table. */
  #above: string[] = [];
  #drawn: readonly string[] = [];
  #closed = false;

  constructor(screen: () => LiveScreen, state: () => LiveState) {
    this.#screen = screen;
    this.#state = state;
    this.#timer = setInterval(() => this.#draw(), INTERVAL_MS);
  }

  kept(kept: KeptRun): void {
    this.#above.push(...this.#failures.linesFor(kept));
  }

  noted(text: string): void {
    if (this.#closed) this.#screen().write(`${printable(text)}\n`);
    else this.#above.push(printable(text));
  }

  /** Takes the table away; what had to be said stays. */
  close(): void {
    clearInterval(this.#timer);
    if (this.#closed) return;
    this.#closed = true;
    const screen = this.#screen();
    screen.write(`${backToTop(this.#drawn, screen)}${this.#above.map(ended).join('')}\u001b[J`);
  }

  #draw(): void {
    const screen = this.#screen();
    const lines = liveLines(this.#state(), screen);
    screen.write(`${backToTop(this.#drawn, screen)}${[...this.#above, ...lines].map(ended).join('')}\u001b[J`);
    this.#above = [];
    this.#drawn = lines;
  }
}

/** Each line clears what it is written over behind its end: clearing all first would flicker. */
function ended(line: string): string {
  return `${line}\u001b[K\n`;
}

/** Up to the first line that was drawn. A terminal that has become narrower has broken the lines into several rows. */
function backToTop(drawn: readonly string[], { columns, rows }: LiveScreen): string {
  const height = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / Math.max(1, columns))), 0);
  return height === 0 ? '' : `\r\u001b[${Math.min(height, Math.max(1, rows - 1))}A`;
}

/** As many tests as fit, those with failures first, since a line that has scrolled out of sight cannot be drawn over. */
export function liveLines(
  { tests, progress, pace }: LiveState,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const width = Math.max(1, columns - 1);
  const room = Math.max(1, rows - OTHER_ROWS);
  const shown = tests.length <= room ? tests : tests.toSorted((a, b) => b.tally.failed - a.tally.failed).slice(0, room);
  const hidden = tests.filter((test) => !shown.includes(test));
  const table = rows <= OTHER_ROWS ? [] : testTable(shown, width, pace).split('\n');
  const failing = hidden.filter(({ tally }) => tally.failed > 0).length;
  const rest = hidden.length === 0 || table.length === 0 ? [] : [`... and ${hidden.length} more tests, ${failing} of them with failures`];
  return [...table, ...rest, progressLine(progress)].map((line) => truncate(line, width));
}
