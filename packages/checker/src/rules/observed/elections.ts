import type { GivenVoteStep, LeadsStep, ReplyStep, StandStep } from '../../observed/moments.ts';
import { broken, HELD, unknown, type Verdict } from '../rule.ts';

/** Elections, as they are seen from outside (figure 2; 5.1, 5.2, 5.4.1). */

/** A reply's term of 0 is one that the handler has not set. */
export function tellsNoLowerTerm({ event, server, request }: ReplyStep): Verdict {
  const { msgTerm } = event;
  if (msgTerm === undefined || msgTerm === 0) return null;
  if (request.termBefore < 0) return HELD;
  if (msgTerm >= request.termBefore) return HELD;
  const restarted = request.termBeforeSeq < server.bootSeq ? ' and saved before it was restarted' : '';
  return broken(
    [request.termBeforeSeq, request.seq],
    `${server.id} tells term ${msgTerm}, although it had told term ${request.termBefore}${restarted} before the request came in`,
    `a term of ${request.termBefore} or more`,
  );
}

/** A request of a term that is over is refused: rule 1 of both receivers. */
export function refusesOldTerm({ event, server, request }: ReplyStep): Verdict {
  const agrees = event.op === 'RequestVoteReply' ? event.granted : event.success;
  if (agrees !== true || request.term < 0) return null;
  if (request.term >= request.termBefore) return HELD;
  const what = event.op === 'RequestVoteReply' ? `grants ${request.src} a vote` : `answers AppendEntries of ${request.src} with success`;
  return broken(
    [request.termBeforeSeq, request.seq],
    `${server.id} ${what} of term ${request.term} although it had told term ${request.termBefore} before`,
    'a refusal that tells the higher term',
  );
}

export function refusesOldVote(step: ReplyStep): Verdict {
  return step.event.op === 'RequestVoteReply' ? refusesOldTerm(step) : null;
}

export function refusesOldAppend(step: ReplyStep): Verdict {
  return step.event.op === 'AppendEntriesReply' ? refusesOldTerm(step) : null;
}

export function givesOneVote({ server, term, candidate, before }: GivenVoteStep): Verdict {
  if (before === null || before.candidate === candidate) return HELD;
  const restarted = before.seq < server.bootSeq;
  const first = before.candidate === server.id ? 'stood itself' : `granted its vote to ${before.candidate}`;
  const now = candidate === server.id ? 'stands itself' : `grants it to ${candidate}`;
  return broken(
    [before.seq, restarted ? server.bootSeq : 0],
    `${server.id} ${first} in term ${term}${restarted ? ', restarted,' : ''} and now ${now}`,
    'a refusal',
  );
}

/** Rule 2 of the receiver: no vote for a candidate whose log is behind (5.4.1). */
export function votesByWhatIsSaved({ event, server, request }: ReplyStep): Verdict {
  if (event.op !== 'RequestVoteReply' || event.granted !== true) return null;
  const { isUpToDate, lastLogIndex, lastLogTerm } = request;
  if (lastLogIndex < 0 || lastLogTerm < 0) return unknown('RequestVote does not tell the last index and term of the candidate');
  const { acknowledged, saved } = server;
  if (isUpToDate.no && !isUpToDate.yes && !isUpToDate.unknown && !request.isOverlapped)
    return broken(
      [saved.seq, request.seq],
      `${server.id} votes for ${request.src}, whose log ends at ${lastLogIndex} of term ${lastLogTerm}, although its own, as it was saved, ends at ` +
        `${saved.last} of term ${saved.lastTerm}`,
      'a refusal (5.4.1)',
    );
  if (!isUpToDate.unknown) return HELD;
  if (acknowledged.term < 0 || request.isOverlapped) return unknown(`what ${server.id} has saved of its log is not told`);
  const { index, entryTerm, seq } = acknowledged;
  if (lastLogTerm > entryTerm || (lastLogTerm === entryTerm && lastLogIndex >= index)) return HELD;
  return broken(
    [seq, request.seq],
    `${server.id} votes for ${request.src}, whose log ends at ${lastLogIndex} of term ${lastLogTerm}, although it has acknowledged the entry ` +
      `${index} of term ${entryTerm}`,
    'a refusal (5.4.1)',
  );
}

/** Candidates rule 2: who leads has the votes of a majority, its own among them. */
export function hasMajority({ event, server, term, candidacy, voters }: LeadsStep): Verdict {
  if (voters.length === 0) return unknown('who votes is not told');
  if (candidacy === null)
    return voters.length === 1
      ? HELD
      : broken([server.bootSeq], `${server.id} leads term ${term}, in which it has asked nobody for a vote`, 'an election first');
  if (candidacy.isUnknown) return unknown('the replies do not tell whether the vote is granted');
  const votes = 1 + candidacy.granted.size;
  if (votes * 2 > voters.length) return HELD;
  return broken(
    [candidacy.seq, ...candidacy.granted.values()],
    `${server.id} leads term ${term} with ${votes} of ${voters.length} votes: ${[server.id, ...candidacy.granted.keys()].join(', ')}; ` +
      `no other grant of a request of term ${term} has come in before line ${event.seq}`,
    'to go on as a candidate; votes of other terms do not count',
  );
}

export function leadsAlone({ server, term, rival }: LeadsStep): Verdict {
  if (rival === null) return HELD;
  return broken([rival.seq], `${server.id} leads term ${term}, which ${rival.node} leads as well`, 'one leader a term at most');
}

/** Its last log index is below an entry that was applied in an earlier term. */
export function leaderHoldsCommitted({ server, term, candidacy }: LeadsStep): Verdict {
  if (candidacy === null || candidacy.lastLogIndex < 0 || candidacy.committed.index === 0) return null;
  const { committed, lastLogIndex } = candidacy;
  if (lastLogIndex >= committed.index) return HELD;
  return broken(
    [committed.seq, candidacy.seq],
    `${server.id} leads term ${term} with a log that ended at ${lastLogIndex} when it stood; the entry ${committed.index} had been applied before`,
    'a leader that holds every committed entry',
  );
}

/** A few times may be a matter of threads on a busy machine. */
const HASTY_MIN = 5;

/** A server that has just heard its leader does not stand. */
export function waitsForLeader({ event, server, shortestMs, contact }: StandStep): Verdict {
  if (contact === null) return null;
  if (!Number.isFinite(shortestMs)) return unknown('no election timeout was seen that ran in full');
  const sinceMs = event.time - contact.time;
  if (sinceMs > shortestMs / 2) return HELD;
  if (server.hasty < HASTY_MIN) return null;
  return broken(
    [contact.seq],
    `${server.id} stands for election ${sinceMs.toFixed(0)} ms after it has answered its leader, and not for the first time (${server.hasty}); the shortest ` +
      `election timeout that anybody has shown is ${shortestMs.toFixed(0)} ms`,
    'a timer that starts again with each AppendEntries of the leader',
  );
}
