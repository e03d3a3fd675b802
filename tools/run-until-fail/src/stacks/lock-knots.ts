import { ownFrames } from './stack-groups.ts';
import type { Dump, Thread, WaitKind } from './thread.ts';

/** A lock that nobody gets. */
export interface LockKnot {
  /** Its address; null where the dump only shows what it is called. */
  readonly lock: string | null;
  /** What it is: a class, or the words of the source. */
  readonly what: string | null;
  /** The type of the object that it is a part of, where the stacks tell. */
  readonly owner: string | null;
  readonly waiters: readonly Thread[];
  readonly holder: Holder;
}

/**
 * Who holds a lock. `told`: the dump says so. `likely`: it does not say, and of all that run in methods of the same object only these wait for
 * something else. `itself`: it does not say, and a waiter runs in two methods of the object. `sameType`: as `likely`, but the dump does not tell of which object.
 */
export type Holder =
  | { readonly how: 'told' | 'likely' | 'sameType' | 'itself'; readonly threads: readonly Thread[] }
  | { readonly how: 'unknown' };

/** A lock lies within its object, and no object of a test is larger. */
const OBJECT_MAX = 1n << 16n;

/** What a thread may do with a lock in its hands, the likeliest first. A condition is not among it: to wait for one gives the lock back. */
const WHILE_HOLDING: readonly (readonly WaitKind[])[] = [
  ['send'],
  ['receive'],
  ['lock', 'others', 'select'],
  ['io', 'unknown'],
  ['running'],
  ['sleep'],
];

/** The locks of a dump for which threads wait, that with the most waiters first. */
export function lockKnots(dump: Dump): readonly LockKnot[] {
  const waiting = new Map<string, Thread[]>();
  for (const thread of dump.threads) {
    const { kind, on, what } = thread.wait;
    const key = on ?? what ?? nameOfObject(thread);
    if (kind === 'lock' && key !== null) waiting.set(key, [...(waiting.get(key) ?? []), thread]);
  }
  return [...waiting.values()].map((waiters) => knotOf(dump, waiters)).toSorted((a, b) => b.waiters.length - a.waiters.length);
}

function knotOf(dump: Dump, waiters: readonly Thread[]): LockKnot {
  const { on = null, what = null } = waiters[0]?.wait ?? {};
  const owners = new Set(waiters.map(ownerOf).filter((owner) => owner !== null));
  const [owner = null] = owners;
  const holders = on === null ? [] : dump.threads.filter(({ holds }) => holds?.includes(on) === true);
  const holder: Holder = holders.length > 0 ? { how: 'told', threads: holders } : guess(dump, waiters, on, owners);
  return { lock: on, what, owner, waiters, holder };
}

/** Where the dump does not tell the lock, the object in whose method a thread waits stands for it. */
function nameOfObject(thread: Thread): string | null {
  const [frame] = ownFrames(thread);
  return frame === undefined || frame.owner === null ? null : `${frame.owner} ${frame.object ?? ''}`;
}

function objectOf(waiters: readonly Thread[]): bigint | null {
  const [first] = waiters;
  return first === undefined ? null : (ownFrames(first)[0]?.object ?? null);
}

/** The type in whose method a thread waits. */
function ownerOf(thread: Thread): string | null {
  return ownFrames(thread)[0]?.owner ?? null;
}

function guess(dump: Dump, waiters: readonly Thread[], lock: string | null, owners: ReadonlySet<string>): Holder {
  // A dump that tells of locks, and not of this one's holder, leaves nothing to be guessed.
  if (waiters.some(({ holds }) => holds !== null)) return { how: 'unknown' };
  const others = dump.threads.filter((thread) => !waiters.includes(thread));
  const object = lock === null ? objectOf(waiters) : objectAround(BigInt(lock), dump, owners);
  if (object !== null) {
    const near = likeliest(others.filter(({ frames }) => frames.some((frame) => frame.object === object)));
    if (near.length > 0) return { how: 'likely', threads: near };
  }
  const itself = waiters.filter((thread) => isInTwoMethods(thread, object));
  if (itself.length > 0) return { how: 'itself', threads: itself };
  // Where every method of that type tells its object, none of another object is meant.
  const unplaced = (thread: Thread): boolean =>
    thread.frames.some((frame) => frame.owner !== null && owners.has(frame.owner) && frame.object === null);
  const alike = likeliest(others.filter(unplaced).filter(({ wait }) => wait.kind === 'send' || wait.kind === 'receive'));
  return alike.length > 0 ? { how: 'sameType', threads: alike } : { how: 'unknown' };
}

/** The object that a lock is a part of: that which begins nearest before it. */
function objectAround(lock: bigint, { threads }: Dump, owners: ReadonlySet<string>): bigint | null {
  let nearest: bigint | null = null;
  for (const { object, owner } of threads.flatMap(({ frames }) => frames)) {
    if (object === null || owner === null || !owners.has(owner) || object > lock || lock - object >= OBJECT_MAX) continue;
    if (nearest === null || object > nearest) nearest = object;
  }
  return nearest;
}

/** Those of the likeliest kind alone: who sleeps is not suspected beside one that sends. */
function likeliest(threads: readonly Thread[]): readonly Thread[] {
  for (const kinds of WHILE_HOLDING) {
    const found = threads.filter(({ wait }) => kinds.includes(wait.kind));
    if (found.length > 0) return found;
  }
  return [];
}

/** It called one method of the object from another, and waits in the inner one: where the outer one has the lock, it waits for itself. */
function isInTwoMethods({ frames }: Thread, object: bigint | null): boolean {
  const own = frames.filter((frame) => !frame.isLibrary && frame.owner !== null);
  const inner = own[0];
  if (inner === undefined) return false;
  return own.slice(1).some((frame) => frame.owner === inner.owner && frame.name !== inner.name && isSameObject(frame.object, object));
}

function isSameObject(a: bigint | null, b: bigint | null): boolean {
  return a === null || b === null || a === b;
}

/** Threads of which each waits for a lock that the next one holds, and the last for one of the first: they wait for ever. Only of holders that are told. */
export function deadlockIn(knots: readonly LockKnot[]): readonly Thread[] {
  const holderOf = new Map<Thread, Thread>();
  for (const { waiters, holder } of knots) {
    const [first] = holder.how === 'told' ? holder.threads : [];
    if (first !== undefined) for (const waiter of waiters) holderOf.set(waiter, first);
  }
  for (const start of holderOf.keys()) {
    const seen: Thread[] = [];
    for (let at: Thread | undefined = start; at !== undefined; at = holderOf.get(at)) {
      const before = seen.indexOf(at);
      if (before !== -1) return seen.slice(before);
      seen.push(at);
    }
  }
  return [];
}
