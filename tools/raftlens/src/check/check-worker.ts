/** The thread that checks the log while the screen is used. It is told of the rows as they are indexed, and tells what it finds. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { SharedLog, type SharedRows } from '@raftlens/log-store';
import { FoundSoFar } from './found-so-far.ts';

/** Between two slices the thread hears what is new, and tells what it has. */
const SLICE_ROWS = 20_000;

const port = parentPort;
if (port === null) throw new Error('check-worker.ts runs as a worker thread only');

const log = new SharedLog();
const found = new FoundSoFar();
let running = false;

port.on('message', (part: SharedRows) => {
  log.add(part);
  if (!running) void run();
});

async function run(): Promise<void> {
  running = true;
  try {
    while (found.next < log.size) {
      checkSlice(Math.min(log.size, found.next + SLICE_ROWS));
      await nextTurn();
    }
    if (log.isDone) port?.postMessage(found.findings(true));
  } catch (error) {
    port?.postMessage({ ...found.findings(false), failed: error instanceof Error ? error.message : String(error) });
  }
  running = false;
}

function checkSlice(end: number): void {
  while (found.next < end) {
    const before = found.violations;
    found.observe(log);
    // The first one is where the screen opens.
    if (before === 0 && found.violations > 0) port?.postMessage(found.findings(false));
  }
  port?.postMessage(found.findings(false));
}
