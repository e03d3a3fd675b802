import { isJoint, membersOf, type ServerId } from '../configuration.ts';
import type { VoteReply, VoteRequest } from '../message.ts';
import { tallyVotes } from '../quorum.ts';
import { isStale } from '../rules/term.ts';
import { grantsPreVote, grantsVote, sticksToLeader } from '../rules/vote.ts';
import { appendOwn } from './appending.ts';
import { commitAsLeader, followConfiguration } from './committing.ts';
import { sendHeartbeats } from './replication.ts';
import { becomeCandidate, becomeFollower, becomeLeader, becomePreCandidate, giveVote } from './roles.ts';
import type { Server } from './server.ts';
import { hardStateWait, post } from './storage.ts';
import { resetElectionTimer } from './timers.ts';

/** The election timeout passed without a leader (figure 2, followers and candidates; 5.2). */
export function campaign(server: Server): void {
  if (server.config.preVote) {
    becomePreCandidate(server);
    requestVotes(server, 'PreVote', server.term + 1, false);
    countVotes(server);
  } else {
    stand(server, false);
  }
}

/** The leader asked this server to take over: no pre-vote, because everybody still hears from that leader (thesis 3.10). */
export function campaignForTransfer(server: Server): void {
  stand(server, true);
}

function stand(server: Server, transfer: boolean): void {
  becomeCandidate(server);
  requestVotes(server, 'RequestVote', server.term, transfer);
}

function requestVotes(server: Server, kind: VoteRequest['kind'], term: number, transfer: boolean): void {
  const { id: from, log, configuration } = server;
  const { lastIndex: lastLogIndex, lastTerm: lastLogTerm } = log;
  const { learners } = configuration;
  for (const to of membersOf(configuration)) {
    if (to !== from && !learners.includes(to)) {
      const id = server.nextMessageId();
      post(server, { kind, id, re: 0, from, to, term, lastLogIndex, lastLogTerm, transfer }, hardStateWait(server));
    }
  }
}

/** Figure 2, candidates: votes from a majority make a leader; a majority of pre-votes makes a candidate (5.2; thesis 9.6). */
function countVotes(server: Server): void {
  const tally = tallyVotes(server.configuration, server.votes);
  if (server.role === 'precandidate' && tally === 'won') {
    stand(server, false);
  } else if (server.role === 'precandidate' && tally === 'lost') {
    becomeFollower(server, server.term, null, 'pre-vote lost');
  } else if (server.role === 'candidate' && tally === 'won') lead(server);
}

/** Figure 2, leaders: heartbeats at once, so that nobody else stands (5.2). */
function lead(server: Server): void {
  becomeLeader(server);
  const { members, ledger, config, configuration } = server;
  members.self?.acknowledge(ledger.durableIndex);
  server.quorumDeadlineMs = config.checkQuorum ? server.nowMs + config.electionTimeoutMinMs : Number.POSITIVE_INFINITY;
  if (config.noopOnElection || isJoint(configuration) || !server.configurations.selfVotes) {
    // An entry of the new term commits those of older terms (8). Neither a joint configuration nor one without this server may wait for a
    // client to be left, or to make this server step down (6).
    appendOwn(server, 'noop', ['']);
  }
  sendHeartbeats(server);
  followConfiguration(server);
}

/** Figure 2, RequestVote receiver; the term has been dealt with, except that it may be an old one (rule 1). */
export function onRequestVote(server: Server, message: VoteRequest): void {
  const { log, vote } = server;
  const granted = !isStale(message.term, server.term) && grantsVote(vote, message.from, message, log.lastIndex, log.lastTerm);
  if (granted) {
    giveVote(server, message.from);
    // Figure 2, followers: the timer restarts when a vote is granted, and not for a vote that is refused.
    resetElectionTimer(server);
  }
  replyVote(server, 'RequestVoteReply', message, server.term, granted);
}

export function onPreVote(server: Server, message: VoteRequest): void {
  const { log, term } = server;
  const granted = !ignoresCandidates(server) && grantsPreVote(message.term, term, message, log.lastIndex, log.lastTerm);
  replyVote(server, 'PreVoteReply', message, granted ? message.term : term, granted);
}

function replyVote(server: Server, kind: VoteReply['kind'], { id: re, from: to }: VoteRequest, term: number, granted: boolean): void {
  const id = server.nextMessageId();
  post(server, { kind, id, re, from: server.id, to, term, granted }, hardStateWait(server));
}

/** Whether a live leader is known here, so that a candidate has no business (6, last paragraph; thesis 4.2.3). */
export function ignoresCandidates({ config, role, nowMs, heardFromLeaderMs }: Server): boolean {
  return config.checkQuorum && (role === 'leader' || sticksToLeader(nowMs, heardFromLeaderMs, config.electionTimeoutMinMs));
}

/** A reply to this candidacy: one of an older term, or to another role, was for an election that is over. */
export function onRequestVoteReply(server: Server, { from, granted }: VoteReply): void {
  if (server.role === 'candidate') recordVote(server, from, granted);
}

/** A refusal of this term, or the grant of the term that it would stand in. */
export function onPreVoteReply(server: Server, { from, term, granted }: VoteReply): void {
  if (server.role === 'precandidate' && term === (granted ? server.term + 1 : server.term)) recordVote(server, from, granted);
}

/** A vote once given in a term counts. A refusal may still turn into one: a voter that crashed has forgotten the entries it refused for. */
function recordVote(server: Server, from: ServerId, granted: boolean): void {
  if (server.votes.get(from) !== true) {
    server.votes.set(from, granted);
    countVotes(server);
  }
}

/** The candidate's own vote is durable: it counts from now on, and a single server leads (figure 2, persistent state). */
export function countOwnVote(server: Server): void {
  if (server.role === 'candidate' && hardStateWait(server) === 0) recordVote(server, server.id, true);
}

/** The leader's own disk has caught up: its own copy counts from now on (thesis 10.2.1). */
export function countOwnCopy(server: Server): void {
  const { role, members, ledger } = server;
  if (role === 'leader' && members.self?.acknowledge(ledger.durableIndex) === true) commitAsLeader(server);
}
