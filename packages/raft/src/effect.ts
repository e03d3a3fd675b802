import type { ServerId } from './configuration.ts';
import type { Snapshot } from './durable-state.ts';
import type { LogEntry } from './entry.ts';
import type { Message } from './message.ts';
import type { Notice } from './notice.ts';

/**
 * An output event of the state machine (lecture 10). The host performs them in the order given: persist, then send, then
 * apply. A persist may be performed asynchronously; the messages that wait for it name it, and the machine throws when one
 * of them is sent too early.
 */
export type Effect = PersistEffect | SendEffect | ApplyEffect | RestoreEffect | ReadEffect | NoticeEffect;

/** Write this, atomically and in the order of ids, and call `persisted(id)` once it would survive a crash. */
export interface PersistEffect {
  readonly kind: 'persist';
  /** 1, 2, 3 ... in each incarnation. */
  readonly id: number;
  /** Term and vote, when either changed. */
  readonly hardState: { readonly term: number; readonly vote: ServerId | null } | null;
  /** Delete the entry at this index and all after it before writing `entries`; 0 for none. */
  readonly truncateFrom: number;
  readonly entries: readonly LogEntry[];
  /** Replace the log up to the snapshot's index by it. Entries after it stay only where `keepLog` says so. */
  readonly snapshot: Snapshot | null;
  /** With a snapshot: entries after its index stay (an own snapshot), or the whole log goes (one installed from the leader). */
  readonly keepLog: boolean;
}

export interface SendEffect {
  readonly kind: 'send';
  readonly message: Message;
  /** The persist that must be durable before the message leaves; 0 for none. */
  readonly after: number;
}

/** Hand these committed entries to the service, in order, then call `applied(index of the last)`. */
export interface ApplyEffect {
  readonly kind: 'apply';
  readonly entries: readonly LogEntry[];
}

/** Replace the service's state by the snapshot, then call `applied(snapshot.index)`. */
export interface RestoreEffect {
  readonly kind: 'restore';
  readonly snapshot: Snapshot;
}

/** The read named `ctx` may be served now: `index` is applied. It is -1 when the read was refused and has to be tried again. */
export interface ReadEffect {
  readonly kind: 'read';
  readonly ctx: string;
  readonly index: number;
}

/** Tell whoever runs the cluster, loudly: see `Notice`. */
export interface NoticeEffect {
  readonly kind: 'notice';
  readonly notice: Notice;
}
