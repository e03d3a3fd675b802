import { closeSync, constants, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../errors.ts';
import { forgetPipe } from '../files.ts';

/** A reader of a pipe that takes nothing for so long is not waited for any longer. */
const READER_MAX_MS = 5_000;
const PAUSE_MS = 10;

export class NobodyReadsError extends Error {
  override readonly name = 'NobodyReadsError';
  readonly code = 'NOBODY_READS';

  constructor() {
    super('it is a pipe that nobody reads');
  }
}

/**
 * Writes a report to a path of the user: a file, or a pipe (`--junit >(gzip)`, `--report /dev/stdout`). It never waits for ever: a pipe that
 * nobody has opened, or whose reader takes nothing, is an error. A reader that has gone has seen enough, as with stdout.
 *
 * @throws NobodyReadsError, the system's error
 */
export function writeReportFile(path: string, text: string, how: 'replace' | 'append'): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openToWrite(path, how === 'append' ? constants.O_APPEND : constants.O_TRUNC);
  if (file === null) return;
  try {
    writeAll(file, Buffer.from(text));
  } catch (error) {
    if (errorCode(error) !== 'EPIPE') throw error;
  } finally {
    closeSync(file);
  }
}

/** @returns null for a pipe whose reader has gone */
function openToWrite(path: string, flag: number): number | null {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK | flag);
  } catch (error) {
    if (errorCode(error) !== 'ENXIO') throw error;
    // A pipe below /dev was handed to us open (/dev/stdout, /dev/fd/63): it had a reader.
    if (path.startsWith('/dev/') && statSync(path).isFIFO()) return null;
    throw new NobodyReadsError();
  } finally {
    forgetPipe();
  }
}

function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  let deadlineMs = performance.now() + READER_MAX_MS;
  while (written < bytes.length) {
    const taken = writeSome(file, bytes.subarray(written));
    if (taken > 0) deadlineMs = performance.now() + READER_MAX_MS;
    else if (performance.now() > deadlineMs) throw new NobodyReadsError();
    else pause();
    written += taken;
  }
}

/** @returns how many bytes were taken; none where a pipe is full */
function writeSome(file: number, bytes: Buffer): number {
  try {
    return writeSync(file, bytes);
  } catch (error) {
    if (errorCode(error) !== 'EAGAIN') throw error;
    return 0;
  }
}

/** Without going back to the event loop: the session is over, and its summary follows the reports. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}
