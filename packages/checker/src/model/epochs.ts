import type { Event } from '@raftlens/events';
import type { ClusterState } from './cluster-state.ts';
import type { LogFacts } from './log-facts.ts';
import { OTHER_WRITERS } from './other-writers.ts';

/** A cluster has hardly more servers; a hostile log may tell of any number. */
const PRELUDE_MAX = 64;

/** The kind of the fault by which somebody forces a configuration on a server, because most of the others are lost. */
const FORCED = 'forced-configuration';
/** So many of them are told; a hostile log may have any number. */
const FORCED_MAX = 20;

/**
 * Tells where another cluster begins in the log. One process may run several tests, each with servers of its own that have the names of
 * those before; and a file may hold several runs.
 *
 * The harness says where a test ends, and not whether its cluster ends with it: a suite may start one cluster for all its tests. So the
 * next start of a server decides. It belongs to another cluster where it cannot be a restart, or where nobody of the old one has spoken in
 * the new test.
 */
export class Epochs {
  readonly #facts: LogFacts;
  /** Clusters so far. */
  count = 1;
  /** What the present test has told since it began: its own line, and the starts of servers. The cluster may have begun with them. */
  readonly prelude: Event[] = [];
  /** The lines that tell of a configuration that was forced on a server. */
  readonly forced: number[] = [];
  #tests = 0;
  #isInTest = false;
  /** What the test that began last is called. */
  #name: string | undefined;
  /** A test has ended, or another has begun, since the cluster began. */
  #isBoundary = false;
  /** Servers of the cluster have spoken since. */
  #hasGoneOn = false;

  constructor(facts: LogFacts) {
    this.#facts = facts;
  }

  /** Whether the line is worth the question: nearly none is. */
  mayBegin({ op }: Event): boolean {
    return this.#isBoundary || op === 'Boot' || op === 'Fault' || op === 'TestBegin' || op === 'TestEnd';
  }

  /** Whether `event` is the first line of another cluster than `cluster`. */
  begins(event: Event, cluster: ClusterState): boolean {
    switch (event.op) {
      case 'TestBegin':
        this.testBegins(cluster, event.name);
        // Whoever gives the events may use the object again.
        this.prelude.push({ ...event });
        return false;
      case 'TestEnd':
        this.testEnds(cluster, event.name);
        return false;
      case 'Fault':
        // A lost quorum was recovered by hand: what was promised before binds nobody from here on.
        if (event.kind !== FORCED) return false;
        this.count++;
        if (this.forced.length < FORCED_MAX) this.forced.push(event.seq);
        return true;
      case 'Boot':
        if (this.#isAnother(event, cluster)) break;
        if (this.#isBoundary && this.prelude.length < PRELUDE_MAX) this.prelude.push({ ...event });
        return false;
      default:
        if (!this.#isBoundary || this.#isBetweenTests || !isOfServer(event)) return false;
        if (this.#facts.writesBoots) {
          this.#hasGoneOn = true;
          return false;
        }
    }
    this.count++;
    this.#isBoundary = false;
    return true;
  }

  /** A line shows that another run has begun. */
  another(): void {
    this.count++;
    this.#isBoundary = false;
    this.#testChanges(false);
  }

  testBegins(cluster: ClusterState, name?: string): void {
    // A test may be told of after the start of its servers; a cluster that has elected belongs to a test before it.
    const hasRun = cluster.servers.some(({ term, log }) => term > 0 || log.last > 0);
    const isSecond = this.#tests > 0 && cluster.servers.length > 0;
    this.#isBoundary ||= hasRun || (isSecond && !this.#facts.writesBoots);
    this.#tests++;
    this.#name = name;
    this.#testChanges(true);
  }

  testEnds(cluster: ClusterState, name?: string): void {
    this.#isBoundary ||= cluster.servers.length > 0;
    // The end of the test before may be told of once the next one has begun.
    const isOfAnother = name !== undefined && this.#name !== undefined && name !== this.#name;
    if (!isOfAnother) this.#testChanges(false);
  }

  /** A log that tells where its tests begin has nothing but leftovers between them; in another one the next test begins unsaid. */
  get #isBetweenTests(): boolean {
    return !this.#isInTest && this.#tests > 0;
  }

  #testChanges(isInTest: boolean): void {
    this.#isInTest = isInTest;
    this.#hasGoneOn = false;
    this.prelude.length = 0;
  }

  /** Whether the server starts in another cluster: it cannot be a restart of the one that is known. */
  #isAnother(event: Event, cluster: ClusterState): boolean {
    const known = cluster.find(event.node);
    // A run that was appended to another one has its own clock, and counts its incarnations from the beginning.
    const isAgain = known !== null && event.boot > 0 && event.boot <= known.boot;
    if (isAgain && known.bootMs > event.time) return true;
    if (!this.#isBoundary) return false;
    if (isAgain || !this.#hasGoneOn) return true;
    return known !== null && known.term > 0 && event.term === 0;
  }
}

/** Whether a server wrote the line: neither the harness nor a client. */
function isOfServer({ op, dir }: Event): boolean {
  return !OTHER_WRITERS.has(op) && dir !== 'drop';
}
