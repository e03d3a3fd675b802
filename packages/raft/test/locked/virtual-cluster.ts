import type { Event } from '@raftlens/events';
import { labConfig } from '../../src/config.ts';
import type { DurableState, Snapshot } from '../../src/durable-state.ts';
import type { PersistEffect } from '../../src/effect.ts';
import type { LogEntry } from '../../src/entry.ts';
import type { TaskHost } from '../../src/locked/host.ts';
import { LockedServer } from '../../src/locked/locked-server.ts';
import type { Message } from '../../src/message.ts';
import type { Notice } from '../../src/notice.ts';
import type { RaftConfig } from '../../src/options.ts';
import { RaceDetector } from '../../src/race/detector.ts';

export interface ClusterOptions {
  readonly seed?: number;
  /** Looks for races. */
  readonly race?: boolean;
  /** Milliseconds that a write takes; 0 is at once. */
  readonly writeMs?: number;
  /** The service takes a snapshot after each so many entries; 0 for never. */
  readonly snapshotEvery?: number;
  readonly snapshotChunkBytes?: number;
  readonly config?: Partial<RaftConfig>;
}

/** One server's machine: what survives a crash, and what the service has seen. */
interface Machine {
  server: LockedServer | null;
  boot: number;
  durable: DurableState;
  applied: string[];
  connected: boolean;
}

/** A few servers of structure B in virtual time: milliseconds pass only when every task waits. */
export class VirtualCluster {
  nowMs = 0;
  readonly events: Event[] = [];
  readonly failures: unknown[] = [];
  readonly notices: Notice[] = [];
  readonly detector: RaceDetector | null;
  readonly #machines = new Map<string, Machine>();
  readonly #options: ClusterOptions;
  readonly #random: () => number;
  #timers: { readonly atMs: number; readonly order: number; readonly wake: () => void }[] = [];
  #order = 0;
  #messages = 0;

  constructor(count: number, options: ClusterOptions = {}) {
    this.#options = options;
    this.#random = mulberry(options.seed ?? 1);
    const sleep = (ms: number) => this.sleep(ms);
    this.detector = options.race === true ? new RaceDetector({ random: mulberry((options.seed ?? 1) + 7919), sleep, stacks: false }) : null;
    for (let number = 1; number <= count; number++) {
      this.#machines.set(`S${number}`, {
        server: null,
        boot: 0,
        durable: { term: 0, vote: null, snapshot: null, entries: [] },
        applied: [],
        connected: true,
      });
    }
    for (const id of this.ids) this.start(id);
  }

  get ids(): readonly string[] {
    return [...this.#machines.keys()];
  }

  server(id: string): LockedServer {
    const { server } = this.#machine(id);
    if (server === null) throw new Error(`${id} is down`);
    return server;
  }

  applied(id: string): readonly string[] {
    return this.#machine(id).applied;
  }

  durable(id: string): DurableState {
    return this.#machine(id).durable;
  }

  start(id: string): void {
    const machine = this.#machine(id);
    machine.boot += 1;
    machine.applied = machine.durable.snapshot === null ? [] : textsOf(machine.durable.snapshot);
    machine.server = new LockedServer(
      {
        id,
        boot: machine.boot,
        configuration: { voters: this.ids, outgoing: [], learners: [], learnersNext: [] },
        config: {
          ...labConfig,
          snapshotChunkBytes: this.#options.snapshotChunkBytes ?? labConfig.snapshotChunkBytes,
          ...this.#options.config,
        },
        durable: machine.durable,
        random: this.#random,
        nextMessageId: () => ++this.#messages,
        trace: (event) => {
          event.seq = this.events.length + 1;
          this.events.push(event);
        },
      },
      this.#host(id, machine.boot),
      this.detector,
    );
  }

  crash(id: string): void {
    const machine = this.#machine(id);
    machine.server?.stop();
    machine.server = null;
  }

  /** The disk of a server that is down loses its log. */
  loseLog(id: string): void {
    const machine = this.#machine(id);
    machine.durable = { ...machine.durable, snapshot: null, entries: [] };
  }

  connect(id: string, connected: boolean): void {
    this.#machine(id).connected = connected;
  }

  leader(): string | null {
    const leaders = this.ids.filter((id) => this.#machine(id).server?.status().role === 'leader' && this.#machine(id).connected);
    return leaders.sort((a, b) => this.server(b).status().term - this.server(a).status().term)[0] ?? null;
  }

  /** Lets so much time pass. */
  async run(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await settle();
    for (;;) {
      const next = this.#takeTimer(endMs);
      if (next === null) break;
      this.nowMs = next.atMs;
      next.wake();
      await settle();
    }
    this.nowMs = endMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#order += 1;
      this.#timers.push({ atMs: this.nowMs + ms, order: this.#order, wake });
    });
  }

  #takeTimer(endMs: number): { atMs: number; wake: () => void } | null {
    this.#timers.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    const [first] = this.#timers;
    if (first === undefined || first.atMs > endMs) return null;
    this.#timers = this.#timers.slice(1);
    return first;
  }

  #machine(id: string): Machine {
    const machine = this.#machines.get(id);
    if (machine === undefined) throw new Error(`no server ${id}`);
    return machine;
  }

  #host(id: string, boot: number): TaskHost {
    const machine = this.#machine(id);
    return {
      now: () => this.nowMs,
      sleep: (ms) => this.sleep(ms),
      rpc: (request) => this.#rpc(id, request),
      persist: async (effect) => {
        if ((this.#options.writeMs ?? 0) > 0) await this.sleep(this.#options.writeMs ?? 0);
        if (machine.boot !== boot || machine.server === null) return new Promise<void>(() => undefined);
        machine.durable = written(machine.durable, effect);
      },
      apply: (entries) => this.#apply(machine, entries),
      restore: async (snapshot) => {
        await this.sleep(1);
        machine.applied = textsOf(snapshot);
      },
      failed: (error) => this.failures.push(error),
      notice: (notice) => this.notices.push(notice),
    };
  }

  async #rpc(from: string, request: Message): Promise<Message | null> {
    await this.sleep(1 + Math.floor(this.#random() * 5));
    const target = this.#machine(request.to);
    if (!this.#machine(from).connected || !target.connected || target.server === null) return this.#noReply();
    const reply = await target.server.handle(request);
    await this.sleep(1 + Math.floor(this.#random() * 5));
    return this.#machine(from).connected && target.connected ? reply : this.#noReply();
  }

  async #noReply(): Promise<null> {
    await this.sleep(Math.floor(this.#random() * 500));
    return null;
  }

  async #apply(machine: Machine, entries: readonly LogEntry[]): Promise<void> {
    const every = this.#options.snapshotEvery ?? 0;
    for (const entry of entries) {
      await this.sleep(1);
      machine.applied.push(typeof entry.command === 'string' ? entry.command : '');
      if (every > 0 && entry.index % every === 0) await machine.server?.snapshot(entry.index, Buffer.from(JSON.stringify(machine.applied)));
    }
  }
}

function textsOf(snapshot: Snapshot): string[] {
  const texts: unknown = JSON.parse(Buffer.from(snapshot.data).toString());
  return Array.isArray(texts) ? texts.map(String) : [];
}

function written(durable: DurableState, effect: PersistEffect): DurableState {
  const { term, vote } = effect.hardState ?? durable;
  const snapshot = effect.snapshot ?? durable.snapshot;
  let entries = durable.entries;
  if (effect.snapshot !== null) {
    const { index } = effect.snapshot;
    entries = effect.keepLog ? entries.filter((entry) => entry.index > index) : [];
  }
  if (effect.truncateFrom > 0) entries = entries.filter((entry) => entry.index < effect.truncateFrom);
  return { term, vote, snapshot, entries: [...entries, ...effect.entries] };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
