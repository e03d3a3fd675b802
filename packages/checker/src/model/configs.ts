import type { Event } from '@raftlens/events';
import type { EntryRecord } from './entry-record.ts';
import type { ConfigModel, ServerModel } from './server-model.ts';

/** Configurations that are remembered; older ones are in every snapshot. */
const CONFIGS_MAX = 64;

/** The configurations that the log tells of, so that one who installs a snapshot is known to go by what the snapshot holds. */
export class Configs {
  readonly #known: { readonly config: ConfigModel; readonly record: EntryRecord | null }[] = [];
  /** The configuration that a Boot or ConfigChange line tells; null where it tells none. */
  told(event: Event): ConfigModel | null {
    const { voters } = event;
    if (voters === undefined || voters.length === 0) return null;
    // Both halves decide, and the line tells one of them.
    if (event.phase === 'joint' && event.outgoing === undefined) return null;
    return {
      voters,
      outgoing: event.outgoing ?? [],
      isPhaseTold: event.phase !== undefined || event.outgoing !== undefined,
      learners: event.learners ?? [],
      index: event.op === 'Boot' ? 0 : (event.index ?? 0),
      seq: event.seq,
    };
  }

  remember(server: ServerModel, config: ConfigModel): void {
    this.#known.push({ config, record: server.log.at(config.index) });
    if (this.#known.length > CONFIGS_MAX) this.#known.splice(1, 1);
  }

  /** The one with the highest index, committed or not; null where none is told. */
  get newest(): ConfigModel | null {
    return this.#known.reduce<ConfigModel | null>(
      (found, { config }) => (found !== null && config.index < found.index ? found : config),
      null,
    );
  }

  /** The latest committed configuration up to `index`; null where none is known. */
  at(index: number): ConfigModel | null {
    let found: ConfigModel | null = null;
    for (const { config, record } of this.#known) {
      if (config.index > index || (found !== null && config.index < found.index)) continue;
      // The record itself says that it was committed: the table forgets entries that every server has compacted.
      if (config.index === 0 || record === null || record.committedSeq > 0) found = config;
    }
    return found;
  }

  /** The same, but null unless the entry of that configuration is told, and that it was committed. */
  certainAt(index: number): ConfigModel | null {
    const found = this.at(index);
    if (found === null || found.index === 0) return found;
    const told = this.#known.some(({ config, record }) => config === found && record !== null);
    return told && this.#known.length < CONFIGS_MAX ? found : null;
  }
}
