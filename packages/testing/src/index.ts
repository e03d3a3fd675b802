/**
 * A guard around uvu. A test file declares suites and tests, and they run by themselves once the file was evaluated. No hook or odd
 * exception can hide a failure, no test can hang, and the process reports its results in one closing line.
 */
export * as assert from 'uvu/assert';
export { type Expected, rejects, throws } from './assertions.ts';
export { fixture, golden } from './golden.ts';
export { NOT_INSTALLED, unlessRuns } from './not-installed.ts';
export type { FileResults } from './results.ts';
export { RESULTS_PREFIX } from './results.ts';
export type { Body, Hook, Suite, TestOptions } from './suite.ts';
export { temporaryFolder } from './temporary-folder.ts';

import { declared } from './run.ts';
import { createSuite, type Suite } from './suite.ts';

/** A group of tests under a name. */
export function suite(name: string): Suite {
  return createSuite(name, declared);
}

/** Tests without a group. */
export const test: Suite = suite('');
