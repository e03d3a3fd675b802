import { textOf } from '@raftlens/events';
import type { RaftConfig } from '@raftlens/raft';
import type { RaftCore } from '@raftlens/raft/core';
import type { RaceDetector } from '@raftlens/raft/race';
import type { Draws } from '../engine/tape-deck.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import { SimulatorError } from '../protocol/failure.ts';
import type { Feature, StructureFactory, StructureName } from '../protocol/structure.ts';
import { lockedFactory } from './locked-server.ts';
import { stateMachineFactory } from './state-machine-server.ts';

/** What structure B does not have. */
const NEEDS_STATE_MACHINE: readonly Feature[] = ['membership', 'transfer', 'reads', 'pre-vote'];
export const LOCKED_CONFIG: Partial<RaftConfig> = { preVote: false, checkQuorum: false, leaseReads: false, forwardProposals: false };

/** How to look for races. */
export interface RaceOptions {
  readonly time: VirtualTime;
  /** The schedule of the tasks is drawn from these. */
  readonly draws: Draws;
  /** Stacks cost much: a seed that is known to have a race is run again with them. */
  readonly stacks: boolean;
}

/** Makes the servers of a run. @throws SimulatorError when the structure cannot do what the scenario or the caller wants. */
export function structureFactory(
  core: RaftCore,
  structure: StructureName,
  scenario: { readonly name: string; readonly needs?: readonly Feature[] },
  races: RaceOptions | null,
): StructureFactory {
  if (structure === 'state-machine') {
    if (races === null) return stateMachineFactory(core);
    throw new SimulatorError('NO_RACES', 'the state machine has one task and can have no races: use --structure locked');
  }
  const lacking = scenario.needs?.filter((feature) => NEEDS_STATE_MACHINE.includes(feature)) ?? [];
  if (lacking.length > 0) {
    throw new SimulatorError(
      'NO_SUCH_FEATURE',
      `scenario ${scenario.name} needs ${lacking.join(', ')}, which structure locked does not have`,
    );
  }
  return lockedFactory(core, races === null ? null : raceDetector(core, races));
}

const RANDOM_STEPS = 1 << 20;

/** One detector for all servers of the run, which fails with the first race. */
function raceDetector(core: RaftCore, { time, draws, stacks }: RaceOptions): RaceDetector {
  return new core.RaceDetector({
    random: () => draws.below(RANDOM_STEPS) / RANDOM_STEPS,
    sleep: (ms) => sleepIn(time, ms),
    stacks,
    onRace: (report) => time.fail({ kind: 'race', rule: report.kind, message: core.textOfRace(report, textOf) }),
  });
}

function sleepIn(time: VirtualTime, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      resolve();
      time.wake();
    };
    time.at(time.nowUs + ms * 1000, { fire: wake });
  });
}
