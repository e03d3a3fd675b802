/** What the scripts know of the repository: its root, its packages, its files. Plain Node, because it runs before anything is installed. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const CACHE = join(ROOT, '.cache');

/** The folders of all packages, relative to the root, in the order of their names. */
export function packageFolders(root = ROOT) {
  return ['packages', 'tools'].flatMap((group) =>
    readdirSync(join(root, group))
      .sort()
      .map((name) => join(group, name))
      .filter((folder) => existsSync(join(root, folder, 'package.json'))),
  );
}

/** All files below a folder whose name ends so, relative to the root, sorted; none where there is no folder. */
export function filesBelow(folder, ending, root = ROOT) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Path, size and time of change of a file as one line, or that it is missing: cheap to compare with an earlier state. */
export function fingerprint(file) {
  const stat = statSync(join(ROOT, file), { throwIfNoEntry: false });
  return stat === undefined ? `${file} missing` : `${file} ${stat.size} ${stat.mtimeMs}`;
}

/** The compiled file of a TypeScript source: packages/x/test/a.test.ts -> packages/x/dist/test/a.test.js */
export function compiledOf(source) {
  const [group, name, ...rest] = source.split(/[\\/]/);
  return join(group, name, 'dist', ...rest).replace(/\.ts$/, '.js');
}

/** Prints one line that says what went wrong and what to do, and ends with that exit code. */
export function giveUp(message, exitCode) {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}
