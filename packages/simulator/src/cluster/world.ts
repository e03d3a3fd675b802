import type { Event } from '@raftlens/events';
import {
  type Configuration,
  type LogEntry,
  type Message,
  messageEvent,
  type RaftConfig,
  type RaftCore,
  type Snapshot,
} from '@raftlens/raft';
import { ASYNC_DISK, type Damage, Disk, type PersistPoint, SYNC_DISK } from '../disk/disk.ts';
import type { FailureKind } from '../engine/failure.ts';
import type { TapeDeck } from '../engine/tape.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import { type DropReason, Network, type NetworkUser } from '../network/network.ts';
import type { Act, Action } from '../plan/action.ts';
import { Process, type ProcessHost } from '../server/process.ts';
import type { StructureFactory } from '../server/structure.ts';
import type { Service } from '../service/service.ts';
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

/** Everything there is in a simulated cluster: servers, network, disks, the service, and what may be done to them. */
export class World implements ProcessHost, NetworkUser {
  readonly time: VirtualTime;
  readonly deck: TapeDeck;
  readonly trace: Trace['emit'];
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
  readonly #trace: Trace;
  #messageId = 0;
  readonly nextMessageId = (): number => {
    this.#messageId += 1;
    return this.#messageId;
  };

  constructor(time: VirtualTime, deck: TapeDeck, trace: Trace, options: WorldOptions) {
    this.time = time;
    this.deck = deck;
    this.#trace = trace;
    this.trace = trace.emit;
    this.network = new Network(options.servers, time, deck, this);
    this.factory = options.factory;
    this.config = options.config;
    this.core = options.core;
    this.names = Array.from({ length: options.servers }, (_, at) => `S${at + 1}`);
    this.configuration = { voters: this.names.slice(0, options.voters), outgoing: [], learners: [], learnersNext: [] };
    this.log = new AppliedLog(options.servers);
    this.service = options.service(this);
    this.actions = options.recording ? [] : null;
    this.processes = this.names.map((name, number) => {
      const disk = new Disk(time, deck.draws(`disk ${name}`));
      return new Process(number, this, disk, { timer: deck.draws(`timer ${name}`), apply: deck.draws(`apply ${name}`) });
    });
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

  fail(kind: FailureKind, message: string): void {
    this.time.fail({ kind, message });
  }

  // What processes and the network tell.

  booted(server: number): void {
    this.log.booted(server);
    this.service.booted(server);
  }

  applied(server: number, entry: LogEntry): void {
    const wrong = this.log.applied(server, entry) ?? this.service.applied(server, entry);
    if (wrong !== null) this.fail('apply', wrong);
  }

  restored(server: number, snapshot: Snapshot): void {
    const wrong = this.log.restored(server, snapshot.index) ?? this.service.restored(server, snapshot);
    if (wrong !== null) this.fail('apply', wrong);
  }

  snapshotDue(server: number, index: number): Uint8Array | null {
    return this.service.snapshotDue(server, index, this.process(server).disk.logBytes);
  }

  readReady(server: number, ctx: string, index: number): void {
    const wrong = this.service.readReady(server, ctx, index);
    if (wrong !== null) this.fail('linearizability', wrong);
  }

  killed(server: number, point: PersistPoint): void {
    const target = this.process(server).id;
    this.#trace.harness({ op: 'Crash', target, point: `${point.when} persist (${point.kind})` });
  }

  arrive(server: number, message: Message): boolean {
    return this.process(server).receive(message);
  }

  lifeOf(server: number): number {
    const process = this.process(server);
    return process.up ? process.boot : -process.boot;
  }

  dropped(message: Message, src: number, _dst: number, _why: DropReason): void {
    this.trace(messageEvent(message, 'drop', this.process(src).boot));
  }

  // What may be done.

  /** Does it now, writes it to the recording, and says so in the trace. */
  act(act: Act): void {
    this.recorded(act);
    this.perform(act);
  }

  /** Writes down what a script did by other ways than `act`. */
  recorded(act: Act): void {
    if (this.actions !== null) this.actions.push({ atUs: this.time.nowUs, ...act });
  }

  perform(act: Act): void {
    switch (act.do) {
      case 'propose':
        // Whether it is taken is seen in the log; nobody waits for the answer of an action.
        void this.named(act.server).propose(act.command);
        return;
      case 'client':
        this.onClient?.(act);
        return;
      case 'read': {
        const process = this.named(act.server);
        this.service.readStarted(process.number, act.ctx);
        process.read(act.ctx);
        return;
      }
      case 'transfer':
        this.named(act.server).transfer(act.target);
        return;
      case 'change':
        this.named(act.server).change(act);
        return;
      case 'crash':
      case 'restart':
      case 'pause':
      case 'resume':
      case 'wipe':
        return this.#process(act.do, this.named(act.server));
      case 'bit-flip':
      case 'misdirected-write':
      case 'short-read':
        return this.#damage(act.do, this.named(act.server));
      case 'calm':
        return this.#calm();
      case 'crash-at-persist':
      case 'apply-delay':
      case 'slow':
      case 'clock':
      case 'disk':
        return this.#machine(act, this.named(act.server));
      case 'network':
        this.network.model = act.model;
        return this.#fault('network', describeModel(act.model));
      default:
        return this.#links(act);
    }
  }

  #process(what: 'crash' | 'restart' | 'pause' | 'resume' | 'wipe', process: Process): void {
    switch (what) {
      case 'crash':
        if (!process.up) return;
        process.kill();
        return this.#trace.harness({ op: 'Crash', target: process.id });
      case 'restart':
        return this.#restart(process);
      case 'pause':
        process.pause();
        return this.#fault('pause', undefined, process);
      case 'resume':
        this.#fault('resume', undefined, process);
        return process.resume();
      case 'wipe':
        process.kill();
        process.disk.wipe();
        return this.#fault('wipe', 'it has lost its disk', process);
    }
  }

  /** A start reads the disk first, and believes nothing whose checksum is wrong. */
  #restart(process: Process): void {
    if (process.up) return;
    switch (process.disk.verify()) {
      case 'corrupt':
        return this.#fault('corrupt', 'a record of its disk fails its checksum: it does not start', process);
      case 'short-read':
        return this.#fault('short-read', 'its disk gave less than there is: it does not start this time', process);
      case null:
        return process.start();
    }
  }

  /** What the disk has spoiled stays hidden until the server starts again. */
  #damage(how: Damage, process: Process): void {
    process.disk.damage(how);
    this.#fault('damage', DAMAGE_TEXTS[how], process);
  }

  #machine(act: Extract<Act, { do: 'crash-at-persist' | 'apply-delay' | 'slow' | 'clock' | 'disk' }>, process: Process): void {
    switch (act.do) {
      case 'crash-at-persist':
        process.disk.arm({ nth: act.nth, when: act.when, kind: act.kind });
        return this.#fault('crash-at-persist', `${act.when} its persist ${act.nth} from now (${act.kind})`, process);
      case 'apply-delay':
        process.applyDelayMaxUs = act.us;
        return this.#fault('apply-delay', `its service takes up to ${act.us / 1000} ms`, process);
      case 'slow':
        this.network.slow(process.number, act.us);
        return this.#fault('slow', `it takes messages in ${act.us / 1000} ms late`, process);
      case 'clock':
        process.setClock({ driftPpm: act.driftPpm, stepMs: act.stepMs });
        return this.#fault('clock', `its clock runs ${act.driftPpm / 10_000} % fast and stepped by ${act.stepMs} ms`, process);
      case 'disk':
        process.disk.model = act.mode === 'sync' ? SYNC_DISK : { ...ASYNC_DISK, latencyMaxUs: act.latencyMaxUs, torn: act.torn };
        return this.#fault(
          'disk',
          `${act.mode}, up to ${act.latencyMaxUs / 1000} ms a write${act.torn ? ', torn by crashes' : ''}`,
          process,
        );
    }
  }

  #links(act: Extract<Act, { do: 'isolate' | 'rejoin' | 'cut' | 'join' | 'clog' | 'unclog' | 'partition' | 'heal' }>): void {
    const { topology } = this.network;
    switch (act.do) {
      case 'isolate':
        topology.isolate(this.numberOf(act.server), true);
        return this.#trace.harness({ op: 'Partition', groups: `${act.server} | the others` });
      case 'rejoin':
        topology.isolate(this.numberOf(act.server), false);
        return this.#trace.harness({ op: 'Heal', groups: act.server });
      case 'cut':
      case 'join':
        topology.cut(this.numberOf(act.from), this.numberOf(act.to), act.do === 'cut');
        return this.#trace.harness({ op: act.do === 'cut' ? 'Partition' : 'Heal', groups: `${act.from} -> ${act.to}` });
      case 'clog':
        this.network.clog(this.numberOf(act.from), this.numberOf(act.to));
        return this.#fault('clog', `messages from ${act.from} to ${act.to} are held back`);
      case 'unclog':
        this.network.unclog(this.numberOf(act.from), this.numberOf(act.to));
        return this.#fault('unclog', `messages from ${act.from} to ${act.to} go on`);
      case 'partition':
        topology.partition(act.groups.map((group) => group.map((name) => this.numberOf(name))));
        return this.#trace.harness({ op: 'Partition', groups: act.groups.map((group) => group.join(' ')).join(' | ') });
      case 'heal':
        topology.heal();
        return this.#trace.harness({ op: 'Heal' });
    }
  }

  /** The liveness phase begins: from now on nothing disturbs the cluster. Clocks keep their drift, disks keep what they are. */
  #calm(): void {
    this.network.heal();
    for (const process of this.processes) {
      process.applyDelayMaxUs = 0;
      process.disk.disarm();
      process.resume();
      if (!process.disk.lost) process.start();
    }
    this.#trace.harness({ op: 'Heal', groups: 'all' });
  }

  #fault(kind: string, detail?: string, process?: Process): void {
    const target = process === undefined ? {} : { target: process.id };
    this.#trace.harness({ op: 'Fault', kind, ...target, ...(detail === undefined ? {} : { detail }) });
  }

  /** Says what the harness thinks in the trace. */
  note(detail: string): void {
    this.#trace.harness({ op: 'Note', detail });
  }

  /** Calls back with each event until the function says that it has seen enough. */
  watch(done: (event: Event) => boolean): void {
    this.#watchers.push(done);
    this.#trace.watching = true;
  }

  readonly #watchers: ((event: Event) => boolean)[] = [];

  watched(event: Event): void {
    for (let at = this.#watchers.length - 1; at >= 0; at -= 1) if (this.#watchers[at]?.(event) === true) this.#watchers.splice(at, 1);
    this.#trace.watching = this.#watchers.length > 0;
  }
}

const DAMAGE_TEXTS: Readonly<Record<Damage, string>> = {
  'bit-flip': 'bits flip in a record that was durable',
  'misdirected-write': 'its next write goes to the place of another record',
  'short-read': 'its next read comes short',
};

function describeModel(model: Network['model']): string {
  return Object.entries(model)
    .filter(([, value]) => value !== 0 && value !== false)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}
