import { PAGE_BITS, PAGE_MASK, PAGE_ROWS } from './layout.ts';
import { sharedArray, widened } from './shared-array.ts';

/** Where each row of one file starts, in bytes: four bytes a row, eight where lines are so long that a page spans 4 GiB. */
export interface OffsetPage {
  readonly base: number;
  offsets: Uint32Array | Float64Array;
}

const UINT32_MAX = 0xffffffff;

export class LineIndex {
  readonly #pages: OffsetPage[] = [];
  #count = 0;
  #end = 0;

  get count(): number {
    return this.#count;
  }

  /** The byte after the last indexed line. */
  get end(): number {
    return this.#end;
  }

  /** Adds the starts of `count` rows, given relative to `base`, the last of which ends before `end`. */
  append(base: number, starts: Uint32Array, count: number, end: number): void {
    for (let done = 0; done < count; ) {
      const position = this.#count & PAGE_MASK;
      if (position === 0) this.#pages.push({ base: base + (starts[done] ?? 0), offsets: sharedArray(Uint32Array, PAGE_ROWS) });
      const taken = Math.min(count - done, PAGE_ROWS - position);
      this.#fill(this.#lastPage(), position, base, starts, done, taken);
      done += taken;
      this.#count += taken;
    }
    this.#end = end;
  }

  startOf(row: number): number {
    const page = this.#pages[row >>> PAGE_BITS];
    if (page === undefined || row >= this.#count) return this.#end;
    return page.base + (page.offsets[row & PAGE_MASK] ?? 0);
  }

  /** The byte after the row, its newline included. */
  endOf(row: number): number {
    return row + 1 < this.#count ? this.startOf(row + 1) : this.#end;
  }

  /** The pages as they are, for an index that is kept (kept-index.ts). */
  get pages(): readonly OffsetPage[] {
    return this.#pages;
  }

  /** Puts pages in the place of those from `first` on, after which there are `count` rows. */
  replaceFrom(first: number, pages: readonly OffsetPage[], count: number, end: number): void {
    this.#pages.splice(first, this.#pages.length - first, ...pages);
    this.#count = count;
    this.#end = end;
  }

  #lastPage(): OffsetPage {
    const page = this.#pages.at(-1);
    if (page === undefined) throw new Error('a line index without a page');
    return page;
  }

  #fill(page: OffsetPage, position: number, base: number, starts: Uint32Array, from: number, count: number): void {
    const shift = base - page.base;
    const last = (starts[from + count - 1] ?? 0) + shift;
    if (last > UINT32_MAX && page.offsets instanceof Uint32Array) page.offsets = widened(Float64Array, page.offsets);
    const offsets = page.offsets;
    for (let i = 0; i < count; i++) offsets[position + i] = (starts[from + i] ?? 0) + shift;
  }
}
