import { pathToFileURL } from 'node:url';
import type { RaftCore } from '@raftlens/raft';
import { buildCore } from './build.ts';
import { type Bug, bugById } from './catalogue.ts';
import { coreSources, plantBug } from './sources.ts';

const loaded = new Map<string, Promise<RaftCore>>();

/**
 * Builds the core with the bug planted in it and imports it. The real core is not touched and knows nothing of this: it has
 * no hook and no flag. Safe to call from several worker threads and processes at once.
 *
 * @throws BugZooError UNKNOWN_BUG, PATCH_DOES_NOT_APPLY, BUILD_FAILED, UNSAFE_FOLDER.
 */
export async function loadCore(id: string): Promise<RaftCore> {
  const bug = bugById(id);
  const core = loaded.get(bug.header.id) ?? build(bug);
  loaded.set(bug.header.id, core);
  return core;
}

async function build(bug: Bug): Promise<RaftCore> {
  const file = await buildCore(plantBug(bug, coreSources()), bug.header.id);
  // The bundle was made from the core's own index.ts, so that it exports what the core does.
  return (await import(pathToFileURL(file).href)) as RaftCore;
}
