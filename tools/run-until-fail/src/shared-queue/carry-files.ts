import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Redis } from 'ioredis';
import { OUTPUT_FILE } from '../execute/launch-plan.ts';
import { filesKey, type SharedFiles } from './protocol.ts';

/** Redis and both sides hold so much of a file at once. */
const CHUNK_BYTES = 1 << 20;
/** Files that nobody fetches, since the coordinator is gone, or has the run from another worker. */
const FORGOTTEN_SECONDS = 3600;
const FILES_MAX = 10_000;

/**
 * Sends the plain files of a folder to Redis, those in its subfolders too.
 *
 * @param bytesMax of all files together: what a run printed goes first, then the smallest; of the file that does not fit its end
 */
export async function sendFiles(redis: Redis, session: string, folder: string, bytesMax: number): Promise<SharedFiles> {
  const name = randomBytes(16).toString('hex');
  const key = filesKey(session, name);
  let left = bytesMax;
  const files: SharedFiles['files'] = [];
  for (const { path, size } of filesOf(folder)) {
    const bytes = Math.min(size, left);
    left -= bytes;
    files.push({ path, bytes: await sendEnd(redis, key, join(folder, path), size, bytes), size });
  }
  await redis.expire(key, FORGOTTEN_SECONDS);
  return { name, files };
}

function filesOf(folder: string): readonly { readonly path: string; readonly size: number }[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file), size: statSync(file).size }));
  const rank = (path: string): number => (path === OUTPUT_FILE ? 0 : 1);
  return files.toSorted((a, b) => rank(a.path) - rank(b.path) || a.size - b.size || (a.path < b.path ? -1 : 1)).slice(0, FILES_MAX);
}

/** Gives how many bytes it sent: a file may have become shorter. */
async function sendEnd(redis: Redis, key: string, path: string, size: number, bytes: number): Promise<number> {
  const file = openSync(path, 'r');
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

/** Fetches what `sendFiles` sent into a folder; the paths have been checked. Gives the files that did not come whole. */
export async function fetchFiles(redis: Redis, session: string, { name, files }: SharedFiles, folder: string): Promise<readonly string[]> {
  const key = filesKey(session, name);
  mkdirSync(folder, { recursive: true });
  for (const { path, bytes, size } of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes < size ? `[the first ${size - bytes} bytes stayed with the worker]\n` : '');
    await appendChunks(redis, key, target, bytes);
  }
  await redis.del(key);
  return files.filter(({ bytes, size }) => bytes < size).map(({ path }) => path);
}

async function appendChunks(redis: Redis, key: string, target: string, bytes: number): Promise<void> {
  const file = openSync(target, 'a');
  try {
    for (let left = bytes; left > 0; ) {
      const chunk = await redis.lpopBuffer(key);
      if (chunk === null || chunk.length > left) throw new Error(`of ${target} ${left} bytes did not come home`);
      writeSync(file, chunk);
      left -= chunk.length;
    }
  } finally {
    closeSync(file);
  }
}
