import { type Configuration, membersOf, type ServerId } from '../configuration.ts';
import { Progress, type ProgressStart } from '../progress.ts';
import { majorityIndex } from '../quorum.ts';

/** The leader's view of the configuration in force: the progress of each member, and the halves that have to agree. */
export class Members {
  readonly #byId = new Map<ServerId, Progress>();
  /** Everybody but the leader itself whom it sends to: the other members, and those who are leaving. */
  peers: readonly Progress[] = [];
  /** Those who are no members any more and have not been told so yet: see `farewell.ts`. They count for nothing. */
  leaving: readonly Progress[] = [];
  #others: readonly Progress[] = [];
  /** The leader's own progress, absent where it replicates a configuration without itself (6). */
  self: Progress | undefined;
  #voters: readonly Progress[] = [];
  #outgoing: readonly Progress[] = [];

  get(id: ServerId): Progress | undefined {
    return this.#byId.get(id);
  }

  /** Forgets all progress: a new leader knows nothing of its peers (figure 2: nextIndex starts after its last entry, matchIndex at 0). */
  clear(): void {
    this.#byId.clear();
    this.peers = [];
    this.leaving = [];
    this.#others = [];
    this.self = undefined;
    this.#voters = [];
    this.#outgoing = [];
  }

  /**
   * Another configuration is in force: those who left are still told of it, the others keep their progress. With a newcomer
   * a replication session begins, though a server of that name may have been a member before, or is leaving.
   */
  configure(configuration: Configuration, self: ServerId, start: ProgressStart): void {
    const ids = membersOf(configuration);
    const left = [...this.#byId.values()].filter(({ id }) => id !== self && !ids.includes(id));
    for (const peer of left) {
      this.#byId.delete(peer.id);
      peer.leave(start);
    }
    for (const id of ids) {
      if (!this.#byId.has(id)) this.#byId.set(id, new Progress(id, start));
    }
    this.self = this.#byId.get(self);
    this.#others = this.#select(ids.filter((id) => id !== self));
    this.#voters = this.#select(configuration.voters);
    this.#outgoing = this.#select(configuration.outgoing);
    this.#keepLeaving([...this.leaving, ...left].filter(({ id }) => !this.#byId.has(id)));
  }

  /** A new leader tells those whom the configuration at the end of its log has left out that they are no members any more. */
  tellFormer(former: readonly ServerId[], self: ServerId, start: ProgressStart, configurationIndex: number): void {
    const left = former.filter((id) => id !== self && !this.#byId.has(id)).map((id) => new Progress(id, start));
    for (const peer of left) peer.leave({ ...start, next: configurationIndex });
    this.#keepLeaving(left);
  }

  /** Forgets those who are leaving and for whom there is nothing more to do. */
  forgetLeaving(isDone: (peer: Progress) => boolean): void {
    if (this.leaving.some(isDone)) this.#keepLeaving(this.leaving.filter((peer) => !isDone(peer)));
  }

  #keepLeaving(leaving: readonly Progress[]): void {
    this.leaving = leaving;
    this.peers = leaving.length === 0 ? this.#others : [...this.#others, ...leaving];
  }

  /** The highest index that is durable on a majority of the voters, in a joint configuration on a majority of each half (6). */
  quorumIndex(): number {
    const index = majorityIndex(this.#voters);
    return this.#outgoing.length === 0 ? index : Math.min(index, majorityIndex(this.#outgoing));
  }

  #select(ids: readonly ServerId[]): readonly Progress[] {
    return ids.map((id) => this.#byId.get(id)).filter((progress) => progress !== undefined);
  }
}
