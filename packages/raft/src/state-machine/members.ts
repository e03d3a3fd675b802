import { type Configuration, membersOf, type ServerId } from '../configuration.ts';
import { Progress, type ProgressStart } from '../progress.ts';
import { majorityIndex } from '../quorum.ts';

/** The leader's view of the configuration in force: the progress of each member, and the halves that have to agree. */
export class Members {
  readonly #byId = new Map<ServerId, Progress>();
  /** Everybody but the leader itself. */
  peers: readonly Progress[] = [];
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
    this.self = undefined;
    this.#voters = [];
    this.#outgoing = [];
  }

  /**
   * Another configuration is in force: those who left are forgotten, the others keep their progress. With a newcomer a replication session
   * begins, though a server of that name may have been a member before.
   */
  configure(configuration: Configuration, self: ServerId, start: ProgressStart): void {
    const ids = membersOf(configuration);
    for (const id of this.#byId.keys()) {
      if (!ids.includes(id)) {
        this.#byId.delete(id);
      }
    }
    for (const id of ids) {
      if (!this.#byId.has(id)) {
        this.#byId.set(id, new Progress(id, start));
      }
    }
    this.self = this.#byId.get(self);
    this.peers = this.#select(ids.filter((id) => id !== self));
    this.#voters = this.#select(configuration.voters);
    this.#outgoing = this.#select(configuration.outgoing);
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
