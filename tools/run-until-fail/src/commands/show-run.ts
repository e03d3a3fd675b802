import { readFileSync } from 'node:fs';
import { formatDuration, printable } from '@raftlens/command-line';
import type { Run } from '@raftlens/events';
import { readEnds } from '../execute/inspect-output.ts';
import { fromHere } from '../from-here.ts';
import { textOf } from '../keep/find-run.ts';
import { shellLine } from '../keep/shell-words.ts';
import { hangingPlace, linesOf, tellingLine } from '../results/telling-line.ts';

const OUTPUT_BYTES = 64 * 1024;

/** What a person wants to know first about a kept run. Safe to print. */
export function runLines(run: Run, outputLines: number): readonly string[] {
  const { info } = run;
  return [
    `${run.name}: ${textOf(run, 'outcome')}`,
    `  why      ${textOf(run, 'why')}`,
    ...(info['signature'] === undefined ? [] : [`  like     ${textOf(run, 'signature')}`]),
    `  test     ${textOf(run, 'test')}`,
    `  seed     ${textOf(run, 'seed')}`,
    ...(info.command === undefined ? [] : [`  command  ${shellLine(info.command)}`]),
    ...(info['bug'] === undefined ? [] : [`  bug      ${textOf(run, 'bug')}`]),
    `  started  ${textOf(run, 'startedAt')}, ${info.durationMs === undefined ? '-' : formatDuration(info.durationMs)}`,
    `  folder   ${fromHere(run.folder)}`,
    `  again    ${textOf(run, 'again')}`,
    ...(run.eventFiles.length > 0 ? [`  look     raftlens ${fromHere(run.folder)}`] : []),
    ...violationLines(run),
    ...excerptOf(run, outputLines).lines,
  ].map(printable);
}

function violationLines(run: Run): readonly string[] {
  if (run.verdictFile === undefined) return [];
  const verdict: unknown = JSON.parse(readFileSync(run.verdictFile, 'utf8'));
  const violations: unknown = typeof verdict === 'object' && verdict !== null ? Reflect.get(verdict, 'violations') : undefined;
  if (!Array.isArray(violations)) return [];
  return violations.map(
    (violation: unknown) =>
      `  broken   ${field(violation, 'rule')} (${field(violation, 'section')}) at ${field(violation, 'node')}: ${field(violation, 'why')}`,
  );
}

function field(value: unknown, key: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : '-';
}

/** What a run printed, in a few lines. */
export interface Excerpt {
  /** They tell why it failed; otherwise they are the last that there are. */
  readonly telling: boolean;
  readonly lines: readonly string[];
}

const LINES_BEFORE = 2;

/** Lines around the one that tells why the run failed: behind it many a runner prints a long stack or its totals. Not safe to print. */
export function excerptOf(run: Run, most: number): Excerpt {
  const lines = run.outputFile === undefined ? [] : linesOf(readEnds(run.outputFile, OUTPUT_BYTES));
  const at = run.info.outcome === 'fail' ? (timedOut(run) ? hangingPlace(lines) : tellingLine(lines))?.at : undefined;
  const from = at === undefined ? Number.POSITIVE_INFINITY : Math.max(0, at - Math.min(LINES_BEFORE, most - 1));
  const first = Math.max(0, Math.min(from, lines.length - most));
  return { telling: at !== undefined, lines: lines.slice(first, first + most).map((line) => `  | ${line.replaceAll('\t', '  ')}`) };
}

function timedOut(run: Run): boolean {
  const reason = run.info['reason'];
  return typeof reason === 'object' && reason !== null && Reflect.get(reason, 'type') === 'timeout';
}
