import type { ServerModel } from './server-model.ts';
import type { Step } from './step.ts';

/** A fact of a server that a log may or may not tell. */
export interface Fact {
  /** The parts of the model that hold it. */
  readonly parts: readonly (keyof ServerModel)[];
  isKnown(this: void, step: Step): boolean;
  /** Since which line, by its seq; 0 where no one line tells it. */
  since(this: void, step: Step): number;
  /** What to say of a step that cannot be judged without it. */
  missing(this: void, step: Step): string;
}

const always = () => true;
const noLine = () => 0;

/** A part of the model that says itself whether it is known. */
function part(...parts: (keyof ServerModel)[]): Fact {
  return { parts, isKnown: always, since: noLine, missing: () => '' };
}

/**
 * What is known of a server, and since which line. A rule names the facts that it needs; where one is not known, the rule is not held against
 * the step, and says so.
 */
export const FACTS = {
  term: {
    parts: ['term', 'termSeq'],
    isKnown: ({ server }) => server.term >= 0,
    since: ({ server }) => server.termSeq,
    missing: ({ server }) => `the term of ${server.id} is not told`,
  },
  role: {
    parts: ['role', 'roleSeq', 'roleKnown', 'tellsRoles'],
    isKnown: ({ server }) => server.roleKnown,
    since: ({ server }) => server.roleSeq,
    missing: ({ server }) => `the role of ${server.id} is not told`,
  },
  vote: {
    parts: ['vote', 'voteSeq', 'voteKnown'],
    isKnown: ({ server }) => server.voteKnown,
    since: ({ server }) => server.voteSeq,
    missing: ({ server }) => `no line tells votedFor of ${server.id}`,
  },
  commit: {
    parts: ['commit', 'commitSeq'],
    isKnown: ({ server, event }) => (event.commit ?? server.commit) >= 0,
    since: ({ server }) => server.commitSeq,
    missing: ({ server }) => `no line tells commitIndex of ${server.id}`,
  },
  applied: {
    parts: ['applied', 'appliedSeq', 'handedOver', 'appliesInBatches', 'servedIndex'],
    isKnown: ({ server }) => server.applied >= 0,
    since: ({ server }) => server.appliedSeq,
    missing: ({ server }) => `no line tells lastApplied of ${server.id}`,
  },
  log: {
    parts: ['log', 'logSeq', 'truncated'],
    isKnown: ({ server }) => server.log.known,
    since: ({ server }) => server.logSeq,
    missing: ({ server }) => `no line tells of the log of ${server.id}`,
  },
  /** The term and the vote on the disk. */
  'durable state': {
    parts: ['durable'],
    isKnown: ({ server }) => server.durable.tellsState,
    since: ({ server }) => server.durable.seq,
    missing: ({ server }) => `${server.id} does not tell which term and vote it persists`,
  },
  'durable log': {
    parts: ['durable'],
    isKnown: ({ server }) => server.durable.tellsLog,
    since: ({ server }) => server.durable.seq,
    missing: ({ server }) => `${server.id} does not tell up to where it persists its log`,
  },
  members: {
    parts: ['config', 'configBefore'],
    isKnown: ({ config }) => config !== null,
    since: ({ config }) => config?.seq ?? 0,
    missing: ({ server }) => `the configuration of ${server.id} is not told`,
  },
  /** What others have received from it, and what its starts have told. */
  proven: part('proven', 'stoodWith'),
  /** Terms in which it stood, which it led, and votes that it gave: what the log has told of them. */
  history: part('candidacies', 'led', 'cast', 'firstCast', 'told', 'ballots', 'preBallots', 'historyFrom', 'asked'),
  candidacies: {
    parts: ['roleKnown'],
    isKnown: ({ server }) => server.facts.writesCandidacies && server.facts.writesStates,
    since: noLine,
    missing: () => 'no line tells that a server became a candidate',
  },
  restarts: {
    parts: ['restartsAreTold'],
    isKnown: ({ server }) => server.restartsAreTold,
    since: noLine,
    missing: () => 'no line tells when a server has started',
  },
  'received messages': {
    parts: ['messagesAreTold'],
    isKnown: ({ server }) => server.messagesAreTold,
    since: noLine,
    missing: ({ server }) => `${server.id} does not tell which messages it received, or not yet all kinds of them`,
  },
  'received RequestVotes': {
    parts: ['voteRequestsAreTold', 'votes', 'preVotes'],
    isKnown: ({ server }) => server.voteRequestsAreTold,
    since: noLine,
    missing: ({ server }) => `${server.id} does not tell which RequestVotes it received`,
  },
  'received votes': {
    parts: ['votesAreTold'],
    isKnown: ({ server }) => server.votesAreTold,
    since: ({ server }) => server.termSeq,
    missing: ({ server }) => `${server.id} does not tell which votes it received`,
  },
  'received pre-votes': {
    parts: ['preVotesAreTold'],
    isKnown: ({ server }) => server.preVotesAreTold,
    since: ({ server }) => server.roleSeq,
    missing: ({ server }) => `${server.id} does not tell which pre-votes it received`,
  },
  'received AppendEntries': {
    parts: ['appendsAreTold', 'appends', 'commitBound', 'commitBoundSeq'],
    isKnown: ({ server }) => server.appendsAreTold,
    since: noLine,
    missing: ({ server }) => `${server.id} does not tell its term and log, or which AppendEntries it received and answered`,
  },
  'received InstallSnapshots': {
    parts: ['snapshotsAreTold', 'snapshots', 'restoreIndex', 'pendingSnapshots'],
    isKnown: ({ server }) => server.snapshotsAreTold,
    since: noLine,
    missing: ({ server }) => `${server.id} does not tell which InstallSnapshots it received`,
  },
  /** What a leader was told by its peers in its term. */
  acknowledgements: {
    parts: ['leadership', 'acknowledgementsAreTold'],
    isKnown: ({ server }) => server.acknowledgementsAreTold(Number.MAX_SAFE_INTEGER),
    since: ({ server }) => server.leadership?.seq ?? 0,
    missing: ({ server }) => `${server.id} does not tell which replies it received`,
  },
  'begun reads': {
    parts: ['reads', 'missesReads'],
    isKnown: ({ server }) => !server.missesReads && server.tells('receives'),
    since: noLine,
    missing: ({ server }) => `${server.id} does not tell which reads it has begun`,
  },
  /** What messages have told of higher terms and of leaders. */
  heard: part(
    'heardTerm',
    'heardSeq',
    'heardTime',
    'heardSteps',
    'ignorableTerm',
    'leaderSeq',
    'leaderTime',
    'leaderSteps',
    'contactSeq',
    'lastLeader',
    'lastLeaderTerm',
    'staleLeader',
    'staleLeaderSeq',
  ),
  /** What it owes because of its own steps. */
  duties: part('duties'),
  'heard leaders': {
    parts: ['leadersAreTold'],
    isKnown: ({ server }) => server.leadersAreTold,
    since: ({ server }) => server.termSeq,
    missing: ({ server }) => `${server.id} does not tell which AppendEntries it received`,
  },
  timeouts: {
    parts: ['timeoutsAreTold', 'timeoutSeq', 'justStarted', 'transferSeq', 'staleTransferSeq'],
    isKnown: ({ server }) => server.timeoutsAreTold,
    since: noLine,
    missing: ({ server }) => `${server.id} does not tell when its timers run out, or not of every message that it takes in`,
  },
  timers: part('electionTimer', 'clockIsBent', 'heartbeatMs'),
  /** Kinds of lines that the log has: whether the absence of a line means anything. */
  kinds: part('facts', 'kinds', 'tells'),
} as const satisfies Readonly<Record<string, Fact>>;

export type FactName = keyof typeof FACTS;

/** Which facts hold a part of the model, any of which lets a rule read it; none for what every line tells: the server's name, its start. */
export const FACTS_OF_PART: ReadonlyMap<string, readonly FactName[]> = factsOfParts();

function factsOfParts(): Map<string, FactName[]> {
  const found = new Map<string, FactName[]>();
  for (const name of Object.keys(FACTS) as FactName[]) for (const of of FACTS[name].parts) found.set(of, [...(found.get(of) ?? []), name]);
  return found;
}
