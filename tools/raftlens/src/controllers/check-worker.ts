/**
 * The thread that checks the log while the screen is used. It reads the files by itself, so that nothing but what it finds
 * goes between the threads. Rows have the same numbers here as there.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Checker } from '@raftlens/checker';
import { type LogStore, openLog } from '@raftlens/log-store';
import type { Findings } from '../model/document.ts';
import { findingOf } from './check-job.ts';

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
  store ??= await openLog(pathsOf(workerData), { follow: true, workers: 0 });
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

function pathsOf(data: unknown): readonly string[] {
  if (!Array.isArray(data) || !data.every((path) => typeof path === 'string')) throw new TypeError('the worker was given no paths');
  return data;
}
