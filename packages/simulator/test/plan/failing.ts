import type { ServerOptions } from '@raftlens/raft';
import * as core from '@raftlens/raft/core';
import { defineScenario, type Scenario } from '../../src/index.ts';

/** A scenario that asks for the impossible: an agreement of three while one server is cut off. */
export const stubborn: Scenario = defineScenario({
  name: 'stubborn',
  summary: 'asks for the agreement of a server that is cut off',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('before', 3);
    const leader = await cluster.checkOneLeader();
    cluster.disconnect((leader + 1) % 3);
    await cluster.one('without it', 2);
    await cluster.one('with it', 3);
  },
});

/** A core whose leaders commit entries that no other server has: it misleads the service from the first command on. */
export const hastyCore: core.RaftCore = {
  ...core,
  StateMachine: class extends core.StateMachine {
    constructor(options: ServerOptions, nowMs: number) {
      // Each server believes that it is alone, and so is always a majority.
      super({ ...options, configuration: { voters: [options.id], outgoing: [], learners: [], learnersNext: [] } }, nowMs);
    }
  },
};
