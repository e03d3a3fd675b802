import { lstatSync, mkdirSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree, withAccess } from '../files.ts';
import { OURS_ABOVE, OUTPUT_FILE } from './launch-plan.ts';

/**
 * The folders that runs write to. On a file system with a journal, making and removing one costs a quarter of what a short run costs in all, so a
 * folder in which a passing run left nothing is renamed for the next run instead.
 */
export class RunFolders {
  readonly #spare: string[] = [];
  /** What a folder looks like that nobody has changed. */
  #fresh: { readonly mode: number; readonly uid: number; readonly gid: number } | null = null;

  /** @throws the system's error */
  make(path: string): void {
    const spare = this.#spare.pop();
    if (spare !== undefined && renamed(spare, path)) return;
    withAccess(path, OURS_ABOVE, () => mkdirSync(path, { recursive: true }));
    this.#fresh ??= lstatSync(path);
  }

  /**
   * Drops a run and what it left.
   *
   * @param reuse nobody is alive who could still write into the folder
   * @returns whether it is gone
   */
  drop(path: string, reuse: boolean): boolean {
    try {
      // First of all it must still be a folder: behind a link that a test has put there nothing is ours.
      if (!reuse || !this.#isFresh(path)) return removed(path);
      const names = readdirSync(path);
      if (names.some((name) => name !== OUTPUT_FILE)) return removed(path);
      // A new file each time: a process that got away may still write to the old one.
      if (names.length > 0) unlinkSync(join(path, OUTPUT_FILE));
      this.#spare.push(path);
      return true;
    } catch {
      return removed(path);
    }
  }

  #isFresh(path: string): boolean {
    const { mode, uid, gid } = lstatSync(path);
    return this.#fresh !== null && mode === this.#fresh.mode && uid === this.#fresh.uid && gid === this.#fresh.gid;
  }
}

function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false; // Somebody has removed it: there are others.
  }
}

function removed(path: string): boolean {
  return removeTree(path) === null;
}
