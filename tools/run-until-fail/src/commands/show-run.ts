import { readFileSync } from 'node:fs';
import { formatDuration, printable } from '@raftlens/command-line';
import type { Run } from '@raftlens/events';
import { fromHere } from '../from-here.ts';
import { excerptOf } from '../keep/excerpt.ts';
import { textOf } from '../keep/find-run.ts';
import { shellLine } from '../shell-words.ts';

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
