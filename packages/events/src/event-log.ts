import assert from 'node:assert';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { pino } from 'pino';
import { decodeLine } from './decode-line.ts';
import { encodeLine } from './encode-line.ts';
import { EventError } from './error.ts';
import type { Event } from './event.ts';
import { specOf } from './opcode.ts';

/** A file of events. Once `write` has returned, the event survives the end of the process. */
export interface EventLog {
  readonly path: string;
  /**
   * Writes one event. One without a number (`seq` 0) gets the next one.
   *
   * @throws EventError LOG_UNWRITABLE (disk full, say), EVENT_ORDER (`seq` does not rise), or what `encodeLine` throws
   */
  write(event: Event): void;
  /** Flushes and closes the file. @throws EventError LOG_UNWRITABLE */
  close(): void;
}

/** How much of an existing file's end is read to find the number of its last event. */
const TAIL_MAX_BYTES = 1 << 20;

/**
 * Opens a log for writing by pino, and makes its folder where there is none. An existing file is continued: its events stay, a half-written
 * last line is closed by a newline (only that line is lost), and the numbers go on. A server that restarts needs that.
 *
 * The destination is synchronous. An asynchronous one loses its buffer when the process exits or is killed, and a failed test needs exactly
 * those last lines.
 *
 * @throws EventError LOG_UNWRITABLE
 */
export function openEventLog(path: string): EventLog {
  let failure: Error | undefined;
  const destination = attempt(path, () => pino.destination({ dest: path, sync: true, mkdir: true, append: true }));
  destination.on('error', (error: Error) => {
    failure ??= error;
  });
  const tail = attempt(path, () => tailOf(path));
  if (tail.cutShort) destination.write('\n');
  const logger = pinoOver(destination);
  assert(Number.isSafeInteger(tail.lastSeq) && tail.lastSeq >= 0, 'the numbers of a log go on from an integer');
  let lastSeq = tail.lastSeq;

  return {
    path,
    write(event) {
      if (event.seq === 0) event.seq = lastSeq + 1;
      if (event.seq <= lastSeq)
        throw new EventError('EVENT_ORDER', `event ${event.seq} (${event.op}) was to follow event ${lastSeq} in ${path}`);
      logger[LEVELS[specOf(event.op).level ?? 30]](event);
      if (failure !== undefined) throw unwritable(path, failure);
      lastSeq = event.seq;
    },
    close() {
      destination.flushSync();
      destination.end();
      if (failure !== undefined) throw unwritable(path, failure);
    },
  };
}

const LEVELS = { 30: 'info', 40: 'warn', 50: 'error' } as const;

/**
 * A pino whose lines are the codec's. Its own would damage events: it leaves lone surrogates as they are, writes NaN as null, and takes an
 * extra key `err`, or `method` with `headers`, for objects of its own. A test shows that for other events pino's own line equals ours to
 * the byte.
 */
function pinoOver(destination: ReturnType<typeof pino.destination>): pino.Logger {
  const logger = pino({ base: null, timestamp: false }, destination);
  return Object.assign(logger, { [pino.symbols.asJsonSym]: (event: Event) => `${encodeLine(event)}\n` });
}

interface Tail {
  readonly lastSeq: number;
  /** The file ends in the middle of a line. */
  readonly cutShort: boolean;
}

function tailOf(path: string): Tail {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, TAIL_MAX_BYTES));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const text = buffer.toString();
    const lines = text.split('\n');
    const last = lines.map((line) => decodeLine(line).event?.seq ?? 0).reduce((a, b) => Math.max(a, b), 0);
    return { lastSeq: last, cutShort: text !== '' && !text.endsWith('\n') };
  } finally {
    closeSync(file);
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, cause: unknown): EventError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EventError('LOG_UNWRITABLE', `cannot write the log ${path}: ${reason}`, { cause });
}
