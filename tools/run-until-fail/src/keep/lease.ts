import { closeSync, constants, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { removeTree } from '../files.ts';

/** Behind the name of a session: a file beside its folder. */
export const LEASE_ENDING = '.lease';

const BEAT_MS = 10_000;
/** A session whose process cannot be seen from here, and that has given no sign of life for so long, is dead. */
export const LEASE_EXPIRES_MS = 10 * 60_000;

/**
 * A session's sign of life for those who cannot see its process: in other containers, and on other machines that share the logs folder. It is a file
 * that is written again and again; what counts is when the file system says that this was.
 */
export class Lease {
  readonly #path: string;
  readonly #text = `${JSON.stringify({ host: hostname(), pid: process.pid, startedAt: new Date().toISOString() })}\n`;
  readonly #timer: NodeJS.Timeout;

  /** @param path its folder is there */
  constructor(path: string, beatMs = BEAT_MS) {
    this.#path = path;
    this.#beat();
    this.#timer = setInterval(() => this.#beat(), beatMs);
    this.#timer.unref();
  }

  release(): void {
    clearInterval(this.#timer);
    rmSync(this.#path, { recursive: true, force: true });
  }

  /** A test may have put anything in its place. Where it cannot be written the next beat may do better, and until it expires there are many. */
  #beat(): void {
    try {
      writeBeat(this.#path, this.#text);
    } catch {
      removeTree(this.#path);
    }
  }
}

function writeBeat(path: string, text: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o644);
  try {
    writeSync(file, text, 0);
  } finally {
    closeSync(file);
  }
}

/** What time it is for the file system of a folder, whose clock may be that of another machine. @throws the system's error */
export function fileSystemNowMs(folder: string): number {
  const path = `${folder}/.now-${process.pid}-${hostname()}`;
  try {
    rmSync(path, { force: true });
    writeBeat(path, 'now\n');
    return statSync(path).mtimeMs;
  } finally {
    rmSync(path, { force: true });
  }
}
