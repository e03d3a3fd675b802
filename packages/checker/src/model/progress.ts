import type { Event } from '@raftlens/events';
import type { ClusterState } from './cluster-state.ts';
import { isQuorum } from './quorum.ts';
import type { ConfigModel, ServerModel } from './server-model.ts';
import { Surroundings } from './surroundings.ts';

/** A cluster that is left alone has a leader, and commits a command, within so many of the longest election timeouts. */
const TIMEOUTS_MAX = 8;

/** A command that the leader took and has not committed yet. */
interface UncommittedCommand {
  readonly server: ServerModel;
  readonly index: number;
  readonly seq: number;
  /** When the leader took it, or committed another one since: a queue that moves is progress. */
  ms: number;
}

/** How far a cluster comes whose majority runs, is connected and is left alone: whether it has a leader, and what that leader has to commit. */
export class ClusterProgress {
  /** When something has to have happened, unless something changes before. */
  deadlineMs = Number.POSITIVE_INFINITY;
  /** Some line has told of a role other than that of a follower, or of a change. */
  rolesAreTold = false;
  /** A harness has told what it does, at some time. */
  everTold = false;
  leaderSeq = 0;
  pending: UncommittedCommand | null = null;
  /** Those who run and reach one another are a majority, by the last survey; and its leader. */
  majority: readonly ServerModel[] | null = null;
  leader: ServerModel | null = null;
  readonly #surroundings = new Surroundings();
  readonly #cluster: ClusterState;
  readonly #givenMs: number | undefined;
  #longestMs = 0;
  #leaderMs = 0;
  /** Those who run and reach one another, by the last survey. */
  #parts: readonly (readonly string[])[] = [];

  constructor(cluster: ClusterState, boundMs: number | undefined) {
    this.#cluster = cluster;
    this.#givenMs = boundMs;
  }

  /** Within so many milliseconds a cluster that is left alone makes progress; 0 where nobody tells. */
  get boundMs(): number {
    return this.#givenMs ?? this.#longestMs * TIMEOUTS_MAX;
  }

  harness(event: Event): void {
    this.#surroundings.harness(event);
    this.everTold ||= this.#surroundings.isTold;
    this.#survey();
  }

  boots(event: Event): void {
    this.#longestMs = Math.max(this.#longestMs, event.electionMaxMs ?? 0);
    this.#surroundings.boots(event);
    this.#survey();
  }

  /** Lines are missing, and those of the harness may be among them: until the next test begins nobody knows what disturbs the cluster. */
  missesLines(): void {
    this.#surroundings.isTold = false;
    this.#survey();
  }

  /** A message was lost; that those who are cut off or do not run get none is no news. */
  lost(event: Event): void {
    if (!this.#parts.some((part) => part.includes(event.src) && part.includes(event.dst))) return;
    this.#surroundings.changed(event);
    this.#expect();
  }

  /** The line since which nothing has disturbed the cluster. */
  get sinceSeq(): number {
    return this.#surroundings.sinceSeq;
  }

  /** A server has become leader, or is none any more. Whether something was due by now that has happened in time. */
  leaderChanged(event: Event): boolean {
    const wasDue = this.#isAwaited;
    this.#leaderMs = event.time;
    this.leaderSeq = event.seq;
    this.pending = null;
    this.#survey();
    return wasDue;
  }

  configChanged(): void {
    this.#survey();
  }

  /** The leader takes a command. */
  starts(server: ServerModel, event: Event): void {
    if (this.pending !== null || server.role !== 'leader' || event.index === undefined) return;
    this.pending = { server, index: event.index, ms: event.time, seq: event.seq };
    this.#expect();
  }

  /** The leader commits. Whether that was due. */
  commits(server: ServerModel, event: Event, to: number): boolean {
    const { pending } = this;
    if (pending === null || pending.server !== server) return false;
    const isDone = to >= pending.index;
    const wasDue = isDone && this.#isAwaited;
    if (isDone) this.pending = null;
    else pending.ms = event.time;
    this.#expect();
    return wasDue;
  }

  /** Whether it is told who leads the majority. */
  get isTold(): boolean {
    return this.rolesAreTold && this.majority?.every((server) => server.roleKnown) === true;
  }

  /** The deadline is over, and was judged: the time begins again. */
  isOver(event: Event): void {
    if (this.isTold && this.leader !== null) this.pending = null;
    this.#surroundings.changed(event);
    this.#expect();
  }

  get #isAwaited(): boolean {
    return this.deadlineMs < Number.POSITIVE_INFINITY;
  }

  /** Looks who runs, who reaches whom, and who leads. */
  #survey(): void {
    if (!this.#surroundings.isCalm) {
      // Nothing is judged until the harness tells that this has changed, so that nobody needs to know.
      this.#parts = [];
      this.majority = null;
      this.deadlineMs = Number.POSITIVE_INFINITY;
      return;
    }
    const config = this.#latestConfig();
    const running = this.#cluster.servers.filter(({ up }) => up).map(({ id }) => id);
    this.#parts = this.#surroundings.parts(running);
    const part = config === null ? undefined : this.#parts.find((members) => isQuorum(config, (voter) => members.includes(voter)));
    this.majority = part === undefined ? null : part.flatMap((id) => this.#cluster.find(id) ?? []);
    this.leader = this.majority?.find(({ role }) => role === 'leader') ?? null;
    this.#expect();
  }

  /** Works out by when something has to happen. */
  #expect(): void {
    const { majority, leader, pending } = this;
    const surroundings = this.#surroundings;
    this.deadlineMs = Number.POSITIVE_INFINITY;
    if (majority === null || this.boundMs === 0 || !surroundings.isCalm) return;
    if (leader !== null && pending?.server !== leader) return;
    const from = leader === null || pending === null ? this.#leaderMs : pending.ms;
    this.deadlineMs = Math.max(from, surroundings.sinceMs) + this.boundMs;
  }

  #latestConfig(): ConfigModel | null {
    let latest = this.#cluster.config;
    for (const { config } of this.#cluster.servers) {
      if (config !== null && (latest === null || config.index > latest.index)) latest = config;
    }
    return latest;
  }
}
