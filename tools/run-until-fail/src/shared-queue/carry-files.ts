import { closeSync, mkdirSync, openSync, readdirSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SharedResult } from './protocol.ts';

/** What travels of one file, and how many files of a run: Redis holds it all in memory. */
const FILE_BYTES_MAX = 4 * 2 ** 20;
const FILES_MAX = 32;

/** The plain files of a run's folder, each at most 4 MiB: of a longer one its end, where a failure tells itself. */
export function packFiles(folder: string): SharedResult['files'] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return names.slice(0, FILES_MAX).map(({ name }) => {
    const { size } = statSync(join(folder, name));
    return { name, content: readEnd(join(folder, name), size).toString('base64'), cut: size > FILE_BYTES_MAX };
  });
}

function readEnd(path: string, size: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.min(size, FILE_BYTES_MAX));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, Math.max(0, size - FILE_BYTES_MAX)));
  } finally {
    closeSync(file);
  }
}

/** Writes files that came home; their names have been checked. */
export function unpackFiles(folder: string, files: SharedResult['files']): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, content, cut } of files) {
    const bytes = Buffer.from(content, 'base64');
    writeFileSync(join(folder, name), cut ? Buffer.concat([Buffer.from('[the beginning stayed with the worker]\n'), bytes]) : bytes);
  }
}
