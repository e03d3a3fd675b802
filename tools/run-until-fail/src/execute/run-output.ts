import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { forgetPipe, removeTree, unlock, withAccess } from '../files.ts';
import { OURS_ABOVE, OUTPUT_FILE } from './launch-plan.ts';

const COPY_BYTES = 1 << 20;
const OWNER_MAY_READ_AND_WRITE = 0o600;

/**
 * What a run prints: the file output.log in its folder. The tool has it open from before the run begins, and reads it through that alone: a test
 * may remove the file, or put a link, a pipe or a folder in its place, and what it printed is still here.
 */
export class RunOutput {
  #directory: string;
  #path: string;
  readonly #file: number;
  readonly #stat: Stats;

  /** Makes the file in a folder that is ours. @throws the system's error */
  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, OUTPUT_FILE);
    this.#file = openSync(this.#path, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o666);
    this.#stat = fstatSync(this.#file);
  }

  /** The folder with the file in it has been renamed. */
  moved(directory: string): void {
    this.#directory = directory;
    this.#path = join(directory, OUTPUT_FILE);
  }

  /** Whether the file is empty, and still as it was made: what a run has had nothing to do with may serve the next. */
  isUntouched(): boolean {
    const { size, nlink, mode, uid, gid, ino, dev } = lstatSync(this.#path);
    const made = this.#stat;
    return size === 0 && nlink === 1 && mode === made.mode && uid === made.uid && gid === made.gid && isSame({ ino, dev }, made);
  }

  get path(): string {
    return this.#path;
  }

  /** To be read by position, and not to be closed. */
  get file(): number {
    return this.#file;
  }

  get bytes(): number {
    return fstatSync(this.#file).size;
  }

  /**
   * Sees to it, when nothing of the run lives any more, that its folder is a folder which we may use and that what it printed lies in it.
   *
   * @throws the system's error
   */
  putBack(): void {
    withAccess(this.#directory, OURS_ABOVE, () => this.#putBack());
  }

  #putBack(): void {
    ownFolder(this.#directory);
    // Whoever reads what is kept opens the file by its name, and the test may have locked it.
    if ((fstatSync(this.#file).mode & OWNER_MAY_READ_AND_WRITE) !== OWNER_MAY_READ_AND_WRITE)
      fchmodSync(this.#file, OWNER_MAY_READ_AND_WRITE);
    const found = lstatSync(this.#path, { throwIfNoEntry: false });
    if (found !== undefined && isSame(found, fstatSync(this.#file))) return;
    if (found?.isFile() === true) renameSync(this.#path, `${this.#path}.of-the-test`);
    else if (found !== undefined) removeTree(this.#path);
    forgetPipe();
    this.#copy();
  }

  close(): void {
    closeSync(this.#file);
  }

  #copy(): void {
    const copy = openSync(this.#path, 'wx');
    try {
      const chunk = Buffer.allocUnsafe(COPY_BYTES);
      for (let at = 0, bytes = -1; bytes !== 0; at += bytes) {
        bytes = readSync(this.#file, chunk, 0, chunk.length, at);
        writeSync(copy, chunk, 0, bytes);
      }
    } finally {
      closeSync(copy);
    }
  }
}

/** A link that a test has put in the place of its folder leads to what is not ours: it goes, and what it leads to stays as it is. */
function ownFolder(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return unlock(path);
  if (found !== undefined) unlinkSync(path);
  forgetPipe();
  mkdirSync(path, { recursive: true });
}

function isSame(a: Pick<Stats, 'ino' | 'dev'>, b: Pick<Stats, 'ino' | 'dev'>): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
