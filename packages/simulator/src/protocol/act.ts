import type { MessageKind } from '@raftlens/raft/messages';
import type { Damage, PersistPoint } from './disk-fault.ts';
import { SimulatorError } from './failure.ts';
import type { Fate } from './message-fate.ts';
import type { NetworkModel } from './network-model.ts';

/** What may be done to a cluster from outside: the faults, and the load. Servers are named "S1" to "Sn". */
export type Act =
  // Load.
  | { readonly do: 'propose'; readonly server: string; readonly command: string }
  | { readonly do: 'client'; readonly client: string; readonly f: string; readonly key: string; readonly value: string | null }
  | { readonly do: 'read'; readonly server: string; readonly ctx: string }
  | { readonly do: 'transfer'; readonly server: string; readonly target: string }
  | { readonly do: 'change'; readonly server: string; readonly voters: readonly string[]; readonly learners: readonly string[] }
  // What a host tells its server without being asked: an election now, that the leader is gone, that a peer cannot be reached.
  | { readonly do: 'campaign' | 'forget-leader'; readonly server: string }
  | { readonly do: 'unreachable'; readonly server: string; readonly target: string }
  // Processes.
  | { readonly do: 'crash' | 'restart' | 'pause' | 'resume' | 'wipe' | Damage; readonly server: string }
  | {
      readonly do: 'crash-at-persist';
      readonly server: string;
      readonly nth: number;
      readonly when: PersistPoint['when'];
      readonly kind: PersistPoint['kind'];
    }
  | { readonly do: 'apply-delay' | 'slow'; readonly server: string; readonly us: number }
  | { readonly do: 'clock'; readonly server: string; readonly driftPpm: number; readonly stepMs: number }
  | { readonly do: 'disk'; readonly server: string; readonly mode: 'sync' | 'async'; readonly latencyMaxUs: number; readonly torn: boolean }
  // Network.
  | { readonly do: 'isolate' | 'rejoin'; readonly server: string }
  | { readonly do: 'cut' | 'join' | 'clog' | 'unclog'; readonly from: string; readonly to: string }
  /** What becomes of one message: the `nth` of that kind that the link takes from now on; 1 is the next. `us` is by how much it is late, or comes again later. */
  | {
      readonly do: 'message';
      readonly from: string;
      readonly to: string;
      readonly kind: MessageKind | 'any';
      readonly nth: number;
      readonly fate: Fate;
      readonly us: number;
    }
  | { readonly do: 'partition'; readonly groups: readonly (readonly string[])[] }
  | { readonly do: 'heal' }
  | { readonly do: 'network'; readonly model: NetworkModel }
  /** The end of the safety phase: all faults cease, every server is up and every link carries. */
  | { readonly do: 'calm' };

/** An act at a moment of virtual time, in whole microseconds since the start. */
export type Action = Act & { readonly atUs: number };

/**
 * Refuses times, chances and counts that no network, disk or clock can have. Scripts may give them; a plan is checked when it is read.
 *
 * @throws SimulatorError BAD_NUMBER, which names the act and the member
 */
export function checkNumbers(what: Act['do'], members: object): void {
  for (const [name, value] of Object.entries(members)) {
    if (typeof value !== 'number' || (Number.isFinite(value) && (value >= 0 || name === 'driftPpm'))) continue;
    throw new SimulatorError('BAD_NUMBER', `${what}: ${name} is ${value}, but must be a number from 0 on`);
  }
}
