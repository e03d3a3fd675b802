import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { BugZooError } from './error.ts';
import { type BugHeader, parseHeader } from './header.ts';
import type { Showing } from './showing.ts';
import type { Patch } from './sources.ts';

/** A bug that somebody keeps in a file of their own. */
export interface OwnPatch extends Patch {
  /** What the head of the patch says, as in the zoo; null for a bare diff. */
  readonly header: BugHeader | null;
}

/** A patch changes one decision of the core. */
const BYTES_MAX = 1 << 20;

/** Names of bugs have no dot. */
export function isPatchFile(name: string): boolean {
  return name.endsWith('.patch');
}

/**
 * Reads a patch of packages/raft/src from anywhere: a bare `git diff`, or one with the head that the patches of the zoo have.
 *
 * @throws BugZooError NO_PATCH when the file cannot be read, BAD_BUG_HEADER for a head that is wrong.
 */
export function readOwnPatch(path: string): OwnPatch {
  const file = resolve(path);
  const patch = textOf(file);
  const hasHead = /^\s*(#.*\s*)*[a-z]+: /.test(patch);
  // In the folder of built cores a name ends at the first hyphen.
  const name = `own_${basename(file, '.patch')
    .replaceAll(/[^A-Za-z0-9]/g, '_')
    .slice(0, 40)}`;
  return { name, file, patch, header: hasHead ? parseHeader(patch, file) : null };
}

/** How its head says that the bug shows itself; null for a bare diff. A schedule lies beside the patch. */
export function showingOfOwn({ header, file }: OwnPatch): Showing | null {
  if (header === null) return null;
  const { structure, schedule } = header;
  if (schedule !== null && schedule !== basename(schedule))
    throw new BugZooError('BAD_BUG_HEADER', `${file}:1: the schedule is "${schedule}", but must be the name of a file beside the patch`);
  return { scenario: schedule === null ? header.scenario : join(dirname(file), schedule), structure, race: structure === 'locked' };
}

function textOf(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > BYTES_MAX)
      throw new BugZooError('NO_PATCH', `${file} has ${size} bytes, which is no patch of a core: ${BYTES_MAX} are allowed`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof BugZooError) throw error;
    throw new BugZooError('NO_PATCH', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
