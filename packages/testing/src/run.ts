import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import './defer-uvu.ts';
import { exec, suite as uvuSuite } from 'uvu';
import { joinErrors, type PrintableError, printableError } from './failure.ts';
import { emptyResults, hasPassed, RESULTS_PREFIX } from './results.ts';
import type { Body, DeclaredSuite, DeclaredTest } from './suite.ts';
import { DEFAULT_TIMEOUT_MS, withTimeLimit } from './time-limit.ts';

const { setTimeout } = globalThis;

/** How long a file may stay alive after its last test before that counts as a failure. */
const LINGER_MAX_MS = 2_000;

const results = emptyResults();
const suites: DeclaredSuite[] = [];
const filter = process.env['TEST_GREP'] ?? '';
let state: 'idle' | 'declaring' | 'running' = 'idle';

/** Registers a suite. The first one schedules the run: there is no `.run()` that could be forgotten. */
export function declared(suite: DeclaredSuite, what: string): void {
  if (state === 'running') throw new Error(`${what} was declared after the tests had begun, so that it would never run`);
  if (!suites.includes(suite)) suites.push(suite);
  if (state === 'idle') start();
}

function start(): void {
  state = 'declaring';
  process.on('uncaughtException', (thrown) => fail('outside of any test', printableError(thrown, 'something')));
  process.on('exit', close);
  // The test file is the module that is being evaluated. Importing it again waits for its end, top-level awaits included.
  const file = realpathSync(process.argv[1] ?? '');
  import(pathToFileURL(file).href).then(runAll).catch((thrown: unknown) => fail('the run itself', printableError(thrown, 'the test file')));
}

async function runAll(): Promise<void> {
  state = 'running';
  for (const suite of suites) register(suite);
  await exec();
  results.finished = true;
  setTimeout(complainOfLiveHandles, LINGER_MAX_MS).unref();
}

/** Runs only when something keeps the process alive. The timer itself does not. */
function complainOfLiveHandles(): void {
  const alive = process.getActiveResourcesInfo().join(', ');
  fail('after the last test', new Error(`the process is kept alive by: ${alive}. Close servers, timers and children in the test`));
  process.exit(1);
}

function register(declaredSuite: DeclaredSuite): void {
  const run = uvuSuite(declaredSuite.name);
  const prepared = once(() => runAllOf(declaredSuite.before, `"before" of ${declaredSuite.name}`));
  let running = 0;
  for (const test of declaredSuite.tests) {
    const name = [declaredSuite.name, test.name].filter((part) => part !== '').join(': ');
    if (!name.includes(filter)) continue;
    if (test.skip !== false) {
      results.skipped.push({ name, reason: test.skip });
      run.skip(test.name);
      continue;
    }
    running += 1;
    results.total += 1;
    run(test.name, () => runOne(declaredSuite, test, name, prepared));
  }
  if (running > 0) run.after(() => runAfter(declaredSuite));
  run.run();
}

async function runOne(suite: DeclaredSuite, test: DeclaredTest, name: string, prepared: () => Promise<void>): Promise<void> {
  const errors: PrintableError[] = [];
  try {
    await prepared();
    await runAllOf(suite.beforeEach, '"before.each"');
    await withTimeLimit(test.body, test.timeoutMs, 'the test');
  } catch (thrown) {
    errors.push(printableError(thrown, 'the test'));
  }
  errors.push(...(await errorsOf(suite.afterEach, '"after.each"')));
  if (errors.length > 0) {
    results.failed.push(name);
    throw joinErrors(errors);
  }
  results.passed += 1;
}

/** uvu cannot report a failure of an "after" hook, so it becomes a failure of the file. */
async function runAfter(suite: DeclaredSuite): Promise<void> {
  const what = `"after" of ${suite.name}`;
  for (const error of await errorsOf(suite.after, what)) fail(what, error);
}

async function runAllOf(bodies: readonly Body[], what: string): Promise<void> {
  for (const body of bodies) await withTimeLimit(body, DEFAULT_TIMEOUT_MS, what);
}

/** Every hook runs, even when an earlier one has failed. */
async function errorsOf(bodies: readonly Body[], what: string): Promise<PrintableError[]> {
  const errors: PrintableError[] = [];
  for (const body of bodies) {
    try {
      await withTimeLimit(body, DEFAULT_TIMEOUT_MS, what);
    } catch (thrown) {
      const error = printableError(thrown, what);
      error.message = `in ${what}: ${error.message}`;
      errors.push(error);
    }
  }
  return errors;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

function fail(where: string, error: Error): void {
  results.failed.push(where);
  console.error(`\n  FAIL ${where}: ${error.message}\n${error.stack ?? ''}`);
}

function close(): void {
  if (!results.finished) console.error('\n  FAIL the process ended before all tests had run');
  if (!hasPassed(results, filter !== '')) process.exitCode = 1;
  process.stdout.write(`\n${RESULTS_PREFIX}${JSON.stringify(results)}\n`);
}
