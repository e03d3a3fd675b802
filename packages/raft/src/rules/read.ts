/**
 * A leader may answer a read only once it has committed an entry of its own term: before, it cannot know which older entries are
 * committed (8; thesis 6.4, step 1).
 */
export function knowsCommitted(commitTerm: number, term: number): boolean {
  return commitTerm === term;
}

/** A confirmed read waits until the service has applied its index (8; thesis 6.4, step 4). */
export function mayServe(applied: number, readIndex: number): boolean {
  return applied >= readIndex;
}

/**
 * Until when a lease holds that a quorum confirmed by answering a message sent at `confirmedMs`: none of them votes for anybody else
 * before its minimum election timeout has passed since then, on its own clock, which may run faster by `clockDriftMax` (thesis 6.4.1).
 */
export function leaseEndMs(confirmedMs: number, electionTimeoutMinMs: number, clockDriftMax: number): number {
  return confirmedMs + electionTimeoutMinMs / (1 + clockDriftMax);
}
