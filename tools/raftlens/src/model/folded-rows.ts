import { GrowableUint32 } from './growable.ts';

/** Rows of one class that stand together fold into one line. */
export interface FoldRules {
  /** The class of a row: rows of the same class fold; 0 never folds. */
  classOf(row: number): number;
  /** How many rows of the class must stand together to fold. */
  leastOf(foldClass: number): number;
}

/**
 * The rows that are shown, in order, and how they fold into lines. Rows are only ever added at the end, so that a log of
 * millions of rows can be taken in slices while the screen lives; the group at the end stays open until a row of another
 * class closes it.
 */
export class FoldedRows {
  readonly #rules: FoldRules | null;
  readonly #rows = new GrowableUint32();
  /** For each line, the position in `#rows` of its first row. */
  readonly #starts = new GrowableUint32();
  #openClass = 0;
  #openStart = 0;
  /** The lines that no later row can change. */
  #closedLines = 0;

  /** Without rules nothing folds: each row is a line. */
  constructor(rules: FoldRules | null) {
    this.#rules = rules;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  get foldCount(): number {
    return this.#starts.length;
  }

  rowAt(position: number): number {
    return this.#rows.at(position);
  }

  /** The position of a row, or of the last one before it when it is not shown; -1 where none stands before. */
  positionOf(row: number): number {
    return this.#rows.lastAtOrBelow(row);
  }

  startOf(fold: number): number {
    return this.#starts.at(fold);
  }

  sizeOf(fold: number): number {
    const end = fold + 1 < this.#starts.length ? this.#starts.at(fold + 1) : this.#rows.length;
    return end - this.#starts.at(fold);
  }

  /** The line, with all folds closed, that shows the row at this position. */
  foldOf(position: number): number {
    return this.#starts.lastAtOrBelow(position);
  }

  /** Takes rows that follow all rows taken so far. */
  add(rows: ArrayLike<number>): void {
    this.#starts.truncate(this.#closedLines);
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const foldClass = this.#rules?.classOf(row) ?? 0;
      if (foldClass === 0 || foldClass !== this.#openClass) {
        this.#emitOpen();
        this.#closedLines = this.#starts.length;
        this.#openClass = foldClass;
        this.#openStart = this.#rows.length;
      }
      this.#rows.push(row);
    }
    this.#emitOpen();
  }

  #emitOpen(): void {
    const end = this.#rows.length;
    if (end === this.#openStart) return;
    const least = this.#rules?.leastOf(this.#openClass) ?? 2;
    if (end - this.#openStart >= least) this.#starts.push(this.#openStart);
    else for (let position = this.#openStart; position < end; position += 1) this.#starts.push(position);
  }
}
