import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyPatch, parsePatch } from 'diff';
import { BugZooError } from './error.ts';

/** A change of the core. */
export interface Patch {
  /** What the built core is called by: the bug's id, or the file's name. */
  readonly name: string;
  /** The file, for messages. */
  readonly file: string;
  /** A unified diff, perhaps below a head. */
  readonly patch: string;
}

/** The text of each file of the core by its path in `packages/raft/src`, as "rules/vote.ts". */
export type Sources = ReadonlyMap<string, string>;

/** The folder of the core's sources, wherever the package is installed. */
export const CORE_FOLDER = join(dirname(fileURLToPath(import.meta.resolve('@raftlens/raft/package.json'))), 'src');

/** How the paths in a patch start: `git apply` takes it at the root of the repository. */
export const PATH_PREFIX = /^[ab]\/packages\/raft\/src\//;

/** Reads the real core. */
export function coreSources(): Sources {
  const sources = new Map<string, string>();
  const files = readdirSync(CORE_FOLDER, {
    recursive: true,
    encoding: 'utf8',
  }).filter((file) => file.endsWith('.ts'));
  for (const file of files.sort()) sources.set(file.replaceAll('\\', '/'), readFileSync(join(CORE_FOLDER, file), 'utf8'));
  return sources;
}

/**
 * The core with the bug in it. Nothing on disk is touched.
 *
 * @throws BugZooError PATCH_DOES_NOT_APPLY, with the file that has changed too much since the patch was written.
 */
export function plantBug(bug: Patch, core: Sources): Sources {
  const planted = new Map(core);
  const files = parsePatch(bug.patch).filter((file) => file.hunks.length > 0);
  if (files.length === 0) throw doesNotApply(bug, 'it changes no file');
  for (const file of files) {
    const name = file.oldFileName ?? '';
    const path = name.replace(PATH_PREFIX, '');
    const text = planted.get(path);
    if (path === name || text === undefined) throw doesNotApply(bug, `"${name}" is not a file of packages/raft/src`);
    const patched = applyPatch(text, file, { fuzzFactor: 0 });
    if (patched === false) throw doesNotApply(bug, `packages/raft/src/${path} is not as the patch knows it; make the patch again from it`);
    planted.set(path, patched);
  }
  return planted;
}

function doesNotApply(bug: Patch, why: string): BugZooError {
  return new BugZooError('PATCH_DOES_NOT_APPLY', `${bug.file}: ${why}`);
}
