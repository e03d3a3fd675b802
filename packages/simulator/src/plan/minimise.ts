import { assert } from '../protocol/assert.ts';

/**
 * Delta debugging: leaves out smaller and smaller pieces of a list while `fails` says that the rest still fails in the same way.
 * Pieces from the end go first: what happens last cannot influence what happened before.
 */
export async function minimise<T>(
  items: readonly T[],
  fails: (rest: readonly T[]) => Promise<boolean>,
  spent: () => boolean,
): Promise<readonly T[]> {
  let kept = items;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1 && kept.length > 0) {
    let removed = false;
    for (let end = kept.length; end > 0; end -= size) {
      if (spent()) return kept;
      const start = Math.max(0, end - size);
      const rest = [...kept.slice(0, start), ...kept.slice(end)];
      assert(rest.length < kept.length, 'a try leaves something out');
      if (await fails(rest)) {
        kept = rest;
        removed = true;
      }
    }
    if (size === 1 && !removed) break;
    if (size > 1) size = Math.ceil(size / 2);
  }
  return kept;
}
