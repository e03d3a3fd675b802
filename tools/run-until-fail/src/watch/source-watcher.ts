import { spawnSync } from 'node:child_process';
import { basename, join, relative, sep } from 'node:path';
import { UserError } from '@raftlens/command-line';
import { type FSWatcher, watch } from 'chokidar';
import { errorMessage } from '../errors.ts';

/** Editors and formatters write several files in a row; what comes within this long is one change. */
const SETTLE_MS = 200;
/** Folders that tools write to, and that nobody edits. */
const IGNORED_FOLDERS = new Set(['node_modules', '.git', 'dist', 'target', '__pycache__', '.pytest_cache']);
/** Backups, swap files and other helpers of vim, emacs and JetBrains' editors. */
const EDITOR_FILE = /~$|^\.#|^#.*#$|\.sw[a-z]$|^4913$|___jb_/;

/** Watches the sources below a folder: not what git ignores, nor where tools and editors put what is theirs. */
export class SourceWatcher {
  readonly #folder: string;
  readonly #watcher: FSWatcher;
  #next = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** @param watcher is ready: see `open` */
  constructor(folder: string, watcher: FSWatcher) {
    this.#folder = folder;
    this.#watcher = watcher;
    watcher.on('all', (_, path) => this.#changed(path));
    watcher.on('error', () => undefined); // Of a folder that went away, or that we may not read, no change is to be seen.
  }

  /**
   * @param folder absolute
   * @param logs where runs are kept, absolute: whatever happens there is no change
   * @throws UserError CANNOT_WATCH
   */
  static async open(folder: string, logs: string): Promise<SourceWatcher> {
    const ignored = new Set([logs, ...ignoredByGit(folder)]);
    const watcher = watch(folder, {
      ignored: (path) => ignored.has(path) || (path !== folder && isNobodysSource(path)),
      ignoreInitial: true,
      followSymlinks: false,
    });
    await new Promise<void>((resolve, reject) => {
      watcher.once('ready', resolve);
      watcher.once('error', (error) => reject(new UserError('CANNOT_WATCH', `cannot watch ${folder}: ${errorMessage(error)}`)));
    });
    return new SourceWatcher(folder, watcher);
  }

  /** A signal that is aborted at the next change, with the path of the first file that changed as its reason. */
  nextChange(): AbortSignal {
    if (this.#next.signal.aborted) this.#next = new AbortController();
    return this.#next.signal;
  }

  /** Waits until what has been written by now has been seen. */
  settle(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 2 * SETTLE_MS));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher.close();
  }

  #changed(path: string): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // Files that did not exist when we began, and that git ignores.
      if (!gitIgnores(this.#folder, path)) this.#next.abort(relative(this.#folder, path));
    }, SETTLE_MS);
  }
}

export function isNobodysSource(path: string): boolean {
  const name = basename(path);
  return IGNORED_FOLDERS.has(name) || EDITOR_FILE.test(name);
}

/** The files and folders that git ignores now, absolute; none outside of git. */
function ignoredByGit(folder: string): readonly string[] {
  const { stdout, status } = git(folder, 'ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z');
  const names = status === 0 ? stdout.split('\0').filter((name) => name !== '') : [];
  return names.map((name) => join(folder, name.endsWith(sep) ? name.slice(0, -1) : name));
}

function gitIgnores(folder: string, path: string): boolean {
  return git(folder, 'check-ignore', '--quiet', '--', path).status === 0;
}

function git(folder: string, ...words: readonly string[]) {
  return spawnSync('git', words, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'ignore'] });
}
