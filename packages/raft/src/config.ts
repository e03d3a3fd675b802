import type { RaftConfig } from './options.ts';

/** Figure 2 alone, as the labs test it: at most ten heartbeats a second, elections well within five seconds, no entry of Raft's own. */
export const labConfig: RaftConfig = {
  electionTimeoutMinMs: 300,
  electionTimeoutMaxMs: 600,
  heartbeatIntervalMs: 100,
  noopOnElection: false,
  preVote: false,
  checkQuorum: false,
  leaseReads: false,
  clockDriftMax: 0.1,
  forwardProposals: false,
  maxEntriesBytesPerMessage: 1 << 20,
  maxInflightMessages: 256,
  maxInflightBytes: 16 << 20,
  maxUncommittedBytes: 64 << 20,
  snapshotChunkBytes: 64 << 10,
  trailingEntriesMax: 0,
  allowLogReversion: false,
  hintsBothWays: false,
  tellCommits: false,
  maxApplyBytes: Number.POSITIVE_INFINITY,
};

/** What a service should run: everything that keeps a cluster calm is on; leases are off, because they trust the clocks. */
export const defaultConfig: RaftConfig = {
  ...labConfig,
  electionTimeoutMinMs: 1000,
  electionTimeoutMaxMs: 2000,
  noopOnElection: true,
  preVote: true,
  checkQuorum: true,
  forwardProposals: true,
  hintsBothWays: true,
  snapshotChunkBytes: 1 << 20,
  trailingEntriesMax: 2000,
};
