/** Failures of one test that share a signature. */
export interface FailureGroup {
  readonly test: string;
  readonly signature: string;
  readonly count: number;
  /** The first failing run of the group: its kept folder (absolute or as the reports of shards give it), seed and reason for people. */
  readonly example: FailureExample;
}

export interface FailureExample {
  readonly folder: string | null;
  readonly seed: string;
  readonly why: string;
  /** What it printed about it, bounded; absent where it printed nothing, or is not here. */
  readonly output?: string | undefined;
}

/** More signatures than this say that masking does not work for this output; the rest is counted under one heading. */
export const GROUPS_MAX = 200;
const REST = '(other signatures)';

/** Adds `count` failures; the groups stay in the order of their first failure. */
export function addFailure(
  groups: readonly FailureGroup[],
  test: string,
  signature: string,
  example: FailureExample,
  count = 1,
): readonly FailureGroup[] {
  const at = groups.findIndex((group) => group.test === test && group.signature === signature);
  const group = groups[at];
  if (group !== undefined) return groups.with(at, { ...group, count: group.count + count });
  if (groups.length >= GROUPS_MAX && signature !== REST) return addFailure(groups, test, REST, example, count);
  return [...groups, { test, signature, count, example }];
}

export function mergeGroups(a: readonly FailureGroup[], b: readonly FailureGroup[]): readonly FailureGroup[] {
  return b.reduce((groups, group) => addFailure(groups, group.test, group.signature, group.example, group.count), a);
}
