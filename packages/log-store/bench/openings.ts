import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Opening } from './child.ts';
import { megabytes, rate, row } from './table.ts';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
/** What the memory of a process that has indexed a log may be. */
const BYTES_AN_EVENT = 40;
const BYTES_MORE = 100e6;

/** Each in a process of its own, with all the compilation that a user waits for; with and without a second thread in turn. */
export function openings(path: string, bytes: number, rounds: number): void {
  const alone: Opening[] = [];
  const both: Opening[] = [];
  for (let i = 0; i < rounds; i++) {
    alone.push(opening(path, '0'));
    both.push(opening(path, '1'));
  }
  row('first screen, in a new process: openLog until it resolves', least(alone, 'firstMs'));
  const [oneMs, twoMs] = [least(alone, 'indexMs'), least(both, 'indexMs')];
  const [oneCpuMs, twoCpuMs] = [least(alone, 'cpuMs'), least(both, 'cpuMs')];
  row('whole index, in a new process, one thread', oneMs, `${rate(bytes, oneMs)}; ${Math.round(oneCpuMs)} ms of processor time`);
  row('the same with a second thread', twoMs, `${rate(bytes, twoMs)}; ${Math.round(twoCpuMs)} ms of processor time`);
  const ratio = (oneMs / twoMs).toFixed(2);
  const possible = ((2 * oneCpuMs) / twoCpuMs).toFixed(2);
  row('two threads are faster by', Number.NaN, `${ratio}; by processor time ${possible}, where two processors are free`);
  const { events } = alone[0] ?? { events: 0 };
  const bound = megabytes(BYTES_AN_EVENT * events + BYTES_MORE);
  const peaks = `${megabytes(least(alone, 'peakBytes'))}, with a second thread ${megabytes(least(both, 'peakBytes'))}`;
  row('memory of such a process at its highest', Number.NaN, `${peaks}; the bound is ${bound} (40 B an event + 100 MB)`);
}

function opening(path: string, workers: string): Opening {
  const { stdout, stderr, status } = spawnSync(process.execPath, [CHILD, path, workers], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`opening ${path} in a process of its own failed: ${stderr}`);
  // Printed by child.ts a moment ago.
  return JSON.parse(stdout) as Opening;
}

function least(openings: readonly Opening[], key: keyof Opening): number {
  return Math.min(...openings.map((one) => one[key]));
}
