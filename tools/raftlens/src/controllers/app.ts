import type { ScreenAction } from '../model/action.ts';
import type { LogDocument } from '../model/document.ts';
import { reduce } from '../model/reduce.ts';
import { cursorRow, type ScreenState } from '../model/state.ts';
import type { Tone } from '../text/line.ts';
import type { FeedSettings, RowFeed } from './row-feed.ts';

/** What the application needs of the world around it; tests hand in their own. */
export interface AppHost {
  /** Called after every change; the host draws at most once a turn of the event loop. */
  changed(): void;
  quit(): void;
  /** Draws everything again, for a screen that something else has written on. */
  redraw(): void;
  /** Gives the terminal to the shell until the user comes back. */
  suspend(): void;
  /** Writes the rows shown to a file. Resolves to what to say. */
  writeExport(path: string, app: App): Promise<string>;
}

/**
 * The model with what keeps it going: the state, the log, the feed of rows and the long jobs. Controllers are functions
 * over it; it knows neither keys nor the terminal.
 */
export class App {
  readonly host: AppHost;
  readonly #documentOf: () => LogDocument;
  #feed: RowFeed | null = null;
  #state: ScreenState;
  /** Ends the search or the live count that is under way. */
  #job = new AbortController();
  /** True once the user has done anything: from then on nothing moves the cursor but keys. */
  touched = false;

  constructor(state: ScreenState, documentOf: () => LogDocument, host: AppHost) {
    this.#state = state;
    this.#documentOf = documentOf;
    this.host = host;
  }

  get state(): ScreenState {
    return this.#state;
  }

  get document(): LogDocument {
    return this.#documentOf();
  }

  get row(): number {
    return cursorRow(this.#state);
  }

  attachFeed(feed: RowFeed): void {
    this.#feed = feed;
  }

  dispatch(action: ScreenAction): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    this.host.changed();
  }

  say(text: string, tone: Tone = 'plain'): void {
    this.dispatch({ type: 'notice', notice: { text, tone } });
  }

  /** Goes to a row; clears the filter and shows hidden peers first where they hide it, and says so. */
  async goToRow(row: number): Promise<void> {
    if (!this.#state.lines.shows(row)) {
      const { filter } = this.#state;
      this.dispatch({ type: 'hiddenPeers', peers: [] });
      this.dispatch({ type: 'filter', filter: '' });
      await this.refeed();
      this.dispatch({ type: 'goToRow', row });
      this.say(
        filter === ''
          ? 'all peers are shown again: one that was hidden wrote this line'
          : 'the filter hid this line and was cleared; f and Up bring it back',
        'warning',
      );
      return;
    }
    this.dispatch({ type: 'goToRow', row });
  }

  /** Makes the list again after the filter, the folding or the hidden peers changed. */
  async refeed(): Promise<void> {
    const { filter, hiddenPeers, folding } = this.#state;
    const settings: FeedSettings = { filter, hiddenPeers, folding };
    await this.#feed?.restart(settings);
  }

  /** Starts a job that ends when the next one starts. Errors that it meets are said, not thrown. */
  startJob(job: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#job.abort();
    this.#job = new AbortController();
    const { signal } = this.#job;
    return job(signal).catch((error: unknown) => {
      if (!signal.aborted) this.say(error instanceof Error ? error.message : String(error), 'error');
    });
  }

  stopJob(): void {
    this.#job.abort();
  }
}
