import type { Configuration, LogEntry, RaftConfig, Snapshot } from '@raftlens/raft';
import type { RaftCore } from '@raftlens/raft/core';
import { Disk } from '../disk/disk.ts';
import type { TapeDeck } from '../engine/tape-deck.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import { Network } from '../network/network.ts';
import type { Act, Action } from '../protocol/act.ts';
import { assert } from '../protocol/assert.ts';
import type { PersistPoint } from '../protocol/disk-fault.ts';
import type { About } from '../protocol/failure.ts';
import type { Service } from '../protocol/service.ts';
import type { StructureFactory } from '../protocol/structure.ts';
import { Process, type ProcessHost } from '../server/process.ts';
import { AppliedLog } from './applied-log.ts';
import type { Trace } from './trace.ts';

export interface WorldOptions {
  readonly servers: number;
  /** How many of them vote from the start; the others are spare and join by a membership change. */
  readonly voters: number;
  readonly config: RaftConfig;
  /** Whose rules the service and its clients follow. */
  readonly core: RaftCore;
  readonly factory: StructureFactory;
  /** Makes the service above Raft. */
  readonly service: (world: World) => Service;
  readonly recording: boolean;
}

/** Everything there is in a simulated cluster: servers, network, disks and the service, wired together. */
export class World implements ProcessHost {
  readonly time: VirtualTime;
  readonly deck: TapeDeck;
  readonly trace: Trace;
  readonly emit: Trace['emit'];
  readonly network: Network;
  readonly factory: StructureFactory;
  readonly configuration: Configuration;
  readonly config: RaftConfig;
  readonly core: RaftCore;
  readonly processes: readonly Process[];
  readonly names: readonly string[];
  readonly log: AppliedLog;
  readonly service: Service;
  /** What was done so far, in order; null unless it is recorded. */
  readonly actions: Action[] | null;
  /** Called for client operations of a plan; set by scenarios that have clients. */
  onClient: ((act: Extract<Act, { do: 'client' }>) => void) | null = null;
  #messageId = 0;
  readonly nextMessageId = (): number => {
    this.#messageId += 1;
    return this.#messageId;
  };

  constructor(time: VirtualTime, deck: TapeDeck, trace: Trace, options: WorldOptions) {
    this.time = time;
    this.deck = deck;
    this.trace = trace;
    this.emit = trace.emit;
    const processes: Process[] = [];
    this.network = new Network(options.servers, time, deck, processes);
    this.factory = options.factory;
    this.config = options.config;
    this.core = options.core;
    this.names = Array.from({ length: options.servers }, (_, at) => `S${at + 1}`);
    this.configuration = { voters: this.names.slice(0, options.voters), outgoing: [], learners: [], learnersNext: [] };
    this.log = new AppliedLog(options.servers);
    this.service = options.service(this);
    this.actions = options.recording ? [] : null;
    for (const [number, name] of this.names.entries()) {
      const disk = new Disk(time, deck.draws(`disk ${name}`));
      processes.push(new Process(number, this, disk, { timer: deck.draws(`timer ${name}`), apply: deck.draws(`apply ${name}`) }));
    }
    this.processes = processes;
    assert(
      processes.every(({ id, number }) => this.names[number] === id),
      'servers are numbered in the order of their names',
    );
    assert(options.voters >= 1 && options.voters <= options.servers, 'some of the servers vote from the start');
  }

  /** Starts every server. */
  start(): void {
    for (const process of this.processes) process.start();
  }

  process(server: number): Process {
    const process = this.processes[server];
    if (process === undefined)
      throw new RangeError(`there is no server ${server}: they are numbered from 0 to ${this.processes.length - 1}`);
    return process;
  }

  named(name: string): Process {
    return this.process(this.numberOf(name));
  }

  numberOf(id: string): number {
    return this.names.indexOf(id);
  }

  /**
   * Writes down what was done, for a plan that does it again. A proposal to structure B is told of when it was answered, and has its place
   * where it was made.
   */
  recorded(act: Act, atUs = this.time.nowUs): void {
    const { actions } = this;
    if (actions === null) return;
    let at = actions.length;
    while (at > 0 && (actions[at - 1]?.atUs ?? 0) > atUs) at -= 1;
    actions.splice(at, 0, { atUs, ...act });
  }

  // What processes tell.

  booted(server: number): void {
    this.log.booted(server);
    this.service.booted(server);
  }

  applied(server: number, entry: LogEntry): void {
    const wrong = this.log.applied(server, entry) ?? this.service.applied(server, entry);
    if (wrong !== null) this.time.fail({ kind: 'apply', message: wrong, about: this.#about(server, entry.index) });
  }

  restored(server: number, snapshot: Snapshot): void {
    assert(this.process(server).up, 'only a live server restores its service');
    const wrong = this.log.restored(server, snapshot.index) ?? this.service.restored(server, snapshot);
    if (wrong !== null) this.time.fail({ kind: 'apply', message: wrong, about: this.#about(server, snapshot.index) });
  }

  snapshotDue(server: number, index: number): Uint8Array | null {
    return this.service.snapshotDue(server, index, this.process(server).disk.logBytes);
  }

  readReady(server: number, ctx: string, index: number): void {
    assert(this.process(server).up, 'only a live server serves reads');
    const wrong = this.service.readReady(server, ctx, index);
    if (wrong !== null)
      this.time.fail({ kind: 'linearizability', message: wrong, about: { ...this.#about(server, this.log.upTo(server) + 1), read: ctx } });
  }

  #about(server: number, index: number): About {
    return { servers: [this.process(server).id], index };
  }

  killed(server: number, point: PersistPoint): void {
    const target = this.process(server).id;
    this.trace.harness({ op: 'Crash', target, point: `${point.when} persist (${point.kind})` });
  }
}
