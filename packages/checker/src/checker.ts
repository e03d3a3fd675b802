import type { Event } from '@raftlens/events';
import { ElectionSafety } from './invariants/election-safety.ts';
import { LeaderAppendOnly } from './invariants/leader-append-only.ts';
import { LeaderCompleteness } from './invariants/leader-completeness.ts';
import { LogMatching } from './invariants/log-matching.ts';
import { StateMachineSafety } from './invariants/state-machine-safety.ts';
import { Cluster } from './model/cluster.ts';
import { Rebuild } from './model/rebuild.ts';
import type { ServerModel } from './model/server-model.ts';
import type { CheckerOptions } from './options.ts';
import { Rulebook } from './rulebook.ts';
import type { CheckReport, Violation } from './violation.ts';

/**
 * Holds a stream of events against figure 2 and its invariants.
 *
 * Give it every event in the order of the log (`observe`), and look at `violations` whenever you like; `finish` adds what
 * could not be checked. It keeps no event: its memory is bounded by the logs that the servers hold, not by the number of
 * lines, once they take snapshots.
 */
export class Checker {
  private readonly book = new Rulebook();
  private readonly cluster = new Cluster();
  private readonly electionSafety = new ElectionSafety(this.book);
  private readonly appendOnly = new LeaderAppendOnly(this.book);
  private readonly matching = new LogMatching(this.book, this.cluster);
  private readonly completeness = new LeaderCompleteness(this.book, this.cluster);
  private readonly machineSafety = new StateMachineSafety(this.book, this.cluster);
  private readonly rebuild = new Rebuild(this.cluster, this.matching, this.appendOnly);
  private observed = 0;

  constructor(options: CheckerOptions = {}) {
    this.cluster.voters = options.voters ?? null;
  }

  /** What was found up to now, in the order of the lines. */
  get violations(): readonly Violation[] {
    return this.book.violations;
  }

  observe(event: Event): void {
    this.observed++;
    switch (event.op) {
      case 'Invoke':
      case 'Ok':
      case 'Fail':
      case 'Info':
      case 'TestBegin':
      case 'TestEnd':
      case 'Partition':
      case 'Heal':
      case 'Fault':
      case 'Violation':
      case 'Note':
        return;
      case 'Crash':
        if (event.target !== undefined) this.cluster.server(event.target).up = false;
        return;
      default:
        if (event.dir !== 'drop') this.ofServer(event);
    }
  }

  finish(): CheckReport {
    const { violations, suppressed } = this.book;
    return {
      violations,
      first: violations[0] ?? null,
      suppressed,
      unchecked: this.book.unchecked(),
      notExercised: this.book.notExercised(),
      checkedEvents: this.observed,
    };
  }

  private ofServer(event: Event): void {
    const server = this.cluster.server(event.node);
    if (event.op === 'Boot') {
      this.boot(server, event);
      return;
    }
    if (!server.up || server.boot !== event.boot) this.adopt(server, event);
    this.step(server, event);
    this.follow(server, event);
  }

  /** The parts of the model that a step of its own opcode changes. */
  private step(server: ServerModel, event: Event): void {
    switch (event.op) {
      case 'Append':
        this.rebuild.append(server, event);
        break;
      case 'Truncate':
        this.rebuild.truncate(server, event);
        break;
      case 'Persist':
        this.rebuild.persist(server, event);
        break;
      case 'SnapshotTaken':
        this.rebuild.snapshotTaken(server, event);
        break;
      case 'SnapshotInstalled':
        this.rebuild.snapshotInstalled(server, event);
        break;
      case 'Apply':
        this.machineSafety.applying(server, event);
        break;
      default:
    }
  }

  private boot(server: ServerModel, event: Event): void {
    this.rebuild.boot(server, event);
    this.start(server, event);
    server.commit = event.commit ?? event.snapshotIndex ?? 0;
    server.applied = event.applied ?? event.snapshotIndex ?? 0;
  }

  /** The first line of a server that has no Boot line: what it says is where the story starts. */
  private adopt(server: ServerModel, event: Event): void {
    this.start(server, event);
    server.commit = event.commit ?? 0;
    server.applied = event.applied ?? 0;
    if (event.last === undefined || event.last === server.log.last || event.op === 'Append' || event.op === 'Truncate') return;
    server.log.reset(event.last, event.lastTerm ?? -1, null);
  }

  private start(server: ServerModel, event: Event): void {
    server.up = true;
    server.boot = event.boot;
    server.bootSeq = event.seq;
    server.term = event.term ?? server.term;
    server.termSeq = event.seq;
    server.vote = event.vote ?? null;
    server.voteSeq = event.seq;
    server.role = 'follower';
    server.roleSeq = event.seq;
  }

  /** Brings the model to the state that the line carries, and asks the rules about every change. */
  private follow(server: ServerModel, event: Event): void {
    const { term, role, vote, commit, applied } = event;
    let elected = false;
    if (term !== undefined && term !== server.term) {
      server.term = term;
      server.termSeq = event.seq;
      server.vote = null;
      elected = role === 'leader';
    }
    if (vote !== undefined && vote !== server.vote) {
      server.vote = vote;
      server.voteSeq = event.seq;
    }
    if (role !== undefined && role !== server.role) {
      server.role = role;
      server.roleSeq = event.seq;
      elected = role === 'leader';
    }
    if (elected) this.elected(server, event);
    if (commit !== undefined && commit !== server.commit) {
      this.machineSafety.committing(server, event, server.commit, commit);
      server.commit = commit;
      server.commitSeq = event.seq;
    }
    if (applied !== undefined && applied !== server.applied) {
      server.applied = applied;
      server.appliedSeq = event.seq;
    }
    if (event.last !== undefined && event.last !== server.log.last) this.lostTrack(server, event, event.last);
  }

  private elected(server: ServerModel, event: Event): void {
    this.electionSafety.leader(server, event);
    this.completeness.leader(server, event);
  }

  /** The log changed without a line that says how: what it holds is not known any more, only where it ends. */
  private lostTrack(server: ServerModel, event: Event, last: number): void {
    this.matching.lostTrack(`the log of ${server.id} changed by line ${event.seq} without an Append or Truncate that tells how`);
    server.log.reset(last, event.lastTerm ?? -1, null);
    server.logSeq = event.seq;
  }
}
