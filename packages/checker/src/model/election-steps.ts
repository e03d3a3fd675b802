import type { Event, Role } from '@raftlens/events';
import { Leadership } from './leadership.ts';
import { roleAfter } from './role-after.ts';
import { standsWith } from './sending.ts';
import type { ServerModel } from './server-model.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/** Term, vote and role of each server. */
export class ElectionSteps {
  readonly #step: StepRecord;
  readonly #asks: Asks;
  readonly #followCommit: (server: ServerModel, event: Event) => void;

  constructor(step: StepRecord, asks: Asks, followCommit: (server: ServerModel, event: Event) => void) {
    this.#step = step;
    this.#asks = asks;
    this.#followCommit = followCommit;
  }

  /** Brings the model to the term, vote and role that the line carries, and asks the rules about every change. */
  follow(server: ServerModel, event: Event): void {
    // To stand is to raise the term by one, said or not.
    const isUnsaidTerm = event.op === 'BecomeCandidate' && event.term === undefined && server.term >= 0;
    const term = isUnsaidTerm ? server.term + 1 : event.term;
    // Logs that carry no state still tell of its changes.
    const role = event.role ?? roleAfter(event);
    if (role !== undefined) server.tellsRoles = true;
    if (event.op === 'BecomeFollower') server.facts.writesFollowers = true;
    if (event.op === 'BecomeCandidate' || event.op === 'Vote') standsWith(this.#step.cluster.find(event.for ?? server.id), event);
    const vote = event.vote === undefined ? voteAfter(event) : event.vote;
    if (event.op === 'Vote' && vote === undefined) server.voteKnown = false;
    const changes =
      (term !== undefined && term !== server.term) ||
      (vote !== undefined && vote !== server.vote) ||
      (role !== undefined && role !== server.role);
    if (!changes) {
      if (role !== undefined) server.roleKnown = true;
      return;
    }
    // Where one line tells of both, a leader has committed before it stepped down.
    if (server.role === 'leader') this.#followCommit(server, event);
    if (role === undefined && term !== undefined && server.term >= 0 && term > server.term) this.#forgetRole(server, event);
    this.#move(server, event, term ?? server.term, role ?? server.role, vote, role !== undefined);
  }

  /** A line that tells a new term, and no role: the server has left its role (5.1), and the line that told of the next may be missing. */
  #forgetRole(server: ServerModel, event: Event): void {
    const led = server.role === 'leader';
    server.role = 'follower';
    server.roleKnown = false;
    server.leadership = null;
    if (led) this.#leaderChanged(event);
  }

  #move(server: ServerModel, event: Event, term: number, role: Role, vote: string | null | undefined, isRoleTold: boolean): void {
    const fromTerm = server.term;
    let carried: string | null = null;
    if (term !== fromTerm) {
      if (fromTerm >= 0) this.#termChanges(server, event, term, role);
      if (!begins(server, term, role)) server.enteredTerm = term;
      else if (server.isSettled) server.requestsAreWhole();
      carried = server.vote;
      server.vote = null;
      server.term = term;
      server.termSeq = event.seq;
      server.leaderSeq = 0;
    }
    if (vote !== undefined && vote !== server.vote) {
      // A vote that was not known and is told in passing may be an old one.
      if (term >= 0 && (server.voteKnown || vote === voteAfter(event) || term !== fromTerm))
        this.#voteChanges(server, event, vote, carried);
      server.vote = vote;
      server.voteKnown = true;
      server.voteSeq = event.seq;
    }
    // A candidate whose election timed out stands again: the role stays, the term rises.
    const stands = role === 'candidate' && term !== fromTerm;
    if (role === server.role && !stands && !(role === 'leader' && term !== fromTerm)) {
      if (isRoleTold) server.roleKnown = true;
      return;
    }
    if (term >= 0) this.#roleChanges(server, event, role, fromTerm);
    const led = server.role === 'leader';
    server.role = role;
    server.roleKnown = true;
    server.roleSeq = event.seq;
    this.#step.progress.rolesAreTold = true;
    if (role === 'leader' && term >= 0) this.elected(server, event);
    else if (led) this.#leaderChanged(event);
  }

  #termChanges(server: ServerModel, event: Event, to: number, role: Role): void {
    const step = this.#step;
    step.from = server.term;
    step.to = to;
    step.toRole = role;
    this.#asks.term(step);
    if (to > server.term) return;
    server.fall = { event, termSeq: server.termSeq, from: server.term, to };
    // A line with the whole state is of a program that tells of its restarts first.
    if (event.op !== 'BecomeFollower' || event.last !== undefined) this.judgeFall(server);
  }

  /**
   * A term has fallen. Some programs (etcd) become a follower of what their disk holds before they tell that they have started, so that
   * the next line of the server says whether that was it.
   */
  judgeFall(server: ServerModel, next?: Event): void {
    const { fall } = server;
    server.fall = null;
    if (fall === null || next?.op === 'Boot') return;
    const step = this.#step;
    const { server: serverNow, event: eventNow } = step;
    step.begin(server, fall.event);
    step.from = fall.from;
    step.to = fall.to;
    step.termSeq = fall.termSeq;
    this.#asks['term fell'](step);
    step.begin(serverNow, eventNow);
  }

  /** votedFor changes within the term; `carried` is the vote of the term before, where the term has just changed. */
  #voteChanges(server: ServerModel, event: Event, candidate: string | null, carried: string | null): void {
    const step = this.#step;
    step.candidate = candidate;
    step.isTakenAlong = candidate !== null && candidate === carried && candidate !== server.id && event.op !== 'Vote';
    this.#asks.vote(step);
    if (candidate === null || step.isTakenAlong) return;
    const cast = { candidate, seq: event.seq };
    server.cast.set(server.term, cast);
    if (candidate !== server.id) server.electionTimer?.votes(event);
    if (server.firstCast.get(server.term) === null) server.firstCast.set(server.term, cast);
  }

  /** The role changes. The model holds the new term and the old role. */
  #roleChanges(server: ServerModel, event: Event, to: Role, fromTerm: number): void {
    const step = this.#step;
    step.from = fromTerm;
    step.fromRole = server.role;
    step.toRole = to;
    if (to === 'candidate') server.facts.writesCandidacies = true;
    this.#asks.role(step);
    switch (to) {
      case 'candidate':
        standing(server, event);
        this.#step.cluster.elections.stands(server.term, event);
        break;
      case 'leader':
        // A role that is told in passing may have been there for long.
        server.leadership = new Leadership(
          server.term,
          event.seq,
          roleAfter(event) === 'leader' ? 0 : (event.last ?? Number.POSITIVE_INFINITY),
        );
        server.led.set(server.term, event.seq);
        break;
      case 'precandidate':
        server.preBallots.clear();
        server.preBallotsAreWhole = true;
        server.electionTimer?.start(event, 'it asked for pre-votes');
        break;
      case 'follower':
        if (server.role === 'leader') server.electionTimer?.mayStart(event);
        break;
    }
    if (to !== 'leader') server.leadership = null;
  }

  /** The server leads its term. */
  elected(server: ServerModel, event: Event): void {
    const step = this.#step;
    this.#leaderChanged(event);
    step.leader = step.cluster.leaderOf(server.term);
    this.#asks.elected(step);
    server.facts.hasLeader = true;
    step.cluster.leads(server, event.seq);
    step.cluster.elections.ends();
  }

  #leaderChanged(event: Event): void {
    if (this.#step.progress.leaderChanged(event)) this.#asks['is done in time'](this.#step);
  }
}

/**
 * Whether the term begins with this line as far as its messages go: the server stands, or a message has told it of the term, and none is
 * missing that may have come in the term before.
 */
function begins({ term: from, heardTerm, ignorableTerm, isSettled }: ServerModel, term: number, role: Role): boolean {
  if (role === 'candidate' && term === from + 1) return true;
  return isSettled && term <= Math.max(heardTerm, ignorableTerm);
}

/** The vote that the step gives, where the line does not carry votedFor. */
function voteAfter({ op, node, for: candidate }: Event): string | undefined {
  if (op === 'Vote') return candidate;
  return op === 'BecomeCandidate' ? node : undefined;
}

function standing(server: ServerModel, event: Event): void {
  server.ballots.clear();
  server.asked.length = 0;
  server.timeoutSeq = 0;
  server.electionTimer?.start(event, 'it stood for election');
  server.transferSeq = 0;
  server.staleTransferSeq = 0;
  server.leaderSeq = 0;
  const { last, lastTerm } = server.log;
  server.candidacies.set(server.term, { last, lastTerm, seq: event.seq });
}
