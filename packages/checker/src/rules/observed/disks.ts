import type { LeadsStep, ReplyStep, SaveStep } from '../../observed/moments.ts';
import type { ObservedServer } from '../../observed/observed-server.ts';
import { broken, HELD, type Unknown, unknown, type Verdict } from '../rule.ts';

/** What is saved before a reply leaves, and what comes back after a restart (figure 2, "Persistent state"; 5.1, 5.2, 5.5). */

/** A lab's first parts save nothing, and a save may not be tied to what was encoded. */
function notSaved({ id, saved }: ObservedServer): Unknown | null {
  if (saved.seq === 0) return unknown(`${id} has saved nothing up to now`);
  return saved.term < 0 || !saved.voteIsKnown ? unknown(`what ${id} has saved is not told`) : null;
}

export function savesVote({ event, server, request }: ReplyStep): Verdict {
  if (event.op !== 'RequestVoteReply' || event.granted !== true || request.term < 0) return null;
  if (server.savedVotes.get(request.term) === request.src) return HELD;
  const reason = notSaved(server);
  if (reason !== null) return reason;
  const { saved } = server;
  return broken(
    [request.seq, saved.seq],
    `${server.id} grants ${request.src} its vote of term ${request.term} while it has saved term ${saved.term} and vote ${saved.vote ?? 'null'}: ` +
      'after a crash it could vote again',
    'the reply after the save',
  );
}

/** The vote of a candidate for itself decides as the others do. */
export function savesOwnVote({ server, term, candidacy, voters }: LeadsStep): Verdict {
  if (candidacy === null || voters.length === 1) return null;
  if (server.savedVotes.get(term) === server.id) return HELD;
  const reason = notSaved(server);
  if (reason !== null) return reason;
  const { saved } = server;
  return broken(
    [candidacy.seq, saved.seq],
    `${server.id} leads term ${term} with its own vote, while it has saved term ${saved.term} and vote ${saved.vote ?? 'null'}: after a crash it ` +
      'could vote again',
    'its vote saved before it counts',
  );
}

/** A refusal promises nothing, and may leave before the term is saved. */
export function savesTerm({ event, server, request }: ReplyStep): Verdict {
  const { msgTerm } = event;
  if (msgTerm === undefined || msgTerm === 0 || event.success !== true) return null;
  const { saved } = server;
  if (saved.seq === 0) return unknown(`${server.id} has saved nothing up to now`);
  if (saved.term < 0) return unknown(`what ${server.id} has saved is not told`);
  if (saved.term >= msgTerm) return HELD;
  return broken(
    [request.seq, saved.seq],
    `${server.id} tells term ${msgTerm} while it has saved term ${saved.term}: after a crash it would be in an older term again`,
    'the reply after the save',
  );
}

/** votedFor changes only with the term. */
export function keepsVote({ event, server, voteBefore }: SaveStep): Verdict {
  const { durableVote, durableTerm } = event;
  if (durableVote === undefined || voteBefore === undefined) return null;
  if (voteBefore === null || voteBefore === durableVote) return HELD;
  return broken(
    [server.saved.seq],
    `${server.id} saves vote ${durableVote ?? 'null'} in term ${durableTerm}, in which it had saved vote ${voteBefore}`,
    `a vote for ${voteBefore} until the term changes`,
  );
}

export function savesNoLowerTerm({ event, server, termBefore }: SaveStep): Verdict {
  const { durableTerm } = event;
  if (durableTerm === undefined || termBefore < 0) return null;
  if (durableTerm >= termBefore) return HELD;
  return broken(
    [server.saved.seq],
    `${server.id} saves term ${durableTerm}, although it had saved term ${termBefore} before`,
    `a term of ${termBefore} or more`,
  );
}

/** The first save after a restart shows what was read back. */
export function restoresLog({ server, removal, ground, isFirstOfBoot, bySnapshot }: SaveStep): Verdict {
  const { saved } = server;
  if (!isFirstOfBoot || saved.seq === 0 || !saved.logIsKnown) return null;
  if (removal.index === 0) return HELD;
  if (ground !== null || bySnapshot) return null;
  return broken(
    [saved.seq, server.bootSeq],
    `${server.id} was restarted and saves a log without the entry ${removal.index} of term ${removal.term}, which it had saved before`,
    'the log that was saved',
  );
}
