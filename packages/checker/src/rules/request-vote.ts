import { isUpToDate } from '../model/matching.ts';
import type { ArrivedVote } from '../model/requests.ts';
import type { Cast, ServerModel } from '../model/server-model.ts';
import type { Step, VoteReplyStep, VoteStep } from '../model/step.ts';
import { givesOneVote, refusesOldVote, votesByWhatIsSaved } from './observed/elections.ts';
import { at, broken, HELD, type RuleRow, seen, unknown, type Verdict } from './rule.ts';

/** RequestVote: its sender, receiver rules 1 and 2, and what a vote is worth after a crash (figure 2; 5.1, 5.2, 5.4.1). */
export const REQUEST_VOTE = {
  'vote-sender': {
    title: 'RequestVote sender',
    section: 'figure 2, RequestVote; 5.2',
    about: 'elections',
    text: 'Only a candidate asks for votes, in the term that it stands in and with the last index and term of its own log.',
    kind: 'step',
    checks: [at('sends RequestVote', { reads: ['term', 'role', 'log', 'history'], judge: asksForVotes })],
  },
  'vote-receiver-1': {
    title: 'RequestVote receiver rule 1',
    section: 'figure 2, RequestVote; 5.1',
    about: 'elections',
    text: 'A request of a term below currentTerm is refused.',
    kind: 'step',
    checks: [at('sends RequestVoteReply', { governs: grants, judge: grantsOfCurrentTerm })],
    observed: [seen('reply', refusesOldVote)],
  },
  'vote-receiver-2': {
    title: 'RequestVote receiver rule 2',
    section: 'figure 2, RequestVote; 5.2, 5.4.1',
    about: 'elections',
    text: "The vote is granted if it was given to nobody else in this term and the candidate's log is at least as up-to-date, and only then.",
    kind: 'step',
    checks: [
      at('vote', { governs: isGiven, reads: ['term', 'vote'], judge: votesOnce }),
      at('vote', {
        governs: isAskedFor,
        needs: ['log'],
        reads: ['term', 'vote', 'received RequestVotes'],
        counts: false,
        judge: votesForUpToDateLog,
      }),
      at('vote', {
        governs: isUnasked,
        needs: ['received RequestVotes'],
        reads: ['term', 'vote', 'received RequestVotes'],
        counts: false,
        judge: votesUnasked,
      }),
      at('sends RequestVoteReply', { governs: grantsKnownVote, needs: ['vote'], reads: ['term', 'history'], judge: grantMatchesVote }),
      at('sends RequestVoteReply', {
        governs: ({ event, voteRequest }) => event.granted === false && voteRequest?.isLogTold === true,
        needs: ['term', 'role', 'log', 'members'],
        reads: ['vote', 'received RequestVotes'],
        judge: refusalHasGround,
      }),
    ],
    observed: [seen('reply', votesByWhatIsSaved)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** Judged after what has to be durable, since that is the step and this is what follows from it. */
export const ONE_VOTE = {
  'one-vote': {
    title: 'One vote per term',
    section: '5.2',
    about: 'elections',
    text: 'A server grants its vote of a term to one candidate, restarts or not.',
    kind: 'invariant',
    checks: [
      at('sends RequestVoteReply', {
        governs: grants,
        reads: ['term', 'history', 'kinds', 'durable state'],
        judge: (step) => toldOnce(step, termOf(step)),
      }),
      // Where those who give votes do not tell when they do, the vote that comes in tells it.
      at('vote comes in', {
        reads: ['history', 'kinds', 'durable state'],
        judge: (step) => (step.event.msgTerm === undefined ? null : toldOnce(step, step.event.msgTerm)),
      }),
    ],
    observed: [seen('vote is given', givesOneVote)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** The request may leave late, after the candidate has moved on; then it is held against the candidacy of its term. */
function asksForVotes({ server, event }: Step): Verdict {
  const { msgTerm, lastLogIndex, lastLogTerm } = event;
  if (msgTerm === undefined || lastLogIndex === undefined || lastLogTerm === undefined)
    return unknown('RequestVote lines lack msgTerm, lastLogIndex or lastLogTerm');
  const candidacy = server.candidacies.get(msgTerm);
  if (candidacy === null) return asksWithoutStanding(server, msgTerm);
  if (candidacy.lastTerm < 0 || (candidacy.last === lastLogIndex && candidacy.lastTerm === lastLogTerm)) return HELD;
  return broken(
    [candidacy.seq, server.logSeq < event.seq ? server.logSeq : 0],
    `${server.id} tells lastLogIndex ${lastLogIndex} and lastLogTerm ${lastLogTerm}, but its log ended at ${candidacy.last} of term ${candidacy.lastTerm}`,
    `lastLogIndex ${candidacy.last}, lastLogTerm ${candidacy.lastTerm}`,
  );
}

function asksWithoutStanding(server: ServerModel, msgTerm: number): Verdict {
  if (server.term < 0 || !server.roleKnown) return unknown(`the term or the role of ${server.id} is not told`);
  if (msgTerm <= server.historyFrom) return unknown(`${server.id} may have stood in term ${msgTerm} before its lines begin`);
  if (msgTerm !== server.term && !server.candidacies.complete) return null;
  return broken(
    [server.roleSeq],
    `${server.id} asks for votes in term ${msgTerm}, in which it never became a candidate`,
    `no RequestVote from a ${server.role} of term ${server.term}`,
  );
}

/** The term of the vote that a reply grants. */
function termOf({ server, event, voteRequest }: VoteReplyStep): number {
  return voteRequest?.term ?? event.msgTerm ?? server.term;
}

export function grants({ event }: VoteReplyStep): boolean {
  return event.granted === true;
}

function grantsOfCurrentTerm({ server, event, voteRequest: request }: VoteReplyStep): Verdict {
  if (request === null || request.term >= request.arrivalTerm) return HELD;
  return broken(
    [request.seq],
    `${server.id} grants ${event.dst} a vote of term ${request.term} although its own term was ${request.arrivalTerm}`,
    'a refusal that tells the higher term',
  );
}

/** A server gives its vote of the term `server.term`. */
function isGiven({ candidate, isTakenAlong }: VoteStep): boolean {
  return candidate !== null && !isTakenAlong;
}

function votesOnce({ server, candidate }: VoteStep): Verdict {
  const { vote: before } = server;
  if (before === null || before === candidate) return HELD;
  return broken(
    [server.voteSeq],
    `${server.id} votes for ${candidate} in term ${server.term}, in which it has voted for ${before}`,
    `a vote for ${before} only`,
  );
}

/** A first vote of the term, for another server. */
function isForAnother(step: VoteStep): boolean {
  const { vote, id } = step.server;
  return isGiven(step) && step.candidate !== id && (vote === null || vote === step.candidate);
}

function requestOf({ server, candidate }: VoteStep): ArrivedVote | undefined {
  return server.votes.open.findLast(({ src, term }) => src === candidate && term === server.term);
}

function isAskedFor(step: VoteStep): boolean {
  return isForAnother(step) && requestOf(step)?.isLogTold === true;
}

function isUnasked(step: VoteStep): boolean {
  return isForAnother(step) && requestOf(step) === undefined;
}

function votesForUpToDateLog(step: VoteStep): Verdict {
  const { server, candidate } = step;
  const request = requestOf(step);
  if (request === undefined || request.upToDateOnArrival || isUpToDate(server.log, request.lastIndex, request.lastTerm)) return HELD;
  return broken(
    [server.logSeq, request.seq],
    `${server.id} votes for ${candidate}, whose log ends at ${request.lastIndex} of term ${request.lastTerm}, ` +
      `although its own ends at ${server.log.last} of term ${server.log.lastTerm}`,
    'a refusal (5.4.1)',
  );
}

function votesUnasked({ server, candidate }: VoteStep): Verdict {
  // Then it is the rule of pre-votes that is broken.
  if (server.preVotes.open.some(({ src }) => src === candidate)) return null;
  return broken(
    [server.termSeq],
    `${server.id} votes for ${candidate}, which has not asked for its vote in term ${server.term}`,
    'no vote',
  );
}

/** The vote of the term that the reply grants, undefined where nothing is known of that term. */
function voteOf(step: VoteReplyStep): string | null | undefined {
  const { server } = step;
  const term = termOf(step);
  return term === server.term ? server.vote : server.cast.get(term)?.candidate;
}

function grantsKnownVote(step: VoteReplyStep): boolean {
  return grants(step) && voteOf(step) !== undefined;
}

function grantMatchesVote(step: VoteReplyStep): Verdict {
  const { server, event, voteRequest: request } = step;
  const term = termOf(step);
  const vote = voteOf(step);
  if (vote === event.dst) return HELD;
  return broken(
    [server.cast.get(term)?.seq ?? server.voteSeq, request?.seq ?? 0],
    `${server.id} grants ${event.dst} its vote of term ${term}, but votedFor is ${vote ?? 'null'}`,
    vote === null ? 'a vote that is noted in votedFor first' : 'a refusal',
  );
}

export function grantIsDurable(step: VoteReplyStep): Verdict {
  const { server, event, voteRequest: request } = step;
  const { durable } = server;
  const term = termOf(step);
  if (durable.holdsVote(term, event.dst)) return HELD;
  return broken(
    [request?.seq ?? 0, server.voteSeq, durable.seq],
    `${server.id} grants ${event.dst} its vote of term ${term} while its disk holds term ${durable.term} and vote ${durable.vote ?? 'null'}: ` +
      'after a crash it could vote again',
    'the reply after the Persist of the vote',
  );
}

/** A vote that has come in was given; of a step before a crash nobody knows. */
function toldOnce({ server, event }: Step, term: number): Verdict {
  // A reply names the candidate: it is sent to it, or the candidate writes the line.
  const candidate = event.dst;
  const told = server.told.get(term) ?? ownVote(server, term);
  if (told === null || told.candidate === candidate) return HELD;
  const first = server.firstCast.get(term);
  const last = server.cast.get(term);
  // Votes may come in in another order than they were given.
  const isSwapped = first?.candidate === candidate && last?.candidate === told.candidate;
  const [before, after] = isSwapped ? [candidate, told.candidate] : [told.candidate, candidate];
  const firstSeq = first?.seq ?? told.seq;
  const restarted = server.bootSeq > firstSeq;
  const found = broken(
    [firstSeq, told.seq, restarted ? server.bootSeq : 0, last?.seq ?? 0],
    `${server.id} granted its vote of term ${term} to ${before}${restarted ? ', restarted,' : ''} and now to ${after}`,
    'a refusal',
  );
  // Where the line is the candidate's, the wrong step is the voter's.
  const isVoters = event.node === server.id || last?.candidate !== after;
  return { ...found, node: server.id, ...(isVoters ? {} : { seq: last.seq }) };
}

/**
 * A vote that was told to nobody: given all the same, unless a crash came before it was durable. Where no disk is told, a candidate's vote
 * for itself counts, since it went on after it.
 */
function ownVote({ id, bootSeq, resumedSeq, facts, firstCast }: ServerModel, term: number): Cast | null {
  const cast = firstCast.get(term);
  if (cast === null || cast.seq > Math.max(bootSeq, resumedSeq)) return cast;
  return cast.candidate === id && !facts.kinds.persists ? cast : null;
}

/** Rule 2 also says when a vote has to be granted. A refusal needs a ground, on arrival or when it leaves. */
function refusalHasGround({ server, voteRequest: request }: VoteReplyStep): Verdict {
  if (request === null) return null;
  if (server.log.lastTerm < 0) return unknown(`the log of ${server.id} is not known up to its end`);
  if (!server.voteKnown) return unknown(`no line tells votedFor of ${server.id}`);
  // The network may have doubled the request, and the first arrival may have been ignored: either may give the ground.
  if (server.votes.open.some((arrival) => isSameRequest(arrival, request) && hasGround(server, arrival))) return HELD;
  const votedFor = request.arrivalTerm < request.term ? 'null' : (request.arrivalVote ?? 'null');
  return broken(
    [server.logSeq, request.seq],
    `${server.id} refuses ${request.src} a vote of term ${request.term}: votedFor was ${votedFor}, its log ends at ${server.log.last} of term ` +
      `${server.log.lastTerm} and the candidate's at ${request.lastIndex} of term ${request.lastTerm}`,
    'a granted vote',
  );
}

function hasGround(server: ServerModel, request: ArrivedVote): boolean {
  if (server.term > request.term || request.arrivalTerm > request.term) return true;
  if (request.stickyOnArrival || server.role === 'leader') return true;
  const { config } = server;
  if (config !== null && !config.voters.includes(request.src) && !config.outgoing.includes(request.src)) return true;
  const votedOnArrival = request.arrivalTerm === request.term ? request.arrivalVote : null;
  if (votedOnArrival !== null && votedOnArrival !== request.src) return true;
  if (server.vote !== null && server.term === request.term && server.vote !== request.src) return true;
  return !request.upToDateOnArrival && !isUpToDate(server.log, request.lastIndex, request.lastTerm);
}

/** Two arrivals of one request. */
function isSameRequest(a: ArrivedVote, b: ArrivedVote): boolean {
  return a.id === b.id && a.src === b.src && a.term === b.term;
}
