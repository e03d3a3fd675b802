import { watch } from 'node:fs';
import { relative, sep } from 'node:path';
import { ExitCode, formatDuration, printable } from '@raftlens/command-line';
import type { KeptRun } from '../session.ts';
import { firstFailure } from './closing-lines.ts';
import { runAgain } from './replay-runs.ts';
import type { SessionEnd } from './run-session.ts';

/** Editors write a file in several steps; what comes within this long is one change. */
const SETTLE_MS = 200;
/** Folders that tests and tools write to, and that nobody edits. */
const IGNORED = new Set(['node_modules', '.git', 'dist', 'target', '__pycache__', '.pytest_cache']);

/** Runs the session, then again after each change: the last failure first, and the rest once that passes. Ctrl-C while waiting ends it. */
export async function watchAndRun(session: () => Promise<SessionEnd>, logs: string): Promise<ExitCode> {
  let failure: KeptRun | undefined;
  let exitCode: ExitCode = ExitCode.ok;
  for (;;) {
    if (failure === undefined || (await passesNow(failure, logs))) {
      const end = await session();
      failure = firstFailure(end.kept);
      exitCode = end.exitCode;
      if (exitCode === ExitCode.interrupted) return exitCode;
    }
    process.stderr.write('waiting for a file to change here; Ctrl-C ends it\n');
    const changed = await nextChange(logs);
    if (changed === null) return exitCode;
    process.stderr.write(`${printable(changed)} has changed\n`);
  }
}

async function passesNow(failure: KeptRun, logs: string): Promise<boolean> {
  const startedMs = performance.now();
  if ((await runAgain(failure.againWords, process.cwd(), logs)) !== ExitCode.ok) return false;
  process.stderr.write(`the last failure passes now (${formatDuration(performance.now() - startedMs)}); on to the rest\n`);
  return true;
}

/** The path of the first file that changes, or null after Ctrl-C. */
function nextChange(logs: string): Promise<string | null> {
  const logsHere = relative(process.cwd(), logs);
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const watcher = watch('.', { recursive: true }, (_, file) => {
      if (file === null || isIgnored(file, logsHere)) return;
      clearTimeout(timer);
      timer = setTimeout(() => end(file), SETTLE_MS);
    });
    const interrupted = (): void => end(null);
    const end = (file: string | null): void => {
      clearTimeout(timer);
      watcher.close();
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      resolve(file);
    };
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', interrupted);
  });
}

export function isIgnored(file: string, logs: string): boolean {
  if (logs !== '' && (file === logs || file.startsWith(`${logs}${sep}`))) return true;
  return file.split(sep).some((part) => IGNORED.has(part));
}
