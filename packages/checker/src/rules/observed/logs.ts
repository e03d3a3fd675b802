import type { ReplyStep, SaveStep, SeenEntryStep, SentEntryStep } from '../../observed/moments.ts';
import { differs } from '../../observed/saved-state.ts';
import { broken, HELD, unknown, type Verdict } from '../rule.ts';

/** Logs, as messages and saves show them (figure 2 and 3; 5.3). */

/** The receiver was sent the entry before, or has started it: it lost it, and did not overlook that it lacks it. */
function wasHeard({ server, request }: ReplyStep): boolean {
  return server.heard.get(request.prev) === request.prevTerm;
}

const NOT_TOLD = 'AppendEntries does not tell prevLogIndex and prevLogTerm';

/** Rule 2: success needs the entry before, and a refusal needs that it is missing. */
export function answersByPrevEntry(step: ReplyStep): Verdict {
  const { event, server, request } = step;
  if (event.op !== 'AppendEntriesReply' || event.success === undefined) return null;
  const { holdsPrev, prev, prevTerm } = request;
  if (prev < 0 || prevTerm < 0) return unknown(NOT_TOLD);
  if (holdsPrev.unknown || request.isOverlapped) return unknown(`what ${server.id} has saved of its log is not told`);
  if (event.success) {
    if (holdsPrev.yes || wasHeard(step)) return HELD;
    return broken(
      [server.saved.seq, request.seq],
      `${server.id} answers AppendEntries of ${request.src} with success, although it has no entry ${prev} of term ${prevTerm}: its log, as it was ` +
        `saved, ends at ${server.saved.last} of term ${server.saved.lastTerm}`,
      'a refusal',
    );
  }
  // Whoever refuses an empty request does no harm by it.
  if (request.n <= 0 || event.msgTerm !== request.term) return null;
  if (holdsPrev.no || request.term < request.termBefore) return HELD;
  return broken(
    [server.saved.seq, request.seq],
    `${server.id} refuses AppendEntries of ${request.src}, although it has saved the entry ${prev} of term ${prevTerm} before it`,
    'success',
  );
}

/** Figure 2, "Persistent state": the entries are on the disk before they are acknowledged. */
export function acknowledgesWhatIsSaved(step: ReplyStep): Verdict {
  const { event, server, request } = step;
  if (event.op !== 'AppendEntriesReply' || event.success !== true) return null;
  const { saved } = server;
  if (request.prev < 0) return unknown(NOT_TOLD);
  if (!saved.logIsKnown) return unknown(`what ${server.id} has saved of its log is not told`);
  const { holdsPrev, entries = [] } = request;
  const lost = entries.findIndex(({ term }, at) => !isSaved(step, request.prev + 1 + at, term));
  const prevIsLost = holdsPrev.no && !holdsPrev.yes && !holdsPrev.unknown && wasHeard(step);
  if (lost < 0 && !prevIsLost) return entries.length === 0 ? null : HELD;
  if (request.isOverlapped) return unknown('requests are handled at the same time');
  const index = prevIsLost ? request.prev : request.prev + 1 + lost;
  const term = prevIsLost ? request.prevTerm : (entries[lost]?.term ?? -1);
  return broken(
    [request.seq, saved.seq],
    `${server.id} acknowledges the entry ${index} of term ${term} while what it has saved ends at ${saved.last} of term ${saved.lastTerm}: after a ` +
      'crash the entry is gone',
    'the reply after the save',
  );
}

function isSaved({ server: { saved } }: ReplyStep, index: number, term: number): boolean {
  return saved.isCompacted(index) || saved.termAt(index) === term;
}

/** Rule 3: only entries that are in conflict with the leader's are deleted, and what follows them. */
export function deletesConflictsOnly(step: SaveStep): Verdict {
  const { server, removal, ground, isFirstOfBoot, bySnapshot } = step;
  if (!server.saved.logIsKnown || removal.index === 0 || isFirstOfBoot) return null;
  if (leadsNow(step) || ground !== null || bySnapshot) return ground === null ? null : HELD;
  return broken(
    [server.saved.seq, ...server.sinceSave.map(({ seq }) => seq).slice(-3)],
    `${server.id} deletes the entry ${removal.index} of term ${removal.term}, and its log ended at ${removal.lastBefore}, although no request has ` +
      'another entry there',
    'a log that keeps what is not in conflict with the leader',
  );
}

/** A leader of the term never deletes from its own log (figure 3). */
export function leaderDeletesNothing(step: SaveStep): Verdict {
  const { server, removal, isFirstOfBoot } = step;
  if (!server.saved.logIsKnown || isFirstOfBoot || !leadsNow(step)) return null;
  if (removal.index === 0) return HELD;
  return broken(
    [server.saved.seq, server.leadership?.seq ?? 0],
    `${server.id} deletes the entry ${removal.index} of term ${removal.term} of its own log while it leads term ${server.leadership?.term}`,
    'a leader only appends',
  );
}

/** The server has saved the term that it leads, and nobody has told it of a later one. */
function leadsNow({ server, event }: SaveStep): boolean {
  const { leadership } = server;
  return leadership !== null && leadership.term === server.term && event.durableTerm === leadership.term;
}

export function sendsTheSameEntry({ server, index, term, before }: SentEntryStep): Verdict {
  if (before.term === term) return HELD;
  return broken(
    [before.seq, server.leadership?.seq ?? 0],
    `${server.id} sends the entry ${index} with term ${term} as leader of term ${server.leadership?.term}; in the same term it has told term ` +
      `${before.term} of it`,
    'the entry that it had',
  );
}

/** Entries of one index and term are the same, and so is what comes before them. */
export function entriesMatch({ event, index, term, hash, prevTerm, known }: SeenEntryStep): Verdict {
  if (differs(known.hash, hash))
    return broken(
      [known.seq],
      `the entry ${index} of term ${term} has another command here (${event.node}) than in line ${known.seq} (${known.node})`,
      'one command for an index and a term',
    );
  if (prevTerm < 0 || known.prevTerm < 0) return null;
  if (prevTerm === known.prevTerm) return HELD;
  return broken(
    [known.seq],
    `before the entry ${index} of term ${term} stands one of term ${prevTerm} here (${event.node}), and one of term ${known.prevTerm} in line ` +
      `${known.seq} (${known.node})`,
    'logs that are the same up to that entry',
  );
}
