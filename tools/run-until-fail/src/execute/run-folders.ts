import { mkdirSync, readdirSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { OUTPUT_FILE } from './launch-plan.ts';

/**
 * The folders that runs write to. On a file system with a journal, making and removing one costs several times as much as starting a process, so
 * a folder in which a passing run left nothing is renamed for the next run instead.
 */
export class RunFolders {
  readonly #spare: string[] = [];
  /** What a folder looks like that nobody has changed. */
  #fresh: { readonly mode: number; readonly uid: number; readonly gid: number } | null = null;

  /** @throws the system's error */
  make(path: string): void {
    const spare = this.#spare.pop();
    if (spare !== undefined && renamed(spare, path)) return;
    mkdirSync(path, { recursive: true });
    this.#fresh ??= statSync(path);
  }

  /**
   * Drops a run and what it left.
   *
   * @param reuse nobody is alive who could still write into the folder
   * @returns whether it is gone
   */
  drop(path: string, reuse: boolean): boolean {
    try {
      const names = readdirSync(path);
      // A new file each time: a process that got away may still write to the old one.
      if (names.includes(OUTPUT_FILE)) unlinkSync(join(path, OUTPUT_FILE));
      if (reuse && names.every((name) => name === OUTPUT_FILE) && this.#isFresh(path)) this.#spare.push(path);
      else rmSync(path, { recursive: true, force: true });
      return true;
    } catch {
      return removed(path);
    }
  }

  #isFresh(path: string): boolean {
    const { mode, uid, gid } = statSync(path);
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
  try {
    rmSync(path, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
