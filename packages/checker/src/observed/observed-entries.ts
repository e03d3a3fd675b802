import type { EntryDigest, Event } from '@raftlens/events';
import { IndexMap } from '../model/index-map.ts';
import type { ObservedAsk, ObservedJudge } from './moments.ts';
import type { ObservedServer } from './observed-server.ts';
import { differs } from './saved-state.ts';

/** An entry as the first line tells it. */
interface KnownEntry {
  readonly term: number;
  hash: string;
  /** The term of the entry before it; -1 while that is not known. */
  prevTerm: number;
  readonly seq: number;
  readonly node: string;
}

/** What was applied at an index first. */
export interface AppliedEntry {
  readonly hash: string;
  readonly seq: number;
  readonly node: string;
  /** Everybody's terms were at most this when it was applied, so that the leaders of later terms hold it. */
  readonly term: number;
}

/** More entries of different terms at one index are not told by any real cluster. */
const TERMS_AT_INDEX_MAX = 32;

/** All entries that messages and saves have told of, and those that were applied. */
export class ObservedEntries {
  readonly #known = new IndexMap<KnownEntry[]>();
  readonly #applied = new IndexMap<AppliedEntry>();
  readonly #seenAgain: ObservedAsk<'entry is seen again'>;
  readonly #appliedAgain: ObservedAsk<'apply is seen again'>;
  /** The highest index that was applied, and the line. */
  appliedMax = { index: 0, seq: 0 };

  constructor(judge: ObservedJudge) {
    this.#seenAgain = judge.onObserved('entry is seen again');
    this.#appliedAgain = judge.onObserved('apply is seen again');
  }

  appliedAt(index: number): AppliedEntry | null {
    return this.#applied.get(index);
  }

  /** A message, a save or the service tells of entries from `index` on; `prevTerm` is the term before them, -1 where it is not told. */
  sees(server: ObservedServer, event: Event, index: number, prevTerm: number, entries: readonly EntryDigest[]): void {
    let before = prevTerm;
    for (const [at, { term, hash }] of entries.entries()) {
      this.#see(server, event, index + at, term, hash, before);
      before = term;
    }
  }

  #see(server: ObservedServer, event: Event, index: number, term: number, hash: string, prevTerm: number): void {
    const known = this.#known.get(index);
    if (known === null) {
      this.#known.set(index, [{ term, hash, prevTerm, seq: event.seq, node: event.node }]);
      return;
    }
    const same = known.find((entry) => entry.term === term);
    if (same === undefined) {
      if (known.length < TERMS_AT_INDEX_MAX) known.push({ term, hash, prevTerm, seq: event.seq, node: event.node });
      return;
    }
    this.#seenAgain({ event, server, index, term, hash, prevTerm, known: same });
    if (differs(same.hash, hash)) return;
    if (same.prevTerm < 0) same.prevTerm = prevTerm;
    if (same.hash === '?') same.hash = hash;
  }

  /** A service has applied a command; nobody's term was above `term` then. */
  applies(server: ObservedServer, event: Event, index: number, hash: string, term: number): void {
    const committed = this.#applied.get(index);
    if (committed !== null) {
      this.#appliedAgain({ event, server, index, hash, committed });
      return;
    }
    this.#applied.set(index, { hash, seq: event.seq, node: event.node, term });
    if (index > this.appliedMax.index) this.appliedMax = { index, seq: event.seq };
  }
}
