import type { Event } from '@raftlens/events';
import { CurrentTask } from './current-task.ts';
import { type AccessWatcher, Guard, type GuardOptions } from './guard.ts';
import type { Access, RaceKind, RaceReport } from './report.ts';
import { Switcher, type SwitcherOptions } from './switcher.ts';
import { type Cell, TaskRecord, type Waitable } from './task-record.ts';
import { Waits } from './waits.ts';

export interface RaceDetectorOptions extends SwitcherOptions {
  /**
   * Keep the stack of each access: true, and some microseconds for each access, unless said otherwise. With a seed that is
   * known to have a race it is enough to keep them when it is run again.
   */
  readonly stacks?: boolean;
  /** Called for each new race. */
  readonly onRace?: (report: RaceReport) => void;
}

/**
 * Finds races between asynchronous tasks. JavaScript runs one task at a time, so that a race needs an await: what a task
 * saw before it need not hold after it.
 *
 * Give each task to `run`, wrap the shared state in `guard`, tell it of locks through `asks`, `has` and `gives` (`Lock` does
 * so), and wrap RPCs and calls into other code in `outside`. Reports of the same race are made once.
 */
export class RaceDetector implements AccessWatcher {
  readonly reports: RaceReport[] = [];
  readonly #current = new CurrentTask();
  readonly #waits = new Waits();
  readonly #switcher: Switcher;
  readonly #decisive: Cell[] = [];
  readonly #seen = new Set<string>();
  readonly #main = new TaskRecord('main');
  readonly #stacks: boolean;
  readonly #onRace: (report: RaceReport) => void;

  constructor(options: RaceDetectorOptions) {
    this.#switcher = new Switcher(options);
    this.#stacks = options.stacks ?? true;
    this.#onRace = options.onRace ?? (() => undefined);
  }

  /** Runs the body as a task of its own: whatever it awaits belongs to the task too. */
  run<T>(name: string, body: () => Promise<T>): Promise<T> {
    return this.#current.run(new TaskRecord(name), body);
  }

  /** As `run`, for a task that carries out what the running one has decided: it must still hold when the new task acts. */
  spawn<T>(name: string, body: () => Promise<T>): Promise<T> {
    const record = new TaskRecord(name);
    record.inherit(this.#task(), this.#decisive);
    return this.#current.run(record, body);
  }

  /** The running task begins another round: what it has read so far it does not use again, but for what it decides by. */
  startsAnew(): void {
    this.#task().keepReadsOf(this.#decisive);
  }

  /** The running task acts by what it has decided: it sends a message, say. Writes to guarded state are seen without this. */
  acts(what: string): void {
    this.#checkDecisions(this.#access('sent', what));
  }

  /** A place where another task may run first. */
  switchTasks(): Promise<void> {
    return this.#switcher.switchTasks();
  }

  /** The state, watched: touch it only through what this returns. `name` is how reports call it. */
  guard<T extends object>(name: string, state: T, lock: Waitable, options: GuardOptions<T> = {}): T {
    return new Guard(this, lock, options).wrap(name, state);
  }

  /** Tells where in the log the running task stands. Call it for each event that the task traced; it is copied. */
  traced(event: Event): void {
    this.#task().event = { ...event };
  }

  /** The running task is about to wait for the lock. */
  async asks(lock: Waitable): Promise<void> {
    const task = this.#task();
    // A task that has the lock will never get it: switching tasks first would only hide who asked.
    if (this.#waits.ownerOf(lock) !== task) await this.switchTasks();
    task.waitsFor = lock;
    task.asked = this.#access('asked for', lock.name);
    const circle = this.#waits.circleFrom(task);
    if (circle !== null) this.#reportDeadlock(lock, circle);
  }

  has(lock: Waitable): void {
    const task = this.#task();
    task.waitsFor = null;
    task.asked = null;
    this.#waits.own(lock, task);
  }

  gives(lock: Waitable): void {
    this.#waits.disown(lock);
  }

  /** Wraps an RPC or a call into other code, which may take any time: no lock may be held over it. */
  async outside<T>(what: string, body: () => Promise<T>): Promise<T> {
    const task = this.#task();
    for (const lock of this.#waits.heldBy(task)) {
      const access = this.#access('held', lock.name);
      this.#report('lock-held-outside', lock.name, `${task.name} holds ${lock.name} over ${what}`, [access]);
    }
    const result = await body();
    await this.switchTasks();
    return result;
  }

  /** What a task has decided by must not have changed behind its back when it acts. */
  #checkDecisions(act: Access): void {
    const task = this.#task();
    for (const cell of this.#decisive) {
      const read = task.staleRead(cell);
      if (read === null || cell.write === null) continue;
      const why = `${task.name} ${act.did} ${act.what} by what it had read of ${cell.path} before ${cell.write.task} changed it`;
      this.#report('stale-decision', cell.path, why, [read, cell.write, act]);
    }
  }

  // What `Guard` tells.

  addDecisive(cell: Cell): void {
    this.#decisive.push(cell);
  }

  noteRead(cell: Cell, lock: Waitable): void {
    const access = this.#access('read', cell.path);
    this.#checkLock(cell, lock, access);
    this.#task().saw(cell, access);
  }

  noteWrite(cell: Cell, lock: Waitable): void {
    const task = this.#task();
    const access = this.#access('wrote', cell.path);
    this.#checkLock(cell, lock, access);
    const read = task.staleRead(cell);
    if (read !== null && cell.write !== null) {
      const why = `${task.name} wrote ${cell.path} over a write of ${cell.write.task} that it has not looked at`;
      this.#report('lost-update', cell.path, why, [read, cell.write, access]);
    }
    this.#checkDecisions(access);
    cell.version += 1;
    cell.writer = task;
    cell.write = access;
    // What it wrote itself it knows, and may decide by; but its next write, when it reads nothing before, overwrites on purpose.
    if (this.#decisive.includes(cell)) task.saw(cell, access);
    else task.reads.delete(cell);
  }

  noteIteration(cell: Cell, lock: Waitable, startedAt: number, start: Access): void {
    const access = this.#access('iterated', cell.path);
    this.#checkLock(cell, lock, access);
    if (cell.version === startedAt || cell.write === null) return;
    const why = `${cell.write.task} changed ${cell.path} while ${start.task} was in a loop over it`;
    this.#report('changed-while-iterated', cell.path, why, [start, cell.write, access]);
  }

  iterationStart(cell: Cell): Access {
    return this.#access('iterated', cell.path);
  }

  #checkLock(cell: Cell, lock: Waitable, access: Access): void {
    const owner = this.#waits.ownerOf(lock);
    if (owner === this.#task()) return;
    const others = owner === null ? 'nobody has it' : `${owner.name} has it`;
    this.#report('no-lock', cell.path, `${access.task} ${access.did} ${cell.path} without ${lock.name}: ${others}`, [access]);
  }

  #reportDeadlock(lock: Waitable, circle: readonly TaskRecord[]): void {
    const links = circle.map((task, at) => {
      const next = circle[(at + 1) % circle.length] ?? task;
      return `${task.name} waits for ${task.waitsFor?.name ?? '?'}, which ${next === task ? 'it has itself' : `${next.name} has`}`;
    });
    const accesses = circle.flatMap((task) => (task.asked === null ? [] : [task.asked]));
    this.#report('deadlock', lock.name, links.join('; '), accesses);
  }

  #report(kind: RaceKind, what: string, message: string, accesses: readonly Access[]): void {
    const key = `${kind} ${what} ${accesses.map((access) => `${access.task.replaceAll(/\d+/g, '')} ${access.did}`).join()}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const report: RaceReport = { kind, what, message, accesses };
    this.reports.push(report);
    this.#onRace(report);
  }

  #task(): TaskRecord {
    return this.#current.get() ?? this.#main;
  }

  #access(did: Access['did'], what: string): Access {
    const task = this.#task();
    return { task: task.name, did, what, stack: this.#stacks ? stackHere() : '', event: task.event };
  }
}

/** More than Node's ten, because the frames of the detector itself and of its proxies come first. */
const STACK_FRAMES_MAX = 24;
const OWN_FRAME = /stackHere|#access|RaceDetector|Guard|Object\.(get|set)|Reflect\./;

/** The stack from the first frame on that is not the detector's own. */
function stackHere(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_FRAMES_MAX;
  const frames = (new Error('stack').stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  const first = frames.findIndex((frame) => !OWN_FRAME.test(frame));
  return first < 0 ? '' : frames.slice(first).join('\n');
}
