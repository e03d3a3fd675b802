/** Figure 2, all servers: a request or reply with a higher term makes the receiver adopt it and convert to follower (5.1). */
export function raisesTerm(messageTerm: number, currentTerm: number): boolean {
  return messageTerm > currentTerm;
}

/** Figure 2, receiver rule 1 of AppendEntries and RequestVote: what comes from an older term is refused, and its replies are ignored (5.1). */
export function isStale(messageTerm: number, currentTerm: number): boolean {
  return messageTerm < currentTerm;
}
