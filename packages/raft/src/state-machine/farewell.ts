import type { AppendEntriesReply } from '../message.ts';
import type { Progress } from '../progress.ts';
import type { Server } from './server.ts';

/**
 * A server that is removed has to hear of it, or it stands for election for ever (6; thesis 4.2.3). As long as it answers the leader goes on
 * sending to it, until it holds the entry that removes it and knows that to be committed.
 */

/** The commit index has risen: whatever is sent from now on tells those who are leaving that they have left. */
export function tellOfCommit({ members, commit, lastMessageId }: Server): void {
  for (const peer of members.leaving) {
    if (commit >= peer.leavesAt && peer.farewellAfter === Number.POSITIVE_INFINITY) peer.farewellAfter = lastMessageId;
  }
}

/** One who is leaving has answered: it is forgotten once it must know that its removal is committed. */
export function hearFarewell(
  { members }: Server,
  { leavesAt, farewellAfter }: Progress,
  { from, success, match, re }: AppendEntriesReply,
): void {
  if (success && match >= leavesAt && re > farewellAfter) members.forgetLeaving(({ id }) => id === from);
}

/** Nobody waits for ever: one who is silent for an election timeout, or has lost its log, is forgotten untold. */
export function forgetSilent({ members, nowMs, config }: Server): void {
  members.forgetLeaving(
    ({ state, heardMs, leavingMs }) => state === 'lost' || nowMs - Math.max(heardMs, leavingMs) >= config.electionTimeoutMaxMs,
  );
}
