import type { RaftCore } from '@raftlens/raft/core';
import { decodeText, encodeText } from './log-service.ts';

/** An operation on the store, as its command in the log says it. */
export interface KvCommand {
  readonly client: string;
  /** Rises with each operation of the client. A retry has the number of the first attempt (8). */
  readonly opid: number;
  readonly f: KvFunction;
  readonly key: string;
  readonly value: string;
}

export type KvFunction = 'get' | 'put' | 'append';

/** What a get gives for a key that was never written. */
export const NOTHING = '';

export function encodeKv({ client, opid, f, key, value }: KvCommand): string {
  return `${client} ${opid} ${f} ${key} ${value}`;
}

/**
 * Null for a command that is none of the store's. Keys and client names hold no blanks; values may. Every server decodes every command, so
 * that no array is made for it.
 */
export function decodeKv(text: string): KvCommand | null {
  const opidAt = text.indexOf(' ') + 1;
  const functionAt = text.indexOf(' ', opidAt) + 1;
  const keyAt = text.indexOf(' ', functionAt) + 1;
  if (opidAt === 0 || functionAt === 0 || keyAt === 0) return null;
  const f = text.slice(functionAt, keyAt - 1);
  if (f !== 'get' && f !== 'put' && f !== 'append') return null;
  const keyEnd = text.indexOf(' ', keyAt);
  const end = keyEnd < 0 ? text.length : keyEnd;
  const client = text.slice(0, opidAt - 1);
  return { client, opid: Number(text.slice(opidAt, functionAt - 1)), f, key: text.slice(keyAt, end), value: text.slice(end + 1) };
}

/** The store of one server: keys and values, and for each client its last operation with its result. */
export class KvState {
  #values = new Map<string, string>();
  #sessions = new Map<string, { readonly opid: number; readonly result: string }>();
  readonly #core: Pick<RaftCore, 'isRetry'>;

  constructor(core: Pick<RaftCore, 'isRetry'>) {
    this.#core = core;
  }

  get(key: string): string {
    return this.#values.get(key) ?? NOTHING;
  }

  /** Applies a command once: a retry of a client's last operation gives the old result and changes nothing. */
  apply(command: KvCommand): string {
    const session = this.#sessions.get(command.client);
    if (session !== undefined && this.#core.isRetry(session.opid, command.opid)) return session.result;
    const result = this.#change(command);
    this.#sessions.set(command.client, { opid: command.opid, result });
    return result;
  }

  #change({ f, key, value }: KvCommand): string {
    switch (f) {
      case 'get':
        return this.get(key);
      case 'put':
        this.#values.set(key, value);
        return value;
      case 'append': {
        const whole = this.get(key) + value;
        this.#values.set(key, whole);
        return whole;
      }
    }
  }

  /** Sorted: equal states give equal bytes, in whatever order the clients came. */
  snapshot(): Uint8Array {
    const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    const sessions = sorted(this.#sessions).map(([client, { opid, result }]) => [client, opid, result]);
    return encodeText(JSON.stringify([sorted(this.#values), sessions]));
  }

  /** Takes the state over from a snapshot that `snapshot` made. */
  restore(data: Uint8Array): void {
    const [values, sessions] = parse(decodeText(data));
    this.#values = new Map(values);
    this.#sessions = new Map(sessions.map(([client, opid, result]) => [client, { opid, result }]));
  }
}

type StoredState = readonly [readonly (readonly [string, string])[], readonly (readonly [string, number, string])[]];

/** What is no snapshot of this store gives the empty one; the digest of the history would then differ. */
function parse(text: string): StoredState {
  const parsed: unknown = JSON.parse(text);
  return isSnapshot(parsed) ? parsed : [[], []];
}

function isSnapshot(value: unknown): value is StoredState {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Array.isArray(part));
}
