import type { LogView } from '../log.ts';

/**
 * Figure 2, AppendEntries receiver rule 5: a follower commits what the leader has committed, as far as it has seen that its own log
 * equals the leader's, which is up to the last entry of this message (5.3). It never falls.
 */
export function followerCommit(commit: number, leaderCommit: number, lastNewIndex: number): number {
  return Math.max(commit, Math.min(leaderCommit, lastNewIndex));
}

/**
 * Figure 2, leaders, last rule: an index that a majority holds is committed when its entry is of the leader's own term; entries of
 * older terms are committed with it, never by counting (5.3, 5.4.2, figure 8).
 */
export function leaderCommit(log: LogView, term: number, commit: number, majorityIndex: number): number {
  return majorityIndex > commit && log.termAt(majorityIndex) === term ? majorityIndex : commit;
}
