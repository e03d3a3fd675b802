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
    isKnown: ({ server }) => server.commit >= 0,
    since: ({ server }) => server.commitSeq,
    missing: ({ server }) => `no line tells commitIndex of ${server.id}`,
  },
  applied: {
    parts: ['applied', 'appliedSeq'],
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
  disk: {
    parts: ['durable'],
    isKnown: ({ server }) => server.durable.told,
    since: ({ server }) => server.durable.seq,
    missing: ({ server }) => `${server.id} does not tell what it persists`,
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
  history: part('candidacies', 'led', 'cast', 'firstCast', 'told', 'ballots', 'preBallots'),
  /** The whole term is told, from its beginning on. */
  'whole term': part('termIsWhole', 'enteredTerm'),
  'vote requests': part('votes', 'preVotes'),
  appends: part('appends', 'commitBound', 'commitBoundSeq'),
  snapshots: part('snapshots', 'restoreIndex', 'pendingSnapshots'),
  /** What a leader was told by its peers in its term. */
  acknowledgements: part('leadership', 'acknowledgementsAreTold'),
  reads: part('reads'),
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
  timers: part('electionTimer', 'clockIsBent', 'timeoutSeq', 'justStarted', 'heartbeatMs', 'transferSeq', 'staleTransferSeq'),
  /** Kinds of lines that the log has: whether the absence of a line means anything. */
  kinds: part('facts', 'writesReceives', 'writesSends', 'writesTimeouts', 'restartsAreTold'),
} as const satisfies Readonly<Record<string, Fact>>;

export type FactName = keyof typeof FACTS;

/** Which fact holds a part of the model; none for what every line tells: the server's name, its start. */
export const FACT_OF_PART: ReadonlyMap<string, FactName> = new Map(
  (Object.keys(FACTS) as FactName[]).flatMap((name) => FACTS[name].parts.map((of) => [of as string, name] as const)),
);
