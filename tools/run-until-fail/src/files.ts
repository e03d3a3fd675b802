import { chmodSync, closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorMessage } from './errors.ts';

/** What a test left is hostile: a name may stand for a link, a device or a pipe that never ends. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
  readonly code = 'NOT_A_FILE';

  constructor(path: string | Buffer) {
    super(`${path.toString()} is not a plain file`);
  }
}

/** Opens a plain file for reading, and nothing else: no link is followed, and a pipe without a writer does not block. @throws UnusableFileError, the system's error */
export function openPlainFile(path: string | Buffer): number {
  const file = openAsItIs(path);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new UnusableFileError(path);
}

function openAsItIs(path: string | Buffer): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    // ELOOP: a link; ENXIO: a socket.
    if (['ELOOP', 'EMLINK', 'ENXIO'].includes(errorCode(error))) throw new UnusableFileError(path);
    throw error;
  }
}

/** The text of a plain file, or of its beginning when it is longer. @throws as `openPlainFile` */
export function readPlainFile(path: string, maxBytes: number): string {
  return readPlainBytes(path, maxBytes).toString('utf8');
}

/** The same as bytes. */
export function readPlainBytes(path: string, maxBytes: number): Buffer {
  const file = openPlainFile(path);
  try {
    const bytes = Buffer.alloc(Math.min(maxBytes, fstatSync(file).size));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, length);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** Removes a file or a folder with all that is in it, also where a test has taken the permission away. @returns what was in the way, null when it is gone */
export function removeTree(path: string): string | null {
  try {
    rmSync(path, { recursive: true, force: true });
    return null;
  } catch {
    return removeLocked(path);
  }
}

function removeLocked(path: string): string | null {
  try {
    unlock(path);
    rmSync(path, { recursive: true, force: true });
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}

const OWNER_MAY_ALL = 0o700;

/** Gives the owner of a folder, and of those below it, the permissions to look into it and to remove what is there. Links are not followed. */
export function unlock(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return;
  if ((stat.mode & OWNER_MAY_ALL) !== OWNER_MAY_ALL) chmodSync(path, (stat.mode & 0o777) | OWNER_MAY_ALL);
  for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) unlock(join(path, entry.name));
}
