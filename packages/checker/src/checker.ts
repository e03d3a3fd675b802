import type { Event } from '@raftlens/events';
import { Figure2 } from './conformance/figure-2.ts';
import { ElectionSafety } from './invariants/election-safety.ts';
import { LeaderAppendOnly } from './invariants/leader-append-only.ts';
import { LeaderCompleteness } from './invariants/leader-completeness.ts';
import { LogMatching } from './invariants/log-matching.ts';
import { StateMachineSafety } from './invariants/state-machine-safety.ts';
import { Cluster } from './model/cluster.ts';
import { isVoter } from './model/quorum.ts';
import { Rebuild } from './model/rebuild.ts';
import { receive } from './model/receive.ts';
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
  private readonly figure2 = new Figure2(this.book, this.cluster);
  private observed = 0;

  constructor(options: CheckerOptions = {}) {
    const { voters } = options;
    if (voters !== undefined) this.cluster.config = { voters, outgoing: [], learners: [], index: 0, seq: 0 };
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
      case 'Violation':
      case 'Note':
        return;
      case 'Crash':
        if (event.target !== undefined) this.cluster.server(event.target).up = false;
        return;
      case 'Fault':
        this.fault(event);
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
    if (event.dir === 'recv') {
      this.follow(server, event);
      this.figure2.received(server, event);
      receive(server, event);
      return;
    }
    this.figure2.step(server, event);
    this.step(server, event);
    this.follow(server, event);
    if (event.dir === 'send') this.figure2.sent(server, event);
    this.figure2.owes(server, event);
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
      case 'ConfigChange':
        this.configChange(server, event);
        break;
      case 'Apply':
        this.machineSafety.applying(server, event);
        break;
      default:
    }
  }

  private configChange(server: ServerModel, event: Event): void {
    const config = this.cluster.configs.told(event);
    if (config === null) return;
    this.figure2.configChanges(server, event, config);
    server.config = config;
    this.cluster.configs.remember(server, config);
    server.leadership?.keepOnly((id) => isVoter(config, id) || config.learners.includes(id));
  }

  private boot(server: ServerModel, event: Event): void {
    server.forgetVolatile();
    this.rebuild.boot(server, event);
    this.start(server, event);
    server.commit = event.commit ?? event.snapshotIndex ?? 0;
    server.applied = event.applied ?? event.snapshotIndex ?? 0;
    server.commitBound = server.commit;
    this.figure2.restart.boots(server, event);
    this.rebuild.durableAtBoot(server, event);
    const config = this.cluster.configs.told(event);
    if (config === null) return;
    server.config = config;
    if (event.boot === 1 && event.snapshotIndex === 0) this.cluster.configs.remember(server, config);
  }

  /** The first line of a server that has no Boot line: what it says is where the story starts. */
  private adopt(server: ServerModel, event: Event): void {
    server.forgetVolatile();
    this.start(server, event);
    server.commit = event.commit ?? 0;
    server.applied = event.applied ?? 0;
    server.commitBound = server.commit;
    if (event.op === 'Apply') server.applied--;
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
    if (
      (term !== undefined && term !== server.term) ||
      (vote !== undefined && vote !== server.vote) ||
      (role !== undefined && role !== server.role)
    ) {
      this.followElection(server, event);
    }
    if (commit !== undefined && commit !== server.commit) {
      this.figure2.commitChanges(server, event, commit);
      this.machineSafety.committing(server, event, server.commit, commit);
      server.commit = commit;
      server.commitSeq = event.seq;
    }
    if (applied !== undefined && applied !== server.applied) {
      this.figure2.appliedChanges(server, event, applied);
      server.applied = applied;
      server.appliedSeq = event.seq;
    }
    if (event.last !== undefined && event.last !== server.log.last) this.lostTrack(server, event, event.last);
  }

  private followElection(server: ServerModel, event: Event): void {
    const { term = server.term, role = server.role, vote } = event;
    const fromTerm = server.term;
    let carried: string | null = null;
    if (term !== fromTerm) {
      if (fromTerm >= 0) this.figure2.termChanges(server, event, term);
      carried = server.vote;
      server.vote = null;
      server.term = term;
      server.termSeq = event.seq;
      server.leaderSeq = 0;
    }
    if (vote !== undefined && vote !== server.vote) {
      this.figure2.voteChanges(server, event, vote, carried);
      server.vote = vote;
      server.voteSeq = event.seq;
    }
    // A candidate whose election timed out stands again: the role stays, the term rises.
    const stands = role === 'candidate' && term !== fromTerm;
    if (role === server.role && !stands && !(role === 'leader' && term !== fromTerm)) return;
    this.figure2.roleChanges(server, event, server.role, role, fromTerm);
    server.role = role;
    server.roleSeq = event.seq;
    if (role === 'leader') this.elected(server, event);
  }

  /** A disk that loses what it had called durable breaks the server's promises; what the server may do from then on is little. */
  private fault(event: Event): void {
    const { kind, target } = event;
    if (kind === undefined || target === undefined || !/wipe|corrupt|bit-?flip|misdirect/i.test(kind)) return;
    const server = this.cluster.find(target);
    if (server !== null && server.durable.told) server.durable.lostSeq = event.seq;
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
