import { formatDuration, printable } from '@raftlens/command-line';
import { RUN_FILES, type RunOnDisk } from '@raftlens/events';
import * as z from 'zod';
import { readPlainFile } from '../files.ts';
import { fromHere } from '../from-here.ts';
import { textOf } from '../keep/find-run.ts';
import { excerptOfRun, hangOfRun } from '../keep/kept-output.ts';
import { shellLine } from '../shell-words.ts';
import { BRIEFLY, explainHang } from '../stacks/explain-hang.ts';

const VERDICT_BYTES_MAX = 2 ** 24;
const said = z.string().catch('-');
const verdictSchema = z.object({ violations: z.array(z.object({ rule: said, section: said, node: said, why: said })).default([]) });

/** What a person wants to know first about a kept run. Safe to print. */
export function runLines(run: RunOnDisk, outputLines: number): readonly string[] {
  const { info } = run;
  return [
    `${run.name}: ${textOf(run, 'outcome')}`,
    `  why      ${textOf(run, 'why')}`,
    ...(info['signature'] === undefined ? [] : [`  like     ${textOf(run, 'signature')}`]),
    `  test     ${textOf(run, 'test')}`,
    `  seed     ${textOf(run, 'seed')}`,
    ...(info.command === undefined ? [] : [`  command  ${shellLine(info.command)}`]),
    ...(info['bug'] === undefined ? [] : [`  bug      ${textOf(run, 'bug')}`]),
    ...(info['shake'] === undefined ? [] : [`  shaken   ${textOf(run, 'shake')}`]),
    `  started  ${textOf(run, 'startedAt')}, ${info.durationMs === undefined ? '-' : formatDuration(info.durationMs)}`,
    `  folder   ${fromHere(run.folder)}`,
    `  again    ${textOf(run, 'again')}`,
    ...(run.eventFiles.length > 0 ? [`  look     raftlens ${fromHere(run.folder)}`] : []),
    ...violationLines(run),
    ...hangLines(run),
    ...excerptOfRun(run, outputLines).lines,
  ].map(printable);
}

function violationLines(run: RunOnDisk): readonly string[] {
  if (run.verdictFile === undefined) return [];
  const parsed = verdictSchema.safeParse(readJson(run.verdictFile));
  if (!parsed.success) return [`  broken   what ${RUN_FILES.verdict} says cannot be read`];
  return parsed.data.violations.map(({ rule, section, node, why }) => `  broken   ${rule} (${section}) at ${node}: ${why}`);
}

function hangLines(run: RunOnDisk): readonly string[] {
  const hang = hangOfRun(run);
  return hang.length === 0 ? [] : ['  hangs', ...explainHang(hang, BRIEFLY).map((line) => `  | ${line}`), '  printed'];
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readPlainFile(path, VERDICT_BYTES_MAX)) as unknown;
  } catch {
    return null;
  }
}
