/** A worker thread: runs seeded tests one after the other, and says what came of each. */
import { getHeapStatistics } from 'node:v8';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { errorCode, errorMessage } from '../errors.ts';
import type { FailureReason } from '../run.ts';
import type { FromWorker, SeededTests, SeedOrder, SeedReport, ToWorker, WorkerSetup } from './protocol.ts';
import type { SeededTest } from './seeded-test.ts';

/** Asking V8 costs about as much as a small test: not after each. */
const HEAP_EVERY_MS = 10;
/** Short runs are told together, but never so late that the next orders come too late. */
const TELL_EVERY_MS = 5;

async function main(port: MessagePort, setup: WorkerSetup): Promise<void> {
  const tests = await load(setup.tests);
  const heap = new HeapWatch();
  let turn = Promise.resolve();
  const work = async (orders: ToWorker): Promise<void> => {
    let reports: SeedReport[] = [];
    let toldMs = performance.now();
    for (const order of orders) {
      Atomics.store(setup.current, 0, order.number);
      const report = await runOnce(tests[order.test], order);
      Atomics.store(setup.current, 0, 0);
      const nowMs = performance.now();
      reports.push({ ...report, heapBytes: heap.bytesInUse(nowMs) });
      if (nowMs - toldMs < TELL_EVERY_MS) continue;
      send(port, { type: 'done', reports });
      reports = [];
      toldMs = nowMs;
    }
    if (reports.length > 0) send(port, { type: 'done', reports });
  };
  port.on('message', (orders: ToWorker) => {
    turn = turn.then(() => work(orders));
  });
  send(port, { type: 'ready' });
}

class HeapWatch {
  #askedMs = performance.now();

  /** Null when it was asked only just now. */
  bytesInUse(nowMs: number): number | null {
    if (nowMs - this.#askedMs <= HEAP_EVERY_MS) return null;
    this.#askedMs = nowMs;
    return getHeapStatistics().used_heap_size;
  }
}

async function runOnce(test: SeededTest | undefined, order: SeedOrder): Promise<SeedReport> {
  const startedMs = performance.now();
  let reason: FailureReason | null;
  let info: SeedReport['info'] = {};
  try {
    if (test === undefined) throw new Error(`there is no test number ${order.test}`);
    if (order.logTo === null) reason = await test.run(order.seed);
    else ({ reason, info } = await test.runLogged(order.seed, order.logTo));
  } catch (error) {
    reason = { type: 'check', kind: error instanceof Error ? error.name : 'thrown', message: errorMessage(error) };
  }
  return { number: order.number, reason, durationMs: performance.now() - startedMs, info, heapBytes: null };
}

/** Only what is needed is loaded: the simulator takes longer than many a module's whole test. */
async function load(tests: SeededTests): Promise<readonly SeededTest[]> {
  if (tests.kind === 'module') {
    const { loadModuleTests } = await import('./module-tests.ts');
    return loadModuleTests(tests.url, tests.exports);
  }
  const { simulatedTest } = await import('./simulated-test.ts');
  return Promise.all(tests.scenarios.map((scenario) => simulatedTest(scenario, tests)));
}

function send(port: MessagePort, message: FromWorker): void {
  port.postMessage(message);
}

if (parentPort !== null) {
  const port = parentPort;
  main(port, workerData as WorkerSetup).catch((error: unknown) => {
    send(port, { type: 'unusable', code: errorCode(error), message: errorMessage(error) });
  });
}
