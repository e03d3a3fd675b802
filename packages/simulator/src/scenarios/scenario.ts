import type { RaftConfig } from '@raftlens/raft';
import type { Choices } from '../cluster/choices.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { World } from '../cluster/world.ts';
import type { NetworkModel } from '../protocol/network-model.ts';
import type { Service } from '../protocol/service.ts';
import type { Setup } from '../protocol/setup.ts';
import type { Feature } from '../protocol/structure.ts';

export type { Setup } from '../protocol/setup.ts';

/** A test of a cluster: how it is set up, and the script that is played with it. */
export interface Scenario {
  readonly name: string;
  /** The name that its draws are seeded by, where that is another one: the same seeds then give the same runs as under that name. */
  readonly seededAs?: string;
  /** One line: what happens. */
  readonly summary: string;
  readonly servers: number;
  /** How many of the servers vote from the start; all, unless given. The others join by a membership change. */
  readonly voters?: number;
  readonly network?: NetworkModel;
  /** How many messages the servers may send, which the checker then judges: see `readBudget` of @raftlens/checker. */
  readonly budget?: string;
  /** On top of the labs' configuration. */
  readonly config?: Partial<RaftConfig>;
  /** The service takes a snapshot at each multiple of this index; 0 or absent is never. */
  readonly snapshotEvery?: number;
  /** The service above Raft; the labs' list of commands unless given. */
  readonly service?: (world: World) => Service;
  /** Draws a setup for this run; it replaces parts of the fixed one. A plan keeps what was drawn. */
  readonly vary?: (random: Choices) => Setup;
  /** Called before the script, or before the actions of a plan that takes its place; gives the judgement to be made after either. */
  readonly prepare?: (cluster: Cluster) => () => Promise<void>;
  readonly needs?: readonly Feature[];
  /** The script must end within this much virtual time; 10 minutes unless given. */
  readonly limitMs?: number;
  /** A check that fails throws, most simply by `cluster.fail`. */
  readonly run: (cluster: Cluster) => Promise<void>;
}

/** Gives its argument back. It tells an editor the type of a scenario in a file of its own. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}

/** The labs wait this long for an election. */
export const ELECTION_MS = 1000;
