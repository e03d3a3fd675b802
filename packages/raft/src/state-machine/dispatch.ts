import type { Message } from '../message.ts';
import { isStale, raisesTerm } from '../rules/term.ts';
import { campaignForTransfer, ignoresCandidates, onPreVote, onPreVoteReply, onRequestVote, onRequestVoteReply } from './elections.ts';
import { onAppendEntries, refuseStaleLeader } from './following.ts';
import { accept } from './proposals.ts';
import { onReadIndex, onReadIndexReply } from './reads.ts';
import { onAppendEntriesReply } from './replication.ts';
import { becomeFollower } from './roles.ts';
import type { Server } from './server.ts';
import { onInstallSnapshotReply } from './snapshot-sending.ts';
import { onInstallSnapshot, refuseSnapshot } from './snapshots.ts';
import { mayStand } from './timers.ts';

/** Figure 2, "Rules for Servers": first the term, which every message carries, then what the message itself asks for. */
export function dispatch(server: Server, message: Message): void {
  if (adoptsTermOf(server, message)) {
    if (isDisruptive(server, message)) return;
    becomeFollower(server, message.term, comesFromLeader(message) ? message.from : null, 'higher term');
  }
  if (isStale(message.term, server.term)) {
    onStale(server, message);
  } else {
    onCurrent(server, message);
  }
}

/** All servers, second rule (5.1). A pre-vote, and the grant of one, speak of a term that nobody has yet (thesis 9.6). */
function adoptsTermOf(server: Server, message: Message): boolean {
  const hypothetical = message.kind === 'PreVote' || (message.kind === 'PreVoteReply' && message.granted);
  return !hypothetical && raisesTerm(message.term, server.term);
}

/** A candidate that would depose a leader who is well, unless that leader sent it (6; thesis 3.10 and 4.2.3). */
function isDisruptive(server: Server, message: Message): boolean {
  return message.kind === 'RequestVote' && !message.transfer && ignoresCandidates(server);
}

function comesFromLeader({ kind }: Message): boolean {
  return kind === 'AppendEntries' || kind === 'InstallSnapshot' || kind === 'TimeoutNow';
}

/** Requests of an older term are refused, which tells the sender of the newer one; everything else of an older term is dropped (5.1). */
function onStale(server: Server, message: Message): void {
  switch (message.kind) {
    case 'RequestVote':
      onRequestVote(server, message);
      break;
    case 'PreVote':
      onPreVote(server, message);
      break;
    case 'AppendEntries':
      refuseStaleLeader(server, message);
      break;
    case 'InstallSnapshot':
      refuseSnapshot(server, message);
      break;
    case 'ReadIndex':
      onReadIndex(server, message);
      break;
    case 'ReadIndexReply':
      onReadIndexReply(server, message);
      break;
    case 'Propose':
      accept(server, message.commands);
      break;
    case 'RequestVoteReply':
    case 'PreVoteReply':
    case 'AppendEntriesReply':
    case 'InstallSnapshotReply':
    case 'TimeoutNow':
      break;
  }
}

function onCurrent(server: Server, message: Message): void {
  switch (message.kind) {
    case 'RequestVote':
      onRequestVote(server, message);
      break;
    case 'RequestVoteReply':
      onRequestVoteReply(server, message);
      break;
    case 'PreVote':
      onPreVote(server, message);
      break;
    case 'PreVoteReply':
      onPreVoteReply(server, message);
      break;
    case 'AppendEntries':
      onAppendEntries(server, message);
      break;
    case 'AppendEntriesReply':
      onAppendEntriesReply(server, message);
      break;
    case 'InstallSnapshot':
      onInstallSnapshot(server, message);
      break;
    case 'InstallSnapshotReply':
      onInstallSnapshotReply(server, message);
      break;
    case 'TimeoutNow':
      if (server.role === 'follower' && mayStand(server)) campaignForTransfer(server);
      break;
    case 'Propose':
      accept(server, message.commands);
      break;
    case 'ReadIndex':
      onReadIndex(server, message);
      break;
    case 'ReadIndexReply':
      onReadIndexReply(server, message);
      break;
  }
}
