import type { EventSink } from '@raftlens/events';
import type { Configuration, LogEntry, Message, RaftConfig, Random, Snapshot } from '@raftlens/raft';
import type { PersistEffect } from '@raftlens/raft/state-machine';
import { messageEvent } from '@raftlens/raft/trace';
import type { Disk, DiskUser } from '../disk/disk.ts';
import type { Timed } from '../engine/event-queue.ts';
import type { Draws } from '../engine/tape-deck.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { Network, Port } from '../network/network.ts';
import { assert } from '../protocol/assert.ts';
import type { PersistPoint } from '../protocol/disk-fault.ts';
import type { ServerStatus, Structure, StructureFactory, StructureHost, WriteOutcome } from '../protocol/structure.ts';
import { Clock, type ClockFault } from './clock.ts';

/** What the cluster gives its processes, and what they tell it. */
export interface ProcessHost {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly factory: StructureFactory;
  readonly configuration: Configuration;
  readonly config: RaftConfig;
  readonly emit: EventSink;
  readonly nextMessageId: () => number;
  /** The number of the server with that name, -1 when there is none. */
  numberOf(id: string): number;
  booted(server: number): void;
  applied(server: number, entry: LogEntry): void;
  restored(server: number, snapshot: Snapshot): void;
  /** The service's state as a snapshot, when it asks for the log to be cut after the entry at `index`; else null. */
  snapshotDue(server: number, index: number): Uint8Array | null;
  readReady(server: number, ctx: string, index: number): void;
  killed(server: number, point: PersistPoint): void;
}

/** Draws of one server: its timers, and how long its service takes to apply. */
export interface ProcessDraws {
  readonly timer: Draws;
  readonly apply: Draws;
}

type ServiceWork =
  | { readonly kind: 'entries'; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot };

/** Values of `random()` are multiples of 2^-20: a tape holds them as integers. */
const RANDOM_STEPS = 1 << 20;

/** One server's process and machine: its incarnations, its clock, its disk, and whether it is up or stalled. */
export class Process implements Timed, DiskUser, Port, StructureHost {
  readonly id: string;
  readonly number: number;
  readonly clock: Clock;
  readonly disk: Disk;
  boot = 0;
  /** Entries are applied up to this much later; 0 applies at once. */
  applyDelayMaxUs = 0;
  readonly #host: ProcessHost;
  readonly #draws: ProcessDraws;
  readonly #random: Random;
  #structure: Structure | null = null;
  #alarmUs = Number.POSITIVE_INFINITY;
  #paused = false;
  /** What came in while the process was stalled, in order. */
  #inbox: (() => void)[] = [];
  /** The page that the service applies, and those that were handed over meanwhile. */
  readonly #pages: (readonly LogEntry[])[] = [];
  /** What the service has yet to apply, in order; empty while it keeps up. */
  #backlog: ServiceWork[] = [];

  constructor(number: number, host: ProcessHost, disk: Disk, draws: ProcessDraws) {
    this.number = number;
    this.id = `S${number + 1}`;
    this.clock = new Clock(host.time);
    this.disk = disk;
    this.#host = host;
    this.#draws = draws;
    this.#random = () => draws.timer.below(RANDOM_STEPS, RANDOM_STEPS >> 1) / RANDOM_STEPS;
  }

  get up(): boolean {
    return this.#structure !== null;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** It is up and believes that it leads. */
  get leads(): boolean {
    return this.#structure?.leads ?? false;
  }

  /** Which of its lives this is; another number while it is down. */
  get life(): number {
    return this.up ? this.boot : -this.boot;
  }

  status(): ServerStatus | null {
    return this.#structure === null ? null : this.#structure.status();
  }

  // Life and death.

  start(): void {
    if (this.#structure !== null) return;
    assert(this.#inbox.length === 0 && this.#backlog.length === 0, 'a new life takes over nothing from the one before');
    this.boot += 1;
    this.#host.booted(this.number);
    const { configuration, config, emit, nextMessageId, factory } = this.#host;
    const durable = this.disk.read();
    this.#guarded(() => {
      this.#structure = factory(
        {
          id: this.id,
          boot: this.boot,
          configuration,
          config,
          durable,
          random: this.#random,
          nextMessageId,
          trace: emit,
          reuseEvents: true,
        },
        this,
      );
      this.#structure.start();
    });
    this.#arm();
  }

  /** The process dies at once. Pending writes are lost, except those that were drawn to survive. */
  kill(): void {
    this.#die();
    this.disk.crash();
  }

  #die(): void {
    this.#structure?.stop();
    this.#structure = null;
    this.#paused = false;
    this.#inbox = [];
    this.#backlog = [];
    this.#alarmUs = Number.POSITIVE_INFINITY;
  }

  killed(point: PersistPoint): void {
    this.kill();
    this.#host.killed(this.number, point);
  }

  /** A long stall: the clock goes on, and everything that arrives waits. */
  pause(): void {
    if (this.#structure !== null) this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    assert(this.#structure !== null, 'only what is up can stall');
    const inbox = this.#inbox;
    this.#inbox = [];
    this.#tickIfDue();
    for (const input of inbox) input();
    this.#arm();
  }

  /** The structure's deadline is a time of this clock. A changed clock moves it in true time. */
  setClock(fault: ClockFault): void {
    this.clock.set(fault);
    this.#alarmUs = Number.POSITIVE_INFINITY;
    this.#arm();
  }

  // Inputs.

  /** False when the process is down. */
  receive(message: Message): boolean {
    const structure = this.#structure;
    if (structure === null) return false;
    if (this.#paused) {
      this.#inbox.push(() => this.receive(message));
      return true;
    }
    try {
      structure.receive(message);
    } catch (thrown) {
      this.#failed(thrown);
    }
    this.#arm();
    return true;
  }

  dropped(message: Message): void {
    this.#host.emit(messageEvent(message, 'drop', this.boot));
  }

  fire(): void {
    if (this.#host.time.nowUs !== this.#alarmUs) return;
    this.#alarmUs = Number.POSITIVE_INFINITY;
    if (this.#paused) return;
    this.#tickIfDue();
    this.#arm();
  }

  /** Asks the structure; null when the process is down or stalled, or when the core threw, which ends the run. */
  ask<T>(question: (structure: Structure) => T): T | null {
    if (this.#paused || this.#structure === null) return null;
    const structure = this.#structure;
    const answer = this.#guarded(() => question(structure));
    this.#arm();
    return answer;
  }

  durable(id: number): void {
    if (this.#paused) {
      this.#inbox.push(() => this.durable(id));
      return;
    }
    try {
      this.#structure?.durable(id);
    } catch (thrown) {
      this.#failed(thrown);
    }
    this.#arm();
  }

  #tickIfDue(): void {
    const structure = this.#structure;
    if (structure === null || structure.deadlineMs > this.clock.nowMs()) return;
    try {
      structure.tick();
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  /** One entry of the queue serves all timers of a server: it moves with the deadline, but only ever towards the present. */
  #arm(): void {
    const structure = this.#structure;
    if (structure === null || this.#paused) return;
    const deadlineMs = structure.deadlineMs;
    if (deadlineMs === Number.POSITIVE_INFINITY) return;
    const nowUs = this.#host.time.nowUs;
    const atUs = Math.max(this.clock.trueUs(deadlineMs), nowUs + 1);
    if (atUs >= this.#alarmUs) return;
    assert(atUs > nowUs, 'a timer runs out later than now');
    this.#alarmUs = atUs;
    this.#host.time.at(atUs, this);
  }

  #guarded<T>(body: () => T): T | null {
    try {
      return body();
    } catch (thrown) {
      this.#failed(thrown);
      return null;
    }
  }

  #failed(thrown: unknown): void {
    this.#host.time.failBy(thrown, 'core-error', `${this.id} (boot ${this.boot}): `);
  }

  // What the structure asks of its process.

  send(message: Message): void {
    const to = this.#host.numberOf(message.to);
    if (to >= 0) this.#host.network.send(this.number, to, message);
  }

  persist(effect: PersistEffect): WriteOutcome {
    return this.disk.write(effect, this);
  }

  apply(entries: readonly LogEntry[]): void {
    if (this.#keepsUp) this.#apply(entries);
    else this.#later({ kind: 'entries', entries });
  }

  restore(snapshot: Snapshot): void {
    if (this.#keepsUp) return this.#restore(snapshot);
    // A snapshot replaces the state: what was to be applied before it is not needed.
    this.#backlog = [];
    this.#later({ kind: 'snapshot', snapshot });
  }

  readReady(ctx: string, index: number): void {
    this.#host.readReady(this.number, ctx, index);
  }

  wake(): void {
    this.#host.time.wake();
  }

  sleep(ms: number): Promise<void> {
    const { time } = this.#host;
    return new Promise((resolve) => {
      const wake = (): void => {
        if (this.#paused) {
          this.#inbox.push(wake);
          return;
        }
        resolve();
        time.wake();
      };
      time.at(this.clock.trueUs(this.clock.nowMs() + ms), { fire: wake });
    });
  }

  failed(error: unknown): void {
    this.#failed(error);
  }

  /** The service does at once what it is given. */
  get #keepsUp(): boolean {
    return this.applyDelayMaxUs === 0 && this.#backlog.length === 0;
  }

  /** A slow service works through its backlog in order. */
  #later(work: ServiceWork): void {
    const time = this.#host.time;
    assert(this.#structure !== null, 'what is handed over comes from a process that is up');
    this.#backlog.push(work);
    const dueUs = time.nowUs + 1 + this.#draws.apply.below(this.applyDelayMaxUs + 1);
    const boot = this.boot;
    time.at(dueUs, {
      fire: () => {
        if (this.boot === boot) this.#workWhenAwake();
      },
    });
  }

  #workWhenAwake(): void {
    if (this.#paused) {
      this.#inbox.push(() => this.#workWhenAwake());
      return;
    }
    const work = this.#backlog.shift();
    if (work?.kind === 'entries') this.#apply(work.entries);
    else if (work?.kind === 'snapshot') this.#restore(work.snapshot);
    this.#arm();
  }

  /** While the service was applying, the server may have installed a later snapshot of its leader. Then it needs no earlier one. */
  #compact(structure: Structure, index: number, snapshot: Uint8Array): void {
    if (structure.status().applied >= index) structure.snapshot(index, snapshot);
  }

  #restore(snapshot: Snapshot): void {
    const structure = this.#structure;
    if (structure === null) return;
    this.#host.restored(this.number, snapshot);
    this.#applied(structure, snapshot.index);
  }

  /** What an acknowledgement brings on while a page is applied comes after that page. */
  #apply(entries: readonly LogEntry[]): void {
    this.#pages.push(entries);
    if (this.#pages.length > 1) return;
    for (let [page] = this.#pages; page !== undefined; [page] = this.#pages) {
      this.#applyPage(page);
      this.#pages.shift();
    }
  }

  #applyPage(entries: readonly LogEntry[]): void {
    const structure = this.#structure;
    if (structure === null) return;
    for (const entry of entries) {
      this.#host.applied(this.number, entry);
      this.#applied(structure, entry.index);
      if (this.#structure !== structure) return;
      const snapshot = this.#host.snapshotDue(this.number, entry.index);
      if (snapshot !== null) this.#guarded(() => this.#compact(structure, entry.index, snapshot));
      if (this.#structure !== structure) return;
    }
  }

  #applied(structure: Structure, index: number): void {
    try {
      structure.applied(index);
    } catch (thrown) {
      this.#failed(thrown);
    }
  }
}
