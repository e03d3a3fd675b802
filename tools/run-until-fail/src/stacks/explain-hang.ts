import { formatCount, plural } from '../format.ts';
import { deadlockIn, type Holder, type LockKnot, lockKnots } from './lock-knots.ts';
import { groupsOf, longestWait, ownFrames, type StackGroup, threadsOfProgram } from './stack-groups.ts';
import type { Dump, StackFrame, Thread, Wait, WaitKind } from './thread.ts';

/** How much of each part is told; the rest is counted. */
export interface HowMuch {
  readonly knots: number;
  readonly stacks: number;
  readonly calls: number;
}

export const BRIEFLY: HowMuch = { knots: 2, stacks: 8, calls: 3 };
export const IN_FULL: HowMuch = { knots: 1000, stacks: 1000, calls: 8 };

/** What the dumps of a run that hangs tell: who waits for what, since when, and who keeps it. Whole lines; not safe to print. */
export function explainHang(dumps: readonly Dump[], howMuch: HowMuch): readonly string[] {
  return dumps.flatMap((dump, at) => [
    ...(dumps.length > 1 ? [`process ${at + 1} of ${dumps.length}`] : []),
    ...explainDump(dump, howMuch),
  ]);
}

function explainDump(dump: Dump, howMuch: HowMuch): readonly string[] {
  const threads = threadsOfProgram(dump);
  const hidden = dump.threads.length - threads.length;
  const knots = lockKnots(dump).slice(0, howMuch.knots);
  const knotted = new Set(knots.flatMap(({ waiters, holder }) => [...waiters, ...(holder.how === 'unknown' ? [] : holder.threads)]));
  const cycle = deadlockIn(lockKnots(dump));
  const left = leftBehind(dump, threads);
  const others = groupsOf(threads.filter((thread) => !knotted.has(thread) && !left.includes(thread)));
  const ofRuntime = hidden === 0 ? '' : `, and ${formatCount(hidden)} of the runtime and its libraries`;
  return [
    `${plural(threads.length, dump.noun)} with ${plural(groupsOf(threads).length, 'different stack')}${ofRuntime}`,
    ...(cycle.length > 0 ? deadlockLines(cycle) : dump.said),
    ...knots.flatMap((knot) => knotLines(dump, knot, howMuch)),
    ...leftLines(dump, left, howMuch),
    ...(others.length === 0 ? [] : [knotted.size + left.length === 0 ? 'the stacks:' : 'the other stacks:']),
    ...groupLines(dump, others.toSorted(testsFirst), howMuch),
  ];
}

/** The test that hangs tells most. */
function testsFirst(a: StackGroup, b: StackGroup): number {
  return Number(isTest(b)) - Number(isTest(a));
}

function isTest({ threads: [{ frames }] }: StackGroup): boolean {
  return frames.some(({ name, place }) => name === 'testing.tRunner' || /^(?:test_.{0,200}|.{1,200}_test)\.py:/.test(place ?? ''));
}

function deadlockLines(threads: readonly Thread[]): readonly string[] {
  if (threads.length === 0) return [];
  const parts = threads.map(
    ({ name, wait }, at) => `${name} waits for ${lockName(wait)}, which ${threads[(at + 1) % threads.length]?.name ?? name} holds`,
  );
  return [`deadlock: ${parts.join('; ')}`];
}

function lockName({ on, what }: Pick<Wait, 'on' | 'what'>): string {
  if (on === null) return what ?? 'a lock';
  return what === null ? on : `${on} (${what})`;
}

function knotLines(dump: Dump, { lock, what, owner, waiters, holder }: LockKnot, howMuch: HowMuch): readonly string[] {
  const within = what === null && owner !== null ? ` of a ${shortName(owner)}` : '';
  const are = waiters.length === 1 ? 'is' : 'are';
  const name = lock === null && what === null ? 'a lock' : `the lock ${lockName({ on: lock, what })}`;
  return [
    `${plural(waiters.length, dump.noun)} ${are} waiting for ${name}${within}${since(longestWait(waiters), waiters.length)}:`,
    ...stackLines(groupsOf(waiters), howMuch),
    ...holderLines(dump, holder, owner, howMuch),
  ];
}

function holderLines(dump: Dump, holder: Holder, owner: string | null, howMuch: HowMuch): readonly string[] {
  if (holder.how === 'unknown') return ['  who holds it is not told'];
  const type = owner === null ? 'object' : shortName(owner);
  const alone = holder.threads.length === 1;
  const heads: Readonly<Record<typeof holder.how, string>> = {
    told: '  it is held by',
    likely: `  who holds it is not told; of those in methods of the same ${type} ${alone ? 'only this one does not wait for it' : 'these do not wait for it'}:`,
    sameType: `  who holds it is not told; in ${type}, of this object or another, ${alone ? 'this one waits' : 'these wait'} for something else:`,
    itself: `  who holds it is not told; ${alone ? 'this one waits' : 'these wait'} in a method of ${type} that another one called: if that one holds it, it is never let go:`,
  };
  return [heads[holder.how], ...groupLines(dump, groupsOf(holder.threads), howMuch), ...adviceLines(dump, holder)];
}

/** The most frequent hang of the labs, in words: the lock is held while something is handed over, and who is to take it wants the lock first. */
function adviceLines(dump: Dump, holder: Exclude<Holder, { readonly how: 'unknown' }>): readonly string[] {
  const [thread] = holder.threads;
  if (thread === undefined || (thread.wait.kind !== 'send' && thread.wait.kind !== 'receive')) return [];
  const { kind, on } = thread.wait;
  const isSend = kind === 'send';
  const other: WaitKind = isSend ? 'receive' : 'send';
  const isMet = dump.threads.some(({ wait }) => wait.kind === 'select' || (wait.kind === other && wait.on === on));
  const nobody = on === null || isMet ? [] : [`  nobody is ${isSend ? 'receiving from' : 'sending on'} that channel`];
  const does = isSend ? (dump.noun === 'goroutine' ? 'sends' : 'puts') : dump.noun === 'goroutine' ? 'receives' : 'takes';
  const when =
    holder.how === 'told'
      ? `it holds the lock while it ${does}`
      : `if it holds the lock while it ${does}, all of these wait for one another`;
  return [...nobody, `  ${when}: let go of the lock before`];
}

/** What the dump says is leaked, and what outlived the one that started it, as what an earlier test left. Who waits for a lock may have been started by something short. */
function leftBehind(dump: Dump, threads: readonly Thread[]): readonly Thread[] {
  const names = new Set(dump.threads.map(({ name }) => name));
  const isOrphan = ({ startedBy, wait }: Thread): boolean =>
    wait.kind !== 'lock' &&
    startedBy !== null &&
    !startedBy.name.startsWith('testing.') &&
    startedBy.goroutine !== null &&
    !names.has(`goroutine ${startedBy.goroutine}`);
  return threads.filter((thread) => thread.isLeaked || isOrphan(thread));
}

function leftLines(dump: Dump, left: readonly Thread[], howMuch: HowMuch): readonly string[] {
  const leaked = left.filter(({ isLeaked }) => isLeaked);
  const orphans = left.filter(({ isLeaked }) => !isLeaked);
  const one = orphans.length === 1;
  return [
    ...(leaked.length === 0 ? [] : [`${plural(leaked.length, dump.noun)} leaked:`, ...groupLines(dump, groupsOf(leaked), howMuch)]),
    ...(orphans.length === 0
      ? []
      : [
          `${plural(orphans.length, dump.noun)} outlived the one that started ${one ? 'it' : 'them'} (of an earlier test, perhaps):`,
          ...groupLines(dump, groupsOf(orphans), howMuch),
        ]),
  ];
}

/** Groups whose threads all wait for the same: only their stacks. */
function stackLines(groups: readonly StackGroup[], howMuch: HowMuch): readonly string[] {
  return bounded(groups, howMuch, ({ threads }) => `${count(threads)}  ${callsOf(threads[0], howMuch)}`);
}

function groupLines(dump: Dump, groups: readonly StackGroup[], howMuch: HowMuch): readonly string[] {
  return bounded(groups, howMuch, ({ threads, minutes }) => {
    const [first] = threads;
    const calls = callsOf(first, howMuch);
    const doing = `${doingOf(dump, threads)}${since(minutes, threads.length)}`;
    const name = threads.length === 1 ? `${first.name} ` : '';
    return `${count(threads)}  ${name}${calls === '' ? doing : doing === '' ? `at ${calls}` : `${doing}: ${calls}`}`.trimEnd();
  });
}

function bounded(groups: readonly StackGroup[], { stacks }: HowMuch, line: (group: StackGroup) => string): readonly string[] {
  const hidden = groups.slice(stacks);
  const threads = hidden.reduce((sum, group) => sum + group.threads.length, 0);
  return [
    ...groups.slice(0, stacks).map(line),
    ...(hidden.length === 0 ? [] : [`     and ${formatCount(threads)} more in ${plural(hidden.length, 'stack')}`]),
  ];
}

function count(threads: readonly Thread[]): string {
  return `${formatCount(threads.length).padStart(6)}x`;
}

function since(minutes: number | null, threads: number): string {
  if (minutes === null) return '';
  return threads === 1 ? `, for ${plural(minutes, 'minute')}` : `, the longest for ${plural(minutes, 'minute')}`;
}

function doingOf({ noun }: Dump, threads: StackGroup['threads']): string {
  const { kind } = threads[0].wait;
  const things = new Set(threads.map(({ wait }) => (wait.on === null ? null : lockName(wait))));
  const [thing = null] = things;
  const on = things.size === 1 && thing !== null ? ` ${thing}` : '';
  const go = noun === 'goroutine';
  const words: Readonly<Record<WaitKind, string>> = {
    lock: `waiting for a lock${on}`,
    send: go ? `sending on a channel${on}` : 'waiting to put into a queue',
    receive: go ? `receiving from a channel${on}` : 'waiting to take from a queue',
    select: 'in a select',
    condition: `waiting for a condition${on}`,
    others: 'waiting for others to finish',
    io: 'waiting for input or output',
    sleep: 'sleeping',
    settled: 'awaiting a promise',
    running: 'running',
    runtime: 'of the runtime',
    unknown: '',
  };
  return words[kind];
}

function callsOf(thread: Thread, { calls }: HowMuch): string {
  const frames = ownFrames(thread);
  const shown = frames.slice(0, calls).map(callOf);
  return [...shown, ...(frames.length > calls ? ['...'] : [])].join(' < ');
}

function callOf({ name, place }: StackFrame): string {
  return place === null ? shortName(name) : `${shortName(name)} ${place}`.trim();
}

/** `example.com/me/raft.(*Raft).applier` is `raft.(*Raft).applier`. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
