import { ExitCode } from './errors.ts';
import { printable } from './printable.ts';
import { problemOf } from './report-error.ts';

/** What errors are written to: a stream, or what a test puts in its place. */
export interface Complaints {
  write(text: string): unknown;
}

/** What a tool learns of its own standard streams while it works. */
export interface WatchedOutput {
  /** Sets `process.exitCode`: the verdict of the tool, unless that is 0 and what it printed on stdout was lost. */
  setExitCode(exitCode: ExitCode): void;
}

/** One for a process: its streams outlive each call of `runTool`, which a test may make several times. */
let outputLost = false;
let outputClosed = false;
let watches = false;

/**
 * Keeps a failing stdout or stderr from ending the tool: the exit code is its verdict, and whoever reads its output has no say in that.
 *
 * - A closed pipe (`tool | head`, EPIPE) ends only the printing. It is no problem: the reader has seen enough.
 * - Any other failure of stdout (a full disk, an I/O error) is told once on stderr, and turns an exit code of 0 into 3: what the tool found is
 *   not where the user expects it. A worse code stays what it is.
 * - Of a failing stderr there is nobody to tell.
 */
export function watchOutput(tool: string, complaints: Complaints): WatchedOutput {
  if (!watches) {
    watches = true;
    process.stderr.on('error', () => undefined);
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      outputClosed = true;
      if (isClosedPipe(error) || outputLost) return;
      outputLost = true;
      complaints.write(`${tool}: cannot write the output: ${printable(problemOf(error))}; what follows is not printed\n`);
      if (process.exitCode === ExitCode.ok) process.exitCode = ExitCode.internal;
    });
  }
  return {
    setExitCode(exitCode) {
      process.exitCode = exitCode === ExitCode.ok && outputLost ? ExitCode.internal : exitCode;
    },
  };
}

/** Whether what is written to stdout may still arrive: where it does not, there is no sense in making more of it. */
export function outputIsOpen(): boolean {
  return !outputClosed;
}

/** Writes to stdout and waits until the system has taken it, or has refused to, which `watchOutput` sees to. Never rejects. */
export async function writeOutput(text: string): Promise<void> {
  if (outputIsOpen()) await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
}

/** Node itself ends a stream after a failed write, and then reports each further write by a code of its own. */
const CLOSED_PIPE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

function isClosedPipe({ code }: NodeJS.ErrnoException): boolean {
  return code !== undefined && CLOSED_PIPE.has(code);
}
