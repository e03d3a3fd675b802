import { sameDigest } from '../model/entry-record.ts';
import type { AppendReplyStep, BootStep, LossStep, PromiseStep, Step, VoteStep } from '../model/step.ts';
import { countsOwnDurableVote, winsByVotes } from './elections.ts';
import { keepsVote, restoresLog, savesNoLowerTerm, savesOwnVote, savesTerm, savesVote } from './observed/disks.ts';
import { acknowledgesWhatIsSaved } from './observed/logs.ts';
import { grantIsDurable, grants } from './request-vote.ts';
import { at, type Broken, broken, HELD, type RuleRow, seen, type Verdict } from './rule.ts';

/** Figure 2, State: what has to be on stable storage before a server answers, and what a restart brings back (5.1, 5.2, 5.3, 5.5). */
export const RESTART = {
  'persistent-restart': {
    title: 'Persistent state: restart',
    section: 'figure 2, State; 5.5',
    about: 'disks',
    text: 'A server starts with the term, the vote, the snapshot and the log that it had made durable.',
    kind: 'step',
    checks: [
      at('boot', { counts: false, judge: startsOnSnapshot }),
      at('boot', { reads: ['commit', 'durable log'], judge: startsWithKnownCommit }),
      at('boot', { governs: hasItsDisk, reads: ['durable state', 'durable log', 'log'], judge: startsAsItsDisk }),
      at('starts with less than it had', { judge: startsWithAllOfIt }),
      at('vote', { reads: ['term', 'durable state', 'proven'], judge: keepsItsVoteOverRestarts }),
    ],
    observed: [seen('save', savesNoLowerTerm), seen('save', restoresLog)],
  },
  'lost-disk': {
    title: 'Persistent state: lost disk',
    section: 'figure 2, State; 5.5',
    about: 'disks',
    text: 'A server that lost what it had made durable may not vote or acknowledge under its old name: others count on what it promised.',
    kind: 'step',
    checks: [at('promises after a loss', { reads: ['durable log'], judge: promises })],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

export const VOTED_FOR = {
  'voted-for': {
    title: 'State: votedFor',
    section: 'figure 2, State; 5.2',
    about: 'elections',
    text: "votedFor names the candidate that has the server's vote of the current term: it stands while the term lasts and is empty when a new one begins.",
    kind: 'step',
    checks: [at('vote', { reads: ['term', 'vote'], judge: keepsItsVote })],
    observed: [seen('save', keepsVote)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

export const DURABLE_BEFORE_REPLY = {
  'persistent-vote': {
    title: 'Persistent state: votedFor',
    section: 'figure 2, State; 5.2',
    about: 'disks',
    text: 'A vote is on stable storage before the reply that grants it leaves, so that a restart cannot give it to another candidate.',
    kind: 'step',
    checks: [
      at('sends RequestVoteReply', { governs: grants, needs: ['durable state'], reads: ['term', 'vote'], judge: grantIsDurable }),
      at('role', {
        governs: winsByVotes,
        needs: ['members', 'received votes', 'durable state'],
        reads: ['term', 'vote', 'history'],
        judge: countsOwnDurableVote,
      }),
    ],
    observed: [seen('reply', savesVote), seen('leads', savesOwnVote)],
  },
  'persistent-term': {
    title: 'Persistent state: currentTerm',
    section: 'figure 2, State; 5.1',
    about: 'disks',
    text: 'A reply that binds the server in a term leaves only once that term is on stable storage.',
    kind: 'step',
    checks: [at('sends AppendEntriesReply', { governs: acknowledges, needs: ['durable state'], reads: ['term'], judge: termIsDurable })],
    observed: [seen('reply', savesTerm)],
  },
  'persistent-log': {
    title: 'Persistent state: log',
    section: 'figure 2, State; 5.3',
    about: 'disks',
    text: 'A follower acknowledges only entries that are on its stable storage; entries that were cut are taken off it before others stand in their place.',
    kind: 'step',
    checks: [
      at('sends AppendEntriesReply', { governs: acknowledges, needs: ['durable log'], reads: ['term', 'log'], judge: entriesAreDurable }),
      at('writes what follows a cut', { reads: ['duties', 'durable log'], judge: cutsItsDisk }),
    ],
    observed: [seen('reply', acknowledgesWhatIsSaved)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** votedFor changes within the term. */
function keepsItsVote({ server, candidate, isTakenAlong }: VoteStep): Verdict {
  if (candidate === null)
    return broken([server.voteSeq], `${server.id} forgets its vote for ${server.vote} of term ${server.term}`, `votedFor ${server.vote}`);
  if (!isTakenAlong) return HELD;
  return broken(
    [server.voteSeq],
    `${server.id} takes its vote for ${candidate} along into term ${server.term}`,
    'votedFor null in the new term',
  );
}

function acknowledges({ event }: AppendReplyStep): boolean {
  return event.success === true;
}

function termIsDurable({ server, event }: AppendReplyStep): Verdict {
  const { durable } = server;
  const term = event.msgTerm ?? server.term;
  if (durable.term >= term) return HELD;
  return broken(
    [server.termSeq, durable.seq],
    `${server.id} acknowledges entries in term ${term} while its disk holds term ${durable.term}`,
    'the reply after the Persist of the term',
  );
}

function entriesAreDurable({ server, event, appendRequest: request }: AppendReplyStep): Verdict {
  const { durable, log } = server;
  // A reply of a term that has passed tells what was true when it was made; the log may have been replaced since.
  if ((event.msgTerm ?? server.term) < server.term) return null;
  const match = event.match ?? (request === null ? 0 : request.prev + request.n);
  if (match === 0 || match > log.last || durable.holds(log, match)) return HELD;
  return broken(
    [log.at(match)?.seq ?? 0, server.logSeq, durable.seq],
    `${server.id} acknowledges entries up to ${match} while its disk holds them up to ${Math.min(durable.last, match - 1)} only`,
    'the reply after the Persist of the entries',
  );
}

function cutsItsDisk({ server: { id, duties, durable }, event }: Step): Verdict {
  if (/truncate|snapshot/.test(event.what ?? '')) return HELD;
  return broken(
    [duties.cutSeq, durable.seq],
    `${id} has cut its log from index ${duties.cutIndex} on, which its disk held, and writes others there ("${event.what}") without deleting those`,
    'a Persist that says truncate',
  );
}

/** A server whose disk was wiped or damaged promises something again under its old name. */
function promises({ server, does }: PromiseStep): Verdict {
  return broken(
    [server.durable.lostSeq, server.bootSeq],
    `${server.id} ${does} although it has lost what its disk held: it may have promised otherwise before`,
    'to join anew, under another name or as a learner, before it votes or acknowledges',
  );
}

function startsOnSnapshot({ server, event }: Step): Verdict {
  const { applied, snapshotIndex = 0 } = event;
  if (applied === undefined || applied >= snapshotIndex) return null;
  return broken(
    [],
    `${server.id} starts with lastApplied ${applied} on a snapshot of index ${snapshotIndex}`,
    `lastApplied ${snapshotIndex}`,
  );
}

/** commitIndex is volatile. A server may keep it all the same; but it cannot start with more than it knew. */
function startsWithKnownCommit({ server, event, from }: BootStep): Verdict {
  const { commit, snapshotIndex = 0 } = event;
  if (from < 0 || commit === undefined || commit <= Math.max(from, snapshotIndex, server.durable.snapshot)) return null;
  return broken(
    [server.commitSeq],
    `${server.id} starts with commitIndex ${commit}, but before the restart it knew only entries up to ${from} to be committed`,
    `commitIndex ${Math.max(from, snapshotIndex)} at most`,
  );
}

/** What others have received of the server, or its starts before have told, it must have had on its disk (figure 2, State). */
function startsWithAllOfIt({ server, event, loss, isSameCluster }: LossStep): Verdict {
  const { told, before, beforeSeq, seq } = loss;
  const text = `${server.id} starts ${told}, but ${before} before`;
  if (!isSameCluster)
    return {
      notice: `line ${seq}: ${text} (line ${beforeSeq}): another run begins there, or the server has lost its persistent state (a disk that was wiped or put back)`,
    };
  return {
    ...broken([beforeSeq, seq], `${text}: its persistent state is lost`, 'a start with what its disk held'),
    node: server.id,
    ...(seq === event.seq ? {} : { seq }),
  };
}

/** A vote that its candidate has received stands while the term lasts, whatever the starts in between tell. */
function keepsItsVoteOverRestarts({ server, candidate }: VoteStep): Verdict {
  const { durable, bootSeq, proven } = server;
  if (candidate === null || durable.tellsState || proven.vote === null || proven.vote.term !== server.term) return null;
  if (bootSeq <= proven.vote.seq || candidate === proven.vote.candidate) return null;
  // It may be another run.
  if (proven.pending?.hasContact === false) return null;
  return broken(
    [proven.vote.seq, bootSeq],
    `${server.id} votes for ${candidate} in term ${server.term}, in which ${proven.vote.candidate} has its vote since before it started again: its votedFor is lost`,
    `votedFor ${proven.vote.candidate}`,
  );
}

function hasItsDisk({ server: { durable } }: BootStep): boolean {
  return (durable.tellsState || durable.tellsLog) && durable.lostSeq === 0;
}

function startsAsItsDisk(step: BootStep): Verdict {
  const { durable } = step.server;
  const wrong = [
    durable.tellsState ? otherVote(step) : null,
    durable.tellsLog ? otherSnapshot(step) : null,
    durable.tellsLog ? otherLog(step) : null,
  ].filter((found) => found !== null);
  return wrong.length === 0 ? HELD : wrong;
}

function otherVote({ server: { id, durable }, event: { term, vote } }: BootStep): Broken | null {
  if (term !== durable.term || vote === undefined || vote === durable.vote || durable.vote === null) return null;
  return broken(
    [durable.seq],
    `${id} starts with votedFor ${vote ?? 'null'} in term ${term}, but its disk held ${durable.vote}`,
    `votedFor ${durable.vote}`,
  );
}

function otherSnapshot({ server: { id, durable }, event: { snapshotIndex, commit } }: BootStep): Broken | null {
  if (snapshotIndex === undefined || durable.snapshot === 0) return null;
  // A server may keep entries before its snapshot; then it starts with the snapshot's index as commitIndex.
  if (snapshotIndex >= durable.snapshot || (commit !== undefined && commit >= durable.snapshot)) return null;
  return broken(
    [durable.seq],
    `${id} starts from a snapshot of index ${snapshotIndex}, but its disk held one of index ${durable.snapshot}`,
    `the snapshot of index ${durable.snapshot}`,
  );
}

function otherLog({ server: { id, durable, log } }: BootStep): Broken | null {
  const { certain } = durable;
  if (log.hole || certain <= log.base) return null;
  if (certain > log.last)
    return broken(
      [durable.tip?.seq ?? 0, durable.seq],
      `${id} starts with a log up to ${log.last}, but its disk held it up to ${certain}`,
      `entries up to ${certain}`,
    );
  const record = log.at(certain);
  const held = durable.at(certain);
  // What all servers have compacted is forgotten, so that an entry which a crash brings back may have a record of its own.
  if (record === null || held === null || record === held || sameDigest(record.digest, held.digest)) return null;
  return broken(
    [held.seq, durable.seq],
    `${id} starts with an entry of term ${record.term} at index ${certain}, but its disk held one of term ${held.term}`,
    `the entry of term ${held.term}`,
  );
}
