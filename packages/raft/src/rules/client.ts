/**
 * A command that was proposed at an index was done only if the entry that is applied there is of the term in which it was proposed:
 * after a change of leaders another client's entry may stand there (8; thesis 6.3).
 */
export function isOwnEntry(proposedTerm: number, appliedTerm: number): boolean {
  return proposedTerm === appliedTerm;
}

/** A client numbers its commands, so that one that it sends again is known: it is answered with the first result and not done twice (8). */
export function isRetry(lastOpid: number, opid: number): boolean {
  return opid <= lastOpid;
}

/** What the client of a service heard of its command. */
export type ClientOutcome =
  /** A server has applied it. */
  | 'done'
  /** The server does not lead, and never took it. */
  | 'refused'
  /** It was taken, or sent, and lost sight of: it may be done later, or by now. */
  | 'unknown';

/**
 * What a client may say of a command that it gives up, by what it heard from the servers that it tried: that it failed only where all of
 * them refused it, because what one of them has taken may still be committed (8; thesis 6.3).
 */
export function givenUpAs(heard: readonly ClientOutcome[]): 'failed' | 'unknown' {
  return heard.every((outcome) => outcome === 'refused') ? 'failed' : 'unknown';
}
