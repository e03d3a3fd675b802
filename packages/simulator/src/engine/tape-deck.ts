import { assert } from '../protocol/assert.ts';
import type { Tape } from '../protocol/tape.ts';
import { Stream } from './random.ts';

/** One labelled sequence of draws. */
export class Draws {
  readonly label: string;
  readonly #seed: string;
  /** Made by the first draw that comes from the seed: most labels of a short run are never drawn from. */
  #stream: Stream | null = null;
  /** The values of the tape by number of the draw; null without a tape. */
  readonly #given: ReadonlyMap<number, number> | null;
  /** Draws that the tape does not hold take the calm value; else the seed decides. */
  readonly #calm: boolean;
  readonly #calmable: boolean;
  readonly #recorded: number[] | null;
  #count = 0;

  constructor(label: string, seed: string, given: ReadonlyMap<number, number> | null, calm: boolean, recorded: number[] | null) {
    this.label = label;
    this.#seed = seed;
    this.#given = given;
    this.#calmable = isCalmable(label);
    this.#calm = calm && this.#calmable;
    this.#recorded = recorded;
  }

  /** A uniform integer in [0, bound), or what the tape says; `calm` is the value that disturbs the run least. */
  below(bound: number, calm = 0): number {
    assert(bound >= 1 && calm >= 0, 'a draw is from 0 up to a bound of at least 1');
    if (this.#given === null && this.#recorded === null) return this.#drawn(bound);
    return this.#taped(bound, calm);
  }

  /** True with a chance of `perMille` in a thousand. A tape lists only those that came true. */
  chance(perMille: number): boolean {
    if (perMille <= 0) return false;
    if (this.#given === null && this.#recorded === null) return this.#drawn(1000) < perMille;
    const n = this.#count;
    const value = this.#value(1000, 999);
    const came = value < perMille;
    if (came && this.#recorded !== null) this.#recorded.push(n, value);
    return came;
  }

  #taped(bound: number, calm: number): number {
    const n = this.#count;
    const value = this.#value(bound, calm);
    if (this.#recorded !== null && (value !== calm || !this.#calmable)) this.#recorded.push(n, value);
    return value;
  }

  #value(bound: number, calm: number): number {
    const given = this.#given?.get(this.#count);
    this.#count += 1;
    // A tape that was shrunk or written by hand may hold a value that the bound of this moment forbids: the nearest one stands for it.
    if (given !== undefined) return Math.min(given, bound - 1);
    return this.#calm ? Math.min(calm, bound - 1) : this.#drawn(bound);
  }

  #drawn(bound: number): number {
    assert(!this.#calm, 'a calm tape leaves nothing to the seed');
    this.#stream ??= new Stream(this.#seed, this.label);
    return this.#stream.below(bound);
  }
}

/**
 * Only draws of the network, disks and services can be calm. Timers cannot: servers whose timers all run out together never elect anybody.
 * Neither can the draws of scripts and setups. Those fall back on the seed.
 */
export function isCalmable(label: string): boolean {
  return label.startsWith('net.') || label.startsWith('disk ') || label.startsWith('apply ');
}

export interface TapeDeckOptions {
  readonly seed: string;
  readonly play?: Tape | undefined;
  readonly record?: boolean | undefined;
}

/** Gives out the labelled draws of one run, plays a tape into them and records one from them. */
export class TapeDeck {
  readonly #seed: string;
  readonly #record: boolean;
  readonly #play: Tape | null;
  readonly #given = new Map<string, ReadonlyMap<number, number>>();
  readonly #draws = new Map<string, Draws>();
  readonly #recorded = new Map<string, number[]>();

  constructor(options: TapeDeckOptions) {
    this.#seed = options.seed;
    this.#record = options.record ?? false;
    this.#play = options.play ?? null;
    if (this.#play !== null) for (const [label, pairs] of Object.entries(this.#play.draws)) this.#given.set(label, pairsToMap(pairs));
  }

  draws(label: string): Draws {
    const known = this.#draws.get(label);
    if (known !== undefined) return known;
    const recorded = this.#record ? [] : null;
    if (recorded !== null) this.#recorded.set(label, recorded);
    const given = this.#play === null ? null : (this.#given.get(label) ?? NOTHING);
    const made = new Draws(label, this.#seed, given, this.#play?.rest === 'calm', recorded);
    this.#draws.set(label, made);
    return made;
  }

  /** What was drawn so far; empty unless recording was asked for. Labels without a draw are left out. */
  recorded(rest: Tape['rest'] = 'calm'): Tape {
    const draws: Record<string, readonly number[]> = {};
    for (const [label, pairs] of this.#recorded) {
      assert(pairs.length % 2 === 0, 'a tape holds pairs');
      if (pairs.length > 0) draws[label] = pairs;
    }
    return { version: 1, rest, draws };
  }
}

const NOTHING: ReadonlyMap<number, number> = new Map();

function pairsToMap(pairs: readonly number[]): ReadonlyMap<number, number> {
  const map = new Map<number, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2) map.set(pairs[at] ?? 0, pairs[at + 1] ?? 0);
  return map;
}
