import type { Event } from '@raftlens/events';
import { ClusterModel } from './model/cluster-model.ts';
import { Epochs } from './model/epochs.ts';
import { isHalfTold } from './model/half-told.ts';
import { noFacts } from './model/log-facts.ts';
import { Strays } from './model/strays.ts';
import type { CheckerOptions } from './options.ts';
import { Rulebook, type Watch } from './rulebook.ts';
import type { CheckReport, Violation } from './violation.ts';

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
  #observed = 0;

  /** `watch` is for tests: it sees each predicate's step before the predicate does. */
  constructor(options: CheckerOptions = {}, watch: Watch | null = null) {
    this.#book = new Rulebook(watch);
    if (options.keptMax !== undefined) this.#book.keepUpTo(options.keptMax);
    this.#options = options;
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

  observe(event: Event): void {
    this.#observed++;
    if (this.#epochs.mayBegin(event) && this.#epochs.begins(event, this.#model.cluster)) this.#beginAgain();
    if (isHalfTold(event)) this.#model.glimpse(event);
    else this.#model.observe(event);
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
      notices: [...this.#book.notices, ...this.#strays.notices()],
      checkedEvents: this.#observed,
    };
  }

  /** Another cluster begins, of which nothing is known: what the one before promised does not bind it. */
  #beginAgain(): void {
    this.#model.finish();
    this.#strays.clusterEnds(this.#model.cluster);
    this.#model = new ClusterModel(this.#book, this.#facts, this.#strays, this.#options);
    for (const event of this.#epochs.prelude) this.#model.observe(event);
  }
}
