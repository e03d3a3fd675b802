import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '@raftlens/command-line';
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
  forgetPipe();
  throw new UnusableFileError(path);
}

/**
 * To be called after a synchronous look at what may be a pipe or a socket. Node 20 keeps the numbers of the last look, and its resolving of links in the paths
 * of modules takes them for those of the path: a module that is loaded next would not be found where packages are links, as pnpm makes them.
 */
export function forgetPipe(): void {
  statSync('/');
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

/**
 * The text of a file that the user names, or of a pipe (`<(...)`): what has no end is not read for ever.
 *
 * @param path or the number of an open file
 * @throws UserError FILE_TOO_LARGE, the system's error
 */
export function readNamedFile(path: string | number, maxBytes: number): string {
  const file = typeof path === 'number' ? path : openSync(path, 'r');
  try {
    // Node's own error for a folder does not say which.
    if (typeof path === 'string' && fstatSync(file).isDirectory()) throw new UserError('NOT_A_FILE', `${path} is a folder: name a file`);
    const chunks: Buffer[] = [];
    for (let length = 0, read = -1; read !== 0; length += read) {
      const chunk = Buffer.allocUnsafe(READ_BYTES);
      read = readSync(file, chunk, 0, chunk.length, null);
      if (length + read > maxBytes) throw new UserError('FILE_TOO_LARGE', `${path} has more than ${maxBytes} bytes, and is not read`);
      chunks.push(chunk.subarray(0, read));
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    if (typeof path === 'string') closeSync(file);
  }
}

const READ_BYTES = 1 << 16;

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
    flatten(path);
    rmSync(path, { recursive: true, force: true });
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}

const OWNER_MAY_ALL = 0o700;
/** Far below the 4,096 bytes that a path may have (PATH_MAX): a name of 255 bytes fits behind it. */
const DEEP_BYTES = 3_000;

/**
 * Gives the owner of a folder, and of those below it, the permissions to look into it and to remove what is there. Links are not followed. What lies so
 * deep that it has no path is left as it is.
 */
export function unlock(path: string): void {
  for (const folder of foldersIn(path)) {
    const { mode } = lstatSync(folder);
    if ((mode & OWNER_MAY_ALL) !== OWNER_MAY_ALL) chmodSync(folder, (mode & 0o777) | OWNER_MAY_ALL);
  }
}

/** Moves up what lies so deep in a folder that it has no path, until all of it has one. All that is there is to be removed. */
function flatten(root: string): void {
  let moved = 0;
  for (let rest = true; rest; ) {
    rest = false;
    for (const folder of foldersIn(root)) {
      if (Buffer.byteLength(folder) < DEEP_BYTES) continue;
      renameSync(folder, join(root, `.deep-${process.pid}-${moved++}`));
      rest = true;
    }
    if (rest) unlock(root);
  }
}

/** A folder and those below it, each before what is in it; those whose path is long enough are not looked into. Nothing where the path is no folder. */
function* foldersIn(path: string): Generator<string> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  yield path;
  if (Buffer.byteLength(path) >= DEEP_BYTES) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) yield* foldersIn(join(path, entry.name));
}

const UNLOCK_ATTEMPTS = 10;

/**
 * Does something in a folder of a run although a test may have locked the folders above it, and other runs may do so again meanwhile.
 *
 * @param levels so many folders above `path` are ours; see `unlockAbove`
 * @throws what `act` throws
 */
export function withAccess<T>(path: string, levels: number, act: () => T): T {
  for (let attempt = 1; ; attempt++) {
    try {
      return act();
    } catch (error) {
      if (errorCode(error) !== 'EACCES' || attempt === UNLOCK_ATTEMPTS) throw error;
      unlockAbove(path, levels);
    }
  }
}

/**
 * Gives us back the permissions of folders that a test has taken away: of those above a run's folder that are ours. A folder of another owner, and what is no
 * folder, stays as it is.
 *
 * @param levels so many above `path`
 */
export function unlockAbove(path: string, levels: number): void {
  const above = Array.from({ length: levels }, (_, up) => resolve(path, ...Array.from({ length: up + 1 }, () => '..')));
  // From the top down: below a locked folder nothing can be looked at.
  for (const folder of above.toReversed()) {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat?.isDirectory() !== true || stat.uid !== process.getuid?.()) continue;
    if ((stat.mode & OWNER_MAY_ALL) !== OWNER_MAY_ALL) chmodSync(folder, (stat.mode & 0o777) | OWNER_MAY_ALL);
  }
}
