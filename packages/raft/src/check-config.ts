import type { RaftConfig } from './options.ts';

/** The rules of thumb, by name. Lecture 10, "Picking timer values"; 5.6 and 9.3. */
export type ConfigRule =
  | 'sane-values'
  | 'lease-needs-quorum-check'
  | 'broadcast-time'
  | 'heartbeats-in-a-timeout'
  | 'random-part'
  | 'election-in-time'
  | 'heartbeat-budget';

export interface ConfigProblem {
  readonly rule: ConfigRule;
  /** What is wrong, with the numbers, and what to do. */
  readonly message: string;
}

/** What the timers have to live with. */
export interface NetworkAssumptions {
  readonly servers: number;
  /** A slow request and its reply, not the mean ones, with the time that the disk takes. */
  readonly roundTripMs: number;
  /** The share of messages that are lost, from 0 to below 1. */
  readonly lossRate: number;
  /** How long the service can be without a leader. */
  readonly electionLimitMs: number;
  /** How many heartbeats a peer may get in a second. */
  readonly heartbeatsPerSMax: number;
}

/** The labs' unreliable network, and the tester's patience: requests take up to 26 ms, a tenth of all messages is lost. */
export const labNetwork: NetworkAssumptions = { servers: 5, roundTripMs: 26, lossRate: 0.1, electionLimitMs: 5000, heartbeatsPerSMax: 10 };

/** A configuration that cannot work, or works badly on the network that it is meant for. */
export class ConfigError extends Error {
  readonly code = 'BAD_CONFIG';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ rule, message }) => `${rule}: ${message}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Refuses a configuration that cannot work, by itself or on the network where one is given. @throws ConfigError with all that is wrong. */
export function checkConfig(config: RaftConfig, network?: NetworkAssumptions): void {
  const problems = findConfigProblems(config, network);
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The same as a list, for tools that show it. The rules of thumb are only asked once the values make sense. */
export function findConfigProblems(config: RaftConfig, network?: NetworkAssumptions): readonly ConfigProblem[] {
  const problems = [...checkValues(config), ...checkLeases(config)];
  if (network === undefined || problems.length > 0) return problems;
  return [
    ...checkBroadcastTime(config, network),
    ...checkHeartbeats(config, network),
    ...checkRandomPart(config, network),
    ...checkElectionTime(config, network),
    ...checkHeartbeatBudget(config, network),
  ];
}

function checkValues(config: RaftConfig): readonly ConfigProblem[] {
  const least: readonly (readonly [keyof RaftConfig, number])[] = [
    ['electionTimeoutMinMs', 1],
    ['electionTimeoutMaxMs', config.electionTimeoutMinMs],
    ['heartbeatIntervalMs', 1],
    ['clockDriftMax', 0],
    ['maxEntriesBytesPerMessage', 1],
    ['maxInflightMessages', 1],
    ['maxInflightBytes', 1],
    ['maxUncommittedBytes', 1],
    ['maxApplyBytes', 1],
    ['snapshotChunkBytes', 1],
    ['trailingEntriesMax', 0],
  ];
  return least
    .filter(([name, minimum]) => !(Number(config[name]) >= minimum))
    .map(([name, minimum]) => ({ rule: 'sane-values', message: `${name} is ${String(config[name])}: make it at least ${minimum}` }));
}

function checkLeases({ leaseReads, checkQuorum }: RaftConfig): readonly ConfigProblem[] {
  if (!leaseReads || checkQuorum) return [];
  const message = 'leaseReads trusts that followers ignore candidates while they hear from a leader: turn checkQuorum on (thesis 6.4.1)';
  return [{ rule: 'lease-needs-quorum-check', message }];
}

/** 5.6: the broadcast time should be an order of magnitude less than the election timeout. */
const BROADCASTS_PER_TIMEOUT = 10;

function checkBroadcastTime({ electionTimeoutMinMs }: RaftConfig, { roundTripMs }: NetworkAssumptions): readonly ConfigProblem[] {
  const least = BROADCASTS_PER_TIMEOUT * roundTripMs;
  if (electionTimeoutMinMs >= least) return [];
  const message =
    `the shortest election timeout, ${electionTimeoutMinMs} ms, is less than ${BROADCASTS_PER_TIMEOUT} round trips of ${roundTripMs} ms: ` +
    `make electionTimeoutMinMs at least ${least} (5.6)`;
  return [{ rule: 'broadcast-time', message }];
}

/** How often a follower may take a live leader for dead, by losing every heartbeat of one timeout. */
const NEEDLESS_ELECTIONS_MAX = 0.02;
const HEARTBEATS_MIN = 2;

/** Lecture 10: at least a few heartbeat intervals, in case the network drops a heartbeat. */
function checkHeartbeats(config: RaftConfig, { roundTripMs, lossRate }: NetworkAssumptions): readonly ConfigProblem[] {
  const { electionTimeoutMinMs, heartbeatIntervalMs } = config;
  const fitting = Math.floor((electionTimeoutMinMs - roundTripMs) / heartbeatIntervalMs);
  const byLoss = lossRate > 0 ? Math.ceil(Math.log(NEEDLESS_ELECTIONS_MAX) / Math.log(lossRate)) : 0;
  const needed = Math.max(HEARTBEATS_MIN, byLoss);
  if (fitting >= needed) return [];
  const message =
    `${Math.max(0, fitting)} heartbeats fit into the shortest election timeout of ${electionTimeoutMinMs} ms, and ${needed} have to, ` +
    `since ${(lossRate * 100).toFixed(0)} % of messages are lost: make electionTimeoutMinMs at least ` +
    `${Math.ceil(needed * heartbeatIntervalMs + roundTripMs)} or heartbeatIntervalMs shorter`;
  return [{ rule: 'heartbeats-in-a-timeout', message }];
}

/** A candidate should win alone at least this often. */
const LONE_CANDIDATES_MIN = 0.5;

/**
 * The chance that nobody else stands within a round trip of the first: of n evenly drawn timeouts, the gap between the two smallest
 * exceeds a share x of the range with probability (1 - x) to the n.
 */
export function loneCandidateChance(
  { electionTimeoutMinMs, electionTimeoutMaxMs }: RaftConfig,
  { servers, roundTripMs }: NetworkAssumptions,
): number {
  const rangeMs = electionTimeoutMaxMs - electionTimeoutMinMs;
  return rangeMs <= roundTripMs ? 0 : (1 - roundTripMs / rangeMs) ** Math.max(1, servers - 1);
}

/** Lecture 10: the random part is long enough to let one candidate succeed before the next starts. */
function checkRandomPart(config: RaftConfig, network: NetworkAssumptions): readonly ConfigProblem[] {
  const chance = loneCandidateChance(config, network);
  if (chance >= LONE_CANDIDATES_MIN) return [];
  const { servers, roundTripMs } = network;
  const rangeMs = config.electionTimeoutMaxMs - config.electionTimeoutMinMs;
  const least = Math.ceil(roundTripMs / (1 - LONE_CANDIDATES_MIN ** (1 / Math.max(1, servers - 1))));
  const message =
    `with ${rangeMs} ms of randomness one of ${servers} servers wins before the next stands in ${(chance * 100).toFixed(0)} % of elections: ` +
    `make electionTimeoutMaxMs at least ${config.electionTimeoutMinMs + least} (9.3)`;
  return [{ rule: 'random-part', message }];
}

/** Elections may take longer than the limit this often. */
const LATE_ELECTIONS_MAX = 0.001;

/**
 * How long an election takes at most, but for one in a thousand: each attempt starts with the shortest of the timeouts drawn, and fails
 * when candidates split the votes or when too many votes are lost.
 */
export function electionTimeBoundMs(config: RaftConfig, network: NetworkAssumptions): number {
  const { electionTimeoutMinMs, electionTimeoutMaxMs } = config;
  const { servers, roundTripMs, lossRate } = network;
  const attemptMs = electionTimeoutMinMs + (electionTimeoutMaxMs - electionTimeoutMinMs) / servers + roundTripMs;
  const success = loneCandidateChance(config, network) * quorumChance(servers, (1 - lossRate) ** 2);
  const attempts = success >= 1 ? 1 : Math.ceil(Math.log(LATE_ELECTIONS_MAX) / Math.log(1 - success));
  return success <= 0 ? Number.POSITIVE_INFINITY : Math.max(1, attempts) * attemptMs;
}

/** The chance that a majority's votes come in, when each peer's does with chance `p` (binomial). */
function quorumChance(servers: number, p: number): number {
  const peers = servers - 1;
  const needed = Math.floor(servers / 2);
  let chance = 0;
  let ways = 1;
  for (let votes = 0; votes <= peers; votes++) {
    if (votes >= needed) chance += ways * p ** votes * (1 - p) ** (peers - votes);
    ways = (ways * (peers - votes)) / (votes + 1);
  }
  return Math.min(1, chance);
}

/** Lecture 10: short enough to allow a few re-tries before the tester gets upset. */
function checkElectionTime(config: RaftConfig, network: NetworkAssumptions): readonly ConfigProblem[] {
  const boundMs = electionTimeBoundMs(config, network);
  if (boundMs <= network.electionLimitMs) return [];
  const message =
    `one election in a thousand takes longer than ${boundMs === Number.POSITIVE_INFINITY ? 'any time' : `${Math.round(boundMs)} ms`}, and the limit is ` +
    `${network.electionLimitMs} ms: shorten electionTimeoutMinMs, or widen the random part so that fewer elections fail`;
  return [{ rule: 'election-in-time', message }];
}

function checkHeartbeatBudget({ heartbeatIntervalMs }: RaftConfig, { heartbeatsPerSMax }: NetworkAssumptions): readonly ConfigProblem[] {
  const perS = 1000 / heartbeatIntervalMs;
  if (perS <= heartbeatsPerSMax) return [];
  const message = `${perS.toFixed(1)} heartbeats a second, and ${heartbeatsPerSMax} are allowed: make heartbeatIntervalMs at least ${Math.ceil(1000 / heartbeatsPerSMax)}`;
  return [{ rule: 'heartbeat-budget', message }];
}
