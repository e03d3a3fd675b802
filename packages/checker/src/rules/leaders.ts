import type { Leadership } from '../model/leadership.ts';
import { describeConfig, isQuorum, mayLeaveOut } from '../model/quorum.ts';
import type { ConfigModel, ServerModel } from '../model/server-model.ts';
import type { CommitStep, LogStep, PeerStep, Step } from '../model/step.ts';
import { leaderCommits } from './observed/commits.ts';
import { at, type Broken, broken, HELD, type RuleRow, seen, unknown, type Verdict } from './rule.ts';

/** Leaders rules 2 to 4 (figure 2; 5.3, 5.4.2). */
export const LEADERS = {
  'leaders-1': {
    title: 'Leaders rule 1',
    section: 'figure 2, Rules for Servers; 5.2',
    about: 'progress',
    text: 'A leader sends AppendEntries to every member again and again, often enough that no election timer runs out.',
    kind: 'step',
    checks: [at('owes a heartbeat', { reads: ['term', 'timers', 'acknowledgements'], judge: sendsHeartbeats })],
  },
  'leaders-2': {
    title: 'Leaders rule 2',
    section: 'figure 2, Rules for Servers; 5.3',
    about: 'logs',
    text: 'Only a leader takes commands, and it appends them to the end of its log with its own term.',
    kind: 'step',
    checks: [
      at('Start', { needs: ['role'], reads: ['term'], judge: takesCommand }),
      at('leader appends', { reads: ['term', 'role', 'log'], judge: appendsOwnEntries }),
    ],
  },
  'leaders-3': {
    title: 'Leaders rule 3',
    section: 'figure 2, Rules for Servers; 5.3',
    about: 'logs',
    text: 'matchIndex rises only by successes of the own term and never falls, nextIndex stays above it, a refusal lowers nextIndex before the retry, and nothing is sent without a pause that brings nothing.',
    kind: 'step',
    checks: [
      at('Progress', { reads: ['acknowledgements'], judge: keepsOrder }),
      at('match is not acknowledged', {
        needs: ['acknowledgements'],
        reads: ['term', 'role', 'log', 'kinds'],
        counts: false,
        judge: matchIsFounded,
      }),
      at('sends what was refused', { judge: backsUp }),
      at('sends the same again', { reads: ['timers'], judge: makesHeadway }),
    ],
  },
  'leaders-4': {
    title: 'Leaders rule 4',
    section: 'figure 2, Rules for Servers; 5.3, 5.4.2',
    about: 'commits',
    text: 'A leader commits an index once a majority holds it and its entry is of the current term; older entries only with it.',
    kind: 'step',
    checks: [
      at('owes a commit', { reads: ['duties', 'commit', 'log', 'term'], judge: commitsInTime }),
      at('leader commits', { reads: ['term', 'role', 'log'], judge: commitsOwnTerm }),
      at('leader commits', {
        needs: ['members', 'acknowledgements'],
        reads: ['term', 'log', 'durable log', 'kinds'],
        counts: false,
        judge: commitsWithMajority,
      }),
    ],
    observed: [seen('commit is claimed', leaderCommits)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function sendsHeartbeats({ server: { id, term, heartbeatMs }, event, peer, peerId }: PeerStep): Verdict {
  return broken(
    [peer.joinedSeq, peer.ackedSeq],
    `${id} leads term ${term} and has sent ${peerId} nothing for ${Math.round(event.time - peer.sentMs)} ms, although its heartbeats are due every ${heartbeatMs} ms`,
    `AppendEntries to ${peerId} at each heartbeat`,
  );
}

/** The same entries to the same peer, and nothing comes of it. */
function makesHeadway({ server: { id, heartbeatMs }, event, peer, peerId }: PeerStep): Verdict {
  return broken(
    [peer.sameSeq, peer.refusedSeq],
    `${id} has sent ${peerId} the ${event.n} entries after index ${event.prev} ${peer.sameCount} times within ${heartbeatMs} ms, without that ${peerId} acknowledged more`,
    'to wait for the next heartbeat, or to try something else',
  );
}

function commitsInTime({ server: { id, term, commit, log, duties } }: Step): Verdict {
  return broken(
    [log.at(duties.commitIndex)?.seq ?? 0, duties.commitSeq],
    `a majority has acknowledged index ${duties.commitIndex} of term ${term} to ${id}, which leads that term and leaves its commitIndex at ${commit}`,
    `commitIndex ${duties.commitIndex}`,
  );
}

function takesCommand({ server }: Step): Verdict {
  if (server.role === 'leader') return HELD;
  return broken(
    [server.roleSeq],
    `${server.id} takes a command as ${server.role} of term ${server.term}`,
    'to point the client to the leader',
  );
}

function appendsOwnEntries({ server, index, entries }: LogStep): Verdict {
  const { id, term, log } = server;
  const wrong: Broken[] = [];
  const other = term < 0 ? undefined : entries.find((entry) => entry.term !== term);
  if (other !== undefined)
    wrong.push(broken([server.roleSeq], `${id} leads term ${term} and appends an entry of term ${other.term}`, `entries of term ${term}`));
  if (log.known && index > log.last + 1)
    wrong.push(broken([server.logSeq], `${id} appends at index ${index} although its log ends at ${log.last}`, `index ${log.last + 1}`));
  return wrong.length === 0 ? HELD : wrong;
}

/** What the leader says that it knows of a peer (Progress). */
function keepsOrder({ event: { match = 0, next }, peer, peerId: id }: PeerStep): Verdict {
  const wrong: Broken[] = [];
  if (next !== undefined && next <= match)
    wrong.push(broken([peer.matchSeq], `nextIndex of ${id} is ${next} and its matchIndex ${match}`, `a nextIndex above ${match}`));
  if (match < peer.match)
    wrong.push(broken([peer.matchSeq], `matchIndex of ${id} falls from ${peer.match} to ${match}`, `matchIndex ${peer.match}`));
  return wrong.length === 0 ? HELD : wrong;
}

function matchIsFounded(step: PeerStep): Verdict {
  const { server, event, peer, peerId: id } = step;
  const { match = 0 } = event;
  if (!server.acknowledgementsAreTold(match)) return unknown(`${server.id} does not tell every reply that it received`);
  // A snapshot is acknowledged by a reply of its own.
  if (!server.log.hole && match <= server.log.base && !server.tells('snapshotReplies'))
    return unknown(`${server.id} does not tell which InstallSnapshotReplies it received`);
  if (peer.formerMatch >= match) return matchIsOfThisMembership(step, match);
  const told = peer.ackedSeq === 0 ? 'nothing' : `a match up to ${peer.acked}`;
  return broken(
    [server.roleSeq, peer.ackedSeq],
    `matchIndex of ${id} is ${match}, but in term ${server.term} ${id} has acknowledged ${told}`,
    `matchIndex ${peer.acked}`,
  );
}

/**
 * The match comes from a membership that has ended. It is right where the server has kept its log, so that only a log which is told to be
 * shorter shows that the leader is wrong.
 */
function matchIsOfThisMembership({ cluster, peer, peerId: id }: PeerStep, match: number): Verdict {
  const known = cluster.find(id);
  if (known === null || cluster.isBehindGap(known) || !known.log.known || known.log.last >= match)
    return unknown(`${id} has joined again, and whether it still has what it acknowledged before is not told`);
  return broken(
    [peer.joinedSeq, peer.formerSeq, known.logSeq],
    `matchIndex of ${id} is ${match} by an acknowledgement from before ${id} joined again (line ${peer.joinedSeq}); its log now ends at ${known.log.last}`,
    `matchIndex ${peer.acked}`,
  );
}

/** "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry." */
function backsUp({ server, event, peer }: PeerStep): Verdict {
  return broken(
    [peer.refusedSeq],
    `${server.id} sends ${event.dst} prevLogIndex ${event.prev} again, although ${event.dst} has refused ${peer.refusedPrev}`,
    `prevLogIndex ${peer.refusedPrev - 1} at most, or a snapshot`,
  );
}

/** The leader raises commitIndex to `to`. */
function commitsWithMajority({ server, config, to }: CommitStep): Verdict {
  const { leadership, durable } = server;
  if (config === null || leadership === null) return null;
  const own = !durable.tellsLog || durable.holds(server.log, to);
  const has = (voter: string) => (voter === server.id ? own : leadership.of(voter).acked >= to);
  if (isQuorum(config, has)) return HELD;
  if (!server.acknowledgementsAreTold(to)) return unknown(`${server.id} does not tell every reply that it received`);
  const record = server.log.at(to);
  if (record !== null && mayLeaveOut(server, config, record))
    return unknown(`${server.id} has not sent the entry to all servers that it is known to count: it may go by another configuration`);
  return noMajority(server, to, own, config, leadership);
}

function commitsOwnTerm({ server: { id, log, term: ownTerm, roleSeq }, to }: CommitStep): Verdict {
  const term = log.termAt(to);
  if (term < 0 || ownTerm < 0 || term === ownTerm) return HELD;
  return broken(
    [log.at(to)?.seq ?? 0, roleSeq],
    `${id} leads term ${ownTerm} and commits index ${to}, whose entry is of term ${term}, by counting replicas`,
    `to commit it along with an entry of term ${ownTerm} (5.4.2)`,
  );
}

function noMajority(server: ServerModel, to: number, own: boolean, config: ConfigModel, leadership: Leadership): Broken {
  const { durable } = server;
  const voters = [...new Set([...config.voters, ...config.outgoing])];
  const have = voters.filter((voter) => voter !== server.id && leadership.of(voter).acked >= to);
  const self = own ? 'and itself' : `and not itself: its disk holds ${Math.min(durable.last, to - 1)} entries`;
  return broken(
    [server.log.at(to)?.seq ?? 0, durable.tellsLog ? durable.seq : 0, ...have.map((voter) => leadership.of(voter).ackedSeq)],
    `${server.id} commits index ${to}, acknowledged in term ${server.term} by ${have.length === 0 ? 'nobody' : have.join(', ')} ${self}: ` +
      `no majority of ${describeConfig(config)}`,
    `to wait for more acknowledgements of term ${server.term}`,
  );
}
