import type { Cluster } from '../cluster/cluster.ts';
import { leaderNow } from '../cluster/leadership.ts';
import { assert } from '../protocol/assert.ts';
import { type NetworkModel, RELIABLE } from '../protocol/network-model.ts';
import { outlive, strayMessage } from './stray-message.ts';
import { truncateChange } from './truncated-change.ts';

/** The kinds of faults that a swarm run may have on. */
export const FAULT_KINDS = [
  'crash',
  'crash-at-persist',
  'pause',
  'isolate',
  'partition',
  'one-way',
  'clog',
  'weather',
  'slow',
  'slow-apply',
  'clock',
  'transfer',
  'membership',
  'disk-fault',
  'stray-message',
  'outliving-message',
  'truncated-change',
  // The host wants an election, gives the leader up for gone, or tells of a peer that cannot be reached, rightly or not.
  'host-report',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];
/** Several acts one after the other, which make one schedule. */
type ComposedKind = 'stray-message' | 'outliving-message' | 'truncated-change';

export interface FaultMixOptions {
  /** Which kinds are on. */
  readonly kinds: readonly FaultKind[];
  /** At most this many servers are down or cut off at a time; the others stay up. */
  readonly absentMax: number;
  /** The mean pause between two faults. */
  readonly pauseMs: number;
  /** Clocks run at most this much faster or slower than true time. */
  readonly driftPpmMax: number;
  /** Clocks jump forward too. Leases trust clocks not to (thesis 6.4.1). */
  readonly clockSteps: boolean;
}

/** Half of the faults aim at the leader: what happens to followers seldom matters. */
const AT_LEADER_PER_MILLE = 500;

/** Injects one fault after the other, and ends each some time later. */
export class FaultMix {
  readonly #cluster: Cluster;
  readonly #options: FaultMixOptions;
  /** The server whose disk was damaged. */
  #damaged: number | null = null;

  constructor(cluster: Cluster, options: FaultMixOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  /** Disturbs the cluster for `forMs`. Faults that are on at the end stay on. */
  async run(forMs: number): Promise<void> {
    const { random } = this.#cluster;
    const endMs = this.#cluster.nowMs + forMs;
    while (this.#cluster.nowMs < endMs && this.#options.kinds.length > 0) {
      await this.#cluster.sleepMs(random.below(2 * this.#options.pauseMs * 1000) / 1000);
      if (random.chance(350)) this.repair();
      else await this.once(random.pick(this.#options.kinds));
    }
    if (this.#cluster.nowMs < endMs) await this.#cluster.sleepMs(endMs - this.#cluster.nowMs);
  }

  /** The leader, or any server. */
  #target(): number {
    const { random } = this.#cluster;
    const leader = random.chance(AT_LEADER_PER_MILLE) ? leaderNow(this.#cluster) : null;
    return leader ?? random.below(this.#cluster.servers);
  }

  #absent(): number {
    const cluster = this.#cluster;
    return cluster.all.filter((server) => !cluster.isUp(server) || !cluster.isConnected(server) || cluster.world.process(server).paused)
      .length;
  }

  get #mayRemove(): boolean {
    return this.#absent() < this.#options.absentMax;
  }

  /** A lost disk and a configuration of few voters together may leave no majority. */
  get #mayShrink(): boolean {
    return !this.#options.kinds.includes('disk-fault');
  }

  /** Ends one fault: a server that is down comes back first. */
  repair(): void {
    const cluster = this.#cluster;
    const { random } = cluster;
    const down = cluster.all.filter((server) => !cluster.isUp(server) && !this.#isGone(server));
    if (down.length > 0 && random.chance(700)) return cluster.restart(random.pick(down));
    if (this.#damaged !== null && this.#isGone(this.#damaged) && random.chance(300)) return this.#reconfigure(this.#target());
    const paused = cluster.all.filter((server) => cluster.world.process(server).paused);
    if (paused.length > 0) return cluster.resume(random.pick(paused));
    const alone = cluster.all.filter((server) => !cluster.isConnected(server));
    if (alone.length > 0 && random.chance(700)) return cluster.connect(random.pick(alone));
    cluster.heal();
    for (const from of cluster.all) for (const to of cluster.all) if (cluster.world.network.isClogged(from, to)) cluster.unclog(from, to);
  }

  /** Injects one fault of the kind. */
  async once(kind: FaultKind): Promise<void> {
    switch (kind) {
      case 'stray-message':
        return strayMessage(this.#cluster);
      case 'outliving-message':
        return await outlive(this.#cluster, { mayRemove: this.#mayRemove, mayShrink: this.#mayShrink });
      case 'truncated-change':
        return this.#mayRemove && this.#mayShrink ? await truncateChange(this.#cluster) : undefined;
      default:
        return this.#do(kind);
    }
  }

  #do(kind: Exclude<FaultKind, ComposedKind>): void {
    const cluster = this.#cluster;
    const { random } = cluster;
    const target = this.#target();
    switch (kind) {
      case 'crash':
      case 'crash-at-persist':
      case 'pause':
      case 'isolate':
        if (this.#absent() < this.#options.absentMax) this.#remove(kind, target);
        return;
      case 'partition':
        return cluster.partition(this.#groups());
      case 'one-way':
        for (const to of this.#some(target)) {
          if (random.chance(500)) cluster.cut(target, to);
          else cluster.cut(to, target);
        }
        return;
      case 'clog':
        for (const to of this.#some(target)) cluster.clog(target, to);
        return;
      case 'weather':
        return cluster.setNetwork(this.#weather());
      case 'slow':
        return cluster.setSlow(target, random.below(100));
      case 'slow-apply':
        return cluster.setApplyDelay(target, random.below(200));
      case 'clock': {
        const driftPpm = random.between(-this.#options.driftPpmMax, this.#options.driftPpmMax);
        const stepMs = random.chance(200) ? random.below(300) : 0;
        return cluster.setClock(target, driftPpm, this.#options.clockSteps ? stepMs : 0);
      }
      case 'transfer':
        return cluster.transfer(target, random.below(cluster.servers));
      case 'membership':
        return this.#reconfigure(target);
      case 'host-report':
        return this.#report(target);
      case 'disk-fault':
        return this.#damage(target);
    }
  }

  #report(target: number): void {
    const cluster = this.#cluster;
    const { random } = cluster;
    switch (random.below(3)) {
      case 0:
        return cluster.campaign(random.below(cluster.servers));
      case 1:
        return cluster.forgetLeader(random.below(cluster.servers));
      default:
        return cluster.reportUnreachable(target, random.below(cluster.servers));
    }
  }

  /**
   * A disk fails one read, or loses its content for good. No majority survives two losses: it happens to one server only. That server does
   * not come back under its old name; others may take its place (5.5, 6).
   */
  #damage(target: number): void {
    const cluster = this.#cluster;
    const what = cluster.random.pick(['short-read', 'bit-flip', 'misdirected-write', 'wipe'] as const);
    if (what === 'short-read') return cluster.damage(target, what);
    if ((this.#damaged ?? target) !== target || this.#absent() >= this.#options.absentMax) return;
    assert(this.#damaged === null || this.#damaged === target, 'one disk at most is lost in a run');
    this.#damaged = target;
    if (what === 'wipe') cluster.wipe(target);
    else cluster.damage(target, what);
  }

  /** Down with a disk that has lost what it held. */
  #isGone(server: number): boolean {
    return !this.#cluster.isUp(server) && this.#cluster.world.process(server).disk.lost;
  }

  #remove(kind: 'crash' | 'crash-at-persist' | 'pause' | 'isolate', target: number): void {
    const cluster = this.#cluster;
    const { random } = cluster;
    switch (kind) {
      case 'crash':
        return cluster.crash(target);
      case 'crash-at-persist':
        return cluster.crashAtPersist(
          target,
          random.between(1, 6),
          random.chance(500) ? 'before' : 'after',
          random.pick(['crash', 'crash', 'io-error', 'disk-full']),
        );
      case 'pause':
        return cluster.pause(target);
      case 'isolate':
        return cluster.disconnect(target);
    }
  }

  /** Some of the other servers, at least one. */
  #some(besides: number): number[] {
    const others = this.#cluster.random.shuffled(this.#cluster.all.filter((server) => server !== besides));
    return others.slice(0, 1 + this.#cluster.random.below(others.length));
  }

  /** Halves, a minority, two halves with a bridge, or a ring in which everybody reaches a majority but nobody all. */
  #groups(): number[][] {
    const { random } = this.#cluster;
    const order = random.shuffled(this.#cluster.all);
    const middle = Math.floor(order.length / 2);
    switch (random.below(4)) {
      case 0:
        return [order.slice(0, middle), order.slice(middle)];
      case 1:
        return [order.slice(0, 1), order.slice(1)];
      case 2:
        return [order.slice(0, middle + 1), order.slice(middle)];
      default:
        return order.map((_, at) => [0, 1].map((step) => order[(at + step) % order.length] ?? 0));
    }
  }

  #weather(): NetworkModel {
    const { random } = this.#cluster;
    return {
      ...RELIABLE,
      requestDelayMaxUs: random.pick([0, 1000, 10_000, 50_000, 200_000]),
      replyDelayMaxUs: random.pick([0, 1000, 10_000, 50_000, 200_000]),
      exponential: random.chance(300),
      requestLossPerMille: random.pick([0, 0, 50, 100, 300]),
      replyLossPerMille: random.pick([0, 0, 50, 100, 300]),
      duplicatePerMille: random.pick([0, 0, 50, 200]),
      duplicateDelayMaxUs: random.pick([1000, 50_000, 1_000_000]),
      longReordering: random.chance(150),
      bytesPerSecondMax: random.chance(100) ? 20_000 : 0,
    };
  }

  /** A drawn majority of the servers votes. The others are learners, or out. */
  #reconfigure(target: number): void {
    const { random, all } = this.#cluster;
    const order = random.shuffled(all.filter((server) => !this.#isGone(server)));
    const voters = random.between(Math.min(3, order.length), order.length);
    const learners = random.below(order.length - voters + 1);
    this.#cluster.change(target, order.slice(0, voters), order.slice(voters, voters + learners));
  }
}
