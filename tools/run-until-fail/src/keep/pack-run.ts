import { closeSync, createReadStream, createWriteStream, fstatSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { RunOnDisk } from '@raftlens/events';
import { type Pack, pack } from 'tar-stream';
import { bounded, errorMessage } from '../errors.ts';
import { openPlainFile } from '../files.ts';

/** Of a run's name, which the folder in the archive has. */
const NAME_MAX = 60;

/**
 * Packs the folder of a run into one .tar.gz, streaming. The file appears under its name only once it is whole.
 *
 * @returns the files that were left out, each with the reason
 */
export async function packRun(run: RunOnDisk, target: string): Promise<readonly string[]> {
  const draft = `${target}.${process.pid}.tmp`;
  try {
    const archive = pack();
    const [leftOut] = await Promise.all([
      addFiles(archive, run).catch((error: unknown) => {
        archive.destroy(error instanceof Error ? error : undefined);
        throw error;
      }),
      pipeline(archive, createGzip(), createWriteStream(draft, { flags: 'wx' })),
    ]);
    await rename(draft, target);
    return leftOut;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Plain files only: a link could point to what nobody meant to give away. */
async function addFiles(archive: Pack, { folder, name }: RunOnDisk): Promise<readonly string[]> {
  const leftOut: string[] = [];
  const files = await filesIn(folder, (inTheWay, error) => leftOut.push(leftOutLine(folder, inTheWay, error)));
  for (const file of files.toSorted()) {
    const path = relative(folder, file);
    try {
      await addFile(archive, file, `${name.slice(-NAME_MAX)}/${path}`);
    } catch (error) {
      if (archive.destroyed) throw error;
      leftOut.push(leftOutLine(folder, file, error));
    }
  }
  archive.finalize();
  return leftOut;
}

/** Names as a test makes them: a path of 4 KB is not to fill the screen. */
function leftOutLine(folder: string, path: string, error: unknown): string {
  return `${bounded(relative(folder, path))}: ${errorMessage(error)}`;
}

/** @param unread a folder that cannot be looked into: it is locked, or lies so deep that it has no path */
async function filesIn(folder: string, unread: (folder: string, error: unknown) => void): Promise<readonly string[]> {
  const files: string[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const at = next;
    const entries = await readdir(at, { withFileTypes: true }).catch((error: unknown) => {
      unread(at, error);
      return [];
    });
    for (const entry of entries) (entry.isDirectory() ? waiting : files).push(join(at, entry.name));
  }
  return files;
}

async function addFile(archive: Pack, file: string, name: string): Promise<void> {
  const opened = openPlainFile(file);
  try {
    const { size, mtime } = fstatSync(opened);
    const entry = archive.entry({ name, size, mtime, mode: 0o644 });
    // A file that grows meanwhile must not make the archive unreadable: as many bytes as its header says.
    if (size === 0) entry.end();
    else await pipeline(createReadStream('', { fd: opened, autoClose: false, start: 0, end: size - 1 }), entry);
  } finally {
    closeSync(opened);
  }
}
