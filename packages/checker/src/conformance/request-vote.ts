import type { Event } from '@raftlens/events';
import type { VoteRequest } from '../model/requests.ts';
import type { ServerLog } from '../model/server-log.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** Whether a candidate's log is at least as up-to-date as the voter's (5.4.1). */
export function isUpToDate(log: ServerLog, lastIndex: number, lastTerm: number): boolean {
  return lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.last);
}

/** RequestVote: its sender, and receiver rules 1 and 2 (figure 2; 5.1, 5.2, 5.4.1). */
export class RequestVoteRules {
  private readonly sender: Rule;
  private readonly rule1: Rule;
  private readonly rule2: Rule;
  private readonly preVote: Rule;
  private readonly persistent: Rule;
  private readonly oneVote: Rule;

  constructor(book: Rulebook) {
    this.sender = book.rule('vote-sender');
    this.rule1 = book.rule('vote-receiver-1');
    this.rule2 = book.rule('vote-receiver-2');
    this.preVote = book.rule('pre-vote');
    this.persistent = book.rule('persistent-vote');
    this.oneVote = book.rule('one-vote');
  }

  /** The request may leave late, after the candidate has moved on; then it is held against the candidacy of its term. */
  sendRequest(server: ServerModel, event: Event): void {
    const { msgTerm, lastLogIndex, lastLogTerm } = event;
    if (msgTerm === undefined || lastLogIndex === undefined || lastLogTerm === undefined) {
      this.sender.skip('RequestVote lines lack msgTerm, lastLogIndex or lastLogTerm');
      return;
    }
    const candidacy = server.candidacies.get(msgTerm);
    if (candidacy === null) {
      if (server.term < 0 || !server.roleKnown) {
        this.sender.skip(`the term or the role of ${server.id} is not told`);
        return;
      }
      if (msgTerm !== server.term && !server.candidacies.complete) return;
      this.sender.checked++;
      this.sender.broken(
        event,
        [server.roleSeq],
        `${server.id} asks for votes in term ${msgTerm}, in which it never became a candidate`,
        `no RequestVote from a ${server.role} of term ${server.term}`,
      );
      return;
    }
    this.sender.checked++;
    if (candidacy.lastTerm < 0 || (candidacy.last === lastLogIndex && candidacy.lastTerm === lastLogTerm)) return;
    this.sender.broken(
      event,
      [candidacy.seq, server.logSeq < event.seq ? server.logSeq : 0],
      `${server.id} tells lastLogIndex ${lastLogIndex} and lastLogTerm ${lastLogTerm}, but its log ended at ${candidacy.last} of term ${candidacy.lastTerm}`,
      `lastLogIndex ${candidacy.last}, lastLogTerm ${candidacy.lastTerm}`,
    );
  }

  /** A server gives its vote of the term `server.term` to `candidate`; `before` is the vote that it had given. */
  castVote(server: ServerModel, event: Event, candidate: string, before: string | null): void {
    if (before !== null && before !== candidate) {
      this.rule2.checked++;
      this.rule2.broken(
        event,
        [server.voteSeq],
        `${server.id} votes for ${candidate} in term ${server.term}, in which it has voted for ${before}`,
        `a vote for ${before} only`,
      );
      return;
    }
    if (candidate === server.id) return;
    const request = this.requestOf(server, candidate);
    if (request === null) {
      this.withoutRequest(server, event, candidate);
      return;
    }
    this.rule2.checked++;
    if (request.upToDateOnArrival || isUpToDate(server.log, request.lastIndex, request.lastTerm)) return;
    this.rule2.broken(
      event,
      [server.logSeq, request.seq],
      `${server.id} votes for ${candidate}, whose log ends at ${request.lastIndex} of term ${request.lastTerm}, ` +
        `although its own ends at ${server.log.last} of term ${server.log.lastTerm}`,
      'a refusal (5.4.1)',
    );
  }

  private withoutRequest(server: ServerModel, event: Event, candidate: string): void {
    if (!server.facts.writesVoteRequests || server.votes.overflowed || !server.termIsWhole) {
      this.rule2.skip(`${server.id} does not tell which RequestVotes it received`);
      return;
    }
    const preVote = server.preVotes.open.findLast(({ src }) => src === candidate);
    if (preVote !== undefined) {
      this.preVote.checked++;
      this.preVote.broken(
        event,
        [preVote.seq],
        `${server.id} votes for ${candidate} in term ${server.term}, although ${candidate} has only asked for a pre-vote`,
        'a grant that changes neither term nor vote',
      );
      return;
    }
    this.rule2.checked++;
    this.rule2.broken(
      event,
      [server.termSeq],
      `${server.id} votes for ${candidate}, which has not asked for its vote in term ${server.term}`,
      'no vote',
    );
  }

  private requestOf(server: ServerModel, candidate: string): VoteRequest | null {
    const { open } = server.votes;
    for (let i = open.length - 1; i >= 0; i--) {
      const request = open[i];
      if (request !== undefined && request.src === candidate && request.term === server.term) return request;
    }
    return null;
  }

  sendReply(server: ServerModel, event: Event): void {
    const request = server.votes.answered(event.re, event.dst);
    if (event.granted === true) this.granted(server, event, request);
    else if (event.granted === false && request !== null) this.refused(server, event, request);
    if (request !== null) server.votes.remove(request);
  }

  /**
   * A vote comes in. Where those who give votes do not tell when they do, this is what tells that one was given twice; and a vote
   * that has come in was given, which of a step before a crash nobody knows.
   */
  receiveReply(voter: ServerModel, event: Event): void {
    if (event.granted !== true || event.msgTerm === undefined || voter.facts.writesGrants) return;
    this.toldOnce(voter, event, event.msgTerm);
  }

  private granted(server: ServerModel, event: Event, request: VoteRequest | null): void {
    server.facts.writesGrants = true;
    const term = request?.term ?? event.msgTerm ?? server.term;
    this.rule1.checked++;
    if (request !== null && request.term < request.arrivalTerm) {
      this.rule1.broken(
        event,
        [request.seq],
        `${server.id} grants ${event.dst} a vote of term ${request.term} although its own term was ${request.arrivalTerm}`,
        'a refusal that tells the higher term',
      );
    }
    this.grantedMatchesVote(server, event, request, term);
    this.persistedBeforeReply(server, event, request, term);
    this.toldOnce(server, event, term);
  }

  private grantedMatchesVote(server: ServerModel, event: Event, request: VoteRequest | null, term: number): void {
    const cast = server.cast.get(term);
    const vote = term === server.term ? server.vote : cast?.candidate;
    if (vote === undefined) return;
    if (!server.voteKnown) {
      this.rule2.skip(`no line tells votedFor of ${server.id}`);
      return;
    }
    this.rule2.checked++;
    if (vote === event.dst) return;
    this.rule2.broken(
      event,
      [cast?.seq ?? server.voteSeq, request?.seq ?? 0],
      `${server.id} grants ${event.dst} its vote of term ${term}, but votedFor is ${vote ?? 'null'}`,
      vote === null ? 'a vote that is noted in votedFor first' : 'a refusal',
    );
  }

  private persistedBeforeReply(server: ServerModel, event: Event, request: VoteRequest | null, term: number): void {
    const { durable } = server;
    if (!durable.told) {
      this.persistent.skip(`${server.id} does not tell what it persists`);
      return;
    }
    this.persistent.checked++;
    if (durable.holdsVote(term, event.dst)) return;
    this.persistent.broken(
      event,
      [request?.seq ?? 0, server.voteSeq, durable.seq],
      `${server.id} grants ${event.dst} its vote of term ${term} while its disk holds term ${durable.term} and vote ${durable.vote ?? 'null'}: ` +
        'after a crash it could vote again',
      'the reply after the Persist of the vote',
    );
  }

  private toldOnce(server: ServerModel, event: Event, term: number): void {
    this.oneVote.checked++;
    // A candidate's vote for itself is told to nobody, and given all the same: unless a crash came before it was durable.
    const cast = server.firstCast.get(term);
    const told = server.told.get(term) ?? (cast !== null && cast.seq > server.bootSeq ? cast : null);
    if (server.told.get(term) === null) server.told.set(term, { candidate: event.dst, seq: event.seq });
    if (told === null || told.candidate === event.dst) return;
    // The votes may be told in another order than they were cast in.
    const [before, after] = cast?.candidate === event.dst ? [event.dst, told.candidate] : [told.candidate, event.dst];
    const first = cast?.seq ?? told.seq;
    const restarted = server.bootSeq > first;
    this.oneVote.broken(
      event,
      [first, told.seq, restarted ? server.bootSeq : 0, server.cast.get(term)?.seq ?? 0],
      `${server.id} granted its vote of term ${term} to ${before}${restarted ? ', restarted,' : ''} and now to ${after}`,
      'a refusal',
      server.id,
    );
  }

  /** Rule 2 also says when a vote has to be granted. A refusal needs a ground, on arrival or when it leaves. */
  private refused(server: ServerModel, event: Event, request: VoteRequest): void {
    if (server.term < 0 || server.log.lastTerm < 0) {
      this.rule2.skip(`the term or the log of ${server.id} is not known`);
      return;
    }
    this.rule2.checked++;
    // The network may have doubled the request, and the first arrival may have been ignored: either may give the ground.
    if (server.votes.open.some((arrival) => isSameRequest(arrival, request) && this.hasGround(server, arrival))) return;
    const votedFor = request.arrivalTerm < request.term ? 'null' : (request.arrivalVote ?? 'null');
    this.rule2.broken(
      event,
      [server.logSeq, request.seq],
      `${server.id} refuses ${request.src} a vote of term ${request.term}: votedFor was ${votedFor}, its log ends at ${server.log.last} of term ` +
        `${server.log.lastTerm} and the candidate's at ${request.lastIndex} of term ${request.lastTerm}`,
      'a granted vote',
    );
  }

  private hasGround(server: ServerModel, request: VoteRequest): boolean {
    if (server.term > request.term || request.arrivalTerm > request.term) return true;
    if (request.stickyOnArrival || server.role === 'leader') return true;
    const { config } = server;
    if (config !== null && !config.voters.includes(request.src) && !config.outgoing.includes(request.src)) return true;
    const votedOnArrival = request.arrivalTerm === request.term ? request.arrivalVote : null;
    if (votedOnArrival !== null && votedOnArrival !== request.src) return true;
    if (server.vote !== null && server.term === request.term && server.vote !== request.src) return true;
    return !request.upToDateOnArrival && !isUpToDate(server.log, request.lastIndex, request.lastTerm);
  }
}

/** Two arrivals of one request. */
function isSameRequest(a: VoteRequest, b: VoteRequest): boolean {
  return a.id === b.id && a.src === b.src && a.term === b.term;
}
