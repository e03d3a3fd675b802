/** Times above this many ms are those of a wall clock (since the epoch); a simulated run does not last three years. */
const EPOCH_LEAST_MS = 1e11;

/** A time as it stands in the time column: ms with three decimals, or the time of day in UTC for a wall clock. */
export function clockText(timeMs: number): string {
  if (!Number.isFinite(timeMs)) return '?';
  if (timeMs < EPOCH_LEAST_MS || timeMs > 8.64e15) return timeMs.toFixed(3);
  return new Date(timeMs).toISOString().slice(11, 23);
}

/** A span of time for eyes: "+12.345 ms", "+3.2 s". */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return '?';
  const size = Math.abs(ms);
  if (size < 1000) return `${ms.toFixed(3)} ms`;
  if (size < 120_000) return `${(ms / 1000).toFixed(3)} s`;
  return `${(ms / 60_000).toFixed(1)} min`;
}

/** A count with its thousands apart: "1,204,331". */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 line", "2 lines". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
