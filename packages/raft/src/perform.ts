import type { Snapshot } from './durable-state.ts';
import type { PersistEffect } from './effect.ts';
import type { LogEntry } from './entry.ts';
import type { Message } from './message.ts';
import type { Notice } from './notice.ts';
import type { StateMachine } from './state-machine/state-machine.ts';

/** What a host does that writes, sends and applies at once, without waiting for anything. */
export interface SynchronousHost {
  /** The write survives a crash when this returns. */
  persist(effect: PersistEffect): void;
  /** The message is handed to the network. It may not call back into the same machine. */
  send(message: Message): void;
  apply(entries: readonly LogEntry[]): void;
  restore(snapshot: Snapshot): void;
  /** The read may be served now, the service having applied `index`; -1: it was refused, try again. */
  read(ctx: string, index: number): void;
  /** Something that whoever runs the cluster has to know; log it loudly. */
  notice?(notice: Notice): void;
}

/**
 * Performs all effects of a machine in their order, until it wants nothing more (lecture 10: persist, then send, then apply). Returns
 * whether there was anything to do.
 */
export function perform(machine: StateMachine, host: SynchronousHost, nowMs: number): boolean {
  let worked = false;
  for (let effects = machine.takeEffects(); effects.length > 0; effects = machine.takeEffects()) {
    worked = true;
    for (const effect of effects) {
      switch (effect.kind) {
        case 'persist':
          host.persist(effect);
          machine.persisted(effect.id, nowMs);
          break;
        case 'send':
          machine.sending(effect);
          host.send(effect.message);
          break;
        case 'apply':
          host.apply(effect.entries);
          machine.applied(effect.entries.at(-1)?.index ?? 0, nowMs);
          break;
        case 'restore':
          host.restore(effect.snapshot);
          machine.applied(effect.snapshot.index, nowMs);
          break;
        case 'read':
          host.read(effect.ctx, effect.index);
          break;
        case 'notice':
          host.notice?.(effect.notice);
          break;
      }
    }
  }
  return worked;
}
