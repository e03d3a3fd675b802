import type { CommitClaimStep, CommittedEntryStep, ObservedStep } from '../../observed/moments.ts';
import { differs } from '../../observed/saved-state.ts';
import { broken, HELD, unknown, type Verdict } from '../rule.ts';

/** What is committed and applied (figure 2 and 3; 5.3, 5.4). */

/** Leaders rule 4: a majority has acknowledged it, and an entry of the leader's own term with it. */
export function leaderCommits({ server, index, leadership, voters }: CommitClaimStep): Verdict {
  if (index <= server.commit || leadership === null) return null;
  if (!leadership.acksAreKnown) return unknown('not every AppendEntriesReply tells what it acknowledges');
  if (voters.length === 0) return unknown('who votes is not told');
  const match = leadership.majorityMatch(server.id, voters);
  const acks = [...leadership.acks].map(([id, ack]) => `${id} up to ${ack.match}`).join(', ');
  const lines = [leadership.seq, server.commitSeq, ...[...leadership.acks.values()].map(({ seq }) => seq)];
  if (index > match)
    return broken(
      lines,
      `${server.id}, leader of term ${leadership.term}, takes the entry ${index} for committed, although no majority of ${voters.length} has ` +
        `acknowledged it (${acks === '' ? 'nobody has' : acks})`,
      `a commit index of ${Math.max(server.commit, Math.min(match, index))} at most`,
    );
  if (match === Number.POSITIVE_INFINITY) return HELD;
  const highest = leadership.sent.get(match);
  if (highest === null) return unknown(`the term of the entry ${match} was not told`);
  if (highest.term === leadership.term) return HELD;
  return broken(
    [...lines, highest.seq],
    `${server.id}, leader of term ${leadership.term}, takes the entry ${index} for committed by counting, although a majority holds nothing of its ` +
      `own term: the entry ${match} is of term ${highest.term} (figure 8)`,
    'an entry of its own term on a majority first (5.4.2)',
  );
}

/** A server that has led nobody knows only what leaders have told it. */
export function followerCommits({ event, server, index, leadership }: CommitClaimStep): Verdict {
  if (event.op !== 'Apply' || leadership !== null) return null;
  if (index <= server.commit) return HELD;
  return broken(
    [server.commitSeq],
    `${server.id} applies the entry ${index}, but no leader has told it a commit index above ${server.commit}`,
    `to apply up to ${server.commit}`,
  );
}

export function appliesIndexByIndex({ event, server }: ObservedStep): Verdict {
  const { index } = event;
  if (index === undefined) return unknown('Apply does not tell its index');
  const { applied, offered } = server;
  if (applied < 0) return null;
  if (index === applied + 1 || (offered >= 0 && index === offered + 1)) return HELD;
  return broken(
    [server.appliedSeq],
    `${server.id} applies index ${index} after index ${applied}`,
    `index ${applied + 1}: entries are applied in order, each once`,
  );
}

export function appliesTheSame({ event, server, index, hash, committed }: CommittedEntryStep): Verdict {
  if (!differs(committed.hash, hash)) return HELD;
  return broken(
    [committed.seq],
    `${server.id} applies another command at index ${index} (${event.cmd ?? hash}) than ${committed.node} has applied there`,
    'the command that was applied there first',
  );
}

export function leaderSendsCommitted({ event, server, index, hash, committed }: CommittedEntryStep): Verdict {
  if (!differs(committed.hash, hash)) return HELD;
  return broken(
    [committed.seq, server.leadership?.seq ?? 0],
    `${server.id}, leader of term ${event.msgTerm}, has another entry at index ${index} than the one that ${committed.node} had applied before`,
    'a leader that holds every committed entry',
  );
}
