import type { LogEntry } from '@raftlens/raft';
import { assert } from '../protocol/assert.ts';

/**
 * What all servers together have applied. State Machine Safety (figure 3; 5.4.3): if a server has applied an entry at an index, no
 * other server will ever apply a different one there. Each server applies in order, without gaps, from the start of each incarnation.
 */
export class AppliedLog {
  /** The entry that the first server applied at each index; index 0 is empty. */
  readonly #entries: (LogEntry | undefined)[] = [undefined];
  /** A digest of everything up to each index, for snapshots of services that are nothing but their history. */
  readonly #digests: number[] = [0];
  readonly #upTo: number[];

  constructor(servers: number) {
    this.#upTo = new Array<number>(servers).fill(0);
  }

  /** The last index that anybody has applied. */
  get last(): number {
    return this.#entries.length - 1;
  }

  upTo(server: number): number {
    return this.#upTo[server] ?? 0;
  }

  entry(index: number): LogEntry | undefined {
    return this.#entries[index];
  }

  digest(index: number): number {
    return this.#digests[index] ?? 0;
  }

  /** How many servers have applied the entry at the index, in their present incarnation. */
  count(index: number): number {
    let count = 0;
    for (const upTo of this.#upTo) if (upTo >= index) count += 1;
    return count;
  }

  booted(server: number): void {
    assert(server < this.#upTo.length, 'the server is of the cluster');
    this.#upTo[server] = 0;
  }

  /** Takes an applied entry in; gives what is wrong with it, or null. */
  applied(server: number, entry: LogEntry): string | null {
    const expected = this.upTo(server) + 1;
    const name = `S${server + 1}`;
    if (entry.index !== expected)
      return `${name} applied index ${entry.index} where ${expected} was the next: entries are applied in order, without gaps`;
    this.#upTo[server] = entry.index;
    const known = this.#entries[entry.index];
    assert(this.#digests.length === this.#entries.length, 'every applied entry has a digest');
    if (known === undefined) {
      assert(entry.index === this.#entries.length, 'nobody is the first to apply an index before the one below it');
      this.#entries[entry.index] = entry;
      this.#digests[entry.index] = fold(this.digest(entry.index - 1), entry);
      return null;
    }
    if (known === entry || same(known, entry)) return null;
    return `${name} applied ${describe(entry)} at index ${entry.index}, where another server had applied ${describe(known)}`;
  }

  /** A server's state was replaced by a snapshot up to the index; gives what is wrong, or null. */
  restored(server: number, index: number): string | null {
    if (index > this.last) return `S${server + 1} restored a snapshot up to index ${index}, which nobody has applied`;
    this.#upTo[server] = index;
    return null;
  }
}

function same(a: LogEntry, b: LogEntry): boolean {
  if (a.term !== b.term || a.kind !== b.kind) return false;
  return typeof a.command === 'string' ? a.command === b.command : a.hash === b.hash;
}

function describe(entry: LogEntry): string {
  const command = typeof entry.command === 'string' ? JSON.stringify(entry.command.slice(0, 40)) : entry.hash;
  return `${entry.kind} ${command} of term ${entry.term}`;
}

function fold(digest: number, entry: LogEntry): number {
  const command = entry.command;
  let hash = Math.imul(digest ^ entry.index, 0x5bd1e995) ^ command.length;
  const length = Math.min(command.length, 16);
  for (let at = 0; at < length; at += 1) {
    hash = Math.imul(hash, 0x01000193) ^ (typeof command === 'string' ? command.charCodeAt(at) : (command[at] ?? 0));
  }
  return hash | 0;
}
