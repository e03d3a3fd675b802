import type { Command, LogEntry, Message, Snapshot } from '@raftlens/raft';
import type { RaftCore } from '@raftlens/raft/core';
import type { LockedServer, TaskHost } from '@raftlens/raft/locked';
import type { RaceDetector } from '@raftlens/raft/race';
import type { PersistEffect, Proposed } from '@raftlens/raft/state-machine';
import type { Boot, ServerStatus, Structure, StructureFactory, StructureHost } from '../protocol/structure.ts';

/** The labs' longest time until a call that gets no reply says so. */
const NO_REPLY_MS = 7000;

/** Structure B: runs the many tasks of a core, real or patched, in virtual time. `races` looks for races between them. */
export function lockedFactory(core: RaftCore, races: RaceDetector | null): StructureFactory {
  return (boot, host) => new LockedStructure(core, boot, host, races);
}

interface ApplyWaiter {
  readonly index: number;
  readonly done: () => void;
}

/** It waits on promises. The calls of `Structure` settle them, and each wakes the loop. */
class LockedStructure implements Structure, TaskHost {
  readonly deadlineMs = Number.POSITIVE_INFINITY;
  readonly #core: RaftCore;
  readonly #boot: Boot;
  readonly #host: StructureHost;
  readonly #races: RaceDetector | null;
  #server: LockedServer | null = null;
  /** Who waits for the reply to the request of that id. */
  readonly #calls = new Map<number, (reply: Message | null) => void>();
  /** Who waits for the write of that id. */
  readonly #writes = new Map<number, () => void>();
  /** Who waits for the service to have applied up to an index. */
  #applies: readonly ApplyWaiter[] = [];

  constructor(core: RaftCore, boot: Boot, host: StructureHost, races: RaceDetector | null) {
    this.#core = core;
    this.#boot = boot;
    this.#host = host;
    this.#races = races;
  }

  // What the process calls.

  start(): void {
    this.#server = new this.#core.LockedServer(this.#boot, this, this.#races);
    this.#host.wake();
  }

  /** It sleeps by itself. */
  tick(): void {}

  receive(message: Message): void {
    if (message.re === 0) void this.#answer(message);
    else this.#settle(message.re, message);
    this.#host.wake();
  }

  propose(command: Command): Promise<Proposed | null> {
    this.#host.wake();
    return this.#server?.start(command) ?? Promise.resolve(null);
  }

  status(): ServerStatus {
    const status = this.#server?.status();
    const { voters } = this.#boot.configuration;
    if (status === undefined)
      return { term: 0, leader: false, commit: 0, applied: 0, lastIndex: 0, voters, outgoing: [], learners: [], changing: false };
    return {
      voters,
      outgoing: [],
      learners: [],
      changing: false,
      term: status.term,
      leader: status.role === 'leader',
      commit: status.commit,
      applied: status.applied,
      lastIndex: status.lastLogIndex,
    };
  }

  get leads(): boolean {
    return this.#server?.status().role === 'leader';
  }

  snapshot(index: number, data: Uint8Array): void {
    void this.#server?.snapshot(index, data);
    this.#host.wake();
  }

  durable(id: number): void {
    this.#writes.get(id)?.();
    this.#writes.delete(id);
    this.#host.wake();
  }

  applied(index: number): void {
    const due = this.#applies.filter((waiting) => waiting.index <= index);
    if (due.length === 0) return;
    this.#applies = this.#applies.filter((waiting) => waiting.index > index);
    for (const waiting of due) waiting.done();
    this.#host.wake();
  }

  /** Structure B has no reads, no transfer and no membership changes: each is refused, as by a server that does not lead. */
  read(ctx: string): void {
    this.#host.readReady(ctx, -1);
  }

  transfer(): void {}

  change(): null {
    return null;
  }

  campaign(): void {
    void this.#server?.campaign();
    this.#host.wake();
  }

  /** Its followers listen to every candidate, and its calls tell by themselves when a peer cannot be reached. */
  forgetLeader(): void {}

  unreachable(): void {}

  stop(): void {
    this.#server?.stop();
    this.#calls.clear();
    this.#writes.clear();
    this.#applies = [];
    this.#host.wake();
  }

  // What the server calls.

  now(): number {
    return this.#host.clock.nowMs();
  }

  sleep(ms: number): Promise<void> {
    return this.#host.sleep(ms);
  }

  rpc(request: Message): Promise<Message | null> {
    return new Promise((resolve) => {
      this.#calls.set(request.id, resolve);
      void this.#host.sleep(NO_REPLY_MS).then(() => this.#settle(request.id, null));
      this.#host.send(request);
    });
  }

  persist(effect: PersistEffect): Promise<void> {
    return new Promise((resolve) => {
      const outcome = this.#host.persist(effect);
      if (outcome === 'durable') resolve();
      // A killed write never ends, and neither does the task that waits for it.
      else if (outcome === 'pending') this.#writes.set(effect.id, resolve);
    });
  }

  apply(entries: readonly LogEntry[]): Promise<void> {
    return this.#untilApplied(entries.at(-1)?.index ?? 0, () => this.#host.apply(entries));
  }

  restore(snapshot: Snapshot): Promise<void> {
    return this.#untilApplied(snapshot.index, () => this.#host.restore(snapshot));
  }

  failed(error: unknown): void {
    this.#host.failed(error);
  }

  async #answer(request: Message): Promise<void> {
    const server = this.#server;
    const reply = await server?.handle(request);
    if (reply !== undefined && reply !== null) this.#host.send(reply);
  }

  #settle(request: number, reply: Message | null): void {
    this.#calls.get(request)?.(reply);
    this.#calls.delete(request);
  }

  #untilApplied(index: number, handOver: () => void): Promise<void> {
    return new Promise((done) => {
      this.#applies = [...this.#applies, { index, done }];
      handOver();
    });
  }
}
