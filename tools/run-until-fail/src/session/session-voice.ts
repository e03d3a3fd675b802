import type { KeptRun, Observer } from '../kept-run.ts';
import { JsonEvents } from '../report/json-events.ts';
import { LiveDisplay, type LiveState } from '../report/live-display.ts';
import { PlainLines } from '../report/plain-lines.ts';
import type { Report } from '../report/report.ts';
import type { RunResult } from '../run.ts';

/** All that a session says while it goes on: a table or lines on stderr, and events as JSON where they were asked for. */
export class SessionVoice implements Observer {
  readonly #json: JsonEvents | null;
  #display: LiveDisplay | PlainLines | null = null;
  /** What had to be said before the display was there. */
  readonly #early: string[] = [];

  constructor(json: boolean, nameOf: (test: number) => string) {
    this.#json = json ? new JsonEvents((text) => process.stdout.write(text), nameOf) : null;
  }

  open(head: Pick<Report, 'label' | 'startedAt' | 'environment' | 'asked'>, state: () => LiveState): void {
    this.#json?.begin(head);
    this.#display = openDisplay(state);
    for (const text of this.#early.splice(0)) this.noted(text);
  }

  finished(result: RunResult): void {
    this.#json?.finished(result);
  }

  kept(run: KeptRun): void {
    this.#display?.kept(run);
    this.#json?.kept(run);
  }

  noted(text: string): void {
    if (this.#display === null) return void this.#early.push(text);
    this.#display.noted(text);
    this.#json?.noted(text);
  }

  /** Takes the table away; what is noted from now on is still said. */
  close(): void {
    this.#display?.close();
  }

  end(report: Report): void {
    this.#json?.end(report);
  }
}

function openDisplay(state: () => LiveState): LiveDisplay | PlainLines {
  const { stderr } = process;
  const write = (text: string): unknown => stderr.write(text);
  if (!stderr.isTTY || process.env['TERM'] === 'dumb') return new PlainLines(write, () => state().progress);
  return new LiveDisplay(() => ({ write, columns: stderr.columns || 80, rows: stderr.rows || 24 }), state);
}
