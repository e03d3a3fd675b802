import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { RaftCore } from '@raftlens/raft/core';
import { buildCore } from './build.ts';
import { allBugs, bugById } from './catalogue.ts';
import { changedFunctions } from './changed-functions.ts';
import type { BugHeader } from './header.ts';
import { isPatchFile, readOwnPatch } from './own-patch.ts';
import { type CheckedKind, kindsOf } from './showing.ts';
import { coreSources, type Patch, plantBug } from './sources.ts';

/** By the text of the patch. */
const loaded = new Map<string, Promise<RaftCore>>();

/**
 * Builds the core with the bug planted in it and imports it: a bug of the zoo by its name, or the path of a patch. The real core is not touched and knows nothing of this: it has
 * no hook and no flag. Safe to call from several worker threads and processes at once.
 *
 * @throws BugZooError UNKNOWN_BUG, NO_PATCH, BAD_BUG_HEADER, PATCH_DOES_NOT_APPLY, BUILD_FAILED, UNSAFE_FOLDER.
 */
export async function loadCore(nameOrFile: string): Promise<RaftCore> {
  const bug = isPatchFile(nameOrFile) ? readOwnPatch(nameOrFile) : bugById(nameOrFile);
  const core = loaded.get(bug.patch) ?? build(bug);
  loaded.set(bug.patch, core);
  return core;
}

/** A bug that can be planted, to try whether it explains a failure. */
export type Suspect = BugHeader & {
  readonly kinds: readonly CheckedKind[];
  /** The names of the functions that it changes. */
  readonly functions: readonly string[];
  readonly load: () => Promise<RaftCore>;
};

/** Every bug of the zoo as a suspect. */
export function suspects(): readonly Suspect[] {
  const core = coreSources();
  return allBugs().map((bug) => ({
    ...bug.header,
    kinds: kindsOf(bug.header),
    functions: changedFunctions(bug, core),
    load: () => loadCore(bug.header.id),
  }));
}

async function build(bug: Patch): Promise<RaftCore> {
  const sources = plantBug(bug, coreSources());
  const file = await buildCore(sources, bug.name);
  try {
    return await imported(pathToFileURL(file).href);
  } catch (error) {
    if (existsSync(file)) throw error;
    // Another process has made room for a core of its own, or somebody cleaned the temporary folder. Node remembers what it did not find.
    const again = await buildCore(sources, bug.name);
    return await imported(`${pathToFileURL(again).href}?again`);
  }
}

/** The bundle was made from the core's own entry-points/core.ts, and exports what it does. */
async function imported(url: string): Promise<RaftCore> {
  process.setSourceMapsEnabled(true);
  return (await import(url)) as RaftCore;
}
