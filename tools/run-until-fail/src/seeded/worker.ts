/** A worker thread: runs seeded tests one after the other, and says what came of each. */
import { getHeapStatistics } from 'node:v8';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { errorCode, errorMessage } from '../errors.ts';
import type { FailureReason } from '../run.ts';
import type { FromWorker, SeededTests, SeedOrder, SeedReport, WorkerSetup } from './protocol.ts';
import type { SeededTest } from './seeded-test.ts';

/** Asking V8 costs about as much as a small test: not after each. */
const HEAP_EVERY_MS = 10;

async function main(port: MessagePort, setup: WorkerSetup): Promise<void> {
  const tests = await load(setup.tests);
  let turn = Promise.resolve();
  let askedMs = performance.now();
  port.on('message', (order: SeedOrder) => {
    turn = turn.then(async () => {
      Atomics.store(setup.current, 0, order.number);
      const report = await runOnce(tests[order.test], order);
      const nowMs = performance.now();
      const heapBytes = nowMs - askedMs > HEAP_EVERY_MS ? getHeapStatistics().used_heap_size : null;
      if (heapBytes !== null) askedMs = nowMs;
      Atomics.store(setup.current, 0, 0);
      send(port, { type: 'done', report: { ...report, heapBytes } });
    });
  });
  send(port, { type: 'ready' });
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
