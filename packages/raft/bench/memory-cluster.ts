import type { PersistEffect } from '../src/entry-points/state-machine.ts';
import {
  type Command,
  configurationOf,
  defaultConfig,
  type LogEntry,
  type Message,
  perform,
  type RaftConfig,
  type ServerId,
  StateMachine,
  type SynchronousHost,
} from '../src/index.ts';

/** Entries between two snapshots, and those that stay behind one: what the Go program beside this does too. */
const SNAPSHOT_EVERY = 20_000;
const TRAILING_ENTRIES = 2000;

const config: RaftConfig = { ...defaultConfig, trailingEntriesMax: TRAILING_ENTRIES };
const NO_BYTES = new Uint8Array(0);

/** A disk in memory: it copies what it is given, as a disk does with references, and drops what a snapshot replaces. */
class MemoryDisk {
  #entries: LogEntry[] = [];
  #first = 1;

  write({ truncateFrom, entries, snapshot }: PersistEffect): void {
    if (truncateFrom > 0) {
      this.#entries.length = truncateFrom - this.#first;
    }
    if (snapshot !== null) {
      this.#entries = this.#entries.slice(snapshot.index + 1 - this.#first);
      this.#first = snapshot.index + 1;
    }
    for (const entry of entries) {
      this.#entries.push(entry);
    }
  }
}

class Member implements SynchronousHost {
  readonly machine: StateMachine;
  readonly #cluster: MemoryCluster;
  readonly #disk = new MemoryDisk();
  commands = 0;
  #lastApplied = 0;
  #lastSnapshot = 0;

  constructor(cluster: MemoryCluster, id: ServerId, ids: readonly ServerId[]) {
    this.#cluster = cluster;
    let messageId = 0;
    const durable = { term: 0, vote: null, snapshot: null, entries: [] };
    const options = {
      id,
      boot: 1,
      configuration: configurationOf(ids),
      config,
      durable,
      random: () => 0.5,
      nextMessageId: () => ++messageId,
    };
    this.machine = new StateMachine(options, 0);
  }

  persist(effect: PersistEffect): void {
    this.#disk.write(effect);
  }

  send(message: Message): void {
    this.#cluster.deliver(message);
  }

  apply(entries: readonly LogEntry[]): void {
    for (const { index, kind } of entries) {
      if (index !== this.#lastApplied + 1) {
        throw new Error(`entry ${index} was applied after entry ${this.#lastApplied}`);
      }
      this.#lastApplied = index;
      if (kind === 'command') {
        this.commands++;
      }
    }
  }

  restore(): void {
    throw new Error('nobody lags so far behind that it needs a snapshot here');
  }

  read(): void {
    throw new Error('nobody reads here');
  }

  work(nowMs: number): boolean {
    const worked = perform(this.machine, this, nowMs);
    if (this.#lastApplied - this.#lastSnapshot >= SNAPSHOT_EVERY) {
      this.#lastSnapshot = this.#lastApplied;
      this.machine.snapshotTaken(this.#lastApplied, NO_BYTES, nowMs);
      return true;
    }
    return worked;
  }
}

/** Servers of one process whose messages are handed over directly; everything is in memory, on one thread. S1 leads. */
export class MemoryCluster {
  readonly #members = new Map<ServerId, Member>();
  readonly #order: readonly Member[];
  readonly #leader: Member;
  #nowMs = 0;
  messages = 0;

  constructor(servers: number) {
    const ids = Array.from({ length: servers }, (_, position) => `S${position + 1}`);
    for (const id of ids) {
      this.#members.set(id, new Member(this, id, ids));
    }
    this.#order = [...this.#members.values()];
    const [leader] = this.#order;
    if (leader === undefined) {
      throw new RangeError('a cluster has at least one server');
    }
    this.#leader = leader;
    this.#nowMs = leader.machine.deadlineMs;
    leader.machine.tick(this.#nowMs);
    this.pump();
    this.messages = 0;
  }

  deliver(message: Message): void {
    this.messages++;
    this.#members.get(message.to)?.machine.receive(message, this.#nowMs);
  }

  /** Lets everybody work until nobody has anything left to do. */
  pump(): void {
    for (let working = true; working; ) {
      working = false;
      for (const member of this.#order) {
        working = member.work(this.#nowMs) || working;
      }
    }
  }

  propose(commands: readonly Command[]): void {
    if (this.#leader.machine.propose(commands, this.#nowMs) === null) {
      throw new Error('S1 does not lead any more');
    }
  }

  /** A round of heartbeats tells the followers of the last commit. Throws unless everybody has applied exactly `commands` then. */
  finish(commands: number): void {
    this.#nowMs = this.#leader.machine.deadlineMs;
    this.#leader.machine.tick(this.#nowMs);
    this.pump();
    for (const member of this.#order) {
      if (member.commands !== commands) {
        throw new Error(`${member.machine.status().id} applied ${member.commands} of ${commands} commands`);
      }
    }
  }
}
