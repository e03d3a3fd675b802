import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type LinearPattern, linearPattern } from '@raftlens/patterns';
import type { RunVerdict } from '../run.ts';
import { cachedResultIn } from './cached-results.ts';
import { endsOf, inspectOutput } from './inspect-output.ts';
import type { LaunchPlan } from './launch-plan.ts';
import type { Ending } from './launched-run.ts';
import type { RunOutput } from './run-output.ts';

export interface Judgement {
  readonly verdict: RunVerdict;
  readonly cases: number | null;
}

/** Makes verdicts of endings. One for a plan, so that its patterns are compiled once. */
export class EndingJudge {
  readonly #plan: LaunchPlan;
  readonly #failure: readonly LinearPattern[];
  readonly #ignore: readonly LinearPattern[];
  readonly #counter: LinearPattern | null;

  constructor(plan: LaunchPlan) {
    this.#plan = plan;
    this.#failure = plan.failurePatterns.map((source) => linearPattern(source));
    this.#ignore = plan.ignorePatterns.map((source) => linearPattern(source));
    this.#counter = plan.caseCounter === null ? null : linearPattern(plan.caseCounter.pattern);
  }

  /** Reads the output only where something has to be looked for in it. */
  async judge(ending: Ending, output: RunOutput): Promise<Judgement> {
    if (ending.endedBy === 'stop') return { verdict: { kind: 'stopped' }, cases: null };
    const verdict = this.#noTests(ending) ? NO_TESTS : verdictOf(ending, this.#plan);
    const looksForPatterns = this.#failure.length > 0 || (this.#ignore.length > 0 && verdict.kind === 'failed');
    if (!looksForPatterns && this.#counter === null) return { verdict: this.#checked(verdict, ending, output), cases: null };

    const { matches, cases: counted } = await inspectOutput(output.file, [...this.#failure, ...this.#ignore], this.#counter);
    const cases = counted ?? (this.#plan.caseCounter?.absent === 'none' ? 0 : null);
    const failure = this.#failure.find((_, at) => matches[at]);
    const ignore = this.#ignore.find((_, at) => matches[this.#failure.length + at]);
    return { verdict: this.#checked(this.#weigh(verdict, failure, ignore, cases), ending, output), cases };
  }

  #weigh(verdict: RunVerdict, failure: LinearPattern | undefined, ignore: LinearPattern | undefined, cases: number | null): RunVerdict {
    const weighed = verdict.kind === 'passed' ? this.#weighPass(verdict, failure, cases) : verdict;
    return weighed.kind === 'failed' && ignore !== undefined ? { kind: 'ignored', pattern: ignore.source } : weighed;
  }

  /** An exit code of 0 is not enough where the output says failure, or that nothing was tested. */
  #weighPass(verdict: RunVerdict, failure: LinearPattern | undefined, cases: number | null): RunVerdict {
    if (failure !== undefined) return { kind: 'failed', reason: { type: 'pattern', pattern: failure.source } };
    return cases === 0 ? NO_TESTS : verdict;
  }

  /** A pass that comes out of a cache is none, and on a full disk a test fails for want of space, which is not its fault. */
  #checked(verdict: RunVerdict, { outputBytes, leftProcesses }: Ending, output: RunOutput): RunVerdict {
    if (verdict.kind === 'failed') return checkDisk(verdict, output);
    // What counts its test cases runs them.
    if (verdict.kind !== 'passed' || this.#counter !== null || (outputBytes === 0 && !leftProcesses)) return verdict;
    const cached = cachedResultIn(endsOf(output.file, LOOKED_AT_BYTES));
    return cached === null ? verdict : { kind: 'cached', ...cached };
  }

  #noTests({ code, endedBy }: Ending): boolean {
    const said = this.#plan.caseCounter?.exitCodeOfNone ?? null;
    return endedBy === null && said !== null && code === said;
  }
}

/** Of each end of an output, for the words of a runner about the whole. */
const LOOKED_AT_BYTES = 32 * 1024;

const NO_TESTS: RunVerdict = { kind: 'failed', reason: { type: 'noTests' } };

function verdictOf(ending: Ending, plan: LaunchPlan): RunVerdict {
  if (ending.endedBy === 'timeout') return { kind: 'failed', reason: { type: 'timeout', limitMs: plan.timeoutMs ?? ending.durationMs } };
  if (ending.endedBy === 'outputLimit') return { kind: 'failed', reason: { type: 'outputLimit', limitBytes: plan.outputMaxBytes } };
  if (ending.signal !== null) return { kind: 'failed', reason: { type: 'signal', signal: ending.signal } };
  return ending.code === 0 ? { kind: 'passed' } : { kind: 'failed', reason: { type: 'exit', code: ending.code ?? -1 } };
}

/** Less than one block of a log is left for us. */
const FULL_BYTES = 16 * 1024;

function checkDisk(verdict: RunVerdict, { path }: RunOutput): RunVerdict {
  // Of the session's folder: the run's own may be gone, for a test may do with it what it likes.
  const folder = dirname(dirname(path));
  return !diskIsFull(folder) ? verdict : { kind: 'lost', code: 'ENOSPC', message: `the disk of ${folder} is full` };
}

function diskIsFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < FULL_BYTES;
  } catch {
    return false; // A folder that is not there says nothing about its disk.
  }
}
