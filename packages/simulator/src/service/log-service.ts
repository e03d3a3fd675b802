import type { Snapshot } from '@raftlens/raft';
import type { AppliedLog } from '../cluster/applied-log.ts';
import type { Service } from '../protocol/service.ts';

/**
 * The service of the labs' Raft tests: its state is the history of commands. It keeps a digest of it in place of the history, which
 * is all that a snapshot needs to be compared by.
 */
export class LogService implements Service {
  readonly #log: AppliedLog;
  readonly #every: number;
  readonly #bytes: number;
  /** What had been applied anywhere when each open read was asked for. */
  readonly #reads = new Map<string, number>();
  /** Reads that were served so far. */
  served = 0;

  /** A snapshot is due at each multiple of `every`; 0 is never. It has at least `bytes` bytes: no two histories have a piece of it in common. */
  constructor(log: AppliedLog, every: number, bytes = 0) {
    this.#log = log;
    this.#every = every;
    this.#bytes = bytes;
  }

  booted(): void {}

  applied(): string | null {
    return null;
  }

  restored(server: number, snapshot: Snapshot): string | null {
    const found = decodeText(snapshot.data);
    const wanted = this.#text(snapshot.index);
    return found === wanted
      ? null
      : `S${server + 1} restored a snapshot up to index ${snapshot.index} with the state "${found}" in place of "${wanted}"`;
  }

  snapshotDue(_server: number, index: number): Uint8Array | null {
    return this.#every > 0 && index % this.#every === 0 ? encodeText(this.#text(index)) : null;
  }

  readStarted(_server: number, ctx: string): void {
    this.#reads.set(ctx, this.#log.last);
  }

  /** A read sees everything that was applied anywhere before it was asked for: its client may have been told of it (8). */
  readReady(server: number, ctx: string, index: number): string | null {
    const known = this.#reads.get(ctx);
    this.#reads.delete(ctx);
    if (index < 0 || known === undefined) return null;
    this.served += 1;
    const seen = this.#log.upTo(server);
    return seen >= known
      ? null
      : `S${server + 1} serves the read ${ctx} at index ${seen}, but index ${known} had been applied before it was asked for`;
  }

  #text(index: number): string {
    const state = `${index} ${(this.#log.digest(index) >>> 0).toString(16).padStart(8, '0')}`;
    return this.#bytes <= state.length ? state : `${state};`.repeat(Math.ceil(this.#bytes / (state.length + 1)));
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

export function decodeText(data: Uint8Array): string {
  return decoder.decode(data);
}
