import type { ClusterState } from '../model/cluster-state.ts';
import { type EntryRecord, isAgain, sameDigest } from '../model/entry-record.ts';
import { describeConfig, isQuorum, mayLeaveOut } from '../model/quorum.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { ChangeStep, CommittedStep, ElectedStep, EntryStep, LogStep, Step } from '../model/step.ts';
import { appliesTheSame, leaderSendsCommitted } from './observed/commits.ts';
import { leaderHoldsCommitted, leadsAlone as observedLeadsAlone } from './observed/elections.ts';
import { entriesMatch, leaderDeletesNothing, sendsTheSameEntry } from './observed/logs.ts';
import { at, broken, HELD, type RuleRow, seen, unknown, type Verdict } from './rule.ts';

/** Figure 3, and that what is committed is durable. They fall because of a wrong step, so that they are judged after the rules of steps. */
export const INVARIANTS = {
  'election-safety': {
    title: 'Election Safety',
    section: 'figure 3; 5.2',
    about: 'elections',
    text: 'At most one leader is elected in a term.',
    kind: 'invariant',
    checks: [at('elected', { reads: ['term'], judge: leadsAlone })],
    observed: [seen('leads', observedLeadsAlone)],
  },
  'leader-append-only': {
    title: 'Leader Append-Only',
    section: 'figure 3; 5.3',
    about: 'logs',
    text: 'A leader never deletes or overwrites an entry of its own log; it only adds entries.',
    kind: 'invariant',
    checks: [
      at('own entries go', { reads: ['term', 'role', 'log'], counts: false, judge: overwrites }),
      at('leader has written', { judge: () => HELD }),
    ],
    observed: [seen('save', leaderDeletesNothing), seen('leader sends again', sendsTheSameEntry)],
  },
  'log-matching': {
    title: 'Log Matching',
    section: 'figure 3; 5.3',
    about: 'logs',
    text: 'Two logs that have an entry with the same index and term hold the same command there and are identical before it.',
    kind: 'invariant',
    checks: [at('entry enters', { judge: matches }), at('log is lost', { judge: lost })],
    observed: [seen('entry is seen again', entriesMatch)],
  },
  'leader-completeness': {
    title: 'Leader Completeness',
    section: 'figure 3; 5.4',
    about: 'commits',
    text: 'An entry that was committed in a term is in the log of every leader of a higher term.',
    kind: 'invariant',
    checks: [
      at('elected', { governs: hasToHold, needs: ['log'], reads: ['term'], judge: isComplete }),
      at('elected', { governs: (step) => !hasToHold(step), reads: ['term', 'proven'], judge: isLongEnough }),
    ],
    observed: [seen('leads', leaderHoldsCommitted), seen('committed entry is sent', leaderSendsCommitted)],
  },
  'state-machine-safety': {
    title: 'State Machine Safety',
    section: 'figure 3; 5.4.3',
    about: 'commits',
    text: 'No two servers commit or apply different entries at the same index.',
    kind: 'invariant',
    checks: [at('entry is committed', { judge: isTheOnlyOne }), at('Apply does not tell its entry', { judge: tellsWhatItApplies })],
    observed: [seen('apply is seen again', appliesTheSame)],
  },
  'quorum-durable': {
    title: 'Committed is durable',
    section: '5.3, 5.4.2; thesis 10.2.1',
    about: 'commits',
    text: 'A committed entry is on the disks of a majority, so that no minority of crashes can lose it.',
    kind: 'invariant',
    checks: [at('leader has committed', { needs: ['members', 'log'], reads: ['kinds', 'acknowledgements'], judge: isOnDisks })],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** Two leaders at once in different terms are legal. */
function leadsAlone({ server, leader }: ElectedStep): Verdict {
  if (leader === null || (leader.node === server.id && leader.boot === server.boot)) return HELD;
  const other = leader.node === server.id ? `its own incarnation ${leader.boot}` : leader.node;
  return broken(
    [leader.seq],
    `${server.id} became leader of term ${server.term}, which ${other} already led`,
    'no second leader in this term',
  );
}

function overwrites({ server, event, index }: LogStep): Verdict {
  const { id, log } = server;
  const term = log.termAt(index);
  const entry = term < 0 ? `entry ${index}` : `entry ${index} of term ${term}`;
  return broken(
    [log.at(index)?.seq ?? 0, server.roleSeq],
    `${id} led term ${server.term} and ${event.op === 'Truncate' ? 'deleted' : 'overwrote'} ${entry} of its own log`,
    log.known ? `entries after ${log.last} only` : 'entries at the end of the log only',
  );
}

/**
 * Whole logs are never compared. Each pair of index and term has one record with one predecessor; when every entry that enters a log agrees
 * with its record, the property follows by induction, at a constant cost for each entry.
 */
function matches({ event, record, digest, prev }: EntryStep): Verdict {
  if (record === null) return HELD;
  if (!sameDigest(record.digest, digest)) return holdsOther(event.node, record, digest.hash);
  if (record.prev === null || prev === null || record.prev === prev || isAgain(record.prev, prev)) return HELD;
  return broken(
    [record.prev.seq, prev.seq, record.seq],
    `entry ${record.index} of term ${record.term} follows an entry of term ${prev.term} (${prev.digest.hash}) at ${event.node} ` +
      `and one of term ${record.prev.term} (${record.prev.digest.hash}) at ${record.node}`,
    `entry ${record.index} of term ${record.term} only after entry ${record.prev.index} of term ${record.prev.term}`,
  );
}

function holdsOther(node: string, record: EntryRecord, hash: string): Verdict {
  return broken(
    [record.seq],
    `entry ${record.index} of term ${record.term} is ${hash} at ${node} and ${record.digest.hash} at ${record.node}`,
    `the entry ${record.term}:${record.digest.hash} at index ${record.index}`,
  );
}

function lost({ server, event }: Step): Verdict {
  return unknown(`the log of ${server.id} changed by line ${event.seq} without an Append or Truncate that tells how`);
}

/** How many entries committed by later terms are passed over in search of one of a lower term. */
const SEARCH_MAX = 10_000;

function hasToHold({ server, cluster }: ElectedStep): boolean {
  return highestBelow(cluster, server.term) !== null;
}

/**
 * Only entries committed in LOWER terms count: a candidate of an old term that wins late, when a later term has already committed entries,
 * lacks those entries and breaks nothing. The highest committed entry is enough: its record stands for all before it.
 */
function isComplete({ server, cluster }: ElectedStep): Verdict {
  const committed = highestBelow(cluster, server.term);
  if (committed === null) return null;
  const { log } = server;
  if (committed.index <= log.base)
    return log.baseTerm < 0 ? unknown(`the events do not tell the log of ${server.id} up to ${log.base}`) : null;
  if (log.at(committed.index) === committed) return HELD;
  const missing = lowestMissing(cluster, server, committed);
  const held = log.at(missing.index);
  const has = held === null ? `its log ends at ${log.last}` : `it has an entry of term ${held.term} (${held.digest.hash}) there`;
  return broken(
    [missing.seq, missing.committedSeq, held?.seq ?? 0],
    `${server.id} leads term ${server.term} without entry ${missing.index} of term ${missing.term} (${missing.digest.hash}), ` +
      `which ${missing.committedNode} committed in term ${missing.committedTerm}: ${has}`,
    `a leader whose log holds entry ${missing.index} of term ${missing.term}`,
  );
}

/** Where no entries are told, how far servers of lower terms had committed, and where the candidate's log ended. */
function isLongEnough({ server: { id, term, stoodWith }, cluster: { committed } }: ElectedStep): Verdict {
  const mark = committed.below(term);
  if (mark === null || stoodWith === null || stoodWith.term !== term) return null;
  if (stoodWith.last >= mark.index) return HELD;
  return broken(
    [mark.seq, stoodWith.seq],
    `${id} leads term ${term} with a log that ended at ${stoodWith.last} when it stood, but ${mark.node} had committed up to ${mark.index} in term ${mark.term}`,
    `a leader whose log reaches at least to ${mark.index}`,
  );
}

function highestBelow({ entries }: ClusterState, term: number): EntryRecord | null {
  const lowest = Math.max(1, entries.committedMax - SEARCH_MAX);
  for (let index = entries.committedMax; index >= lowest; index--) {
    const record = entries.committedAt(index);
    // Whoever committed it may not tell its term.
    if (record !== null && record.committedTerm >= 0 && record.committedTerm < term) return record;
  }
  return null;
}

function lowestMissing({ entries }: ClusterState, { log }: ServerModel, from: EntryRecord): EntryRecord {
  let missing = from;
  for (let index = from.index - 1; index > log.base; index--) {
    const record = entries.committedAt(index);
    if (record === null || record === log.at(index)) break;
    missing = record;
  }
  return missing;
}

function isTheOnlyOne({ event, record, isSame, index, digest, entrySeq }: CommittedStep): Verdict {
  if (record === null || isSame) return HELD;
  const did = event.op === 'Apply' ? 'applied' : 'committed';
  return broken(
    [record.seq, record.committedSeq, entrySeq],
    `${event.node} ${did} entry ${index} of term ${digest.term} (${digest.hash}); ` +
      `${record.committedNode} committed term ${record.term} (${record.digest.hash}) at that index`,
    `the entry of term ${record.term} (${record.digest.hash})`,
  );
}

function tellsWhatItApplies({ server }: Step): Verdict {
  return unknown(`Apply of ${server.id} lacks index, entryTerm or hash`);
}

/**
 * When a leader commits an entry, it is on the disks of a majority. Acknowledgements tell the leader so; this looks at the disks themselves,
 * by the Persist lines of all servers, and so finds a promise that was not kept wherever it was made.
 */
function isOnDisks({ server, cluster, config, to }: ChangeStep): Verdict {
  const record = server.log.at(to);
  if (!server.facts.kinds.persists) return unknown('no server tells what has become durable (Persist)');
  if (config === null || record === null) return unknown(`the entry that ${server.id} commits is not told`);
  if (isQuorum(config, (voter) => holds(cluster, voter, record, false))) return HELD;
  if (isQuorum(config, (voter) => holds(cluster, voter, record, true)))
    return unknown('of too many servers it is not told what their disks hold');
  if (mayLeaveOut(server, config, record))
    return unknown(`${server.id} has not sent the entry to all servers that it is known to count: it may go by another configuration`);
  const lacking = [...new Set([...config.voters, ...config.outgoing])].filter((voter) => !holds(cluster, voter, record, true));
  return broken(
    [record.seq, ...lacking.map((voter) => cluster.find(voter)?.durable.seq ?? 0)],
    `${server.id} commits index ${record.index} (term ${record.term}), which is not on the disks of ${lacking.join(', ')}: ` +
      `no majority of ${describeConfig(config)} has made it durable`,
    'to wait until a majority has made it durable',
  );
}

/** Whether the disk holds the entry; `unless` is the answer where that is not told. */
function holds(cluster: ClusterState, voter: string, record: EntryRecord, unless: boolean): boolean {
  const server = cluster.find(voter);
  if (server === null || cluster.isBehindGap(server)) return unless;
  const { durable } = server;
  if (!durable.tellsLog || durable.wasLost) return unless;
  if (durable.snapshot >= record.index) return true;
  if (durable.last < record.index) return false;
  const held = durable.at(record.index);
  return held === null || held === record;
}
