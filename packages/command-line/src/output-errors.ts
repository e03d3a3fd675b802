import { ExitCode } from './errors.ts';
import { printable } from './printable.ts';
import { problemOf } from './report-error.ts';

/** Where errors are written: a stream, or a test's substitute. */
export interface ErrorOutput {
  write(text: string): unknown;
}

/** How a tool takes account of failures of its standard streams. */
export interface WatchedOutput {
  /** Sets `process.exitCode` to the tool's verdict. Where that is 0 and output on stdout was lost, it becomes 3. */
  setExitCode(exitCode: ExitCode): void;
}

/** Once for each process: its streams outlive a call of `runTool`, and a test may call that several times. */
let outputLost = false;
let outputClosed = false;
let watches = false;

/**
 * Keeps a failing stdout or stderr from ending the tool. The exit code is the tool's verdict; the reader of its output must not change it.
 *
 * - A closed pipe (`tool | head`, EPIPE) ends only the printing. It is not an error: the reader has seen enough.
 * - Any other failure of stdout (a full disk, an I/O error) is reported once on stderr, and turns exit code 0 into 3: the output is not
 *   where the user expects it. Any other code stays.
 * - A failure of stderr cannot be reported.
 */
export function watchOutput(tool: string, complaints: ErrorOutput): WatchedOutput {
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

/** Whether output on stdout can still arrive. Where it cannot, there is no point in producing more. */
export function outputIsOpen(): boolean {
  return !outputClosed;
}

/** Writes to stdout and waits until the system has accepted or refused it. `watchOutput` handles a refusal; this never rejects. */
export async function writeOutput(text: string): Promise<void> {
  if (outputIsOpen()) await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
}

/** Node ends a stream after a failed write, and then reports each further write with another code. */
const CLOSED_PIPE = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

function isClosedPipe({ code }: NodeJS.ErrnoException): boolean {
  return code !== undefined && CLOSED_PIPE.has(code);
}
