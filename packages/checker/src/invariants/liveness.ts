import type { Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import { isQuorum } from '../model/quorum.ts';
import type { ConfigModel, ServerModel } from '../model/server-model.ts';
import { Surroundings } from '../model/surroundings.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** A cluster that is left alone has a leader, and commits a command, within so many of the longest election timeouts. */
const TIMEOUTS_MAX = 8;

/** A command that the leader took and has not committed yet. */
interface Pending {
  readonly server: ServerModel;
  readonly index: number;
  readonly seq: number;
  /** When the leader took it, or committed another one since: a queue that moves is progress. */
  ms: number;
}

/**
 * Liveness (5.6): a cluster whose majority runs, is connected and is left alone elects a leader, which takes commands through.
 *
 * Timing cannot be had for nothing: Raft promises progress only where the network lets it (5.6; the premise). So this is judged only
 * while the harness tells of nothing that disturbs the majority, no message between its servers is lost, and nobody starts or stops; and
 * within a bound that the servers' own timers give.
 */
export class Liveness {
  /** When there is something to judge, unless something changes before. */
  deadlineMs = Number.POSITIVE_INFINITY;
  /** Some line has told of a role other than that of a follower, or of a change. */
  rolesAreTold = false;
  private readonly surroundings = new Surroundings();
  private readonly rule: Rule;
  private readonly cluster: Cluster;
  private readonly givenMs: number | undefined;
  private longestMs = 0;
  private everTold = false;
  private leaderMs = 0;
  private leaderSeq = 0;
  private pending: Pending | null = null;
  /** Those who run and reach one another, by the last survey; of them the part that is a majority, and its leader. */
  private parts: readonly (readonly string[])[] = [];
  private majority: readonly ServerModel[] | null = null;
  private leader: ServerModel | null = null;

  constructor(book: Rulebook, cluster: Cluster, boundMs: number | undefined) {
    this.rule = book.rule('liveness');
    this.cluster = cluster;
    this.givenMs = boundMs;
  }

  private get boundMs(): number {
    return this.givenMs ?? this.longestMs * TIMEOUTS_MAX;
  }

  harness(event: Event): void {
    this.surroundings.harness(event);
    this.everTold ||= this.surroundings.isTold;
    this.survey();
  }

  boots(event: Event): void {
    this.longestMs = Math.max(this.longestMs, event.electionMaxMs ?? 0);
    this.surroundings.boots(event);
    this.survey();
  }

  /** A message was lost; that those who are cut off or do not run get none is no news. */
  lost(event: Event): void {
    if (!this.parts.some((part) => part.includes(event.src) && part.includes(event.dst))) return;
    this.surroundings.changed(event);
    this.expect();
  }

  /** A server has become leader, or is none any more. */
  leaderChanged(event: Event): void {
    if (this.deadlineMs < Number.POSITIVE_INFINITY) this.rule.checked++;
    this.leaderMs = event.time;
    this.leaderSeq = event.seq;
    this.pending = null;
    this.survey();
  }

  configChanged(): void {
    this.survey();
  }

  /** The leader takes a command. */
  starts(server: ServerModel, event: Event): void {
    if (this.pending !== null || server.role !== 'leader' || event.index === undefined) return;
    this.pending = { server, index: event.index, ms: event.time, seq: event.seq };
    this.expect();
  }

  commits(server: ServerModel, event: Event, to: number): void {
    const { pending } = this;
    if (pending === null || pending.server !== server) return;
    if (to < pending.index) {
      pending.ms = event.time;
    } else {
      if (this.deadlineMs < Number.POSITIVE_INFINITY) this.rule.checked++;
      this.pending = null;
    }
    this.expect();
  }

  /** `event` is later than the deadline. */
  judge(event: Event): void {
    const { majority, leader, pending, surroundings } = this;
    const since = surroundings.sinceSeq;
    if (this.rolesAreTold && majority?.every((server) => server.roleKnown) === true) {
      this.rule.checked++;
      const left = `${majority.map(({ id }) => id).join(', ')} run, reach one another and were left alone since line ${since}`;
      const forMs = `for ${Math.round(this.boundMs)} ms`;
      if (leader === null) {
        this.rule.broken(event, [since, this.leaderSeq], `${left}, and ${forMs} none of them leads`, 'to elect a leader');
      } else if (pending !== null) {
        const { index, seq } = pending;
        const why = `${left}, and ${forMs} the leader ${leader.id} has committed nothing, although index ${index} waits`;
        this.rule.broken(event, [since, this.leaderSeq, seq], why, `to commit index ${index}`);
        this.pending = null;
      }
    }
    surroundings.changed(event);
    this.expect();
  }

  /** The log ends. */
  finish(): void {
    if (!this.everTold) this.rule.skip('no harness tells which servers run and reach one another (TestBegin, Crash, Partition, Heal)');
    else if (!this.rolesAreTold) this.rule.skip('no line tells of a role');
    else if (this.boundMs === 0) this.rule.skip('no server tells its election timeouts (electionMaxMs of Boot), and no bound was given');
  }

  /** Looks who runs, who reaches whom, and who leads. */
  private survey(): void {
    if (!this.surroundings.isCalm) {
      // Nothing is judged until the harness tells that this has changed, so that nobody needs to know.
      this.parts = [];
      this.majority = null;
      this.deadlineMs = Number.POSITIVE_INFINITY;
      return;
    }
    const config = this.latestConfig();
    const running = this.cluster.servers.filter(({ up }) => up).map(({ id }) => id);
    this.parts = this.surroundings.parts(running);
    const part = config === null ? undefined : this.parts.find((members) => isQuorum(config, (voter) => members.includes(voter)));
    this.majority = part === undefined ? null : part.flatMap((id) => this.cluster.find(id) ?? []);
    this.leader = this.majority?.find(({ role }) => role === 'leader') ?? null;
    this.expect();
  }

  /** Works out by when something has to happen. */
  private expect(): void {
    const { majority, leader, pending, surroundings } = this;
    this.deadlineMs = Number.POSITIVE_INFINITY;
    if (majority === null || this.boundMs === 0 || !surroundings.isCalm) return;
    if (leader !== null && pending?.server !== leader) return;
    const from = leader === null || pending === null ? this.leaderMs : pending.ms;
    this.deadlineMs = Math.max(from, surroundings.sinceMs) + this.boundMs;
  }

  private latestConfig(): ConfigModel | null {
    let latest = this.cluster.config;
    for (const { config } of this.cluster.servers) {
      if (config !== null && (latest === null || config.index > latest.index)) latest = config;
    }
    return latest;
  }
}
