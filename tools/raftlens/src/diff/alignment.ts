import { diffArrays } from 'diff';

/** Two lines beside one another; -1 where a side has none. `differ` says that they tell different things. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  readonly differ: boolean;
}

/** Lines after the first difference that are aligned; further on the two runs have as a rule nothing in common any more. */
export const ALIGNED_MAX = 1500;
/** Bounds the work on two windows that have nothing in common: the cost grows with the square of this. */
const EDITS_MAX = 2000;

/**
 * Which lines of two runs stand beside one another: the same ones up to the first difference, then those that an edit script
 * pairs within a window, then the rest in the order in which they come. Only the window takes memory.
 */
export class Alignment {
  /** How many lines are the same at the beginning. */
  readonly same: number;
  readonly #window: readonly Pair[];
  readonly #leftAfter: number;
  readonly #rightAfter: number;
  readonly count: number;

  /**
   * @param leftWindow what the lines of the left run from `same` on tell, at most `ALIGNED_MAX` of them
   * @param leftSize all lines of the left run
   */
  constructor(same: number, leftWindow: readonly string[], rightWindow: readonly string[], leftSize: number, rightSize: number) {
    this.same = same;
    this.#window = pairsOf(leftWindow, rightWindow, same);
    this.#leftAfter = same + leftWindow.length;
    this.#rightAfter = same + rightWindow.length;
    this.count = same + this.#window.length + Math.max(leftSize - this.#leftAfter, rightSize - this.#rightAfter);
    this.#sizes = { left: leftSize, right: rightSize };
  }

  readonly #sizes: { readonly left: number; readonly right: number };

  get identical(): boolean {
    return this.same === this.count;
  }

  at(line: number): Pair {
    if (line < 0 || line >= this.count) throw new RangeError(`line ${line} of ${this.count}`);
    if (line < this.same) return { left: line, right: line, differ: false };
    const inWindow = this.#window[line - this.same];
    if (inWindow !== undefined) return inWindow;
    const after = line - this.same - this.#window.length;
    const left = this.#leftAfter + after;
    const right = this.#rightAfter + after;
    return { left: left < this.#sizes.left ? left : -1, right: right < this.#sizes.right ? right : -1, differ: true };
  }

  /** The next line that differs after one that does not, or before it; -1 where there is none. */
  nextDifference(line: number, step: 1 | -1): number {
    for (let at = line + step; at >= this.same && at < this.count; at += step) {
      if (this.at(at).differ && (at === this.same || !this.at(at - 1).differ)) return at;
    }
    return step === 1 && line < this.same && this.same < this.count ? this.same : -1;
  }
}

function pairsOf(left: readonly string[], right: readonly string[], start: number): Pair[] {
  const changes = diffArrays([...left], [...right], { maxEditLength: EDITS_MAX });
  const pairs: Pair[] = [];
  let atLeft = start;
  let atRight = start;
  let removed = 0;
  let added = 0;
  const flush = () => {
    for (let at = 0; at < Math.max(removed, added); at += 1) {
      pairs.push({ left: at < removed ? atLeft + at : -1, right: at < added ? atRight + at : -1, differ: true });
    }
    atLeft += removed;
    atRight += added;
    removed = 0;
    added = 0;
  };
  for (const change of changes ?? [
    { removed: true, added: false, count: left.length },
    { removed: false, added: true, count: right.length },
  ]) {
    if (change.removed) removed += change.count;
    else if (change.added) added += change.count;
    else {
      flush();
      for (let at = 0; at < change.count; at += 1) pairs.push({ left: atLeft + at, right: atRight + at, differ: false });
      atLeft += change.count;
      atRight += change.count;
    }
  }
  flush();
  return pairs;
}
