import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listRuns, type RunOnDisk, readRun } from '@raftlens/events';
import { temporaryFolder } from '@raftlens/testing';

export const TOOL = fileURLToPath(new URL('../../../bin/run-until-fail.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real tool in a folder of its own. */
export interface Tool {
  readonly folder: string;
  readonly logs: string;
  start(...argv: readonly string[]): Started;
  run(...argv: readonly string[]): Promise<Ended>;
  /** The kept runs, oldest first. */
  runs(): readonly RunOnDisk[];
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** @param environment over our own; the logs go to a temporary folder */
export function tool(environment: Readonly<Record<string, string>> = {}): Tool {
  const folder = temporaryFolder();
  const logs = join(folder, 'logs');
  const start = (...argv: readonly string[]): Started => {
    const child = spawn(process.execPath, [TOOL, ...argv], {
      cwd: folder,
      env: { ...process.env, RAFTLENS_LOGS: logs, GITHUB_ACTIONS: '', NO_COLOR: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr }))) };
  };
  return {
    folder,
    logs,
    start,
    run: (...argv) => start(...argv).ended,
    runs: () => listRuns(logs).map((name) => readRun(join(logs, name))),
  };
}

/** Asks again and again until it is so. @throws after `limitMs` */
export async function until(what: string, holds: () => boolean, limitMs = 10_000): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`it did not come about in ${limitMs} ms that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ids of processes, zombies apart, whose environment has this word. Linux only. */
export function processesWith(word: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readOrEmpty(`/proc/${pid}/environ`).includes(word) && !/\) [ZX] /.test(readOrEmpty(`/proc/${pid}/stat`)))
    .map(Number);
}

/** Ids of processes whose words fit. Linux only. */
export function processesThat(fits: (words: string) => boolean): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => fits(commandOf(pid)));
}

/** The words of a process, separated by spaces; empty when it is gone. Linux only. */
export function commandOf(pid: number): string {
  return readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

export function outputOf(run: RunOnDisk): string {
  return run.outputFile !== undefined && existsSync(run.outputFile) ? readFileSync(run.outputFile, 'utf8') : '';
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
