import { isUpToDate } from '../model/matching.ts';
import { isVoter } from '../model/quorum.ts';
import type { VoteReplyStep, VoteStep } from '../model/step.ts';
import { standsByPreVotes, standsWithPreVotes } from './elections.ts';
import { at, broken, HELD, type RuleRow, unknown, type Verdict } from './rule.ts';

/** PreVote (thesis 9.6). That it changes neither term nor vote is for the rules of terms and votes: it is no reason for either. */
export const PRE_VOTE = {
  'pre-vote': {
    title: 'PreVote',
    section: 'thesis 9.6',
    about: 'elections',
    text: 'A pre-vote changes neither term nor vote; it is granted to an up-to-date log, unless a live leader is known, and to no other; a majority of them lets the server stand.',
    kind: 'step',
    checks: [
      at('sends PreVoteReply', { governs: ({ voteRequest }) => voteRequest?.isLogTold === true, reads: ['log'], judge: grantsPreVote }),
      at('sends PreVoteReply', {
        governs: ({ event, voteRequest }) => event.granted === false && voteRequest?.isLogTold === true,
        needs: ['term', 'role', 'log', 'members'],
        reads: ['heard', 'timeouts', 'received RequestVotes'],
        judge: refusesWithGround,
      }),
      at('vote', { governs: votesForAsker, needs: ['received RequestVotes'], reads: ['term', 'vote'], judge: votesForPreVote }),
      at('role', {
        governs: standsByPreVotes,
        needs: ['members', 'received pre-votes'],
        reads: ['role', 'history', 'timeouts'],
        judge: standsWithPreVotes,
      }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function grantsPreVote({ server, event, voteRequest: request }: VoteReplyStep): Verdict {
  if (request === null) return null;
  if (event.granted !== true) return HELD;
  if (request.term < request.arrivalTerm)
    return broken(
      [request.seq],
      `${server.id} grants ${request.src} a pre-vote of term ${request.term} although its own term was ${request.arrivalTerm}`,
      'a refusal that tells the higher term',
    );
  if (request.upToDateOnArrival || isUpToDate(server.log, request.lastIndex, request.lastTerm)) return HELD;
  return broken(
    [server.logSeq, request.seq],
    `${server.id} grants a pre-vote to ${request.src}, whose log ends at ${request.lastIndex} of term ${request.lastTerm}, ` +
      `although its own ends at ${server.log.last} of term ${server.log.lastTerm}`,
    'a refusal (5.4.1)',
  );
}

/** A refusal needs a ground, on arrival or when it leaves: else a server that could lead never stands. */
function refusesWithGround({ server, event, voteRequest: request, config }: VoteReplyStep): Verdict {
  if (event.granted !== false || request === null) return null;
  if (server.term < 0 || server.log.lastTerm < 0) return unknown(`the term or the log of ${server.id} is not known`);
  const higherTerm = server.term >= request.term || request.arrivalTerm >= request.term;
  // With leases one that has just started may have promised a leader to wait for it (thesis 6.4.1).
  const hasLeader = request.stickyOnArrival || server.contactSeq !== 0 || server.role === 'leader' || server.justStarted;
  const isStranger = config !== null && !isVoter(config, request.src);
  const isBehind = !request.upToDateOnArrival || !isUpToDate(server.log, request.lastIndex, request.lastTerm);
  if (higherTerm || hasLeader || isStranger || isBehind) return HELD;
  return broken(
    [server.termSeq, server.logSeq, request.seq],
    `${server.id} refuses ${request.src} a pre-vote of term ${request.term}: its own term is ${server.term}, it has heard from no leader since its timer ran out, ` +
      `its log ends at ${server.log.last} of term ${server.log.lastTerm} and the candidate's at ${request.lastIndex} of term ${request.lastTerm}`,
    'a granted pre-vote',
  );
}

/** A server gives its vote to one who has only asked for a pre-vote. */
function votesForAsker({ server, candidate, isTakenAlong }: VoteStep): boolean {
  if (candidate === null || candidate === server.id || isTakenAlong) return false;
  if (server.vote !== null && server.vote !== candidate) return false;
  if (server.votes.open.some(({ src, term }) => src === candidate && term === server.term)) return false;
  return server.preVotes.open.some(({ src }) => src === candidate);
}

function votesForPreVote({ server, candidate }: VoteStep): Verdict {
  const asked = server.preVotes.open.findLast(({ src }) => src === candidate);
  if (asked === undefined) return null;
  return broken(
    [asked.seq],
    `${server.id} votes for ${candidate} in term ${server.term}, although ${candidate} has only asked for a pre-vote`,
    'a grant that changes neither term nor vote',
  );
}
