import type { Event, Role } from '@raftlens/events';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** A message has to be obeyed within so many of the server's own steps, or so many milliseconds. */
const STEPS_MAX = 4;
const GRACE_MS = 20;

/** All servers rule 2 and Candidates rule 3: when a term rises, and what a server owes to a message (figure 2; 5.1, 5.2). */
export class TermRules {
  private readonly rule2: Rule;
  private readonly candidates3: Rule;
  private readonly rise: Rule;

  constructor(book: Rulebook) {
    this.rule2 = book.rule('all-servers-2');
    this.candidates3 = book.rule('candidates-3');
    this.rise = book.rule('terms-rise');
  }

  /** currentTerm changes from `from` to `to`, and the role to `role`. */
  changes(server: ServerModel, event: Event, from: number, to: number, role: Role): void {
    this.rise.checked++;
    if (to < from) {
      server.fall = { event, termSeq: server.termSeq, from, to };
      // A line with the whole state is of a program that tells of its restarts first.
      if (event.op !== 'BecomeFollower' || event.last !== undefined) this.judgeFall(server);
      return;
    }
    const stands = (role === 'candidate' || role === 'leader') && server.role !== 'leader' && to === from + 1;
    if (stands) return;
    if (!server.writesReceives || !tellsAllKinds(server)) {
      this.rule2.skip(`${server.id} does not tell which messages it received, or not yet all kinds of them`);
      return;
    }
    this.rule2.checked++;
    const told = Math.max(server.heardTerm, server.ignorableTerm);
    if (to <= told) return;
    const heard = told < 0 ? 'no message has told of a higher term' : `the highest term that a message has told is ${told}`;
    this.rule2.broken(
      event,
      [server.heardSeq, server.termSeq],
      `currentTerm of ${server.id} rises from ${from} to ${to}, but ${heard}`,
      `term ${from}`,
    );
  }

  /**
   * A term has fallen. Some programs (etcd) become a follower of what their disk holds before they tell that they have started, so that
   * the next line of the server says whether that was it.
   */
  judgeFall(server: ServerModel, next?: Event): void {
    const { fall } = server;
    server.fall = null;
    if (fall === null || next?.op === 'Boot') return;
    const { event, termSeq, from, to } = fall;
    this.rise.broken(event, [termSeq], `currentTerm of ${server.id} falls from ${from} to ${to}`, `a term of at least ${from}`);
  }

  /** After each step: a higher term that a message told has to be adopted, and a candidate has to give way to a leader. */
  owes(server: ServerModel, event: Event): void {
    // A line that does not tell the term or the role may be of a server that has changed it in silence.
    if (event.term !== undefined && server.term >= 0 && server.heardTerm > server.term && server.heardSeq !== event.seq) {
      server.heardSteps++;
      if (server.heardSteps >= STEPS_MAX || event.time > server.heardTime + GRACE_MS) this.ignoresTerm(server, event);
    }
    if (event.role !== undefined && server.leaderSeq !== 0 && server.leaderSeq !== event.seq) this.owesLeader(server, event);
  }

  private ignoresTerm(server: ServerModel, event: Event): void {
    this.rule2.checked++;
    this.rule2.broken(
      event,
      [server.heardSeq],
      `${server.id} has received a message of term ${server.heardTerm} and goes on as ${server.role} of term ${server.term}`,
      `term ${server.heardTerm}, as a follower`,
    );
    server.heardTerm = server.term;
  }

  private owesLeader(server: ServerModel, event: Event): void {
    if (server.role === 'follower') {
      this.candidates3.checked++;
      server.leaderSeq = 0;
      return;
    }
    server.leaderSteps++;
    if (server.leaderSteps < STEPS_MAX && event.time <= server.leaderTime + GRACE_MS) return;
    this.candidates3.checked++;
    this.candidates3.broken(
      event,
      [server.roleSeq, server.leaderSeq],
      `${server.id} has heard from the leader of term ${server.term} and goes on as ${server.role}`,
      'a follower of that leader',
    );
    server.leaderSeq = 0;
  }
}

function tellsAllKinds({ facts }: ServerModel): boolean {
  return facts.writesVoteRequests && facts.writesAppends && facts.writesVoteReplies && facts.writesAppendReplies;
}
