import { electionTimeoutMs } from '../rules/election-timer.ts';
import { askedDeadlineMs } from './reads.ts';
import type { Server } from './server.ts';

/** Restarts the election timer, with a new draw (figure 2, followers; 5.2). */
export function resetElectionTimer(server: Server): void {
  const { electionTimeoutMinMs, electionTimeoutMaxMs } = server.config;
  server.electionDeadlineMs = server.nowMs + electionTimeoutMs(electionTimeoutMinMs, electionTimeoutMaxMs, server.random());
}

/** A current leader was heard from (figure 2, followers: the timer restarts on AppendEntries from the current leader). */
export function heardFromLeader(server: Server): void {
  server.heardFromLeaderMs = server.nowMs;
  resetElectionTimer(server);
}

/**
 * Only a voter stands for election: a learner, or a server whose removal is committed, waits to be spoken to (thesis 4.2.1). One that its
 * own latest configuration leaves out stands until that is committed; its own vote does not count then (thesis 4.2.2).
 */
export function mayStand({ configurations, commit }: Server): boolean {
  return configurations.mayStand(commit);
}

/** When this server has something to do by itself. Infinity for a server that may not stand: it costs nothing while it waits. */
export function nextDeadlineMs(server: Server): number {
  if (server.role === 'leader') {
    return Math.min(server.heartbeatDeadlineMs, server.quorumDeadlineMs, server.transfer?.deadlineMs ?? Number.POSITIVE_INFINITY);
  }
  return Math.min(mayStand(server) ? server.electionDeadlineMs : Number.POSITIVE_INFINITY, askedDeadlineMs(server));
}
