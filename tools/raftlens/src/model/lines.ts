import type { FoldedRows } from './folded-rows.ts';

/** One line of the list: a row, or a fold of rows `first` to `last` of which `count` are shown. */
export interface ListLine {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

interface OpenedFold {
  /** The position of the fold's first row; it stays the same while rows are added. */
  readonly start: number;
  readonly fold: number;
  readonly size: number;
  /** The first line of the opened fold, given the folds opened above it. */
  readonly line: number;
}

/**
 * The lines of the list: the folded rows with some folds opened. An immutable view, cheap to make, that finds line from
 * row and row from line in the logarithm of their number.
 */
export class Lines {
  readonly #rows: FoldedRows;
  readonly #opened: readonly OpenedFold[];
  readonly count: number;
  readonly rowCount: number;

  constructor(rows: FoldedRows, openedStarts: readonly number[] = []) {
    this.#rows = rows;
    this.rowCount = rows.rowCount;
    const opened: OpenedFold[] = [];
    let added = 0;
    for (const start of [...openedStarts].sort((a, b) => a - b)) {
      if (start >= rows.rowCount) continue;
      const fold = rows.foldOf(start);
      const size = rows.sizeOf(fold);
      opened.push({ start, fold, size, line: fold + added });
      added += size - 1;
    }
    this.#opened = opened;
    this.count = rows.foldCount + added;
  }

  /** The starts of the opened folds, to make the view of the grown list with the same ones opened. */
  get openedStarts(): readonly number[] {
    return this.#opened.map((opened) => opened.start);
  }

  withRows(rows: FoldedRows): Lines {
    return new Lines(rows, rows === this.#rows ? this.openedStarts : []);
  }

  at(line: number): ListLine {
    if (line < 0 || line >= this.count) throw new RangeError(`line ${line} of ${this.count}`);
    const opened = this.#lastOpenedBy((candidate) => candidate.line <= line);
    if (opened !== undefined && line < opened.line + opened.size) {
      const row = this.#rows.rowAt(opened.start + (line - opened.line));
      return { first: row, last: row, count: 1 };
    }
    const fold = opened === undefined ? line : opened.fold + 1 + (line - opened.line - opened.size);
    const start = this.#rows.startOf(fold);
    const size = this.#rows.sizeOf(fold);
    return { first: this.#rows.rowAt(start), last: this.#rows.rowAt(start + size - 1), count: size };
  }

  /** The line that shows the row, or the last one before it where the row is not shown; 0 where none stands before. */
  lineOf(row: number): number {
    const position = this.#rows.positionOf(row);
    if (position < 0) return 0;
    const fold = this.#rows.foldOf(position);
    const opened = this.#lastOpenedBy((candidate) => candidate.fold <= fold);
    if (opened === undefined) return fold;
    if (opened.fold === fold) return opened.line + (position - opened.start);
    return opened.line + opened.size + (fold - opened.fold - 1);
  }

  /** Whether the row is among those shown, folded or not. */
  shows(row: number): boolean {
    const position = this.#rows.positionOf(row);
    return position >= 0 && this.#rows.rowAt(position) === row;
  }

  /** All rows shown, in order, those in folds too. */
  *rows(): Iterable<number> {
    for (let position = 0; position < this.rowCount; position += 1) yield this.#rows.rowAt(position);
  }

  /** The rows shown, in order, from the first one after `row` on, or before it going backwards. */
  *rowsFrom(row: number, step: 1 | -1): Iterable<number> {
    let position = this.#rows.positionOf(row);
    if (step === 1 || (position >= 0 && this.#rows.rowAt(position) === row)) position += step;
    for (; position >= 0 && position < this.rowCount; position += step) yield this.#rows.rowAt(position);
  }

  /** Opens the fold that holds the row, when it is a closed one. */
  opening(row: number): Lines {
    const line = this.at(this.lineOf(row));
    if (line.count === 1) return this;
    return new Lines(this.#rows, [...this.openedStarts, this.#rows.positionOf(line.first)]);
  }

  /** Closes the opened fold that holds the row; the same view where there is none. */
  closing(row: number): Lines {
    const position = this.#rows.positionOf(row);
    const open = this.#opened.filter((opened) => position < opened.start || position >= opened.start + opened.size);
    return open.length === this.#opened.length
      ? this
      : new Lines(
          this.#rows,
          open.map((opened) => opened.start),
        );
  }

  #lastOpenedBy(matches: (opened: OpenedFold) => boolean): OpenedFold | undefined {
    return this.#opened.findLast(matches);
  }
}
