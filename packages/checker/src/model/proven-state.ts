import type { Event } from '@raftlens/events';

/** A part of the persistent state that a server must have had on its disk, and the line that proves it. */
interface Proof {
  readonly value: number;
  readonly seq: number;
}

const NOTHING: Proof = { value: -1, seq: 0 };

/** A vote that its candidate has received. */
export interface ProvenVote {
  readonly term: number;
  readonly candidate: string;
  readonly seq: number;
}

/** A start that tells less than what was proven before. */
export interface Loss {
  /** The line of the start. */
  readonly seq: number;
  /** What it tells, and what the server had before: parts of a sentence. */
  readonly told: string;
  readonly before: string;
  readonly beforeSeq: number;
  /** The term that was proven, where that is what is missing; -1 else. */
  readonly term: number;
  /** It is like the very first start of a server, so that it may belong to another run in the same file. */
  readonly isBlank: boolean;
  /** The line tells what was read from the disk. A server's greeting may also be written before it has read anything. */
  readonly isRead: boolean;
  /** A message has passed since between the server and one that goes on from before: it is the same cluster. */
  hasContact: boolean;
}

/**
 * What a log proves of a server's disk without a line about it. A term or a vote that another server has received was durable before it left
 * (figure 2, State: "updated on stable storage before responding to RPCs"), and what a start tells was read from the disk.
 */
export class ProvenState {
  term = NOTHING;
  vote: ProvenVote | null = null;
  /** Entries that the disk held and that were committed: no server deletes them. */
  commit = NOTHING;
  /** The index of the configuration that a start has told. */
  config = NOTHING;
  /** A start that may be that of another run, until it is known whether it is. */
  pending: Loss | null = null;

  /** The server binds itself by a message of this term, which another one has received. */
  binds(term: number, seq: number): void {
    if (term > this.term.value) this.term = { value: term, seq };
  }

  /** A candidate has received its vote. */
  votes(term: number, candidate: string, seq: number): void {
    this.binds(term, seq);
    if (this.vote === null || term > this.vote.term) this.vote = { term, candidate, seq };
  }

  /** What the start tells less than was proven; null where it tells all of it. */
  lossAt(event: Event): Loss | null {
    const { term, durableCommit, index } = event;
    const last = event.durableLast ?? event.last;
    if (term !== undefined && term < this.term.value)
      return loss(event, `in term ${term}`, `was in term ${this.term.value}`, this.term.seq, this.term.value);
    const { vote } = this;
    if (vote !== null && event.vote !== undefined && event.vote !== vote.candidate && term === vote.term)
      return loss(event, `with votedFor ${event.vote ?? 'null'} in term ${term}`, `gave that vote to ${vote.candidate}`, vote.seq);
    if (last !== undefined && last < this.commit.value)
      return loss(event, `with a log up to ${last}`, `had committed entries up to ${this.commit.value} on its disk`, this.commit.seq);
    if (durableCommit !== undefined && durableCommit < this.commit.value)
      return loss(event, `with commitIndex ${durableCommit}`, `had ${this.commit.value} on its disk`, this.commit.seq);
    if (index === 0 && this.config.value > 0)
      return loss(event, 'without a configuration', `had that of index ${this.config.value} on its disk`, this.config.seq);
    return null;
  }

  /** Takes what a start tells: from here on that is what the disk holds, right or wrong. */
  boots({ seq, term = -1, durableCommit = -1, index = -1, snapshotIndex = 0 }: Event, lost: Loss | null): void {
    this.pending = lost?.isBlank === true ? lost : null;
    if (lost !== null) this.#forget();
    // Where the loss is told, a vote that is given once more is no news.
    if (lost?.isBlank === false) this.vote = null;
    this.binds(term, seq);
    const commit = Math.max(durableCommit, snapshotIndex);
    if (commit > this.commit.value) this.commit = { value: commit, seq };
    if (index > this.config.value) this.config = { value: index, seq };
  }

  /** The harness has taken away what the disk held. */
  wiped(): void {
    this.#forget();
    this.vote = null;
  }

  #forget(): void {
    this.term = NOTHING;
    this.commit = NOTHING;
    this.config = NOTHING;
  }
}

function loss(event: Event, told: string, before: string, beforeSeq: number, term = -1): Loss {
  const { seq, boot, durableLast, last, index, snapshotIndex } = event;
  const isEmpty = (event.term ?? 0) === 0 && (durableLast ?? last ?? 0) === 0 && (index ?? 0) === 0 && (snapshotIndex ?? 0) === 0;
  const isRead = durableLast !== undefined || last !== undefined || index !== undefined;
  // A server whose incarnations are counted says itself that it has run before.
  return { seq, told, before, beforeSeq, term, isBlank: boot === 0 && isEmpty, isRead, hasContact: false };
}
