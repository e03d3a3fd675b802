import type { Event } from '@raftlens/events';
import { ClusterModel } from './model/cluster-model.ts';
import { Epochs } from './model/epochs.ts';
import { noFacts } from './model/log-facts.ts';
import { type LinePlace, Numbering } from './model/numbering.ts';
import { Strays } from './model/strays.ts';
import { ObservedModel } from './observed/observed-model.ts';
import type { CheckerOptions } from './options.ts';
import { Rulebook, type Watch } from './rulebook.ts';
import type { CheckReport, Violation } from './violation.ts';

/** The `source` of a server that does not speak for itself. */
const OBSERVED = 'observed';

/**
 * Holds a stream of events against figure 2 and its invariants.
 *
 * Give it every event in the order of the log (`observe`), and look at `violations` whenever you like; `finish` adds what
 * could not be checked. It keeps no event: its memory is bounded by the logs that the servers hold, not by the number of
 * lines, once they take snapshots.
 */
export class Checker {
  readonly #options: CheckerOptions;
  readonly #book: Rulebook;
  readonly #facts = noFacts();
  readonly #strays = new Strays(this.#facts);
  readonly #epochs = new Epochs(this.#facts);
  #model: ClusterModel;
  /** Servers that do not speak for themselves; null where all do. */
  #outside: ObservedModel | null = null;
  /** Null where whoever gives the lines vouches for them. */
  readonly #numbering: Numbering | null;
  #observed = 0;
  /** Lines that were told twice. */
  #doubled = 0;
  /** The first line before which others are missing, and the one by which lines of several runs alternate; 0 for none. */
  #gapSeq = 0;
  #mixedSeq = 0;
  #isMixed = false;
  /** How many violations there were when a second run began; -1 where none has. */
  #foundBefore = -1;

  /** `watch` is for tests: it sees each predicate's step before the predicate does. */
  constructor(options: CheckerOptions = {}, watch: Watch | null = null) {
    this.#book = new Rulebook(watch);
    if (options.keptMax !== undefined) this.#book.keepUpTo(options.keptMax);
    this.#options = options;
    this.#numbering = options.isWhole === true ? null : new Numbering();
    this.#facts.isNumbered = options.isWhole === true;
    this.#model = new ClusterModel(this.#book, this.#facts, this.#strays, options);
  }

  /** What was found up to now, in the order of the lines. */
  get violations(): readonly Violation[] {
    return this.#book.violations;
  }

  /** How many clusters the log has told of, one after the other: two tests of one process begin with nothing in common. */
  get clusters(): number {
    return this.#epochs.count;
  }

  /**
   * `number` is the line's own number in `source`, from 1 on and without a gap: where one is missing, so is the line. 0 where lines are not
   * numbered, which proves nothing.
   */
  observe(event: Event, number: number = event.seq, source = 0): void {
    this.#observed++;
    if (this.#isMixed) return;
    const place = this.#numbering?.takes(event, number, source) ?? 'next';
    if (place !== 'next' && !this.#isNew(place, event)) return;
    if (number > 0) this.#facts.isNumbered = true;
    if (this.#isFromOutside(event, place)) return;
    if (this.#epochs.mayBegin(event) && this.#epochs.begins(event, this.#model.cluster)) this.#beginAgain();
    this.#model.observe(event, this.#numbering?.gapSeq ?? 0);
  }

  /** Whether a line that does not follow the one before tells something new. */
  #isNew(place: Exclude<LinePlace, 'next'>, { seq }: Event): boolean {
    switch (place) {
      case 'gap':
        if (this.#gapSeq === 0) this.#gapSeq = seq;
        return true;
      case 'again':
        this.#doubled++;
        return false;
      case 'other':
        if (this.#foundBefore < 0) this.#foundBefore = this.#book.violations.length;
        this.#epochs.another();
        this.#beginAgain();
        return true;
      case 'mixed':
        this.#isMixed = true;
        this.#mixedSeq = seq;
        this.#book.withdraw(Math.max(0, this.#foundBefore));
        return false;
    }
  }

  /** Whether the line is of a cluster that was observed from outside, which begins with the start of a server and ends with its test. */
  #isFromOutside(event: Event, place: LinePlace): boolean {
    if (event.op === 'TestBegin') this.#outside = null;
    else if (event.op === 'Boot' && event.source === OBSERVED) this.#outside ??= new ObservedModel(this.#book);
    // Where lines are missing nothing is known of a server until the next test: what bounds its state may stand in them.
    else if (this.#outside !== null && place !== 'next') this.#outside = new ObservedModel(this.#book);
    this.#outside?.observe(event);
    return this.#outside !== null;
  }

  /** A line that is no event says that a test begins, as the runners of tests print it. Of faults and of who runs it says nothing. */
  testBegins(): void {
    this.#epochs.testBegins(this.#model.cluster);
  }

  /** A line that is no event says that a test has ended. */
  testEnds(): void {
    this.#epochs.testEnds(this.#model.cluster);
  }

  finish(): CheckReport {
    this.#model.finish();
    const { violations, suppressed } = this.#book;
    return {
      violations,
      first: violations[0] ?? null,
      suppressed,
      unchecked: this.#book.unchecked(),
      notExercised: this.#book.notExercised(),
      coverage: this.#book.coverage(),
      notices: [...this.#book.notices, ...this.#strays.notices(), ...this.#missing(), ...this.#forced()],
      checkedEvents: this.#observed,
    };
  }

  /** What the numbers of the lines tell. */
  #missing(): string[] {
    const notices: string[] = [];
    if (this.#gapSeq > 0)
      notices.push(`lines are missing before line ${this.#gapSeq}: what they may have told is not held against anybody`);
    if (this.#doubled > 0) notices.push(`${this.#doubled} lines stand there twice, by their numbers: each is judged once`);
    if (this.#isMixed) notices.push(`lines of several runs alternate before line ${this.#mixedSeq}: none of them is judged from there on`);
    return notices;
  }

  #forced(): readonly string[] {
    return this.#epochs.forced.map(
      (seq) =>
        `line ${seq}: a configuration was forced on a server by hand: what was committed before may be lost, and what follows is judged as another cluster`,
    );
  }

  /** Another cluster begins, of which nothing is known: what the one before promised does not bind it. */
  #beginAgain(): void {
    this.#model.finish();
    this.#strays.clusterEnds(this.#model.cluster);
    this.#model = new ClusterModel(this.#book, this.#facts, this.#strays, this.#options);
    const { gapSeq } = this.#numbering ?? { gapSeq: 0 };
    const [first] = this.#epochs.prelude;
    // What was missing before the cluster began it does not miss.
    if (first === undefined || gapSeq <= first.seq) this.#model.cluster.gapSeq = gapSeq;
    for (const event of this.#epochs.prelude) this.#model.observe(event, this.#model.cluster.gapSeq);
  }
}
