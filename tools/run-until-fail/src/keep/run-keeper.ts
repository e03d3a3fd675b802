import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunInfo, writeRunFile } from '@raftlens/events';
import { errorCode, errorMessage } from '../errors.ts';
import { OURS_ABOVE, OUTPUT_FILE } from '../execute/launch-plan.ts';
import { removeTree, withAccess } from '../files.ts';
import type { Keeper, KeptRun } from '../kept-run.ts';
import { describeVerdict } from '../report/describe.ts';
import { excerptOf } from '../results/excerpt.ts';
import { GROUPS_MAX } from '../results/failure-groups.ts';
import { signatureOf } from '../results/signature.ts';
import { linesOf } from '../results/telling-line.ts';
import type { FailureReason, Run, RunResult, RunVerdict } from '../run.ts';
import { type ShakeSetting, settingText } from '../shake.ts';
import { shellLine } from '../shell-words.ts';
import { BRIEFLY, explainHang } from '../stacks/explain-hang.ts';
import { causeOfHang } from '../stacks/hang-story.ts';
import type { Dump } from '../stacks/thread.ts';
import { type Bounds, type KeptSize, runsToDrop } from './bounds.ts';
import type { FailureHook } from './failure-hook.ts';
import { dumpsOfHang, endsOfOutput } from './kept-output.ts';
import { type KeptValues, keepValues } from './kept-values.ts';
import { moveRun } from './move-run.ts';

/** A folder with all that a run left, and what else run.json should say of it. */
export interface Completed {
  readonly folder: string;
  readonly info: RunInfo;
}

/** What the kind of test adds to keeping: what goes into run.json, and what is written beside it. */
export interface KeepDetails {
  readonly nameOf: (test: number) => string;
  /** The keys of run.json that every run of the session shares. */
  readonly shared: RunInfo;
  /** Of --env: what `againOf` takes from the environment. */
  readonly values?: KeptValues;
  /** The arguments of run-until-fail that run it again. */
  readonly againOf: (run: Run, setting: ShakeSetting | undefined) => readonly string[];
  /** Before the folder is moved: for a simulated run, makes it and runs the seed once more with its events logged. */
  readonly complete?: (result: RunResult) => Promise<Completed>;
}

const EXCERPT_LINES = 20;
const EXCERPT_LINE_MAX = 400;

/** Completes a run's folder, moves it into the logs folder and holds the bounds. */
export class RunKeeper implements Keeper {
  readonly #logs: string;
  readonly #details: KeepDetails;
  readonly #bounds: Bounds;
  readonly #hook: FailureHook | null;
  #kept: readonly KeptSize[] = [];
  readonly #signatures = new Set<string>();

  constructor(logs: string, details: KeepDetails, bounds: Bounds, hook: FailureHook | null = null) {
    this.#logs = logs;
    this.#details = details;
    this.#bounds = bounds;
    this.#hook = hook;
  }

  hurry(): void {
    this.#hook?.hurry();
  }

  async keep(result: RunResult): Promise<KeptRun> {
    const { run, verdict, durationMs, setting } = result;
    const test = this.#details.nameOf(run.test);
    const againWords = this.#details.againOf(run, setting);
    const common = {
      test,
      run,
      verdict,
      durationMs,
      ...(setting === undefined ? {} : { setting }),
      again: againLine(againWords),
      againWords,
      values: this.#details.values ?? {},
    };
    let told: Pick<KeptRun, 'why' | 'signature' | 'output'> = { why: describeVerdict(verdict), signature: null, output: null };
    try {
      const completed = await this.#details.complete?.(result);
      const from = completed?.folder ?? result.directory;
      told = toldOf(verdict, from);
      if (from === null) return { ...common, ...told, folder: null, problem: result.problem ?? 'it left no folder' };
      if (verdict.kind === 'failed') await this.#hook?.run({ ...told, folder: from, result, test, again: common.again });
      const { folder, problem } = this.#settle(from, { ...this.#infoOf(result, told.signature), ...completed?.info, ranIn: from });
      told = inFolder(told, from, folder);
      keepValues(folder, this.#details.values ?? {});
      await this.#holdBounds(folder, verdict, `${test}\n${told.signature}`);
      return { ...common, ...told, folder, problem };
    } catch (error) {
      return { ...common, ...told, folder: null, problem: errorMessage(error) };
    }
  }

  /** Moves the run to where it stays. What it left is kept also where no run.json can be written: on a full disk, say. */
  #settle(from: string, info: RunInfo): { readonly folder: string; readonly problem: string | null } {
    return withAccess(from, OURS_ABOVE, () => {
      let problem: string | null = null;
      try {
        writeRunFile(from, 'info', info);
      } catch (error) {
        if (errorCode(error) === 'EACCES') throw error;
        problem = errorMessage(error);
      }
      return { folder: moveRun(from, this.#logs), problem };
    });
  }

  #infoOf({ run, verdict, durationMs, cpuMs, cases, leftProcesses, setting }: RunResult, signature: string | null): RunInfo {
    const exit = verdict.kind === 'failed' && verdict.reason.type === 'exit' ? verdict.reason.code : null;
    return {
      ...this.#details.shared,
      test: this.#details.nameOf(run.test),
      seed: run.seed,
      run: run.number,
      outcome: outcomeOf(verdict),
      why: describeVerdict(verdict),
      ...(verdict.kind === 'failed' ? { reason: verdict.reason } : {}),
      ...(signature === null ? {} : { signature }),
      exitCode: verdict.kind === 'passed' ? 0 : exit,
      startedAt: new Date(Date.now() - durationMs).toISOString(),
      durationMs: Math.round(durationMs * 1000) / 1000,
      ...(cpuMs === null ? {} : { cpuMs: Math.round(cpuMs * 1000) / 1000 }),
      ...(cases === null ? {} : { testCases: cases }),
      ...(leftProcesses ? { leftProcesses } : {}),
      ...(setting === undefined ? {} : { shake: settingText(setting) }),
      again: againLine(this.#details.againOf(run, setting)),
      againWords: this.#details.againOf(run, setting),
    };
  }

  async #holdBounds(folder: string, verdict: RunVerdict, signature: string): Promise<void> {
    const passed = verdict.kind !== 'failed';
    // As many as the report has groups: where masking does not work every failure would be the first of its kind.
    const example = !passed && !this.#signatures.has(signature) && this.#signatures.size < GROUPS_MAX;
    if (example) this.#signatures.add(signature);
    const bytes = await sizeOf(folder);
    this.#kept = [...this.#kept, { folder, bytes, passed, example }];
    const dropped = new Set(runsToDrop(this.#kept, this.#bounds));
    for (const old of dropped) removeTree(old.folder);
    this.#kept = this.#kept.filter((run) => !dropped.has(run));
  }
}

function againLine(words: readonly string[]): string {
  return shellLine(['run-until-fail', ...words]);
}

function outcomeOf(verdict: RunVerdict): string {
  if (verdict.kind === 'passed') return 'pass';
  return verdict.kind === 'failed' ? 'fail' : verdict.kind;
}

/** What is told of a run, by how it ended and what it printed. */
function toldOf(verdict: RunVerdict, folder: string | null): Pick<KeptRun, 'why' | 'signature' | 'output'> {
  const output = folder === null ? '' : endsOfOutput(join(folder, OUTPUT_FILE));
  const why = describeVerdict(verdict);
  if (verdict.kind !== 'failed') return { why, signature: null, output: null };
  const hang = folder === null ? [] : dumpsOfHang(folder, join(folder, OUTPUT_FILE), output, verdict.reason.type === 'timeout');
  // The name of its folder is another in each run.
  const withoutFolder = folder === null ? output : output.replaceAll(folder, RUN_FOLDER);
  return {
    why,
    signature: signatureOf(verdict.reason, withoutFolder, causeOfHang(hang)),
    output: excerptFor(verdict.reason, output, hang),
  };
}

const RUN_FOLDER = '$RUN_DIR';

/** The same where the run stays: it may have printed the name of the folder that it ran in, which is gone. */
function inFolder(told: Pick<KeptRun, 'why' | 'signature' | 'output'>, from: string, to: string): typeof told {
  return { ...told, why: told.why.replaceAll(from, to), output: told.output?.replaceAll(from, to) ?? null };
}

/** The lines that tell of a failure, for reports; null where it printed nothing. */
function excerptFor(reason: FailureReason, output: string, hang: readonly Dump[]): string | null {
  const lines = hang.length > 0 ? ['why it hangs:', ...explainHang(hang, BRIEFLY)] : linesAbout(reason.type, output);
  return lines.length === 0 ? null : lines.map((line) => line.slice(0, EXCERPT_LINE_MAX)).join('\n');
}

function linesAbout(reason: FailureReason['type'], output: string): readonly string[] {
  return excerptOf(linesOf(output), reason === 'timeout' ? 'timedOut' : 'failed', EXCERPT_LINES).lines;
}

/** As far as it can be told: what a test has locked, or what goes away meanwhile, counts as nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
