import type { Snapshot } from '../durable-state.ts';
import type { PersistEffect } from '../effect.ts';
import type { LogEntry } from '../entry.ts';
import type { Message } from '../message.ts';
import type { Notice } from '../notice.ts';

/** What the structure of many tasks needs from its host. It has no clock, no timer and no I/O of its own. */
export interface TaskHost {
  /** The server's monotonic clock, in ms. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Sends the request and resolves with its reply, or with null when none will come: the labs' `Call`. It may take seconds. */
  rpc(request: Message): Promise<Message | null>;
  /** Resolves once the write would survive a crash. A write that fails rejects, and the server stops: it must not go on without its disk. */
  persist(effect: PersistEffect): Promise<void>;
  /** Hands committed entries to the service, in order; resolves when the service wants more. Called by one task alone. */
  apply(entries: readonly LogEntry[]): Promise<void>;
  /** Replaces the service's state by the snapshot; resolves when the service wants more. */
  restore(snapshot: Snapshot): Promise<void>;
  /** The server has stopped because of this: a failed write, a defect, or a service that threw. */
  failed(error: unknown): void;
  /** Something that whoever runs the cluster has to know; log it loudly. */
  notice?(notice: Notice): void;
}
