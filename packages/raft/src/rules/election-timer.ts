/** A new election timeout, drawn evenly from [minMs, maxMs), so that servers seldom stand at once (5.2). `random` is in [0, 1). */
export function electionTimeoutMs(minMs: number, maxMs: number, random: number): number {
  return minMs + random * (maxMs - minMs);
}
