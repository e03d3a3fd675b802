import type { Event } from '@raftlens/events';
import type { ClusterState } from './cluster-state.ts';
import { isVoter, membersOf, quorumIndex } from './quorum.ts';
import type { ConfigModel, ServerModel } from './server-model.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/** Something has to be done within so many of the server's own lines, or so many milliseconds where it writes few. */
const LINES_MAX = 8;
const GRACE_MS = 20;
const MANY_LINES = 64;
/** A leader that wrote nothing for so many heartbeats was stopped: it is not asked for what it could not send. */
const SILENT_BEATS = 3;
/** A member that got nothing for so many heartbeats, and for longer than an election timeout, is forgotten. */
const MISSED_BEATS = 5;

/** Follows what servers owe, and asks the rules where it is overdue. */
export class DutySteps {
  readonly #cluster: ClusterState;
  readonly #step: StepRecord;
  readonly #asks: Asks;

  constructor(cluster: ClusterState, step: StepRecord, asks: Asks) {
    this.#cluster = cluster;
    this.#step = step;
    this.#asks = asks;
  }

  /** Before the log takes a Truncate. */
  truncates({ config, configBefore, durable, duties }: ServerModel, { index, seq }: Event): void {
    if (index === undefined) return;
    if (config !== null && config.index > 0 && index <= config.index && configBefore !== null) {
      duties.revertSeq = seq;
      duties.revertIndex = index;
      duties.revertSteps = 0;
    }
    if (!durable.tellsLog || index > durable.last) return;
    // Of two cuts nobody can tell which one a write belongs to.
    duties.cutIndex = duties.cutSeq === 0 ? index : 0;
    duties.cutSeq = seq;
  }

  /** Before the model takes a Persist. A write that was under way when the log was cut may end later, and says nothing of the cut. */
  persists(server: ServerModel, event: Event): void {
    const { duties, log } = server;
    const { what, durableLast, durableLastTerm } = event;
    if (duties.cutSeq === 0) return;
    if (what === undefined) {
      // It may have taken them off the disk.
      duties.cutIndex = 0;
      duties.cutSeq = 0;
      return;
    }
    const isCut = /truncate|snapshot/.test(what);
    const holdsNewer = durableLast !== undefined && durableLast >= duties.cutIndex && log.termAt(durableLast) === durableLastTerm;
    if (!isCut && !(what.includes('entries') && holdsNewer)) return;
    if (duties.cutIndex > 0) this.#asks['writes what follows a cut'](this.#step);
    duties.cutIndex = 0;
    duties.cutSeq = 0;
  }

  /** A peer of the leader has acknowledged something, or its own disk has caught up. */
  acknowledged(server: ServerModel, event: Event): void {
    const { leadership, log, durable, duties, commit } = server;
    const config = server.config ?? this.#cluster.config;
    if (
      leadership === null ||
      config === null ||
      commit < 0 ||
      duties.commitSeq !== 0 ||
      !server.acknowledgementsAreTold(Number.MAX_SAFE_INTEGER)
    )
      return;
    // Whoever needs fewer by a new configuration may wait until somebody has acknowledged something more.
    const isNews = event.dir === undefined ? event.what?.includes('entries') === true : leadership.of(event.src).ackedSeq === event.seq;
    if (!isNews || (event.dir !== undefined && !isVoter(config, event.src))) return;
    const own = durable.tellsLog ? Math.min(durable.last, log.last) : log.last;
    const index = quorumIndex(config, (voter) => (voter === server.id ? own : leadership.of(voter).acked));
    if (index <= commit || log.termAt(index) !== server.term || (durable.tellsLog && !durable.holds(log, index))) return;
    duties.commitIndex = index;
    duties.commitSeq = event.seq;
    duties.commitMs = event.time;
    duties.commitSteps = 0;
  }

  /** After each line of the server that is no receipt. */
  after(server: ServerModel, event: Event): void {
    const { duties } = server;
    if (duties.revertSeq !== 0) this.#reverts(server, event);
    if (duties.commitSeq !== 0) this.#commits(server, event);
    if (server.role === 'leader' && server.heartbeatMs > 0) this.#beats(server, event);
  }

  #reverts({ duties }: ServerModel, event: Event): void {
    if (event.op === 'ConfigChange' || event.op === 'SnapshotInstalled') {
      duties.revertSeq = 0;
      return;
    }
    duties.revertSteps++;
    if (duties.revertSteps < LINES_MAX) return;
    this.#asks['owes its configuration'](this.#step);
    duties.revertSeq = 0;
  }

  #commits(server: ServerModel, event: Event): void {
    const { duties } = server;
    if (server.role !== 'leader' || server.commit >= duties.commitIndex) {
      duties.commitSeq = 0;
      return;
    }
    // Where a line does not tell commitIndex it may have been raised in silence.
    if (event.commit === undefined) return;
    duties.commitSteps++;
    const isLate = duties.commitSteps >= LINES_MAX && event.time > duties.commitMs + GRACE_MS;
    if (!isLate && duties.commitSteps < MANY_LINES) return;
    this.#asks['owes a commit'](this.#step);
    duties.commitSeq = 0;
  }

  #beats(server: ServerModel, event: Event): void {
    const { leadership, heartbeatMs, electionTimer } = server;
    if (leadership === null) return;
    const { time } = event;
    if (time - leadership.lineMs > SILENT_BEATS * heartbeatMs) leadership.beatsFromMs = time;
    leadership.lineMs = time;
    if (time < leadership.beatsDueMs) return;
    leadership.beatsDueMs = time + heartbeatMs;
    const config = server.config ?? this.#cluster.config;
    if (config === null || !server.tells('sends') || server.clockIsBent) return;
    this.#missed(server, config, time - Math.max(MISSED_BEATS * heartbeatMs, electionTimer?.maxMs ?? 0));
  }

  #missed({ id, leadership }: ServerModel, config: ConfigModel, beforeMs: number): void {
    if (leadership === null || leadership.beatsFromMs > beforeMs) return;
    const step = this.#step;
    for (const member of membersOf(config)) {
      if (member === id) continue;
      const peer = leadership.peer(member);
      if (peer.sentMs < 0) peer.sentMs = step.event.time;
      if (peer.sentMs > beforeMs) continue;
      step.leadership = leadership;
      step.peer = peer;
      step.peerId = member;
      this.#asks['owes a heartbeat'](step);
      peer.sentMs = step.event.time;
    }
  }
}
