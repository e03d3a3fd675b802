import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { formatDuration } from '@raftlens/command-line';
import * as z from 'zod';
import { bounded, errorMessage } from '../errors.ts';
import { raftlensWords } from '../raftlens.ts';
import { OUTPUT_FILE } from './launch-plan.ts';

/** What `raftlens check` says of the log of a run. */
export type LogVerdict =
  | { readonly kind: 'holds' }
  | { readonly kind: 'violation'; readonly rule: string; readonly section: string; readonly message: string }
  /** There was no log, or nothing in it to be held against a rule. */
  | { readonly kind: 'unchecked'; readonly why: string };

const TIMEOUT_MS = 120_000;
/** Violations come first, and the first is the one that counts. */
const OUTPUT_MAX = 1 << 22;

/** As raftlens prints them, a line each. */
const violation = z.object({ type: z.literal('violation'), rule: z.string(), section: z.string(), node: z.string(), why: z.string() });
const summary = z.object({
  type: z.literal('summary'),
  history: z.object({ verdict: z.string(), summary: z.string() }).nullable(),
});

/** Holds what a run left in its folder against figure 2, in a process of its own: a log can be of any size, and is hostile. Never rejects. */
export async function checkLog(folder: string, printed: boolean): Promise<LogVerdict> {
  if (!printed && (await isBare(folder))) return { kind: 'unchecked', why: 'it left no log in RUN_DIR and printed nothing' };
  const { code, stdout, stderr, problem } = await raftlensCheck(folder);
  if (problem !== null) return { kind: 'unchecked', why: problem };
  // Exit codes of raftlens: 0 and 1 are verdicts, the others say why there is none.
  if (code === 0 || code === 1) return verdictIn(stdout);
  return {
    kind: 'unchecked',
    why: bounded((stderr.trim().split('\n')[0] ?? '').replace(/^raftlens: /, '').replaceAll(folder, "the run's folder")),
  };
}

async function isBare(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.every((name) => name === OUTPUT_FILE);
}

interface CheckEnding {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it came to no verdict; null where it ended by itself. */
  readonly problem: string | null;
}

function raftlensCheck(folder: string): Promise<CheckEnding> {
  const [program, ...words] = raftlensWords();
  return new Promise((resolve) => {
    const child = spawn(program, [...words, 'check', '--json', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text.slice(0, OUTPUT_MAX - stdout.length)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text.slice(0, OUTPUT_MAX - stderr.length)));
    let problem: string | null = null;
    const timer = setTimeout(() => {
      problem = `raftlens check took more than ${formatDuration(TIMEOUT_MS)}`;
      child.kill('SIGKILL');
    }, TIMEOUT_MS);
    const end = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr, problem });
    };
    child.once('error', (error) => {
      problem = errorMessage(error);
      end(null);
    });
    child.once('close', (code, signal) => {
      if (signal !== null) problem ??= `raftlens check was ended by ${signal}`;
      end(code);
    });
  });
}

function verdictIn(stdout: string): LogVerdict {
  const lines = stdout.split('\n');
  const first = violation.safeParse(parseJson(lines[0] ?? ''));
  if (first.success) {
    const { rule, section, node, why } = first.data;
    return { kind: 'violation', rule, section, message: bounded(`${why} (broken by ${node})`) };
  }
  const said = lines.map((line) => summary.safeParse(parseJson(line))).find((parsed) => parsed.success)?.data;
  if (said === undefined) return { kind: 'unchecked', why: 'raftlens check gave no verdict' };
  // What clients got: figure 2 may hold in a log whose answers no order of the operations explains.
  if (said.history?.verdict === 'illegal')
    return { kind: 'violation', rule: 'Linearizability', section: '8', message: bounded(said.history.summary) };
  return { kind: 'holds' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether there is a raftlens that can be started at all. */
export function canCheck(): Promise<boolean> {
  const [program, ...words] = raftlensWords();
  return new Promise((resolve) => {
    const child = spawn(program, [...words, '--version'], { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
