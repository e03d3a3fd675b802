import type { RunResult, TestCase } from '../run.ts';
import { addFailure, type FailureExample, type FailureGroup } from './failure-groups.ts';
import { countSetting, type LevelCount } from './shake-counts.ts';
import { addResult, EMPTY_TALLY, ended, judged, mergeTallies, type RunTally } from './tally.ts';

export interface TestResults {
  readonly name: string;
  readonly tally: RunTally;
  /** It has failed as often as was asked for, and was not run any more while others were. */
  readonly over?: true | undefined;
}

/** What a session has found so far: a tally for each test and the failures in groups. Pure: it only counts. */
export class SessionResults {
  readonly #tests: { name: string; tally: RunTally; over?: true | undefined }[];
  #uncheckedWhy: string | null = null;
  #shake: readonly LevelCount[] | null;
  #groups: readonly FailureGroup[];

  constructor(
    tests: readonly TestCase[],
    resumed: {
      readonly tests: readonly TestResults[];
      readonly failures: readonly FailureGroup[];
      readonly shake: readonly LevelCount[] | null;
    } | null = null,
  ) {
    this.#tests = tests.map(({ name }) => {
      const before = resumed?.tests.find((test) => test.name === name);
      return { name, tally: before?.tally ?? EMPTY_TALLY, ...(before?.over === undefined ? {} : { over: before.over }) };
    });
    this.#groups = resumed?.failures ?? [];
    this.#shake = resumed?.shake ?? null;
  }

  add(result: RunResult): void {
    const test = this.#tests[result.run.test];
    if (test !== undefined) test.tally = addResult(test.tally, result);
    const { kind } = result.verdict;
    if (result.setting !== undefined && (kind === 'passed' || kind === 'failed'))
      this.#shake = countSetting(this.#shake ?? [], result.setting, kind === 'failed');
    if (result.check?.done === false) this.#uncheckedWhy ??= result.check.why;
  }

  /** How often a test has failed. */
  failedOf(test: number): number {
    return this.#tests[test]?.tally.failed ?? 0;
  }

  /** A test is not run any more. */
  end(test: number): void {
    const ended = this.#tests[test];
    if (ended !== undefined) ended.over = true;
  }

  addFailure(test: string, signature: string, example: FailureExample): void {
    this.#groups = addFailure(this.#groups, test, signature, example);
  }

  /** Why the log of a run could not be checked, of the first one; null where all could. */
  get uncheckedWhy(): string | null {
    return this.#uncheckedWhy;
  }

  /** By each value of what runs were shaken by; null where none was. */
  get shake(): readonly LevelCount[] | null {
    return this.#shake;
  }

  get tests(): readonly TestResults[] {
    return this.#tests;
  }

  get failures(): readonly FailureGroup[] {
    return this.#groups;
  }

  get total(): RunTally {
    return this.#tests.reduce((sum, test) => mergeTallies(sum, test.tally), EMPTY_TALLY);
  }

  get ended(): number {
    return this.#tests.reduce((sum, test) => sum + ended(test.tally), 0);
  }

  get judged(): number {
    return this.#tests.reduce((sum, test) => sum + judged(test.tally), 0);
  }

  get failed(): number {
    return this.#tests.reduce((sum, test) => sum + test.tally.failed, 0);
  }
}
