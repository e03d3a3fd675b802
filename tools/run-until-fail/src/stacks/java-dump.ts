import { type Dump, type DumpReader, NOT_TOLD, type StackFrame, type Thread, type Wait, type WaitKind } from './thread.ts';

const BEGIN = /^Full thread dump /;
const HEADER = /^"(.{0,300})"(?: #\d{1,19})?(?: \[\d{1,19}\])?(?: daemon)? (?:prio=\d{1,3} )?os_prio=.{1,300}$/;
/** Of `jcmd Thread.dump_to_file`, which knows virtual threads and no locks. */
const PLAIN_HEADER = /^#(\d{1,19}) "(.{0,300})"(?: virtual)?(?: [A-Z_]{3,20}.{0,60})?$/;
const STATE = /^\s{1,10}java\.lang\.Thread\.State: ([A-Z_]{3,20})(?: \((.{1,60})\))?$/;
const FRAME = /^\s{1,10}at (.{1,1000})\((.{0,300})\)$/;
const PLAIN_FRAME = /^ {6}(\S{1,1000})\((.{0,300})\)$/;
const LOCK =
  /^\s{1,10}- (waiting to lock|waiting to re-lock in wait\(\)|waiting on|parking to wait for|locked)\s{1,3}<(0x[0-9a-f]{1,16})> \((a .{1,300})\)$/;
const OWNED = /^\s{1,10}- <(0x[0-9a-f]{1,16})> \(a .{1,300}\)$/;
const DEADLOCK = /^Found (?:one|\d{1,6}) (?:Java-level )?deadlocks?[.:]$/;
const IN_DEADLOCK = /^"(.{0,300})":$/;
const WAITS_FOR = /^\s{1,10}waiting for ownable synchronizer (0x[0-9a-f]{1,16}),/;
const HELD_BY = /^\s{1,10}(?:which|in JNI, which) is held by "(.{0,300})"$/;
/** The end of the threads. */
const AFTER = /^JNI global refs?|^Java stack information for the threads listed above/;

interface JavaThread {
  readonly name: string;
  state: string;
  wait: Wait;
  readonly holds: Set<string>;
  readonly frames: StackFrame[];
}

/** What the JVM prints at SIGQUIT, and what jstack and jcmd print. Monitors have their holders; locks of java.util.concurrent with `jstack -l` only. */
export class JavaDumpReader implements DumpReader {
  readonly noun = 'thread';
  #threads: JavaThread[] = [];
  #said: string[] = [];
  #current: JavaThread | null = null;
  #inDeadlock = false;
  #synchronizer: string | null = null;

  take(line: string): boolean {
    if (BEGIN.test(line)) this.#clear(); // A JVM that lives on is asked several times: what it said last counts.
    const header = HEADER.exec(line)?.[1] ?? PLAIN_HEADER.exec(line)?.[2];
    if (header !== undefined && !this.#inDeadlock) return this.#begin(header === '' ? '(no name)' : header);
    if (DEADLOCK.test(line)) return this.#beginDeadlock(line);
    if (this.#inDeadlock && this.#takeDeadlock(line)) return true;
    if (AFTER.test(line)) this.#current = null;
    return this.#current !== null && takeLine(this.#current, line);
  }

  finish(): Omit<Dump, 'noun'> | null {
    const [threads, said] = [this.#threads, this.#said];
    this.#clear();
    return threads.length === 0 ? null : { threads: threads.map(threadOf), said };
  }

  #clear(): void {
    this.#threads = [];
    this.#said = [];
    this.#current = null;
    this.#inDeadlock = false;
  }

  #begin(name: string): boolean {
    this.#current = { name, state: '', wait: NOT_TOLD, holds: new Set(), frames: [] };
    this.#threads.push(this.#current);
    return true;
  }

  #beginDeadlock(line: string): boolean {
    this.#current = null;
    this.#inDeadlock = true;
    if (!this.#said.includes(line)) this.#said.push(line);
    return true;
  }

  /** It names the holders of locks of java.util.concurrent, which nothing else in such a dump does. */
  #takeDeadlock(line: string): boolean {
    if (AFTER.test(line)) {
      this.#inDeadlock = false;
      return true;
    }
    const waits = WAITS_FOR.exec(line)?.[1];
    if (waits !== undefined) this.#synchronizer = waits;
    const holder = HELD_BY.exec(line)?.[1];
    if (holder !== undefined && this.#synchronizer !== null) {
      this.#threads.find(({ name }) => name === holder)?.holds.add(this.#synchronizer);
      this.#synchronizer = null;
    }
    return waits !== undefined || holder !== undefined || IN_DEADLOCK.test(line);
  }
}

function takeLine(thread: JavaThread, line: string): boolean {
  const state = STATE.exec(line);
  if (state !== null) {
    thread.state = `${state[1]} ${state[2] ?? ''}`.trim();
    return true;
  }
  const frame = FRAME.exec(line) ?? PLAIN_FRAME.exec(line);
  if (frame !== null) {
    thread.frames.push(frameOf(frame[1] ?? '', frame[2] ?? ''));
    return true;
  }
  const lock = LOCK.exec(line);
  if (lock !== null) {
    takeLock(thread, lock[1] ?? '', lock[2] ?? '', lock[3] ?? '');
    return true;
  }
  const owned = OWNED.exec(line)?.[1];
  if (owned !== undefined) thread.holds.add(owned);
  return owned !== undefined || /^\s{1,10}(?:- None|- eliminated|Locked ownable synchronizers:|No compile task)/.test(line);
}

function takeLock(thread: JavaThread, how: string, on: string, what: string): void {
  if (how === 'locked') {
    // Object.wait() lets go of what its frames have locked.
    if (thread.wait.on !== on) thread.holds.add(on);
    return;
  }
  const kind = how.startsWith('waiting to') || (how.startsWith('parking') && /\$(?:Nonfair|Fair)?Sync$/.test(what)) ? 'lock' : 'condition';
  const isLatch = /CountDownLatch|Semaphore|Phaser|CyclicBarrier/.test(what);
  thread.wait = { ...NOT_TOLD, kind: isLatch ? 'others' : kind, on, what };
}

function frameOf(call: string, place: string): StackFrame {
  // `java.base@17.0.15/java.lang.Thread.run`, in either half of the line.
  const name = call.replace(/^[\w.]{1,200}(?:@[\w.+-]{1,100})?\//, '');
  const isLibrary = /\$\$Lambda[$/]|^^(?:java|jdk|sun|javax|com\.sun|org\.junit|org\.apache\.maven|org\.gradle|worker\.org\.gradle)\./.test(
    name,
  );
  const owner = isLibrary ? null : name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const where = place.slice(place.lastIndexOf('/') + 1);
  return { name, place: /:\d+$/.test(where) ? where : null, isLibrary, owner, object: null };
}

const QUEUE = /^java\.util\.concurrent\.\w{1,60}(?:Queue|Deque)\.(put|offer|transfer|take|poll)\w{0,20}$/;

function threadOf(thread: JavaThread): Thread {
  const { name, frames, holds } = thread;
  return { name: `"${name}"`, wait: waitOf(thread), holds: [...holds], frames, startedBy: null, isLeaked: false };
}

function waitOf({ frames, state, wait }: JavaThread): Wait {
  if (frames.every(({ isLibrary }) => isLibrary)) return { ...wait, kind: 'runtime' };
  const ways = frames.map(({ name }) => QUEUE.exec(name)?.[1]).find((way) => way !== undefined);
  if (ways !== undefined && wait.kind === 'condition') {
    return { ...NOT_TOLD, kind: ['take', 'poll'].includes(ways) ? 'receive' : 'send' };
  }
  return wait.kind === 'unknown' ? { ...wait, kind: kindOf(state, frames) } : wait;
}

function kindOf(state: string, frames: readonly StackFrame[]): WaitKind {
  const top = frames[0]?.name ?? '';
  if (top.startsWith('java.lang.Thread.sleep')) return 'sleep';
  if (/^(?:sun\.nio|java\.net|java\.io|jdk\.net)\./.test(top) || /\.(?:epollWait|accept0?|socketRead0?|read0|poll0?|park)$/.test(top))
    return 'io';
  return state.startsWith('RUNNABLE') ? 'running' : 'unknown';
}
