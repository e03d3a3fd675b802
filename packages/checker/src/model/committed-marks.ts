/** An index that a server of some term called committed, and its line. */
export interface CommittedMark {
  readonly term: number;
  readonly index: number;
  readonly node: string;
  readonly seq: number;
}

/** Terms of which a mark is kept; a log may have any number. */
const MARKS_MAX = 1024;

/**
 * How far the log was committed, as servers of each term have told: index and term rise together. It needs no entries, so that it holds where
 * a log tells how far and not what.
 */
export class CommittedMarks {
  readonly #marks: CommittedMark[] = [];

  told(term: number, index: number, node: string, seq: number): void {
    if (term < 0 || index <= 0) return;
    const latest = this.#marks.at(-1);
    if (latest !== undefined && index <= latest.index && term >= latest.term) return;
    const mark = { term, index, node, seq };
    if (latest === undefined || term > latest.term) this.#marks.push(mark);
    else if (term === latest.term) this.#marks[this.#marks.length - 1] = mark;
    else this.#insert(mark);
    if (this.#marks.length > MARKS_MAX) this.#marks.shift();
  }

  /** The furthest that servers of lower terms have told; null where none has. */
  below(term: number): CommittedMark | null {
    return this.#marks.findLast((mark) => mark.term < term) ?? null;
  }

  /** A server of a term that has passed tells more than was known of it. */
  #insert(mark: CommittedMark): void {
    const at = this.#marks.findLastIndex(({ term }) => term < mark.term) + 1;
    const before = this.#marks[at - 1];
    if (before !== undefined && before.index >= mark.index) return;
    const same = this.#marks[at];
    if (same !== undefined && same.term === mark.term && same.index >= mark.index) return;
    const behind = this.#marks.slice(at).filter(({ index }) => index > mark.index);
    this.#marks.splice(at, this.#marks.length - at, mark, ...behind);
  }
}
