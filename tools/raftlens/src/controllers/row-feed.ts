import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError, type LogStore } from '@raftlens/log-store';
import { foldRules } from '../model/fold-rules.ts';
import { FoldedRows } from '../model/folded-rows.ts';
import { Lines } from '../model/lines.ts';

/** Which rows are shown, and whether they fold. */
export interface FeedSettings {
  readonly filter: string;
  readonly hiddenPeers: readonly string[];
  readonly folding: boolean;
}

/** Rows taken in one turn of the event loop: about 2 ms of work. Keys are answered in between. */
const SLICE_ROWS = 1 << 17;

/**
 * Turns the rows of the store into the lines of the list: filters, hides, folds. It works in slices, and what it makes for
 * a new filter replaces the old list only when it is complete. The screen never shows half an answer.
 */
export class RowFeed {
  readonly #store: LogStore;
  readonly #onLines: (lines: Lines, added: number) => void;
  /** Those of the rows that are being made. */
  #settings: FeedSettings;
  /** Those of the rows that are shown. */
  #shownSettings: FeedSettings;
  #rows: FoldedRows;
  #fed = 0;
  #work = new AbortController();
  /** Whether a pump or a restart is under way. A newer restart takes it over: only its last owner clears it. */
  #busy = false;

  constructor(store: LogStore, settings: FeedSettings, onLines: (lines: Lines, added: number) => void) {
    this.#store = store;
    this.#settings = settings;
    this.#shownSettings = settings;
    this.#onLines = onLines;
    this.#rows = this.#emptyRows();
  }

  /** Rows of the store that were looked at so far. */
  get fed(): number {
    return this.#fed;
  }

  /**
   * Starts the list again under other settings. Resolves when the new list is shown, or when yet other settings came. Where it throws, the list
   * stays as it was, and goes on to grow.
   */
  async restart(settings: FeedSettings): Promise<void> {
    const before = this.#shownSettings;
    this.#work.abort();
    this.#work = new AbortController();
    const { signal } = this.#work;
    this.#settings = settings;
    await this.#whileBusy(signal, async () => {
      const rows = this.#emptyRows();
      const upTo = this.#store.size;
      try {
        if (!(await this.#take(rows, 0, upTo, signal))) return;
      } catch (error) {
        if (!signal.aborted) this.#settings = before;
        throw error;
      }
      this.#rows = rows;
      this.#shownSettings = settings;
      this.#fed = upTo;
      this.#onLines(new Lines(rows), 0);
    });
    if (!signal.aborted) await this.pump();
  }

  /** Takes the rows that were indexed since the last time. The first slice is taken at once, for the first screen. */
  async pump(): Promise<void> {
    if (this.#busy) return;
    const { signal } = this.#work;
    await this.#whileBusy(signal, async () => {
      while (this.#fed < this.#store.size) {
        const before = this.#rows.rowCount;
        const to = Math.min(this.#store.size, this.#fed + SLICE_ROWS);
        if (!(await this.#take(this.#rows, this.#fed, to, signal))) return;
        this.#fed = to;
        this.#onLines(new Lines(this.#rows), this.#rows.rowCount - before);
        if (this.#fed < this.#store.size) await nextTurn();
        if (signal.aborted) return;
      }
    });
  }

  /** Whatever the work ends with, the next one can begin. */
  async #whileBusy(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    this.#busy = true;
    try {
      await work();
    } finally {
      if (!signal.aborted) this.#busy = false;
    }
  }

  stop(): void {
    this.#work.abort();
  }

  #emptyRows(): FoldedRows {
    return new FoldedRows(this.#settings.folding ? foldRules(this.#store.columns) : null);
  }

  /** False when other settings came meanwhile. */
  async #take(rows: FoldedRows, from: number, to: number, signal: AbortSignal): Promise<boolean> {
    if (this.#settings.filter === '') {
      for (let start = from; start < to; start += SLICE_ROWS) {
        rows.add(this.#shown(range(start, Math.min(to, start + SLICE_ROWS))));
        if (start + SLICE_ROWS < to) await nextTurn();
        if (signal.aborted) return false;
      }
      return true;
    }
    const selected = await this.#selected(from, to, signal);
    if (selected === null) return false;
    for (let start = 0; start < selected.length; start += SLICE_ROWS) {
      rows.add(this.#shown(selected.subarray(start, start + SLICE_ROWS)));
      if (start + SLICE_ROWS < selected.length) await nextTurn();
      if (signal.aborted) return false;
    }
    return true;
  }

  async #selected(fromRow: number, toRow: number, signal: AbortSignal): Promise<Uint32Array | null> {
    try {
      const selected = await this.#store.filter(this.#settings.filter, { fromRow, toRow, signal });
      return signal.aborted ? null : selected;
    } catch (error) {
      if (error instanceof CancelledError) return null;
      throw error;
    }
  }

  #shown(rows: Uint32Array): Uint32Array {
    const { columns } = this.#store;
    const hidden = new Set(this.#settings.hiddenPeers.map((peer) => columns.names.find(peer)).filter((node) => node > 0));
    return hidden.size === 0 ? rows : rows.filter((row) => !hidden.has(columns.node(row)));
  }
}

function range(from: number, to: number): Uint32Array {
  const rows = new Uint32Array(to - from);
  for (let at = 0; at < rows.length; at += 1) rows[at] = from + at;
  return rows;
}
