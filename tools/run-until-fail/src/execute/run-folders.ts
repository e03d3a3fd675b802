import { lstatSync, mkdirSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { removeTree, withAccess } from '../files.ts';
import { OURS_ABOVE, OUTPUT_FILE } from './launch-plan.ts';
import { RunOutput } from './run-output.ts';

/** A folder in which a run left nothing, for the next run. */
interface Spare {
  readonly path: string;
  /** Its output file, still open, where the run has printed nothing. */
  readonly output: RunOutput | null;
}

/**
 * The folders that runs write to. On a file system with a journal, making and removing one costs a quarter of what a short run costs in all, so a
 * folder in which a passing run left nothing is renamed for the next run instead, and so is the file for its output where it is still empty.
 */
export class RunFolders {
  readonly #spare: Spare[] = [];
  /** What a folder looks like that nobody has changed. */
  #fresh: { readonly mode: number; readonly uid: number; readonly gid: number } | null = null;

  /** Makes the folder, with a file for what its run will print. @throws the system's error */
  open(path: string): RunOutput {
    const spare = this.#spare.pop();
    if (spare === undefined || !renamed(spare.path, path)) {
      spare?.output?.close();
      withAccess(path, OURS_ABOVE, () => mkdirSync(path, { recursive: true }));
      this.#fresh ??= lstatSync(path);
      return new RunOutput(path);
    }
    if (spare.output === null) return new RunOutput(path);
    spare.output.moved(path);
    return spare.output;
  }

  /**
   * Keeps the folder of a run for another, if the run has left nothing in it. Nobody may be alive who could still write into it.
   *
   * @returns whether it is kept; if so, the output is seen to as well
   */
  setAside(path: string, output: RunOutput): boolean {
    try {
      // First of all it must still be a folder: behind a link that a test has put there nothing is ours.
      if (!this.#isFresh(path)) return false;
      const names = readdirSync(path);
      if (names.some((name) => name !== OUTPUT_FILE)) return false;
      const untouched = names.length > 0 && output.isUntouched();
      // Otherwise a new file: a process that got away may still write to the old one.
      if (!untouched) {
        if (names.length > 0) unlinkSync(output.path);
        output.close();
      }
      this.#spare.push({ path, output: untouched ? output : null });
      return true;
    } catch {
      return false;
    }
  }

  /** Removes the folder of a run and what it left. @returns whether it is gone */
  remove(path: string): boolean {
    return removeTree(path) === null;
  }

  /** What is set aside goes with the folder of the session. */
  close(): void {
    for (const { output } of this.#spare.splice(0)) output?.close();
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
