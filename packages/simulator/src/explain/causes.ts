import type { Event } from '@raftlens/events';
import { assert } from '../protocol/assert.ts';

/**
 * The events of a run, with the way back from each to those that led to it. A cause is looked for where the protocol has it: a receive
 * comes from its send, a reply from its request, a step of a server from the message or the timer before it.
 */
export class Causes {
  readonly #events: readonly Event[];
  /** Index of the event by `seq`. */
  readonly #bySeq = new Map<number, number>();
  readonly #sends = new Map<number, number>();
  /** For each event the one before it on the same node. */
  readonly #before: number[] = [];

  constructor(events: readonly Event[]) {
    this.#events = events;
    const last = new Map<string, number>();
    for (const [at, event] of events.entries()) {
      this.#bySeq.set(event.seq, at);
      if (event.dir === 'send' && event.id !== undefined) this.#sends.set(event.id, at);
      this.#before.push(last.get(event.node) ?? -1);
      if (event.dir !== 'drop') last.set(event.node, at);
    }
  }

  at(seq: number): number | undefined {
    return this.#bySeq.get(seq);
  }

  /** What directly led to the event at the position, as positions. */
  of(at: number): number[] {
    const found = this.#of(at);
    assert(
      found.every((cause) => cause < at),
      'a cause comes before what it leads to',
    );
    return found;
  }

  #of(at: number): number[] {
    const event = this.#events[at];
    assert(event !== undefined, 'a cause is asked for of an event that there is');
    if (event.dir === 'recv') return this.#sendOf(event);
    if (event.dir === 'send') return this.#causesOfSend(event, at);
    switch (event.op) {
      case 'Vote':
        return this.#lastBefore(at, (other) => other.dir === 'recv' && other.op === 'RequestVote' && other.src === event.for);
      case 'BecomeLeader':
        return this.#votesOf(at, event);
      case 'BecomeCandidate':
        return this.#lastBefore(at, (other) => other.op === 'Timeout' || other.op === 'TimeoutNow');
      case 'Apply':
        return this.#lastBefore(
          at,
          (other) => other.op === 'Commit' && (other.index ?? 0) >= (event.index ?? 0) && (other.from ?? 0) < (event.index ?? 0),
        );
      // A client's command comes from outside.
      case 'Start':
        return [];
      case 'Commit':
        return this.#lastBefore(at, isInput);
      case 'Append':
      case 'Truncate':
        return this.#lastBefore(at, (other) => other.op === 'Start' || isInput(other));
      case 'ReadReady':
        return this.#lastBefore(at, (other) => (other.op === 'ReadStart' && other.ctx === event.ctx) || other.op === 'ReadIndexReply');
      case 'SnapshotInstalled':
        return this.#chunksOf(at);
      case 'BecomeFollower':
        return this.#lastBefore(at, isInput);
      case 'Boot':
        return this.#crashBefore(at, event);
      default:
        return this.#lastBefore(at, isInput);
    }
  }

  #sendOf(event: Event): number[] {
    const send = event.id === undefined ? undefined : this.#sends.get(event.id);
    return send === undefined ? [] : [send];
  }

  /** A reply comes from its request and from the vote or the entries that it tells of. A request comes from the step that made its sender a
   * candidate or a leader. */
  #causesOfSend(event: Event, at: number): number[] {
    if (event.re !== undefined) {
      const request = this.#lastBefore(at, (other) => other.dir === 'recv' && other.id === event.re);
      const step = this.#stepBefore(at, event);
      return [...request, ...step];
    }
    const cause = event.op === 'RequestVote' ? 'BecomeCandidate' : 'BecomeLeader';
    const entries =
      event.op === 'AppendEntries' && (event.n ?? 0) > 0
        ? this.#lastBefore(at, (other) => other.op === 'Start' && (other.index ?? 0) <= (event.prev ?? 0) + (event.n ?? 0))
        : [];
    return [...this.#lastBefore(at, (other) => other.op === cause && other.term === event.msgTerm), ...entries];
  }

  #stepBefore(at: number, reply: Event): number[] {
    if (reply.op === 'RequestVoteReply' && reply.granted === true)
      return this.#lastBefore(at, (other) => other.op === 'Vote' && other.for === reply.dst);
    if (reply.op === 'InstallSnapshotReply' && reply.success === true)
      return this.#lastBefore(at, (other) => other.op === 'SnapshotInstalled' && other.index === reply.lastIncludedIndex);
    if (reply.op !== 'AppendEntriesReply') return [];
    const found = this.#lastBefore(
      at,
      (other) => other.op === 'Append' || other.op === 'Truncate' || (other.dir === 'recv' && other.id === reply.re),
    );
    return found.filter((position) => this.#events[position]?.dir === undefined);
  }

  /** The pieces that came since the snapshot before, of whichever snapshot they are. */
  #chunksOf(at: number): number[] {
    const chunks: number[] = [];
    for (let step = this.#before[at] ?? -1; step >= 0 && chunks.length < CHUNKS_MAX; step = this.#before[step] ?? -1) {
      const event = this.#events[step];
      if (event?.op === 'SnapshotInstalled') break;
      if (event?.dir === 'recv' && event.op === 'InstallSnapshot') chunks.push(step);
    }
    return chunks;
  }

  #votesOf(at: number, leader: Event): number[] {
    const votes: number[] = [];
    for (let step = this.#before[at] ?? -1; step >= 0; step = this.#before[step] ?? -1) {
      const event = this.#events[step];
      if (event === undefined || event.op === 'BecomeCandidate') {
        if (event?.term === leader.term) votes.push(step);
        break;
      }
      if (event.dir === 'recv' && event.op === 'RequestVoteReply' && event.granted === true && event.msgTerm === leader.term)
        votes.push(step);
    }
    return votes;
  }

  #crashBefore(at: number, boot: Event): number[] {
    for (let step = at - 1; step >= 0; step -= 1) {
      const event = this.#events[step];
      if (event?.op === 'Crash' && event.target === boot.node) return [step];
    }
    return [];
  }

  #lastBefore(at: number, matches: (event: Event) => boolean): number[] {
    for (let step = this.#before[at] ?? -1; step >= 0; step = this.#before[step] ?? -1) {
      const event = this.#events[step];
      if (event !== undefined && matches(event)) return [step];
    }
    return [];
  }
}

/** Enough to see where they came from. */
const CHUNKS_MAX = 6;

function isInput(event: Event): boolean {
  return event.dir === 'recv' || event.op === 'Timeout';
}
