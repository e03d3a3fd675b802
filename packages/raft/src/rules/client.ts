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
 * What the client does with that. It tries again for as long as it may, and then does not know; it may say that a command failed only if
 * no server ever took it, because what was taken may still be committed (8; thesis 6.3).
 */
export function afterOutcome(outcome: ClientOutcome): 'answer' | 'try-again' | 'say-failed' {
  return outcome === 'done' ? 'answer' : 'try-again';
}
