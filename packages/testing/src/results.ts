/** What a test file reports in its last line, for `scripts/test.mjs`. */
export interface FileResults {
  /** False until every declared test has had its turn; a process that ends earlier has failed. */
  finished: boolean;
  total: number;
  passed: number;
  readonly failed: string[];
  readonly skipped: { readonly name: string; readonly reason: string }[];
}

/** The closing line starts with this word. */
export const RESULTS_PREFIX = 'TEST-RESULTS ';

export function emptyResults(): FileResults {
  return { finished: false, total: 0, passed: 0, failed: [], skipped: [] };
}

/** A file passes when it ran to its end, at least one test ran, and all that ran passed. With a filter, no test need match. */
export function hasPassed(results: FileResults, filtered: boolean): boolean {
  const ranSomething = results.total > 0 || results.skipped.length > 0 || filtered;
  return results.finished && ranSomething && results.failed.length === 0 && results.passed === results.total;
}
