import { encodeConfiguration } from '../configuration-codec.ts';
import { followerCommit, leaderCommit } from '../rules/commit.ts';
import { leaveJoint, mustLeaveJoint, mustStepDown } from '../rules/membership.ts';
import { traceCommit } from '../trace.ts';
import { appendOwn } from './appending.ts';
import { tellOfCommit } from './farewell.ts';
import { startEarlyReads } from './reads.ts';
import { becomeFollower } from './roles.ts';
import type { Server } from './server.ts';

function raiseCommit(server: Server, index: number): void {
  const from = server.commit;
  server.commit = index;
  traceCommit(server, from);
  server.invariant(index >= from, `commitIndex would fall from ${from} to ${index}`);
  server.invariant(index <= server.log.lastIndex, `commitIndex ${index} lies beyond the last entry ${server.log.lastIndex}`);
}

/** Figure 2, AppendEntries receiver rule 5. */
export function commitAsFollower(server: Server, leaderCommitIndex: number, lastNewIndex: number): void {
  const index = followerCommit(server.commit, leaderCommitIndex, lastNewIndex);
  if (index !== server.commit) raiseCommit(server, index);
}

/** Figure 2, leaders, last rule; called when something more has become durable somewhere. */
export function commitAsLeader(server: Server): void {
  const { log, term, commit, members } = server;
  const index = leaderCommit(log, term, commit, members.quorumIndex());
  if (index === commit) return;
  for (let released = commit + 1; released <= index; released++) server.uncommittedBytes -= log.at(released)?.size ?? 0;
  server.invariant(server.uncommittedBytes >= 0, 'more bytes were committed than waited for it');
  raiseCommit(server, index);
  tellOfCommit(server);
  followConfiguration(server);
  if (server.role === 'leader') startEarlyReads(server);
}

/** What a committed configuration asks of the leader: to leave the joint phase, or to step down where it has no vote any more (6). */
export function followConfiguration(server: Server): void {
  const { configuration, configurations, commit } = server;
  if (mustLeaveJoint(configuration, configurations.index, commit)) {
    appendConfiguration(server, encodeConfiguration(leaveJoint(configuration)));
  } else if (mustStepDown(configuration, configurations.index, commit, server.id)) becomeFollower(server, server.term, null, 'removed');
}

/** Appends a configuration and uses it at once (6). */
export function appendConfiguration(server: Server, command: string): void {
  appendOwn(server, 'config', [command]);
  const { configuration, id, log, nowMs, lastMessageId } = server;
  server.members.configure(configuration, id, { next: log.lastIndex, nowMs, lastMessageId, joins: true });
}
