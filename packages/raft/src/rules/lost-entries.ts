/**
 * Whether a refusal proves that the peer has lost entries which it had acknowledged as durable: it lacks the entry at `prevLogIndex`, which
 * is one of those, and refuses a request that was sent after the acknowledgement had arrived. An older request proves nothing: it may
 * have overtaken the entries. `re` is the id of the request, `sentAtMatch` that of the newest one sent when matchIndex rose last.
 */
export function provesLoss(re: number, prevLogIndex: number, match: number, sentAtMatch: number): boolean {
  return prevLogIndex > 0 && prevLogIndex <= match && re > sentAtMatch;
}
