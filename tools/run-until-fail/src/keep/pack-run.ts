import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Run } from '@raftlens/events';
import { tarEnd, tarHeader, tarPadding } from './tar.ts';

/** Packs the folder of a run into one .tar.gz, streaming. The file appears under its name only once it is whole. */
export async function packRun(run: Run, target: string): Promise<void> {
  const draft = `${target}.${process.pid}.tmp`;
  try {
    await pipeline(Readable.from(archive(run)), createGzip(), createWriteStream(draft));
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Plain files only: a link could point to what nobody meant to give away. */
async function* archive(run: Run): AsyncGenerator<Buffer> {
  const entries = await readdir(run.folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) yield* archiveFile(run, file);
  yield tarEnd();
}

async function* archiveFile(run: Run, file: string): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r');
  const { size, mtimeMs } = await handle.stat();
  await handle.close();
  yield tarHeader({ name: `${run.name.slice(-60)}/${relative(run.folder, file)}`, bytes: size, modifiedMs: mtimeMs });
  // A file that grows meanwhile must not make the archive unreadable: as many bytes as its header says.
  if (size > 0) for await (const chunk of createReadStream(file, { end: size - 1 })) yield chunk as Buffer;
  yield tarPadding(size);
}
