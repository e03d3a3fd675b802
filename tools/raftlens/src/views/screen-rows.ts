/** How many rows must be saved for a scroll by the terminal to be worth its commands. */
const SCROLL_GAIN_LEAST = 3;

interface Scroll {
  /** Rows that go up; negative for down. */
  readonly by: number;
  /** The first and the last row of the region that moves. */
  readonly top: number;
  readonly bottom: number;
}

/**
 * What the terminal shows, row by row, and what must be written to turn it into the next screen: where rows have only moved, the terminal
 * scrolls them by itself, and of the others those that changed are written.
 */
export class ScreenRows {
  #shown: readonly string[] = [];

  /** The rows are strings with their colours in them, each as wide as the screen. */
  turnInto(rows: readonly string[]): string {
    const scroll = this.#shown.length === rows.length ? scrollBetween(this.#shown, rows) : null;
    const before = scroll === null ? this.#shown : scrolled(this.#shown, scroll);
    const written = rows.map((row, y) => (row === before[y] ? '' : `\u001b[${y + 1};1H${row}`)).join('');
    this.#shown = rows;
    return (scroll === null ? '' : scrollCommand(scroll)) + written;
  }

  /** What the terminal shows is not known any more: it was resized. */
  forget(): void {
    this.#shown = this.#shown.map(() => '');
  }

  /** Everything that is shown, for a screen that something else has written on. */
  redrawn(): string {
    const rows = this.#shown;
    this.forget();
    return this.turnInto(rows);
  }
}

/** The scroll after which the most rows are right, or null where none is worth it. */
function scrollBetween(before: readonly string[], after: readonly string[]): Scroll | null {
  const rowsOf = new Map<string, number>();
  for (const [y, row] of before.entries()) rowsOf.set(row, y);
  const gains = new Map<number, { gain: number; top: number; bottom: number }>();
  for (const [y, row] of after.entries()) {
    const from = rowsOf.get(row);
    if (from === undefined || from === y || row === before[y]) continue;
    const found = gains.get(from - y);
    const top = Math.min(y, from, found?.top ?? y);
    const bottom = Math.max(y, from, found?.bottom ?? y);
    gains.set(from - y, { gain: (found?.gain ?? 0) + 1, top, bottom });
  }
  let best: Scroll | null = null;
  let most = SCROLL_GAIN_LEAST - 1;
  for (const [by, { gain, top, bottom }] of gains) {
    if (gain <= most) continue;
    most = gain;
    best = { by, top, bottom };
  }
  return best;
}

/** What the screen shows after the scroll; a row that came in is blank. */
function scrolled(rows: readonly string[], { by, top, bottom }: Scroll): string[] {
  return rows.map((row, y) => {
    if (y < top || y > bottom) return row;
    const from = y + by;
    return from < top || from > bottom ? '' : (rows[from] ?? '');
  });
}

/** DECSTBM sets the region and takes it back; SU and SD scroll it. */
function scrollCommand({ by, top, bottom }: Scroll): string {
  return `\u001b[0m\u001b[${top + 1};${bottom + 1}r\u001b[${Math.abs(by)}${by > 0 ? 'S' : 'T'}\u001b[r`;
}
