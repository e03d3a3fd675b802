import { diffArrays } from 'diff';

/** Two lines beside one another; -1 where a side has none. `differ` says that they tell different things. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  readonly differ: boolean;
}

/** What the lines of one run tell. */
export interface AlignedText {
  readonly size: number;
  at(row: number): string;
}

/** Lines of each run that are aligned in one step. */
const WINDOW_LINES = 1500;
/** Bounds the work on two windows that have nothing in common: the cost grows with the square of this. */
const EDITS_MAX = 1000;

/** Lines that are the same on both sides, or some of the left and some of the right run that differ. */
interface Stretch {
  /** The line of the comparison at which it starts. */
  readonly line: number;
  readonly left: number;
  readonly right: number;
  readonly leftCount: number;
  readonly rightCount: number;
  readonly differ: boolean;
}

const linesOf = ({ leftCount, rightCount }: Stretch) => Math.max(leftCount, rightCount);

/**
 * Which lines of two runs stand beside one another: the same ones up to the first difference, then those that edit scripts pair, window by
 * window. What no window has reached yet stands in the order in which it comes. Stretches take memory, not lines.
 */
export class Alignment {
  /** How many lines are the same at the beginning. */
  readonly same: number;
  readonly #left: AlignedText;
  readonly #right: AlignedText;
  readonly #stretches: Stretch[] = [];
  /** The first lines that no window has reached. */
  #nextLeft: number;
  #nextRight: number;
  #nextLine: number;

  /** @param same the lines that are known to tell the same, from the first on; the next ones are known to differ */
  constructor(left: AlignedText, right: AlignedText, same: number) {
    this.same = same;
    this.#left = left;
    this.#right = right;
    this.#nextLeft = same;
    this.#nextRight = same;
    this.#nextLine = same;
  }

  get count(): number {
    return this.#nextLine + Math.max(this.#left.size - this.#nextLeft, this.#right.size - this.#nextRight);
  }

  /** How many lines of the comparison stand where they are going to stay. */
  get aligned(): number {
    return this.#nextLine;
  }

  get identical(): boolean {
    return this.same === this.#left.size && this.same === this.#right.size;
  }

  get isComplete(): boolean {
    return this.#nextLeft === this.#left.size && this.#nextRight === this.#right.size;
  }

  /** Aligns one window more. Lines from `aligned` on may then stand elsewhere, those before stay. */
  extend(): void {
    const left = windowOf(this.#left, this.#nextLeft);
    const right = windowOf(this.#right, this.#nextRight);
    const isLast = this.#nextLeft + left.length === this.#left.size && this.#nextRight + right.length === this.#right.size;
    const changes = changesBetween(left, right);
    // What follows the last common line is paired again with what comes after the window.
    const lastCommon = changes.findLastIndex(({ differ }) => !differ);
    for (const change of isLast || lastCommon < 0 ? changes : changes.slice(0, lastCommon + 1)) this.#add(change);
  }

  at(line: number): Pair {
    if (line < 0 || line >= this.count) throw new RangeError(`line ${line} of ${this.count}`);
    if (line < this.same) return { left: line, right: line, differ: false };
    const stretch = (line < this.#nextLine ? this.#stretches[this.#indexAt(line)] : undefined) ?? this.#rest();
    const offset = line - stretch.line;
    return {
      left: offset < stretch.leftCount ? stretch.left + offset : -1,
      right: offset < stretch.rightCount ? stretch.right + offset : -1,
      differ: stretch.differ,
    };
  }

  /** The next line that differs after one that does not, or before it; -1 where there is none. */
  nextDifference(line: number, step: 1 | -1): number {
    if (step === 1 && line < this.same && this.same < this.count) return this.same;
    for (let index = this.#indexAt(line) + (step === 1 ? 1 : 0); index >= 0; index += step) {
      const stretch = this.#stretches[index] ?? this.#rest();
      if (stretch.differ && linesOf(stretch) > 0 && (step === 1 || stretch.line < line)) return stretch.line;
      if (index >= this.#stretches.length) break;
    }
    return -1;
  }

  #add({ leftCount, rightCount, differ }: Change): void {
    const last = this.#stretches.at(-1);
    const joined = last !== undefined && last.differ === differ && (!differ || last.leftCount === last.rightCount) ? last : undefined;
    const from = joined ?? { line: this.#nextLine, left: this.#nextLeft, right: this.#nextRight, leftCount: 0, rightCount: 0 };
    if (joined !== undefined) this.#stretches.pop();
    const stretch = { ...from, leftCount: from.leftCount + leftCount, rightCount: from.rightCount + rightCount, differ };
    this.#stretches.push(stretch);
    this.#nextLeft += leftCount;
    this.#nextRight += rightCount;
    this.#nextLine = stretch.line + linesOf(stretch);
  }

  /** The index of the stretch that holds the line, or of the last one before it; -1 before the first. */
  #indexAt(line: number): number {
    let low = 0;
    let high = this.#stretches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#stretches[middle]?.line ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #rest(): Stretch {
    const [left, right] = [this.#nextLeft, this.#nextRight];
    return { line: this.#nextLine, left, right, leftCount: this.#left.size - left, rightCount: this.#right.size - right, differ: true };
  }
}

type Change = Pick<Stretch, 'leftCount' | 'rightCount' | 'differ'>;

function windowOf(told: AlignedText, from: number): string[] {
  return Array.from({ length: Math.min(WINDOW_LINES, told.size - from) }, (_, offset) => told.at(from + offset));
}

/** What an edit script makes of two windows; all of both where they have too little in common. */
function changesBetween(left: readonly string[], right: readonly string[]): Change[] {
  const script = diffArrays([...left], [...right], { maxEditLength: EDITS_MAX });
  if (script === undefined) return [{ leftCount: left.length, rightCount: right.length, differ: true }];
  const changes: Change[] = [];
  for (const { count, added, removed } of script) {
    const last = changes.at(-1);
    if (!added && !removed) changes.push({ leftCount: count, rightCount: count, differ: false });
    else {
      const open = last?.differ === true ? last : { leftCount: 0, rightCount: 0 };
      if (last?.differ === true) changes.pop();
      changes.push({ leftCount: open.leftCount + (removed ? count : 0), rightCount: open.rightCount + (added ? count : 0), differ: true });
    }
  }
  return changes;
}
