/**
 * Which patterns V8's backtracking engine matches in time that is linear in the text: it is several times as fast as the linear
 * engine, and most patterns of users are of this kind.
 *
 * Without an unbounded repeat, the engine takes at each start at most as many steps as the tree of all its choices has nodes,
 * which the text's length does not change. One unbounded repeat of a single character is allowed where nothing can make the
 * engine come back to it again and again: as the last thing of a pattern, where its end is the match, or in a pattern that can
 * match at the start of the text alone. What the parser below does not know counts as not bounded.
 */
export function isBounded(source: string, flags: string): boolean {
  const parser = new PatternParser(source, flags.includes('m'));
  const choices = parser.alternatives();
  return choices !== null && parser.isAtEnd && stepsOf(choices) <= STEPS_MAX;
}

/** Steps at one start in the text: at this many the engines are about as fast as each other. */
const STEPS_MAX = 512;

type Node =
  | { readonly kind: 'one' | 'nothing' | 'endless' }
  | { readonly kind: 'choice'; readonly of: readonly (readonly Node[])[] }
  | { readonly kind: 'repeat'; readonly what: Node; readonly min: number; readonly max: number };

function stepsOf(node: Node, after = 0): number {
  switch (node.kind) {
    case 'one':
    case 'nothing':
      return 1 + after;
    case 'endless':
      // Each character of the run is one step, and what follows is tried behind each of them, once.
      return 1 + after;
    case 'choice':
      return node.of.reduce((sum, sequence) => sum + stepsOfSequence(sequence, after), 1);
    case 'repeat': {
      let steps = after;
      for (let count = node.max; count > 0 && steps <= STEPS_MAX; count--)
        steps = stepsOf(node.what, steps) + (count > node.min ? after : 0);
      return steps;
    }
  }
}

function stepsOfSequence(sequence: readonly Node[], after: number): number {
  return sequence.reduceRight((steps, node) => stepsOf(node, steps), after);
}

/** Characters that stand for themselves behind a backslash. */
const PUNCTUATION = /^[\^$\\.*+?()[\]{}|/\-!"#%&',:;<=>@_`~ ]$/;
const CLASS_LETTERS = 'dDwWsS';
const CHARACTER_LETTERS = 'tnrfv';
const QUANTIFIER = /(?:[*+?]|\{(\d{1,3})(,(\d{1,3})?)?\})\??/y;
const GROUP = /\((?:\?:|\?<[A-Za-z_]\w*>|(?!\?))/y;

/** Reads the part of the language that is understood; `null` is anything else. */
class PatternParser {
  readonly #source: string;
  readonly #isMultiline: boolean;
  #at = 0;
  #depth = 0;
  #isAnchored = false;
  #hasEndless = false;

  constructor(source: string, isMultiline: boolean) {
    this.#source = source;
    this.#isMultiline = isMultiline;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#source.length;
  }

  alternatives(): Node | null {
    const sequences: (readonly Node[])[] = [];
    do {
      const sequence = this.#sequence();
      if (sequence === null) return null;
      sequences.push(sequence);
    } while (this.#take('|'));
    const hasChoice = sequences.length > 1;
    return hasChoice && this.#depth === 0 && this.#hasEndless ? null : { kind: 'choice', of: sequences };
  }

  #sequence(): readonly Node[] | null {
    const nodes: Node[] = [];
    if (this.#depth === 0 && this.#source.startsWith('^')) this.#isAnchored = !this.#isMultiline;
    while (!this.isAtEnd && this.#next !== '|' && this.#next !== ')') {
      // Behind an unbounded repeat nothing may fail, unless there is only one start.
      if (this.#hasEndless && !this.#isAnchored) return null;
      const node = this.#repeated();
      if (node === null) return null;
      nodes.push(node);
    }
    return nodes;
  }

  #repeated(): Node | null {
    const node = this.#next === '(' ? this.#group() : this.#atom();
    if (node === null) return null;
    QUANTIFIER.lastIndex = this.#at;
    const match = QUANTIFIER.exec(this.#source);
    if (match === null) return '*+?{'.includes(this.#next) && !this.isAtEnd ? null : node;
    this.#at = QUANTIFIER.lastIndex;
    const sign = match[0].charAt(0);
    if (sign === '?') return { kind: 'repeat', what: node, min: 0, max: 1 };
    if (sign === '{' && (match[2] === undefined || match[3] !== undefined)) {
      const min = Number(match[1]);
      return { kind: 'repeat', what: node, min, max: match[3] === undefined ? min : Number(match[3]) };
    }
    return this.#endless(node, sign === '{' ? Number(match[1]) : 1);
  }

  #endless(node: Node, min: number): Node | null {
    if (node.kind !== 'one' || this.#depth > 0 || this.#hasEndless) return null;
    this.#hasEndless = true;
    return { kind: 'choice', of: [[{ kind: 'repeat', what: node, min, max: min }, { kind: 'endless' }]] };
  }

  #group(): Node | null {
    GROUP.lastIndex = this.#at;
    if (!GROUP.test(this.#source)) return null;
    this.#at = GROUP.lastIndex;
    this.#depth++;
    const inside = this.alternatives();
    this.#depth--;
    return inside !== null && this.#take(')') ? inside : null;
  }

  #atom(): Node | null {
    if (this.#take('[')) return this.#class();
    const character = this.#source.charAt(this.#at++);
    if (character === '\\') return this.#escape();
    if (character === '^' || character === '$') return { kind: 'nothing' };
    return '*+?{}])'.includes(character) ? null : { kind: 'one' };
  }

  #escape(): Node | null {
    const character = this.#source.charAt(this.#at++);
    if (character === 'b' || character === 'B') return { kind: 'nothing' };
    return this.#isSingle(character) ? { kind: 'one' } : null;
  }

  #isSingle(escaped: string): boolean {
    return PUNCTUATION.test(escaped) || (escaped !== '' && (CLASS_LETTERS + CHARACTER_LETTERS).includes(escaped));
  }

  /** A class without the forms that the two engines read in two ways: `[]`, `[^]`, `[[:alpha:]]`. */
  #class(): Node | null {
    this.#take('^');
    for (let count = 0; !this.isAtEnd; count++) {
      const character = this.#source.charAt(this.#at++);
      if (character === ']') return count === 0 ? null : { kind: 'one' };
      if (character === '[') return null;
      if (character === '\\' && !this.#isSingle(this.#source.charAt(this.#at++))) return null;
    }
    return null;
  }

  get #next(): string {
    return this.#source.charAt(this.#at);
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at++;
    return true;
  }
}
