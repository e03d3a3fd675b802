import type { Event } from '@raftlens/events';

/** Enough to see where they came from. */
const ACKNOWLEDGEMENTS_MAX = 4;
const CHUNKS_MAX = 6;
/** Entries whose lines are remembered, the latest. */
const ENTRIES_MAX = 4096;

/** No line wrote it. */
const NONE = -1;

/** The line that a server last wrote each part of its state by: figure 2's state, and what the rules beyond it read. */
export class ServerFacts {
  #input = NONE;
  #term = NONE;
  #role = NONE;
  #vote = NONE;
  #logEnd = NONE;
  #commit = NONE;
  #commitIndex = 0;
  #config = NONE;
  #snapshot = NONE;
  #transfer = NONE;
  #timeout = NONE;
  /** The last write of term and vote, and of entries. */
  #durableState = NONE;
  #durableLog = NONE;
  /** What is not durable yet. */
  #unwritten: number[] = [];
  /** By index: the line that put the entry there. */
  readonly #entries = new Map<number, number>();
  readonly #requests = new Map<string, number>();
  readonly #progress = new Map<string, number>();
  readonly #reads = new Map<string, number>();
  /** Of the present term. */
  #votes: number[] = [];
  readonly #acknowledged = new Map<string, { readonly at: number; readonly match: number }>();
  #chunks: number[] = [];

  /** What the event read, as positions; then it writes. */
  take(event: Event, at: number): number[] {
    const causes = this.#readBy(event).filter((cause) => cause !== NONE);
    this.#write(event, at);
    return causes;
  }

  #readBy(event: Event): number[] {
    if (event.dir === 'recv') return [];
    if (event.dir === 'send') return event.re === undefined ? this.#readByRequest(event) : this.#readByReply(event);
    return this.#readByStep(event);
  }

  #readByRequest(event: Event): number[] {
    const peer = this.#progress.get(event.dst) ?? NONE;
    switch (event.op) {
      case 'RequestVote':
      case 'PreVote':
        return [this.#role, this.#logEnd];
      case 'AppendEntries': {
        const first = (event.prev ?? 0) + 1;
        const entries = (event.n ?? 0) > 0 ? [this.#entry(first), this.#entry(first + (event.n ?? 0) - 1)] : [];
        return [...entries, peer, this.#role, this.#entry(event.prev ?? 0), this.#config];
      }
      case 'InstallSnapshot':
        return [this.#snapshot, peer, this.#role];
      case 'TimeoutNow':
        return [this.#transfer, peer, this.#acknowledged.get(event.dst)?.at ?? NONE, this.#role];
      default:
        return [this.#input, this.#role];
    }
  }

  #readByReply(event: Event): number[] {
    const request = event.id === undefined ? NONE : (this.#requests.get(`${event.dst} ${event.re}`) ?? NONE);
    switch (event.op) {
      case 'RequestVoteReply':
        return [request, event.granted === true ? this.#vote : this.#term, this.#durableState];
      case 'AppendEntriesReply':
        return event.success === true ? [request, this.#entry(event.match ?? 0), this.#durableLog] : [request, this.#logEnd, this.#term];
      case 'InstallSnapshotReply':
        return [request, this.#snapshot, this.#durableLog];
      case 'ReadIndexReply':
        return [request, this.#reads.get(event.ctx ?? '') ?? NONE, ...this.#acknowledgements(0)];
      default:
        return [request];
    }
  }

  #readByStep(event: Event): number[] {
    const index = event.index ?? 0;
    switch (event.op) {
      case 'Boot':
        return [this.#durableState, this.#durableLog];
      case 'Timeout':
        return [this.#input];
      case 'Vote':
        return [this.#input, this.#vote, this.#logEnd, this.#term];
      case 'BecomePreCandidate':
      case 'BecomeCandidate':
        return [this.#input, this.#timeout, this.#config];
      case 'BecomeLeader':
        return [...this.#votes, this.#role, this.#config];
      case 'Start':
        return [this.#role];
      case 'Append':
        return [this.#input, this.#entry(index - 1)];
      case 'Truncate':
        return [this.#input, this.#entry(index)];
      case 'Persist':
        return this.#unwritten.slice(-ACKNOWLEDGEMENTS_MAX);
      case 'Commit':
        return event.role === 'leader'
          ? [...this.#acknowledgements(index), this.#entry(index), this.#config]
          : [this.#input, this.#entry(index)];
      case 'Apply':
        return [this.#commit, this.#entry(index), index <= this.#commitIndex ? NONE : this.#input];
      case 'SnapshotTaken':
        return [this.#commit, this.#config];
      case 'SnapshotInstalled':
        return this.#chunks.slice(-CHUNKS_MAX);
      case 'ConfigChange':
        return [this.#input, this.#entry(index), this.#config];
      case 'Progress':
        return [this.#input, this.#progress.get(event.peer ?? '') ?? NONE];
      case 'ReadStart':
        return [this.#input, this.#commit, this.#role];
      case 'ReadReady':
        return [this.#reads.get(event.ctx ?? '') ?? NONE, ...this.#acknowledgements(0), this.#commit, this.#role];
      case 'BecomeFollower':
        return [this.#input, this.#role];
      default:
        return [this.#input];
    }
  }

  #write(event: Event, at: number): void {
    if (event.dir === 'recv') return this.#receive(event, at);
    if (event.dir === 'send') return;
    const index = event.index ?? 0;
    switch (event.op) {
      case 'Boot':
        return this.#boot(at);
      case 'Timeout':
        this.#timeout = at;
        this.#input = at;
        return;
      case 'Start':
        this.#input = at;
        return this.#enter(index, 1, at);
      case 'Vote':
        this.#vote = at;
        this.#unwritten.push(at);
        return;
      case 'BecomeFollower':
      case 'BecomePreCandidate':
      case 'BecomeCandidate':
      case 'BecomeLeader':
        return this.#become(event, at);
      case 'Append':
        return this.#enter(index, event.n ?? 1, at);
      case 'Truncate':
        this.#logEnd = at;
        this.#unwritten.push(at);
        return;
      case 'Persist':
        return this.#persist(event, at);
      case 'Commit':
        this.#commit = at;
        this.#commitIndex = index;
        return;
      case 'SnapshotTaken':
      case 'SnapshotInstalled':
        this.#snapshot = at;
        this.#chunks = [];
        this.#unwritten.push(at);
        return;
      case 'ConfigChange':
        this.#config = at;
        return;
      case 'Progress':
        this.#progress.set(event.peer ?? '', at);
        return;
      case 'ReadStart':
        this.#reads.set(event.ctx ?? '', at);
        return;
      case 'TransferLeader':
        this.#transfer = at;
        return;
      default:
    }
  }

  #receive(event: Event, at: number): void {
    this.#input = at;
    if (event.re === undefined && event.id !== undefined) this.#requests.set(`${event.src} ${event.id}`, at);
    switch (event.op) {
      case 'RequestVoteReply':
        if (event.granted === true) this.#votes.push(at);
        return;
      case 'AppendEntriesReply':
        if (event.success === true && (event.match ?? 0) > (this.#acknowledged.get(event.src)?.match ?? -1))
          this.#acknowledged.set(event.src, { at, match: event.match ?? 0 });
        return;
      case 'InstallSnapshot':
        this.#chunks.push(at);
        return;
      case 'ReadIndexReply':
        this.#reads.set(event.ctx ?? '', at);
        return;
      default:
    }
  }

  #boot(at: number): void {
    this.#input = at;
    this.#term = at;
    this.#role = at;
    this.#vote = this.#durableState === NONE ? at : this.#durableState;
    this.#logEnd = this.#durableLog === NONE ? at : this.#durableLog;
    this.#commit = at;
    this.#commitIndex = 0;
    this.#config = at;
    this.#unwritten = [];
    this.#chunks = [];
    this.#newTerm();
  }

  #become(event: Event, at: number): void {
    this.#role = at;
    this.#term = at;
    if (event.op === 'BecomeCandidate') {
      this.#vote = at;
      this.#newTerm();
    }
    if (event.op === 'BecomeLeader') this.#acknowledged.clear();
    if (event.op !== 'BecomeLeader' && event.op !== 'BecomePreCandidate') this.#unwritten.push(at);
  }

  #newTerm(): void {
    this.#votes = [];
    this.#acknowledged.clear();
    this.#progress.clear();
    this.#transfer = NONE;
  }

  #persist(event: Event, at: number): void {
    this.#unwritten = [];
    const what = event.what?.split('+') ?? ['state', 'entries'];
    if (what.includes('state')) this.#durableState = at;
    if (what.some((part) => part !== 'state')) this.#durableLog = at;
  }

  #enter(index: number, n: number, at: number): void {
    this.#logEnd = at;
    this.#unwritten.push(at);
    for (let entry = index; entry < index + Math.min(n, ENTRIES_MAX); entry += 1) {
      // A command's Start comes before the Append that takes it in, and says more.
      this.#entries.set(entry, at);
      this.#entries.delete(entry - ENTRIES_MAX);
    }
  }

  #entry(index: number): number {
    return this.#entries.get(index) ?? NONE;
  }

  /** Who has acknowledged the index, the latest lines. */
  #acknowledgements(index: number): number[] {
    const found = [...this.#acknowledged.values()].filter(({ match }) => match >= index).map(({ at }) => at);
    return found.sort((a, b) => b - a).slice(0, ACKNOWLEDGEMENTS_MAX);
  }
}
