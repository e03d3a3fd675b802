import type { Configuration } from '../configuration.ts';
import { decodeConfiguration } from '../configuration-codec.ts';
import type { LogEntry } from '../entry.ts';

interface Step {
  readonly index: number;
  readonly configuration: Configuration;
}

/**
 * The configurations of the log, each in force from the moment its entry is appended, committed or not (6). Truncating the log rolls
 * back to the one before, and a snapshot takes the one that was in force at its index.
 */
export class ConfigurationHistory {
  #steps: Step[];

  constructor(index: number, configuration: Configuration) {
    this.#steps = [{ index, configuration }];
  }

  get current(): Configuration {
    return this.#last.configuration;
  }

  /** The index of the entry that brought the current configuration. */
  get index(): number {
    return this.#last.index;
  }

  /** Takes note of a new entry; returns whether it changed the configuration. */
  appended(entry: LogEntry): boolean {
    if (entry.kind !== 'config') {
      return false;
    }
    this.#steps.push({ index: entry.index, configuration: decodeConfiguration(entry.command) });
    return true;
  }

  /** The entry at `index` and all after it are gone; returns whether that changed the configuration. */
  truncatedFrom(index: number): boolean {
    const before = this.#steps.length;
    this.#steps = this.#steps.filter((step, position) => position === 0 || step.index < index);
    return this.#steps.length !== before;
  }

  /** The configuration that was in force at `index`. */
  at(index: number): Configuration {
    return this.#steps.findLast((step, position) => position === 0 || step.index <= index)?.configuration ?? this.current;
  }

  /** Entries up to `index` are gone into a snapshot. */
  compactedTo(index: number): void {
    const base: Step = { index, configuration: this.at(index) };
    const later = this.#steps.filter((step) => step.index > index);
    const inForce = this.#steps.findLast((step) => step.index <= index) ?? base;
    this.#steps = [inForce, ...later];
  }

  /** The log was replaced by a snapshot. */
  reset(index: number, configuration: Configuration): void {
    this.#steps = [{ index, configuration }];
  }

  get #last(): Step {
    const last = this.#steps.at(-1);
    if (last === undefined) {
      throw new RangeError('a server always has a configuration');
    }
    return last;
  }
}
