/** What may be under way to one peer. */
export interface FlowLimits {
  readonly maxInflightMessages: number;
  readonly maxInflightBytes: number;
}

/** Whether another message with entries may follow those that are not acknowledged yet (thesis 10.2.1, pipelining). */
export function mayFollow(messages: number, bytes: number, limits: FlowLimits): boolean {
  return messages < limits.maxInflightMessages && bytes < limits.maxInflightBytes;
}

/** Whether proposals of `bytes` may be added to those that wait to be committed. What waits alone is always taken. */
export function mayPropose(uncommittedBytes: number, bytes: number, maxUncommittedBytes: number): boolean {
  return uncommittedBytes === 0 || uncommittedBytes + bytes <= maxUncommittedBytes;
}
