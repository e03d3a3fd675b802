import type { Event, Opcode, Role } from '@raftlens/events';
import { Figure2 } from './conformance/figure-2.ts';
import { CommittedIsDurable } from './invariants/committed-is-durable.ts';
import { ElectionSafety } from './invariants/election-safety.ts';
import { LeaderAppendOnly } from './invariants/leader-append-only.ts';
import { LeaderCompleteness } from './invariants/leader-completeness.ts';
import { Liveness } from './invariants/liveness.ts';
import { LogMatching } from './invariants/log-matching.ts';
import { MessageBudgets } from './invariants/message-budgets.ts';
import { StateMachineSafety } from './invariants/state-machine-safety.ts';
import { Cluster } from './model/cluster.ts';
import { Leadership } from './model/leadership.ts';
import type { LogFacts } from './model/log-facts.ts';
import { isVoter } from './model/quorum.ts';
import { Rebuild } from './model/rebuild.ts';
import { receive } from './model/receive.ts';
import type { ConfigModel, ServerModel } from './model/server-model.ts';
import type { CheckerOptions } from './options.ts';
import type { Rulebook } from './rulebook.ts';
import type { Strays } from './strays.ts';

/** The role that a server has once it has made the step. */
const ROLE_AFTER: Partial<Record<Opcode, Role>> = {
  BecomeFollower: 'follower',
  BecomePreCandidate: 'precandidate',
  BecomeCandidate: 'candidate',
  BecomeLeader: 'leader',
};

/** Whether the line says in passing what state the server is in, and not only what has just changed. */
function carriesState({ op, dir, role }: Event): boolean {
  return dir !== undefined || (role !== undefined && ROLE_AFTER[op] === undefined);
}

/** The vote that the step gives, where the line does not carry votedFor. */
function voteAfter({ op, node, for: candidate }: Event): string | undefined {
  if (op === 'Vote') return candidate;
  return op === 'BecomeCandidate' ? node : undefined;
}

/** The commit index that the step sets, where the line does not carry it. */
function commitAfter({ op, index }: Event, before: number): number | undefined {
  if (op === 'Commit') return index;
  return op === 'SnapshotInstalled' && index !== undefined && before >= 0 ? Math.max(index, before) : undefined;
}

/** Holds the events of one cluster, from its first line to its last, against figure 2 and its invariants. */
export class ClusterCheck {
  readonly cluster: Cluster;
  private readonly strays: Strays;
  private readonly electionSafety: ElectionSafety;
  private readonly appendOnly: LeaderAppendOnly;
  private readonly matching: LogMatching;
  private readonly completeness: LeaderCompleteness;
  private readonly machineSafety: StateMachineSafety;
  private readonly committedIsDurable: CommittedIsDurable;
  private readonly rebuild: Rebuild;
  private readonly liveness: Liveness;
  private readonly budgets: MessageBudgets;
  private readonly figure2: Figure2;

  /** `facts` and `strays` are those of the whole log, which may tell of several clusters, one after the other. */
  constructor(book: Rulebook, facts: LogFacts, strays: Strays, options: CheckerOptions) {
    const { voters, livenessMs, budget } = options;
    this.cluster = new Cluster(facts);
    this.strays = strays;
    this.electionSafety = new ElectionSafety(book);
    this.appendOnly = new LeaderAppendOnly(book);
    this.matching = new LogMatching(book, this.cluster);
    this.completeness = new LeaderCompleteness(book, this.cluster);
    this.machineSafety = new StateMachineSafety(book, this.cluster);
    this.committedIsDurable = new CommittedIsDurable(book, this.cluster);
    this.rebuild = new Rebuild(this.cluster, this.matching, this.appendOnly);
    this.figure2 = new Figure2(book, this.cluster);
    this.budgets = new MessageBudgets(book, budget);
    this.liveness = new Liveness(book, this.cluster, livenessMs);
    if (voters !== undefined) this.cluster.config = { voters, outgoing: [], learners: [], index: 0, seq: 0 };
  }

  observe(event: Event): void {
    if (event.time >= this.liveness.deadlineMs) this.liveness.judge(event);
    this.budgets.observe(event);
    switch (event.op) {
      case 'Invoke':
      case 'Ok':
      case 'Fail':
      case 'Info':
      case 'Violation':
      case 'Note':
        return;
      case 'Crash':
        if (event.target !== undefined) this.cluster.server(event.target).up = false;
        this.liveness.harness(event);
        return;
      case 'TestBegin':
      case 'TestEnd':
      case 'Partition':
      case 'Heal':
        this.liveness.harness(event);
        return;
      case 'Fault':
        this.fault(event);
        this.liveness.harness(event);
        return;
      default:
        if (event.dir === 'drop') this.liveness.lost(event);
        else this.ofServer(event);
    }
  }

  /** The cluster's last line was told. */
  finish(): void {
    for (const server of this.cluster.servers) this.figure2.terms.judgeFall(server);
    this.liveness.finish();
  }

  private ofServer(event: Event): void {
    const server = this.cluster.server(event.node);
    if (this.strays.isStray(server, event)) return;
    if (server.fall !== null) this.figure2.terms.judgeFall(server, event);
    const { facts } = this.cluster;
    if (!facts.writesStates && event.term !== undefined && carriesState(event)) facts.writesStates = true;
    if (event.op === 'Boot') {
      this.boot(server, event);
      return;
    }
    if (!server.up || (event.boot !== 0 && server.boot !== event.boot)) this.adopt(server, event);
    if (server.electionTimer !== null) this.figure2.electionTimer.runsOn(server, event, server.electionTimer);
    this.followElection(server, event);
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
      case 'Start':
        this.liveness.starts(server, event);
        break;
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
    const before = server.config ?? config;
    server.configBefore = config.index > before.index ? before : null;
    server.config = config;
    this.liveness.configChanged();
    this.cluster.configs.remember(server, config);
    // Whatever a late reply tells of an earlier membership, nothing is known of a server that joins now.
    server.leadership?.keepOnly((id) => isMember(config, id) && isMember(before, id));
    for (const id of membersOf(config)) if (!isMember(before, id)) server.leadership?.joins(id, event.seq);
  }

  private boot(server: ServerModel, event: Event): void {
    const commitBefore = server.bootSeq === 0 ? -1 : server.commit;
    this.cluster.facts.writesBoots = true;
    server.forgetVolatile();
    this.rebuild.boot(server, event);
    this.start(server, event);
    server.roleKnown = true;
    server.enteredTerm = -2;
    // With leases a server that has just started ignores candidates: it may have confirmed one that it has forgotten (thesis 6.4.1).
    server.justStarted = true;
    server.commit = event.commit ?? event.snapshotIndex ?? 0;
    server.applied = event.applied ?? event.snapshotIndex ?? 0;
    server.commitBound = server.commit;
    this.figure2.restart.boots(server, event, commitBefore);
    this.figure2.electionTimer.boots(server, event);
    this.liveness.boots(event);
    this.rebuild.durableAtBoot(server, event);
    const config = this.cluster.configs.told(event);
    if (config === null) return;
    server.config = config;
    if (event.boot === 1 && event.snapshotIndex === 0) this.cluster.configs.remember(server, config);
  }

  /**
   * The first line of a server that has no Boot line: what it says is where the story starts, and what it does not say is not known,
   * which is something else than wrong. A step is judged only from the second on.
   */
  private adopt(server: ServerModel, event: Event): void {
    server.forgetVolatile();
    this.start(server, event);
    server.commit = event.commit ?? -1;
    server.applied = event.applied ?? -1;
    server.commitBound = Math.max(0, server.commit);
    if (event.op === 'Apply' && server.applied >= 0) server.applied--;
    this.adoptRole(server, event);
    this.liveness.boots(event);
    if (event.op === 'Truncate') return;
    // What came before a first Append is where the log ended, and no more is known of it.
    if (event.op === 'Append') {
      if (event.index !== undefined && event.index > 1) server.log.lose(event.index - 1, -1);
      return;
    }
    if (event.last === undefined) server.log.forget();
    else if (event.last !== server.log.last) server.log.lose(event.last, event.lastTerm ?? -1);
  }

  private adoptRole(server: ServerModel, event: Event): void {
    const role = ROLE_AFTER[event.op];
    server.roleKnown = role !== undefined || event.role !== undefined;
    server.enteredTerm = server.term;
    if (role === 'candidate') {
      // The term begins with this line, so that all of it is told; nothing is known of the one before.
      server.enteredTerm = -2;
      server.term = -1;
      server.vote = null;
    }
    // A line that converts the server is a step: it is followed as one, out of the role of a follower.
    if (event.role === undefined || role !== undefined) return;
    server.role = event.role;
    if (event.role === 'candidate') server.candidacies.set(server.term, { last: -1, lastTerm: -1, seq: event.seq });
    if (event.role !== 'leader') return;
    server.leadership = new Leadership(server.term, event.seq);
    server.led.set(server.term, event.seq);
    this.elected(server, event);
  }

  private start(server: ServerModel, event: Event): void {
    server.up = true;
    server.boot = event.boot;
    server.bootSeq = event.seq;
    server.bootMs = event.time;
    server.term = event.term ?? server.term;
    server.termSeq = event.seq;
    server.vote = event.vote ?? null;
    server.voteKnown = event.vote !== undefined;
    server.voteSeq = event.seq;
    server.role = 'follower';
    server.roleSeq = event.seq;
  }

  /** Brings the model to the term, vote and role that the line carries, and asks the rules about every change. */
  private followElection(server: ServerModel, event: Event): void {
    const { term } = event;
    // Logs that carry no state still tell of its changes.
    const role = event.role ?? ROLE_AFTER[event.op];
    const vote = event.vote === undefined ? voteAfter(event) : event.vote;
    const changes =
      (term !== undefined && term !== server.term) ||
      (vote !== undefined && vote !== server.vote) ||
      (role !== undefined && role !== server.role);
    if (!changes) return;
    // Where one line tells of both, a leader has committed before it stepped down.
    if (server.role === 'leader') this.followCommit(server, event);
    if (role === undefined && term !== undefined && server.term >= 0 && term > server.term) this.forgetRole(server, event);
    this.moveElection(server, event, term ?? server.term, role ?? server.role, vote);
  }

  /** A line that tells a new term, and no role: the server has left its role (5.1), and the line that told of the next may be missing. */
  private forgetRole(server: ServerModel, event: Event): void {
    const led = server.role === 'leader';
    server.role = 'follower';
    server.roleKnown = false;
    server.leadership = null;
    if (led) this.liveness.leaderChanged(event);
  }

  private moveElection(server: ServerModel, event: Event, term: number, role: Role, vote: string | null | undefined): void {
    const fromTerm = server.term;
    let carried: string | null = null;
    if (term !== fromTerm) {
      if (fromTerm >= 0) this.figure2.termChanges(server, event, term, role);
      carried = server.vote;
      server.vote = null;
      server.term = term;
      server.termSeq = event.seq;
      server.leaderSeq = 0;
    }
    if (vote !== undefined && vote !== server.vote) {
      if (term >= 0) this.figure2.voteChanges(server, event, vote, carried);
      server.vote = vote;
      server.voteKnown = true;
      server.voteSeq = event.seq;
    }
    // A candidate whose election timed out stands again: the role stays, the term rises.
    const stands = role === 'candidate' && term !== fromTerm;
    if (role === server.role && !stands && !(role === 'leader' && term !== fromTerm)) return;
    if (term >= 0) this.figure2.roleChanges(server, event, server.role, role, fromTerm);
    const led = server.role === 'leader';
    server.role = role;
    server.roleKnown = true;
    server.roleSeq = event.seq;
    this.liveness.rolesAreTold = true;
    if (role === 'leader' && term >= 0) this.elected(server, event);
    else if (led) this.liveness.leaderChanged(event);
  }

  /** Brings the model to the log's end, the commit index and lastApplied that the line carries. */
  private follow(server: ServerModel, event: Event): void {
    if (event.last !== undefined && event.last !== server.log.last) this.lostTrack(server, event, event.last);
    this.followCommit(server, event);
    const applied = event.applied ?? (event.op === 'Apply' ? event.index : undefined);
    if (applied !== undefined && applied !== server.applied) {
      if (server.applied >= 0) this.figure2.appliedChanges(server, event, applied);
      server.applied = applied;
      server.appliedSeq = event.seq;
    }
  }

  private followCommit(server: ServerModel, event: Event): void {
    const commit = event.commit ?? commitAfter(event, server.commit);
    if (commit === undefined || commit === server.commit) return;
    if (server.commit >= 0) this.figure2.commitChanges(server, event, commit);
    this.machineSafety.committing(server, event, server.commit, commit);
    if (server.role === 'leader' && commit > server.commit) {
      this.committedIsDurable.committing(server, event, commit);
      this.liveness.commits(server, event, commit);
    }
    server.commit = commit;
    server.commitSeq = event.seq;
  }

  /** A clock that is bent, or a server that was stopped, has other timers than it tells. A disk that loses what it had called durable breaks the server's promises; what the server may do from then on is little. */
  private fault(event: Event): void {
    const { kind, target } = event;
    if (kind === undefined || target === undefined) return;
    if (/clock|skew|drift|pause|stop/i.test(kind)) this.cluster.server(target).clockIsBent = true;
    const server = /wipe|corrupt|bit-?flip|misdirect/i.test(kind) ? this.cluster.find(target) : null;
    if (server === null) return;
    server.durable.wasLost = true;
    if (server.durable.told) server.durable.lostSeq = event.seq;
    const { newest } = this.cluster.configs;
    server.durable.lostAsStranger = newest !== null && newest.index > 0 && !isMember(newest, server.id);
  }

  private elected(server: ServerModel, event: Event): void {
    this.liveness.leaderChanged(event);
    this.electionSafety.leader(server, event);
    this.completeness.leader(server, event);
  }

  /** The log changed without a line that says how: what it holds is not known any more, only where it ends. */
  private lostTrack(server: ServerModel, event: Event, last: number): void {
    this.matching.lostTrack(`the log of ${server.id} changed by line ${event.seq} without an Append or Truncate that tells how`);
    server.log.lose(last, event.lastTerm ?? -1);
    server.logSeq = event.seq;
  }
}

function membersOf({ voters, outgoing, learners }: ConfigModel): readonly string[] {
  return [...voters, ...outgoing, ...learners];
}

function isMember(config: ConfigModel, id: string): boolean {
  return isVoter(config, id) || config.learners.includes(id);
}
