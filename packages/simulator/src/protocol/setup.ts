import type { RaftConfig } from '@raftlens/raft';
import type { NetworkModel } from './network-model.ts';

/** How the cluster of one run is set up, where that differs from what its scenario says of all runs. A plan keeps it. */
export interface Setup {
  /** How many servers there are; at most as many as the scenario has. */
  readonly servers?: number;
  /** How many of the servers vote from the start. */
  readonly voters?: number;
  readonly config?: Partial<RaftConfig>;
  readonly snapshotEvery?: number;
  /** How large the service's snapshots are, about; 0 is as small as they can be. */
  readonly snapshotBytes?: number;
  readonly network?: NetworkModel;
}
