/** Opens a log in a process of its own, as a user does, and prints what that took: `child.js FILE WORKERS|auto`. */
import { openLog } from '../src/index.ts';

export interface Opening {
  readonly firstMs: number;
  readonly indexMs: number;
  readonly cpuMs: number;
  readonly events: number;
  /** Resident memory at its highest. */
  readonly peakBytes: number;
}

const [path = '', workers = 'auto'] = process.argv.slice(2);
const startedAt = performance.now();
const log = await openLog(path, workers === 'auto' ? {} : { workers: Number(workers) });
log.event(30);
const firstMs = performance.now() - startedAt;
await log.done;
const { user, system } = process.cpuUsage();
const opening: Opening = {
  firstMs,
  indexMs: performance.now() - startedAt,
  cpuMs: (user + system) / 1000,
  events: log.size,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(opening));
log.close();
