// Whether a configuration's timers can work on a network.
export {
  ConfigError,
  type ConfigProblem,
  type ConfigRule,
  checkConfig,
  electionTimeBoundMs,
  findConfigProblems,
  labNetwork,
  loneCandidateChance,
  type NetworkAssumptions,
} from '../check-config.ts';
export { defaultConfig, labConfig } from '../config.ts';
export type { RaftConfig } from '../options.ts';
