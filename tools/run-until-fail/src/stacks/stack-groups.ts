import type { Dump, StackFrame, Thread } from './thread.ts';

/** Threads of a dump with the same stack, which wait in the same way. */
export interface StackGroup {
  readonly threads: readonly [Thread, ...Thread[]];
  /** The longest that one of them has waited; null where none is told. */
  readonly minutes: number | null;
}

/** The groups of a dump, the largest first. Which thread it was, and how long it has waited, keeps no two apart. */
export function groupsOf(threads: readonly Thread[]): readonly StackGroup[] {
  const groups = new Map<string, [Thread, ...Thread[]]>();
  for (const thread of threads) {
    const key = stackKey(thread);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thread]);
    else group.push(thread);
  }
  return [...groups.values()]
    .map((members) => ({ threads: members, minutes: longestWait(members) }))
    .toSorted((a, b) => b.threads.length - a.threads.length);
}

export function longestWait(threads: readonly Thread[]): number | null {
  const told = threads.map(({ wait }) => wait.minutes).filter((minutes) => minutes !== null);
  return told.length === 0 ? null : told.reduce((a, b) => Math.max(a, b));
}

function stackKey({ wait, frames, startedBy, name }: Thread): string {
  // What has no stack is what its name says it is.
  const stack = frames.length === 0 ? [name] : frames.map((frame) => `${frame.name} ${frame.place ?? ''}`);
  return JSON.stringify([wait.kind, startedBy?.name ?? null, ...stack]);
}

/** The calls of a stack that are the user's own, the innermost first; all of them where none is. */
export function ownFrames({ frames }: Pick<Thread, 'frames'>): readonly StackFrame[] {
  const own = frames.filter(({ isLibrary }) => !isLibrary);
  return own.length > 0 ? own : frames;
}

/** The threads that run something of the program, or are leaked: what a runtime and its libraries started tells of itself only. All where that is none. */
export function threadsOfProgram({ threads }: Dump): readonly Thread[] {
  const own = threads.filter(
    ({ isLeaked, frames, wait }) =>
      isLeaked || (wait.kind !== 'runtime' && !(frames.length > 0 && frames.every(({ isLibrary }) => isLibrary))),
  );
  return own.length > 0 ? own : threads;
}
