import { type Configuration, isVoter, type ServerId } from '../configuration.ts';
import { decodeConfiguration } from '../configuration-codec.ts';
import type { LogEntry } from '../entry.ts';

interface ConfigurationStep {
  readonly index: number;
  readonly configuration: Configuration;
}

/**
 * The configurations of the log, each in force from the moment its entry is appended, committed or not (6). Truncating the log rolls
 * back to the one before, and a snapshot takes the one that was in force at its index.
 */
export class ConfigurationHistory {
  readonly #self: ServerId;
  #earlier: readonly ConfigurationStep[] = [];
  #last: ConfigurationStep;
  /** Whether this server has a vote in the configuration in force; asked at every step, so worked out once. */
  selfVotes: boolean;

  constructor(self: ServerId, index: number, configuration: Configuration) {
    this.#self = self;
    this.#last = { index, configuration };
    this.selfVotes = isVoter(configuration, self);
  }

  get current(): Configuration {
    return this.#last.configuration;
  }

  /** The index of the entry that brought the current configuration. */
  get index(): number {
    return this.#last.index;
  }

  /**
   * Whether this server may be needed as a candidate: it votes, or the configuration that takes its vote away is not known to be committed.
   * Until then it may be the only one who holds that entry, so that nobody else can win (thesis 4.2.2).
   */
  mayStand(commit: number): boolean {
    return this.selfVotes || (this.index > commit && isVoter(this.before, this.#self));
  }

  /** The configuration before the current one, or the current one where no other is known. */
  get before(): Configuration {
    return this.#stepBefore(this.index).configuration;
  }

  /** Takes note of a new entry; returns whether it changed the configuration. */
  appended({ kind, index, command }: LogEntry): boolean {
    if (kind !== 'config') return false;
    this.#become([...this.#earlier, this.#last], { index, configuration: decodeConfiguration(command) });
    return true;
  }

  /** The entry at `index` and all after it are gone; returns whether that changed the configuration. */
  truncatedFrom(index: number): boolean {
    if (this.#last.index < index) return false;
    this.#become(
      this.#earlier.filter((step) => step.index < this.#stepBefore(index).index),
      this.#stepBefore(index),
    );
    return true;
  }

  /** The configuration that was in force at `index`. */
  at(index: number): Configuration {
    return this.#stepBefore(index + 1).configuration;
  }

  /** Entries up to `index` are gone into a snapshot: what was in force before the configuration at `index` is not needed any more. */
  compactedTo(index: number): void {
    const first = this.#stepBefore(index + 1);
    this.#earlier = this.#earlier.filter((step) => step.index >= first.index);
  }

  /** The log was replaced by a snapshot. */
  reset(index: number, configuration: Configuration): void {
    this.#become([], { index, configuration });
  }

  /** The newest step below `index`; the oldest that is known where none is. */
  #stepBefore(index: number): ConfigurationStep {
    if (this.#last.index < index) return this.#last;
    return this.#earlier.findLast((step) => step.index < index) ?? this.#earlier[0] ?? this.#last;
  }

  #become(earlier: readonly ConfigurationStep[], last: ConfigurationStep): void {
    this.#earlier = earlier;
    this.#last = last;
    this.selfVotes = isVoter(last.configuration, this.#self);
  }
}
