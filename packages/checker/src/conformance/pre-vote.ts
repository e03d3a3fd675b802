import type { Event } from '@raftlens/events';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';
import { isUpToDate } from './request-vote.ts';

/** PreVote (thesis 9.6). That it changes neither term nor vote is for the rules of terms and votes: it is no reason for either. */
export class PreVoteRules {
  private readonly rule: Rule;

  constructor(book: Rulebook) {
    this.rule = book.rule('pre-vote');
  }

  sendReply(server: ServerModel, event: Event): void {
    const request = server.preVotes.answered(event.re, event.dst);
    if (request === null) return;
    server.preVotes.remove(request);
    this.rule.checked++;
    if (event.granted !== true) return;
    if (request.term < request.arrivalTerm) {
      this.rule.broken(
        event,
        [request.seq],
        `${server.id} grants ${request.src} a pre-vote of term ${request.term} although its own term was ${request.arrivalTerm}`,
        'a refusal that tells the higher term',
      );
    } else if (!request.upToDateOnArrival && !isUpToDate(server.log, request.lastIndex, request.lastTerm)) {
      this.rule.broken(
        event,
        [server.logSeq, request.seq],
        `${server.id} grants a pre-vote to ${request.src}, whose log ends at ${request.lastIndex} of term ${request.lastTerm}, ` +
          `although its own ends at ${server.log.last} of term ${server.log.lastTerm}`,
        'a refusal (5.4.1)',
      );
    }
  }
}
