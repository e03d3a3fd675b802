import type { Event } from '@raftlens/events';
import { contentHash } from './content-hash.ts';

/** How a line follows those before it, by the numbers that its source gives to its lines. */
export type LinePlace =
  /** Right after them, or nobody numbers the lines. */
  | 'next'
  /** Lines between them are missing. */
  | 'gap'
  /** It was there already: two sources tell it. */
  | 'again'
  /** It is of another run, which begins here. */
  | 'other'
  /** Lines of several runs alternate. */
  | 'mixed';

/** Lines that are remembered, to know one that comes a second time. A power of two. */
const KNOWN = 1024;
/** Runs that follow one another are longer, or begin with the number that the one before began with. */
const RUN_LINES_MIN = 64;

/** A file, or whatever else numbers its lines from 1 on. */
class Source {
  first = 0;
  last = 0;
  /** The last number of the run before. */
  before = 0;
  linesOfRun = 0;
  /** The line before which others are missing, 0 for none. */
  gapSeq = 0;
  readonly #numbers = new Float64Array(KNOWN);
  readonly #times = new Float64Array(KNOWN);
  readonly #nodes: string[] = new Array<string>(KNOWN).fill('');
  readonly #ops: string[] = new Array<string>(KNOWN).fill('');
  readonly #contents = new Int32Array(KNOWN);

  takes(number: number, event: Event): void {
    const { time, node, op } = event;
    const at = number & (KNOWN - 1);
    this.#numbers[at] = number;
    this.#times[at] = time;
    this.#nodes[at] = node;
    this.#ops[at] = op;
    this.#contents[at] = contentHash(event);
    this.last = number;
    this.linesOfRun++;
  }

  /** Whether the line is there already, whatever it tells included: at their start several runs have the same numbers, times and kinds of lines. */
  has(number: number, event: Event): boolean {
    const { time, node, op } = event;
    const at = number & (KNOWN - 1);
    const isSamePlace = this.#numbers[at] === number && this.#times[at] === time && this.#nodes[at] === node && this.#ops[at] === op;
    return isSamePlace && this.#contents[at] === contentHash(event);
  }
}

/**
 * Looks whether every line of the log is there. Only a log that numbers its lines can prove that nothing is missing between two of them: what a
 * rule says of a line that should have been written rests on that.
 */
export class Numbering {
  readonly #sources = new Map<number, Source>();
  /** The source from which each node's latest line came. */
  readonly #homes = new Map<string, Source>();
  #latest = new Source();
  #latestId = -1;

  /** The line, in the source of the latest one, before which others are missing. 0 for none. */
  get gapSeq(): number {
    return this.#latest.gapSeq;
  }

  /** `number` is what the line says of itself, 0 where it says nothing; `source` is the file that it stands in. */
  takes(event: Event, number: number, source: number): LinePlace {
    const of = source === this.#latestId ? this.#latest : this.#source(source);
    if (number === 0) return 'next';
    if (this.#sources.size === 1 && number === of.last + 1 && of.last !== 0) {
      of.takes(number, event);
      return 'next';
    }
    return this.#look(event, number, of);
  }

  #source(id: number): Source {
    let source = this.#sources.get(id);
    if (source === undefined) {
      source = new Source();
      this.#sources.set(id, source);
    }
    this.#latest = source;
    this.#latestId = id;
    return source;
  }

  #look(event: Event, number: number, of: Source): LinePlace {
    const home = this.#homes.get(event.node);
    if (home !== of) this.#homes.set(event.node, of);
    if (home !== undefined && home !== of) {
      if (home.has(number, event)) {
        of.takes(number, event);
        return 'again';
      }
      // A rotated file goes on where the one before it ended.
      if (of.last === 0) of.last = home.last;
    }
    if (of.last === 0) {
      of.first = number;
      of.takes(number, event);
      return 'next';
    }
    return number > of.last ? this.#onwards(event, number, of) : this.#back(event, number, of);
  }

  #onwards(event: Event, number: number, of: Source): LinePlace {
    const isNext = number === of.last + 1;
    const isBeyond = of.before > 0 && of.last <= of.before && number > of.before;
    of.takes(number, event);
    if (isNext) return 'next';
    of.gapSeq = event.seq;
    return isBeyond ? 'mixed' : 'gap';
  }

  #back(event: Event, number: number, of: Source): LinePlace {
    if (of.has(number, event)) return 'again';
    const isMixed = number > of.first && of.linesOfRun < RUN_LINES_MIN;
    of.before = of.last;
    of.first = number;
    of.linesOfRun = 0;
    of.takes(number, event);
    return isMixed ? 'mixed' : 'other';
  }
}
