import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { errorMessage } from '../errors.ts';
import { OUTPUT_FILE } from '../execute/launch-plan.ts';
import { openPlainFile } from '../files.ts';
import { decodeFilePath, encodeFilePath } from './file-path.ts';
import { filesKey, type SharedFiles } from './protocol.ts';

/** Redis and both sides hold so much of a file at once. */
const CHUNK_BYTES = 1 << 20;
/** Files that nobody fetches, since the coordinator is gone, or has the run from another worker. */
const FORGOTTEN_SECONDS = 3600;
const FILES_MAX = 10_000;
const SLASH = Buffer.from('/');

/** A plain file, open. Names are bytes: on Linux they need not be text. */
interface CarriedFile {
  /** Below the folder of the run. */
  readonly path: Buffer;
  readonly file: number;
  readonly size: number;
}

interface FoundFile {
  readonly path: Buffer;
  readonly size: number;
}

/**
 * Sends the plain files of a folder to Redis, those in its subfolders too.
 *
 * @param bytesMax of all files together: what a run printed goes first, then the smallest; of the file that does not fit its end
 */
export async function sendFiles(redis: Redis, session: string, folder: string, bytesMax: number): Promise<SharedFiles> {
  const name = randomBytes(16).toString('hex');
  const key = filesKey(session, name);
  const { found, leftOut: hidden } = filesOf(folder);
  let leftOut = hidden + Math.max(0, found.length - FILES_MAX);
  let left = bytesMax;
  const files: SharedFiles['files'] = [];
  for (const { path } of found.slice(0, FILES_MAX)) {
    const opened = openFile(folder, path);
    if (opened === null) {
      leftOut += 1;
      continue;
    }
    const bytes = await sendEnd(redis, key, opened, Math.min(opened.size, left));
    left -= bytes;
    files.push({ path: encodeFilePath(path), bytes, size: opened.size });
  }
  await redis.expire(key, FORGOTTEN_SECONDS);
  return { name, files, leftOut };
}

/** In the order in which they travel, and how many there are that cannot: links, pipes, and what may not be looked at. */
function filesOf(folder: string): { readonly found: readonly FoundFile[]; readonly leftOut: number } {
  const found: FoundFile[] = [];
  let leftOut = 0;
  const visit = (below: Buffer | null): void => {
    for (const entry of readdirSync(inFolder(folder, below), { withFileTypes: true, encoding: 'buffer' })) {
      const path = below === null ? entry.name : Buffer.concat([below, SLASH, entry.name]);
      if (entry.isDirectory()) {
        try {
          visit(path);
        } catch {
          leftOut += 1;
        }
        continue;
      }
      const opened = entry.isFile() && decodeFilePath(encodeFilePath(path)) !== null ? openFile(folder, path) : null;
      if (opened === null) leftOut += 1;
      else {
        found.push({ path, size: opened.size });
        closeSync(opened.file);
      }
    }
  };
  visit(null);
  const rank = ({ path }: FoundFile): number => (path.equals(Buffer.from(OUTPUT_FILE)) ? 0 : 1);
  return { found: found.toSorted((a, b) => rank(a) - rank(b) || a.size - b.size || Buffer.compare(a.path, b.path)), leftOut };
}

function inFolder(folder: string, path: Buffer | null): Buffer {
  return path === null ? Buffer.from(folder) : Buffer.concat([Buffer.from(folder), SLASH, path]);
}

/** Null for what is no plain file, or may not be read. */
function openFile(folder: string, path: Buffer): CarriedFile | null {
  try {
    const file = openPlainFile(inFolder(folder, path));
    return { path, file, size: fstatSync(file).size };
  } catch {
    return null;
  }
}

/** Sends the end of a file and closes it. Gives how many bytes it sent: a file may have become shorter. */
async function sendEnd(redis: Redis, key: string, { file, size }: CarriedFile, bytes: number): Promise<number> {
  try {
    let sent = 0;
    while (sent < bytes) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, bytes - sent));
      const read = readSync(file, chunk, 0, chunk.length, size - bytes + sent);
      if (read === 0) break;
      await redis.rpush(key, chunk.subarray(0, read));
      sent += read;
    }
    return sent;
  } finally {
    closeSync(file);
  }
}

/** What did not come home as it was. */
export interface Missing {
  /** Of these only the end came. */
  readonly cut: readonly string[];
  /** These could not be written here, each with the reason; then so many that never left. */
  readonly leftOut: readonly string[];
  readonly stayed: number;
}

/** Fetches what `sendFiles` sent into a folder; the paths have been checked. @throws where what lies in Redis is not what was said */
export async function fetchFiles(
  redis: Redis,
  session: string,
  { name, files, leftOut: stayed }: SharedFiles,
  folder: string,
): Promise<Missing> {
  const key = filesKey(session, name);
  mkdirSync(folder, { recursive: true });
  const leftOut: string[] = [];
  for (const { path, bytes, size } of files) {
    const below = decodeFilePath(path);
    const problem = below === null ? 'no path' : await fetchFile(redis, key, inFolder(folder, below), bytes, size);
    if (problem !== null) leftOut.push(`${(below ?? path).toString()}: ${problem}`);
  }
  await redis.del(key);
  const cut = files.filter(({ bytes, size }) => bytes < size).map(({ path }) => (decodeFilePath(path) ?? '').toString());
  return { cut, leftOut, stayed };
}

/** A file that cannot be written here (a name that is too long for this file system, say) keeps no other from coming home. */
async function fetchFile(redis: Redis, key: string, target: Buffer, bytes: number, size: number): Promise<string | null> {
  let problem: string | null = null;
  let file: number | null = null;
  try {
    mkdirSync(target.subarray(0, target.lastIndexOf(SLASH)), { recursive: true });
    file = openSync(target, 'wx');
    if (bytes < size) writeSync(file, `[the first ${size - bytes} bytes stayed with the worker]\n`);
  } catch (error) {
    problem = errorMessage(error);
  }
  try {
    for (let left = bytes; left > 0; ) {
      const chunk = await redis.lpopBuffer(key);
      if (chunk === null || chunk.length > left) throw new Error(`of ${target.toString()} ${left} bytes did not come home`);
      left -= chunk.length;
      problem ??= written(file, chunk);
    }
    return problem;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function written(file: number | null, chunk: Buffer): string | null {
  try {
    if (file !== null) writeSync(file, chunk);
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}
