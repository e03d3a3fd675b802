import { labConfig } from '@raftlens/raft';
import { findConfigProblems, type NetworkAssumptions } from '@raftlens/raft/timers';
import { type Distribution, distributionOf } from './distribution.ts';
import type { TimeoutRange } from './timeout-range.ts';
import { electionMs, type TrialOptions } from './trial.ts';

export interface SweepOptions extends TrialOptions {
  readonly trials: number;
  /** The first trial's seed; the others count on. */
  readonly seed: string;
}

export interface SweptRange {
  readonly range: TimeoutRange;
  readonly distribution: Distribution;
  /** The rules of thumb that the range breaks, by name; empty where it keeps them all. */
  readonly broken: readonly string[];
}

/** Runs the trials of one range, one after the other. The result is a function of the arguments. */
export async function sweep(range: TimeoutRange, options: SweepOptions): Promise<SweptRange> {
  const times: number[] = [];
  for (let trial = 0; trial < options.trials; trial += 1) {
    const ms = await electionMs(range, `${options.seed}-${trial}`, options);
    if (ms !== null) times.push(ms);
  }
  return { range, distribution: distributionOf(times, options.trials - times.length), broken: brokenRules(range, options) };
}

/** What the core's own check of a configuration says of the range on the network of the trials, but for how many heartbeats cost too much. */
export function brokenRules(range: TimeoutRange, options: TrialOptions): string[] {
  const network: NetworkAssumptions = {
    servers: options.servers,
    roundTripMs: options.broadcastMs,
    lossRate: 0,
    electionLimitMs: 5000,
    heartbeatsPerSMax: Number.POSITIVE_INFINITY,
  };
  const config = {
    ...labConfig,
    electionTimeoutMinMs: range.minMs,
    electionTimeoutMaxMs: range.maxMs,
    heartbeatIntervalMs: range.minMs / 2,
  };
  return findConfigProblems(config, network).map((problem) => problem.rule);
}
