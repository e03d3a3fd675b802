import type { Event } from '@raftlens/events';
import type { LogEntry } from '@raftlens/raft';
import type { Proposed } from '@raftlens/raft/state-machine';
import type { Task } from '../engine/virtual-time.ts';
import { type Act, checkNumbers } from '../protocol/act.ts';
import type { Damage, PersistPoint } from '../protocol/disk-fault.ts';
import { type About, type FailureKind, ScenarioError } from '../protocol/failure.ts';
import type { MessageFate } from '../protocol/message-fate.ts';
import { type NetworkModel, RELIABLE, UNRELIABLE } from '../protocol/network-model.ts';
import type { ServerStatus } from '../protocol/structure.ts';
import { Choices } from './choices.ts';
import { perform } from './perform.ts';
import type { World } from './world.ts';

/** What tasks want to know of an event that they wait for; see `waitFor`. */
export type EventMatch = (event: Event) => boolean;

/** What a script may do to a cluster, and what it can see of it. Servers are numbered from 0 (number 0 is "S1"). Everything that waits does so in virtual time. */
export class ClusterControl {
  /** All servers, spare ones included. */
  readonly servers: number;
  readonly random: Choices;
  /** The numbers of all servers. */
  readonly all: readonly number[];
  /** The parts under the face, for scenarios that need more than it offers. */
  readonly world: World;

  constructor(world: World) {
    this.world = world;
    this.servers = world.processes.length;
    this.all = world.processes.map((process) => process.number);
    this.random = new Choices(world.deck.draws('script'));
  }

  name(server: number): string {
    return this.world.process(server).id;
  }

  // Time and tasks.

  get nowMs(): number {
    return this.world.time.nowMs;
  }

  sleepMs(ms: number): Promise<void> {
    return this.world.time.sleepUs(ms * 1000);
  }

  /** Runs a task beside the script; awaiting what it gives back waits for its end. Tasks that outlive the script fail the run. */
  spawn(body: () => Promise<void>, name = 'task'): Task {
    return this.world.time.spawn(name, body);
  }

  /** Waits until an event matches, at the moment of the event itself; null when none did within the time. */
  async waitFor(match: EventMatch, withinMs: number): Promise<Event | null> {
    const waiter = this.world.time.wait(withinMs * 1000);
    let found: Event | null = null;
    let over = false;
    this.world.trace.watch((event) => {
      if (over) return true;
      if (!match(event)) return false;
      found = event;
      waiter.settle();
      return true;
    });
    await waiter.promise;
    over = true;
    return found;
  }

  /** Fails the run; `about` is what the check looked at. */
  fail(message: string, kind: FailureKind = 'script', about: About = {}): never {
    throw new ScenarioError(kind, message, { about });
  }

  note(text: string): void {
    this.world.trace.harness({ op: 'Note', detail: text });
  }

  // Servers.

  isUp(server: number): boolean {
    return this.world.process(server).up;
  }

  /** Null when the server is down. */
  state(server: number): ServerStatus | null {
    return this.world.process(server).status();
  }

  /** It is up and believes that it leads: `state` in short. */
  leads(server: number): boolean {
    return this.world.process(server).leads;
  }

  /** Hands the command to the server; null when it does not lead, is down or stalled. */
  async propose(server: number, command: string): Promise<Proposed | null> {
    const { time } = this.world;
    const atUs = time.nowUs;
    const answer = this.world.process(server).ask((structure) => structure.propose(command));
    const proposed = answer instanceof Promise ? await time.parked(answer) : answer;
    // A refused proposal leaves no trace in the cluster, and so it has no place in a plan either.
    if (proposed !== null) this.world.recorded({ do: 'propose', server: this.name(server), command }, atUs);
    return proposed;
  }

  /** As `propose`, for clients whose operations are what a plan tells of. */
  async proposeForClient(server: number, command: string): Promise<Proposed | null> {
    const answer = this.world.process(server).ask((structure) => structure.propose(command));
    return answer instanceof Promise ? await this.world.time.parked(answer) : answer;
  }

  /** As `propose`, where the server is known to lead: a refusal fails the run. */
  async mustPropose(server: number, command: string): Promise<Proposed> {
    const proposed = await this.propose(server, command);
    return proposed ?? this.fail(`${this.name(server)} leads, but refused a proposal`, 'agreement');
  }

  /** Asks the server for a read under the name `ctx`; the service judges whether what it then sees is fresh enough. */
  read(server: number, ctx: string): void {
    this.act({ do: 'read', server: this.name(server), ctx });
  }

  crash(server: number): void {
    this.act({ do: 'crash', server: this.name(server) });
  }

  /** Starts it from what its disk holds; does nothing when it is up. */
  restart(server: number): void {
    this.act({ do: 'restart', server: this.name(server) });
  }

  /** Kills it at its nth persist from now: before the write reached the disk, or just after. */
  crashAtPersist(server: number, nth: number, when: PersistPoint['when'], kind: PersistPoint['kind'] = 'crash'): void {
    this.act({ do: 'crash-at-persist', server: this.name(server), nth, when, kind });
  }

  /**
   * Bits of a durable record flip, the next write goes to another place, or the next read returns too little. Checksums find it at the next
   * start, which is refused: once after a short read, else for good.
   */
  damage(server: number, how: Damage = 'bit-flip'): void {
    this.act({ do: how, server: this.name(server) });
  }

  /** Kills the server and empties its disk: it may be used again only after its removal from the configuration (6). */
  wipe(server: number): void {
    this.act({ do: 'wipe', server: this.name(server) });
  }

  pause(server: number): void {
    this.act({ do: 'pause', server: this.name(server) });
  }

  resume(server: number): void {
    this.act({ do: 'resume', server: this.name(server) });
  }

  setClock(server: number, driftPpm: number, stepMs = 0): void {
    this.act({ do: 'clock', server: this.name(server), driftPpm, stepMs });
  }

  setDisk(server: number, mode: 'sync' | 'async', latencyMaxUs = 5000, torn = true): void {
    this.act({ do: 'disk', server: this.name(server), mode, latencyMaxUs, torn });
  }

  setApplyDelay(server: number, ms: number): void {
    this.act({ do: 'apply-delay', server: this.name(server), us: Math.round(ms * 1000) });
  }

  /** The server receives every message that much later. */
  setSlow(server: number, ms: number): void {
    this.act({ do: 'slow', server: this.name(server), us: Math.round(ms * 1000) });
  }

  transfer(server: number, target: number): void {
    this.act({ do: 'transfer', server: this.name(server), target: this.name(target) });
  }

  /** The host wants an election at this server now. */
  campaign(server: number): void {
    this.act({ do: 'campaign', server: this.name(server) });
  }

  /** The host tells the server that its leader is gone, be that true or not. */
  forgetLeader(server: number): void {
    this.act({ do: 'forget-leader', server: this.name(server) });
  }

  /** The host tells the server that it cannot reach another, be that true or not. */
  reportUnreachable(server: number, peer: number): void {
    this.act({ do: 'unreachable', server: this.name(server), target: this.name(peer) });
  }

  /** Asks the server, when it leads, for another set of voters and learners. */
  change(server: number, voters: readonly number[], learners: readonly number[] = []): void {
    this.act({
      do: 'change',
      server: this.name(server),
      voters: voters.map((n) => this.name(n)),
      learners: learners.map((n) => this.name(n)),
    });
  }

  // The network.

  /** Cuts all links from and to the server. */
  disconnect(server: number): void {
    this.act({ do: 'isolate', server: this.name(server) });
  }

  connect(server: number): void {
    this.act({ do: 'rejoin', server: this.name(server) });
  }

  isConnected(server: number): boolean {
    return !this.world.network.topology.isIsolated(server);
  }

  /** Cuts the link one way. */
  cut(from: number, to: number): void {
    this.act({ do: 'cut', from: this.name(from), to: this.name(to) });
  }

  join(from: number, to: number): void {
    this.act({ do: 'join', from: this.name(from), to: this.name(to) });
  }

  clog(from: number, to: number): void {
    this.act({ do: 'clog', from: this.name(from), to: this.name(to) });
  }

  unclog(from: number, to: number): void {
    this.act({ do: 'unclog', from: this.name(from), to: this.name(to) });
  }

  /** What becomes of one message that the link takes from now on: it is late, comes again, or is lost. */
  destine(from: number, to: number, { fate, us, kind, nth }: Pick<MessageFate, 'fate' | 'us'> & Partial<MessageFate>): void {
    this.act({ do: 'message', from: this.name(from), to: this.name(to), kind: kind ?? 'any', nth: nth ?? 1, fate, us });
  }

  /** Only servers that share a group reach one another; a server in two groups is a bridge. */
  partition(groups: readonly (readonly number[])[]): void {
    this.act({ do: 'partition', groups: groups.map((group) => group.map((server) => this.name(server))) });
  }

  /** Ends every cut and partition. */
  heal(): void {
    this.act({ do: 'heal' });
  }

  setNetwork(model: Partial<NetworkModel>): void {
    this.act({ do: 'network', model: { ...this.world.network.model, ...model } });
  }

  setReliable(reliable: boolean): void {
    this.setNetwork({ ...(reliable ? RELIABLE : UNRELIABLE), longReordering: this.world.network.model.longReordering });
  }

  setLongReordering(longReordering: boolean): void {
    this.setNetwork({ longReordering });
  }

  /** Ends all faults: the network is whole and reliable, all servers are up. The liveness phase begins. */
  calm(): void {
    this.act({ do: 'calm' });
  }

  /** Requests that were sent to the server so far. */
  rpcCount(server: number): number {
    return this.world.network.requestsTo(server);
  }

  get rpcTotal(): number {
    return this.all.reduce((sum, server) => sum + this.rpcCount(server), 0);
  }

  /** Bytes of all messages so far. */
  get bytesTotal(): number {
    return this.world.network.bytes;
  }

  // The log.

  /** The entry that servers applied at the index, and how many did in their present incarnation. */
  committed(index: number): { readonly count: number; readonly entry: LogEntry | undefined } {
    return { count: this.world.log.count(index), entry: this.world.log.entry(index) };
  }

  /** Size of the server's durable log. */
  logBytes(server: number): number {
    return this.world.process(server).disk.logBytes;
  }

  snapshotBytes(server: number): number {
    return this.world.process(server).disk.snapshotBytes;
  }

  /** Does it now, writes it down for a plan, and tells of it in the trace. */
  act(act: Act): void {
    checkNumbers(act.do, act.do === 'network' ? act.model : act);
    this.world.recorded(act);
    perform(this.world, act);
  }
}
