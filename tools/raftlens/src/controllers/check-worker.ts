/**
 * The thread that checks the log while the screen is used. It reads the files by itself, so that nothing but what it finds
 * goes between the threads. Rows have the same numbers here as there.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Checker } from '@raftlens/checker';
import { type LogStore, openLog } from '@raftlens/log-store';
import type { Findings } from '../model/document.ts';
import { findingOf } from './check-job.ts';
import type { CheckedLog } from './worker-check.ts';

const REPORT_EVERY_ROWS = 20_000;

const port = parentPort;
if (port === null) throw new Error('check-worker.ts runs as a worker thread only');

const checker = new Checker();
let next = 0;
let wanted = 0;
let running = false;
let store: LogStore | null = null;

port.on('message', (size: number) => {
  wanted = Math.max(wanted, size);
  if (!running && next < wanted) run().catch(fail);
});
run().catch(fail);

async function run(): Promise<void> {
  running = true;
  if (!isCheckedLog(workerData)) throw new TypeError('the worker was given no log');
  store ??= await openLog(workerData.paths, { ...workerData.reading, follow: true, workers: 0 });
  // Several files have their order only once all are read: what is checked before would be nonsense.
  if (store.files.length > 1) await store.done;
  for await (const { row, event } of store.rows(next)) {
    next = row + 1;
    if (event !== null) {
      event.seq = next;
      const before = checker.violations.length;
      checker.observe(event);
      if (before === 0 && checker.violations.length > 0) report(null, false);
    }
    if (next % REPORT_EVERY_ROWS === 0) report(null, false);
  }
  running = false;
  report(null, true);
}

function report(failed: string | null, complete: boolean): void {
  const findings: Findings = {
    found: checker.violations.map(findingOf),
    checkedRows: next,
    report: complete ? checker.finish() : null,
    failed,
  };
  port?.postMessage(findings);
}

function fail(error: unknown): void {
  report(error instanceof Error ? error.message : String(error), false);
}

// The data was made by `WorkerCheck` and is cloned, not parsed; that it is there at all is what can go wrong.
function isCheckedLog(data: unknown): data is CheckedLog {
  return typeof data === 'object' && data !== null && 'paths' in data && 'reading' in data;
}
