/**
 * Figure 2, all servers: entries go to the service once they are committed (5.3). Ours wait until they are durable on this server as
 * well, so that no service has seen an entry that its own disk may still lose.
 */
export function applicableIndex(commit: number, durableIndex: number): number {
  return Math.min(commit, durableIndex);
}
