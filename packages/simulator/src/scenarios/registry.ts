import { assert } from '../protocol/assert.ts';
import { SimulatorError } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import * as budgets from './budgets.ts';
import * as churn from './churn.ts';
import * as elections from './elections.ts';
import * as figure8 from './figure-8.ts';
import { hostOptions } from './host-options.ts';
import * as kv from './kv.ts';
import * as log from './log.ts';
import * as membership from './membership.ts';
import * as partitions from './partitions.ts';
import * as persistence from './persistence.ts';
import * as reads from './reads.ts';
import { rsmScenarios } from './rsm.ts';
import type { Scenario } from './scenario.ts';
import * as snapshots from './snapshots.ts';
import * as storage from './storage.ts';
import { swarm } from './swarm.ts';
import { swarmUniform } from './swarm-uniform.ts';
import * as transfer from './transfer.ts';

/** The labs' Raft tests, in their order. */
const LABS: readonly Scenario[] = [
  elections.initialElection,
  elections.reElection,
  elections.manyElections,
  log.basicAgreement,
  budgets.rpcBytes,
  log.followerFailure,
  log.leaderFailure,
  log.followerReconnect,
  log.noAgreement,
  budgets.concurrentStarts,
  log.rejoinOfOldLeader,
  log.fastBackup,
  budgets.rpcCounts,
  persistence.persistBasic,
  persistence.persistMore,
  persistence.persistPartition,
  figure8.figure8,
  persistence.unreliableAgreement,
  figure8.figure8Unreliable,
  churn.churn,
  churn.churnUnreliable,
  snapshots.snapshotBasic,
  snapshots.snapshotDisconnect,
  snapshots.snapshotDisconnectUnreliable,
  snapshots.snapshotCrash,
  snapshots.snapshotCrashUnreliable,
  snapshots.snapshotCrashAll,
  snapshots.snapshotInit,
];

/** What the labs leave out. */
const BEYOND: readonly Scenario[] = [
  storage.lostWrites,
  storage.tornWrites,
  partitions.partitions,
  partitions.oneWayPartitions,
  partitions.bridge,
  partitions.partialPartition,
  partitions.swizzle,
  partitions.duplicates,
  partitions.preVoteRejoin,
  transfer.leadershipTransfer,
  transfer.transferFaults,
  membership.membershipChange,
  membership.membershipJoint,
  membership.membershipLearners,
  membership.membershipRemoved,
  membership.diskReplaced,
  membership.membershipFaults,
  reads.reads,
  reads.leaseReads,
  hostOptions,
  ...kv.kvScenarios,
  kv.kvSize,
  ...rsmScenarios,
  kv.kvSwarm,
  swarmUniform,
  swarm,
];

const SCENARIOS: readonly Scenario[] = [...LABS, ...BEYOND];

const byName: ReadonlyMap<string, Scenario> = new Map(SCENARIOS.map((scenario) => [scenario.name, scenario]));

assert(byName.size === SCENARIOS.length, 'every scenario has a name of its own');

/** The names of all scenarios, in the order of the labs. */
export const scenarioNames: readonly string[] = SCENARIOS.map((scenario) => scenario.name);

export function allScenarios(): readonly Scenario[] {
  return SCENARIOS;
}

/** Throws a SimulatorError with code UNKNOWN_SCENARIO when there is none of that name. */
export function scenarioNamed(name: string): Scenario {
  const scenario = byName.get(name);
  if (scenario === undefined) {
    throw new SimulatorError('UNKNOWN_SCENARIO', `there is no scenario "${name}"; there are: ${scenarioNames.join(', ')}`);
  }
  return scenario;
}

/** The scenario of a plan. A plan of `swarm` that keeps no setup is of the time when `swarm` was `swarm-uniform`. */
export function scenarioOfPlan({ scenario, setup }: Pick<Plan, 'scenario' | 'setup'>): Scenario {
  return scenario === swarm.name && setup === undefined ? swarmUniform : scenarioNamed(scenario);
}

/** The names of the labs' Raft tests. */
export const labNames: readonly string[] = LABS.map((scenario) => scenario.name);
