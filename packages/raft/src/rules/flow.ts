/** What may be under way to one peer. */
export interface FlowLimits {
  readonly maxInflightMessages: number;
  readonly maxInflightBytes: number;
}

/** Whether another message with entries may follow those that are not acknowledged yet (thesis 10.2.1, pipelining). */
export function mayFollow(messages: number, bytes: number, window: number, limits: FlowLimits): boolean {
  return messages < Math.min(window, limits.maxInflightMessages) && bytes < limits.maxInflightBytes;
}

/**
 * How many messages may be under way after another was acknowledged, starting from one. A network that reorders makes a follower refuse
 * what overtakes; the window then starts from one again, so that a refusal never makes the leader repeat a flood.
 */
export function widenWindow(window: number, limits: FlowLimits): number {
  return Math.min(2 * window, limits.maxInflightMessages);
}

/**
 * A refusal says something new only when it answers a message that was sent after the leader last changed its mind about the peer, its
 * election included: a follower that is ahead refuses a request of an older term in the term that the same server may lead by now.
 */
export function isFreshRefusal(re: number, sentBefore: number): boolean {
  return re > sentBefore;
}

/** Whether proposals of `bytes` may be added to those that wait to be committed. What waits alone is always taken. */
export function mayPropose(uncommittedBytes: number, bytes: number, maxUncommittedBytes: number): boolean {
  return uncommittedBytes === 0 || uncommittedBytes + bytes <= maxUncommittedBytes;
}
