import { AssertionFailed, assert } from '../protocol/assert.ts';
import { type Failure, type FailureKind, failureOf } from '../protocol/failure.ts';
import { EventQueue, type Timed } from './event-queue.ts';
import { microtasksDone, realNowMs, turnOfEventLoop } from './real-time.ts';

export interface TimeLimits {
  /** The run fails when virtual time passes this. */
  readonly virtualMs: number;
  /** The run fails when it takes longer than this in real time. It can never change what a run that stays below does. */
  readonly realMs: number;
}

/** `microtasksDone` keeps its promise only when it is called from a microtask. */
const MICROTASK: Promise<void> = Promise.resolve();
/** A script that is neither parked nor done waits for something real, which the event loop may bring within this time. */
const OUTSIDE_WAIT_MAX_MS = 2000;
const STEPS_PER_LOOK_AT_REAL_TIME = 4096;

/**
 * Virtual time, in whole microseconds, and the scripts that live in it. Time goes from one thing that happens to the next. Scripts
 * are async functions that park on virtual time. While all are parked the loop is synchronous. When one was woken, the loop lets
 * microtasks run until none is left. A run is therefore a function of its inputs.
 */
export class VirtualTime {
  /** Now, in microseconds since the start of the run. */
  nowUs = 0;
  /** How many things have happened. */
  steps = 0;
  /** Ordered by twice the time, plus one for what scripts do not do: see `first`. */
  readonly #queue = new EventQueue();
  #woken = false;
  #activity = 0;
  #alive = 0;
  #parked = 0;
  #ended = false;
  #failure: Failure | null = null;
  /** What the simulator itself did wrong. */
  #broken: AssertionFailed | null = null;
  readonly #unfinished = new Set<string>();

  get nowMs(): number {
    return this.nowUs / 1000;
  }

  /** What ended the run badly so far. */
  get failure(): Failure | null {
    return this.#failure;
  }

  at(atUs: number, item: Timed): void {
    this.#queue.push(2 * Math.max(atUs, this.nowUs) + 1, item);
  }

  /**
   * As `at`, but before everything else of that moment. Scripts act first: the same actions, done at the same times without the script,
   * then find the cluster in the same state.
   */
  first(atUs: number, item: Timed): void {
    this.#queue.push(2 * Math.max(atUs, this.nowUs), item);
  }

  /** Ends the run as failed. The first failure counts; what follows from it does not. */
  fail(failure: Failure): void {
    if (this.#ended) return;
    this.#failure ??= failure;
    this.#ended = true;
  }

  /** Ends the run by what was thrown. A bug of the simulator itself is no failure of the run: `run` throws it. */
  failBy(thrown: unknown, kind: FailureKind, who = ''): void {
    if (thrown instanceof AssertionFailed) {
      this.#broken ??= thrown;
      this.#ended = true;
      return;
    }
    const failure = failureOf(thrown, kind);
    this.fail({ ...failure, message: `${who}${failure.message}` });
  }

  /** Keeps the failure but lets the run go on. */
  note(failure: Failure): void {
    if (!this.#ended) this.#failure ??= failure;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Tells the loop that promises were settled: it then lets microtasks run before time goes on. */
  wake(): void {
    this.#woken = true;
    this.#activity += 1;
  }

  sleepUs(us: number): Promise<void> {
    const sleeper = new Sleeper(this);
    this.first(this.nowUs + Math.max(0, Math.ceil(us)), sleeper);
    return sleeper.promise;
  }

  /** A promise of whether `settle` was called within the time, which may be Infinity; it parks its script on virtual time. */
  wait(us: number): Waiter {
    const waiter = new Waiter(this);
    if (us !== Number.POSITIVE_INFINITY) this.first(this.nowUs + Math.max(0, Math.ceil(us)), waiter);
    return waiter;
  }

  park(): void {
    this.#parked += 1;
    this.#activity += 1;
  }

  unpark(): void {
    assert(this.#parked > 0, 'only who is parked goes on');
    this.#parked -= 1;
    this.wake();
  }

  /** Waits for a promise that another script, or a server, will settle when time has gone on. */
  async parked<T>(promise: PromiseLike<T>): Promise<T> {
    this.park();
    try {
      return await promise;
    } finally {
      this.unpark();
    }
  }

  /** Starts a task beside the caller. When it throws the run fails; the caller may await the task's end. */
  spawn(name: string, body: () => Promise<void>): Task {
    this.#alive += 1;
    const label = `${name}#${this.#alive}`;
    this.#unfinished.add(label);
    this.wake();
    const done = this.#guard(label, body);
    return new Task(label, done, this);
  }

  async #guard(label: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (thrown) {
      this.failBy(thrown, 'script');
    }
    assert(this.#unfinished.delete(label) && this.#alive > 0, 'a task ends once');
    this.#alive -= 1;
    this.wake();
  }

  /**
   * Lets time run until the script named `main` has ended, the run has failed or a limit is reached.
   *
   * @throws AssertionFailed when the simulator itself is wrong
   */
  async run(main: () => Promise<void>, limits: TimeLimits): Promise<void> {
    await this.#run(main, limits);
    if (this.#broken !== null) throw this.#broken;
  }

  async #run(main: () => Promise<void>, limits: TimeLimits): Promise<void> {
    assert(this.steps === 0, 'a time runs once');
    const startedMs = realNowMs();
    const limitUs = limits.virtualMs * 1000;
    let finished = false;
    this.spawn('script', async () => {
      await main();
      finished = true;
    });
    await MICROTASK;
    while (!this.#ended) {
      if (this.#woken) {
        await this.#drain();
        if (finished) this.#finish();
        continue;
      }
      const atUs = Math.floor(this.#queue.nextAt / 2);
      const item = this.#queue.pop();
      if (item === undefined) return this.fail(stuck('nothing will ever happen again, but the script still waits'));
      if (atUs > limitUs)
        return this.fail({ kind: 'virtual-limit', message: `the script did not end within ${limits.virtualMs} ms of virtual time` });
      assert(atUs >= this.nowUs, 'time does not go back');
      this.nowUs = atUs;
      this.steps += 1;
      item.fire();
      if (this.steps % STEPS_PER_LOOK_AT_REAL_TIME === 0 && realNowMs() - startedMs > limits.realMs) {
        return this.fail({
          kind: 'real-limit',
          message: `the run did not end within ${limits.realMs} ms of real time (virtual time ${this.nowMs} ms)`,
        });
      }
    }
  }

  #finish(): void {
    if (this.#unfinished.size > 0 && this.#failure === null) {
      const names = [...this.#unfinished].slice(0, 5).join(', ');
      this.#failure = {
        kind: 'leaked-tasks',
        message: `the script ended but ${this.#unfinished.size} of its tasks did not: ${names}; await what you spawn`,
      };
    }
    this.#ended = true;
  }

  async #drain(): Promise<void> {
    await microtasksDone();
    this.#woken = false;
    if (this.#alive > this.#parked && !this.#ended) await this.#outside();
  }

  /** A script awaits something real, such as the import of a module. It may, but not for long, and not without end. */
  async #outside(): Promise<void> {
    const startedMs = realNowMs();
    const seen = this.#activity;
    while (this.#activity === seen && !this.#ended) {
      if (realNowMs() - startedMs > OUTSIDE_WAIT_MAX_MS) {
        this.fail(stuck('the script awaits something that virtual time does not bring (a timer, a file, a promise that nobody settles)'));
        return;
      }
      await turnOfEventLoop();
    }
    this.#woken = true;
  }
}

function stuck(message: string): Failure {
  return { kind: 'stuck', message: `${message}; wait with cluster.sleepMs and await only what the cluster gives` };
}

/** A script that sleeps. */
class Sleeper implements Timed {
  readonly promise: Promise<void>;
  readonly #time: VirtualTime;
  #resolve: (() => void) | null = null;

  constructor(time: VirtualTime) {
    this.#time = time;
    time.park();
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  fire(): void {
    this.#time.unpark();
    this.#resolve?.();
  }
}

/** A script that waits: until somebody settles it, or until its time is over. */
export class Waiter implements Timed {
  readonly promise: Promise<boolean>;
  readonly #time: VirtualTime;
  #resolve: ((settled: boolean) => void) | null = null;

  constructor(time: VirtualTime) {
    this.#time = time;
    time.park();
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Wakes the waiting script; its promise gives true. Later calls do nothing. */
  settle(): void {
    this.#end(true);
  }

  fire(): void {
    this.#end(false);
  }

  #end(settled: boolean): void {
    const resolve = this.#resolve;
    if (resolve === null) return;
    this.#resolve = null;
    this.#time.unpark();
    resolve(settled);
  }
}

/** A running task. Awaiting it parks the caller until it ends. */
export class Task implements PromiseLike<void> {
  readonly name: string;
  readonly #done: Promise<void>;
  readonly #time: VirtualTime;

  constructor(name: string, done: Promise<void>, time: VirtualTime) {
    this.name = name;
    this.#done = done;
    this.#time = time;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a task must know that it is awaited: time goes on meanwhile.
  then<A = void, B = never>(
    ok?: ((value: void) => A | PromiseLike<A>) | null,
    bad?: ((why: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    this.#time.park();
    return this.#done.then(() => this.#time.unpark()).then(ok, bad);
  }
}
