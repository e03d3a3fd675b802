import type { Event } from '@raftlens/events';
import type { Notice, PersistEffect } from '../src/entry-points/state-machine.ts';
import {
  type Command,
  configurationOf,
  type DurableState,
  type LogEntry,
  labConfig,
  type Message,
  type RaftConfig,
  type ServerId,
  type Snapshot,
  StateMachine,
} from '../src/index.ts';
import { perform } from '../src/perform.ts';

/** A disk that never fails: it holds what `persist` effects say, and gives it back to the next incarnation. */
export class Disk {
  state: DurableState = { term: 0, vote: null, snapshot: null, entries: [] };

  write({ hardState, truncateFrom, entries, snapshot, keepLog }: PersistEffect): void {
    let kept: readonly LogEntry[] = this.state.entries;
    if (truncateFrom > 0) {
      kept = kept.filter(({ index }) => index < truncateFrom);
    }
    if (snapshot !== null) {
      kept = keepLog ? kept.filter(({ index }) => index > snapshot.index) : [];
    }
    this.state = {
      term: hardState?.term ?? this.state.term,
      vote: hardState === null ? this.state.vote : hardState.vote,
      snapshot: snapshot ?? this.state.snapshot,
      entries: [...kept, ...entries],
    };
  }
}

/** One server of a test with its disk, its service and what it was told. */
export class Node {
  readonly disk = new Disk();
  readonly applied: LogEntry[] = [];
  readonly restored: Snapshot[] = [];
  readonly reads: { ctx: string; index: number }[] = [];
  readonly notices: Notice[] = [];
  boot = 0;
  machine: StateMachine;
  readonly #start: (node: Node) => StateMachine;

  constructor(start: (node: Node) => StateMachine, state?: DurableState) {
    if (state !== undefined) {
      this.disk.state = state;
    }
    this.#start = start;
    this.boot = 1;
    this.machine = start(this);
  }

  restart(): void {
    this.boot++;
    this.applied.length = 0;
    this.machine = this.#start(this);
  }
}

export interface ClusterOptions {
  readonly config?: Partial<RaftConfig>;
  readonly learners?: readonly ServerId[];
  /** Servers that run but are no members yet. */
  readonly strangers?: readonly ServerId[];
  /** What the disks hold at the start. */
  readonly disks?: Readonly<Record<ServerId, DurableState>>;
}

/** Servers in one process whose messages wait in a queue, so that a test decides what arrives, and when. Time is 0 until it says otherwise. */
export class Cluster {
  nowMs = 0;
  readonly nodes = new Map<ServerId, Node>();
  inTransit: Message[] = [];
  readonly events: Event[] = [];
  readonly cut = new Set<ServerId>();
  #messageId = 0;

  constructor(voters: readonly ServerId[], { config, learners = [], strangers = [], disks = {} }: ClusterOptions = {}) {
    for (const id of [...voters, ...learners, ...strangers]) {
      const start = (node: Node): StateMachine =>
        new StateMachine(
          {
            id,
            boot: node.boot,
            configuration: configurationOf(voters, learners),
            config: { ...labConfig, ...config },
            durable: node.disk.state,
            random: () => 0.5,
            nextMessageId: () => ++this.#messageId,
            trace: (event) => void this.events.push(event),
          },
          this.nowMs,
        );
      this.nodes.set(id, new Node(start, disks[id]));
    }
    for (const id of this.nodes.keys()) {
      this.perform(id);
    }
  }

  node(id: ServerId): Node {
    const node = this.nodes.get(id);
    if (node === undefined) {
      throw new RangeError(`no server ${id}`);
    }
    return node;
  }

  machine(id: ServerId): StateMachine {
    return this.node(id).machine;
  }

  /** Performs what the server wants; its messages join those in transit. */
  perform(id: ServerId): void {
    const node = this.node(id);
    perform(
      node.machine,
      {
        persist: (effect) => node.disk.write(effect),
        send: (message) => void this.inTransit.push(message),
        apply: (entries) => void node.applied.push(...entries),
        restore: (snapshot) => void node.restored.push(snapshot),
        read: (ctx, index) => void node.reads.push({ ctx, index }),
        notice: (notice) => void node.notices.push(notice),
      },
      this.nowMs,
    );
  }

  /** Delivers one message, unless an end of it is cut off. */
  deliver(message: Message): void {
    if (this.cut.has(message.from) || this.cut.has(message.to)) {
      return;
    }
    this.machine(message.to).receive(message, this.nowMs);
    this.perform(message.to);
  }

  /** The messages in transit, which are not delivered then. */
  take(): readonly Message[] {
    const taken = this.inTransit;
    this.inTransit = [];
    return taken;
  }

  /** What a server sends in answer to a message that a test made up. */
  answer(message: Message): readonly Message[] {
    this.take();
    this.deliver(message);
    return this.take();
  }

  /** Delivers everything, and what that brings forth, in the order of sending. */
  settle(): void {
    for (let message = this.inTransit.shift(); message !== undefined; message = this.inTransit.shift()) {
      this.deliver(message);
    }
  }

  /** Lets one server's election timer run out. */
  timeOut(id: ServerId): void {
    this.advanceTo(Math.max(this.nowMs, this.machine(id).deadlineMs), id);
  }

  /** Moves the time and ticks one server only. */
  advanceTo(nowMs: number, id: ServerId): void {
    this.nowMs = nowMs;
    this.machine(id).tick(nowMs);
    this.perform(id);
  }

  elect(id: ServerId): void {
    this.timeOut(id);
    this.settle();
  }

  /** The leader sends a round of heartbeats, and all answers come in. */
  heartbeat(id: ServerId): void {
    this.timeOut(id);
    this.settle();
  }

  propose(id: ServerId, ...commands: readonly Command[]): ReturnType<StateMachine['propose']> {
    const proposed = this.machine(id).propose(commands, this.nowMs);
    this.perform(id);
    return proposed;
  }

  restart(id: ServerId): void {
    this.node(id).restart();
    this.perform(id);
  }

  commands(id: ServerId): readonly string[] {
    return this.node(id).applied.map(({ command }) => (typeof command === 'string' ? command : command.toString()));
  }
}
