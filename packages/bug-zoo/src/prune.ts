import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How many cores are kept of each bug: the one of the current sources, and two of other checkouts. */
const VERSIONS_MAX = 3;
/** A half-written core that is so much older than a whole one belongs to a process that has died. */
const ABANDONED_MS = 3_600_000;

/**
 * Removes the oldest cores with the bug, and what dead processes left half written, once `written` is in the folder. Others may be at it
 * at the same time: a missing file is no error, and a missing core is built again (`loadCore`).
 */
export function prune(folder: string, written: string, label: string): void {
  // The clock is that of the file system, which has just stamped the new file.
  const nowMs = changedMs(written);
  const names = readdirSync(folder);
  const versions = names.filter((name) => name.startsWith(`${label}-`) && name.endsWith('.mjs')).map((name) => join(folder, name));
  const byAge = versions.map((path) => ({ path, ms: path === written ? Infinity : changedMs(path) })).sort((a, b) => b.ms - a.ms);
  const abandoned = names.filter((name) => name.endsWith('.tmp') && changedMs(join(folder, name)) < nowMs - ABANDONED_MS);
  for (const path of [...byAge.slice(VERSIONS_MAX).map((version) => version.path), ...abandoned.map((name) => join(folder, name))]) {
    rmSync(path, { force: true });
  }
}

/** Infinity for a file that is gone: it needs no removing. */
function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
}
