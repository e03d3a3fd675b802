/**
 * What the servers 1, 2 and 3 of a cluster do, whatever program they are of: a script of acts, from which each phrasebook makes a log in the
 * words of its own program.
 */
export type Who = 1 | 2 | 3;

export type Act =
  | {
      readonly act: 'start';
      readonly who: Who;
      readonly term: number;
      readonly last: number;
      readonly commit: number;
      readonly isFirst: boolean;
    }
  | { readonly act: 'lead' | 'follow'; readonly who: Who; readonly term: number }
  /** `last` and `lastTerm` are of its own log. */
  | { readonly act: 'stand'; readonly who: Who; readonly term: number; readonly last: number; readonly lastTerm: number }
  /** The candidate `peer`, whose log ends at `last`, asks for the vote of `who`, and `who` takes that in. */
  | {
      readonly act: 'asked';
      readonly who: Who;
      readonly peer: Who;
      readonly term: number;
      readonly last: number;
      readonly lastTerm: number;
    }
  /** `last` and `lastTerm` are of the candidate's log. */
  | {
      readonly act: 'grant';
      readonly who: Who;
      readonly peer: Who;
      readonly term: number;
      readonly last: number;
      readonly lastTerm: number;
    }
  /** The vote of `peer` comes in at the candidate `who`. */
  | { readonly act: 'granted' | 'refused'; readonly who: Who; readonly peer: Who; readonly term: number }
  | {
      readonly act: 'append';
      readonly who: Who;
      readonly term: number;
      readonly index: number;
      readonly entryTerm: number;
      readonly hash: string;
    }
  /** Entries after `prev` come in at the follower `who`. */
  | {
      readonly act: 'given';
      readonly who: Who;
      readonly peer: Who;
      readonly term: number;
      readonly prev: number;
      readonly n: number;
      readonly commit: number;
    }
  /** The answer of `peer` comes in at the leader `who`. */
  | { readonly act: 'accepted' | 'rejected'; readonly who: Who; readonly peer: Who; readonly term: number; readonly index: number }
  | { readonly act: 'commit'; readonly who: Who; readonly term: number; readonly index: number; readonly from: number }
  | {
      readonly act: 'apply';
      readonly who: Who;
      readonly term: number;
      readonly index: number;
      readonly entryTerm: number;
      readonly hash: string;
    }
  | { readonly act: 'truncate'; readonly who: Who; readonly term: number; readonly index: number }
  | { readonly act: 'snapshot'; readonly who: Who; readonly term: number; readonly index: number }
  | { readonly act: 'panic'; readonly who: Who }
  | { readonly act: 'call' | 'answer'; readonly client: number; readonly f: 'read' | 'write'; readonly value: number | null };

export type Script = readonly Act[];

/** The log that the cluster has after `HEALTHY`: two entries of term 1, committed and applied everywhere. */
const HASHES = ['', '000000aa', '000000bb'] as const;

const start = (who: Who, term = 0, last = 0, commit = 0): Act => ({ act: 'start', who, term, last, commit, isFirst: term === 0 });

/** `peer` votes for the candidate. */
export function votes(candidate: Who, peer: Who, term: number, last: number, lastTerm: number): Script {
  return [
    { act: 'asked', who: peer, peer: candidate, term, last, lastTerm },
    { act: 'follow', who: peer, term },
    { act: 'grant', who: peer, peer: candidate, term, last, lastTerm },
    { act: 'granted', who: candidate, peer, term },
  ];
}

export function election(candidate: Who, peer: Who, term: number, last = 0, lastTerm = 0): Script {
  return [
    { act: 'stand', who: candidate, term, last, lastTerm },
    ...votes(candidate, peer, term, last, lastTerm),
    { act: 'lead', who: candidate, term },
  ];
}

function replicated(index: number): Script {
  const hash = HASHES[index] ?? '';
  const entry = { term: 1, index, entryTerm: 1, hash };
  const followers = [2, 3] as const;
  return [
    { act: 'append', who: 1, ...entry },
    ...followers.flatMap(
      (who): Script => [
        { act: 'given', who, peer: 1, term: 1, prev: index - 1, n: 1, commit: index - 1 },
        { act: 'append', who, ...entry },
        { act: 'accepted', who: 1, peer: who, term: 1, index },
      ],
    ),
    { act: 'commit', who: 1, term: 1, index, from: index - 1 },
    { act: 'apply', who: 1, ...entry },
    ...followers.flatMap(
      (who): Script => [
        { act: 'given', who, peer: 1, term: 1, prev: index, n: 0, commit: index },
        { act: 'commit', who, term: 1, index, from: index - 1 },
        { act: 'apply', who, ...entry },
      ],
    ),
  ];
}

const client: Script = [
  { act: 'call', client: 1, f: 'write', value: 1 },
  { act: 'answer', client: 1, f: 'write', value: 1 },
  { act: 'call', client: 2, f: 'read', value: null },
  { act: 'answer', client: 2, f: 'read', value: 1 },
];

/** An election in term 1, two entries that are committed and applied by all, an election in term 2. */
export const HEALTHY: Script = [
  start(1),
  start(2),
  start(3),
  ...election(1, 2, 1),
  { act: 'given', who: 3, peer: 1, term: 1, prev: 0, n: 0, commit: 0 },
  { act: 'follow', who: 3, term: 1 },
  ...replicated(1),
  ...replicated(2),
  ...client,
  ...election(2, 3, 2, 2, 1),
  { act: 'given', who: 1, peer: 2, term: 2, prev: 2, n: 0, commit: 2 },
  { act: 'follow', who: 1, term: 2 },
];

export interface Fault {
  readonly name: string;
  /** What the servers do, with a wrong step in it. */
  readonly log: Script;
  /** Rules, notices or kinds of failure that name it. */
  readonly named: RegExp;
  /** What a cluster without a fault may do: a program that tells too little writes the same log for it. */
  readonly legal: readonly Script[];
  /** A program in which the script itself is legal, and why. */
  readonly legalIn?: Readonly<Record<string, string>>;
}

/** 1 leads term 3 with the vote of 3; 2 has not heard of that, has stepped down, and stands in term 3 as well. */
const RIVALS: Script = [
  ...HEALTHY,
  ...election(1, 3, 3, 2, 1),
  { act: 'follow', who: 2, term: 2 },
  { act: 'stand', who: 2, term: 3, last: 2, lastTerm: 1 },
];
const SECOND_VOTE: Script = [
  { act: 'grant', who: 3, peer: 2, term: 3, last: 2, lastTerm: 1 },
  { act: 'granted', who: 2, peer: 3, term: 3 },
];

/** 1 has led term 1 without more than itself and 2 having its entries, which were not committed; it has lost them by a crash before they were on its disk. */
const UNCOMMITTED: Script = [
  start(1),
  start(2),
  start(3),
  ...election(1, 2, 1),
  { act: 'given', who: 3, peer: 1, term: 1, prev: 0, n: 0, commit: 0 },
  { act: 'follow', who: 3, term: 1 },
  ...[1, 2].flatMap(
    (index): Script => [
      { act: 'append', who: 1, term: 1, index, entryTerm: 1, hash: HASHES[index] ?? '' },
      { act: 'append', who: 2, term: 1, index, entryTerm: 1, hash: HASHES[index] ?? '' },
    ],
  ),
  ...client,
  ...election(2, 3, 2, 2, 1),
  { act: 'given', who: 1, peer: 2, term: 2, prev: 2, n: 0, commit: 0 },
  { act: 'follow', who: 1, term: 2 },
  start(2, 2, 2, 0),
  start(1, 2, 0, 0),
  ...election(1, 3, 3, 0, 0),
];

const after = (...acts: readonly Act[]): Script => [...HEALTHY, ...acts];
const THIRD = { term: 2, index: 3, entryTerm: 2 } as const;
/** 2 appends a third entry, replicates it to 3, and both commit it. */
const THIRD_COMMITTED: Script = [
  { act: 'append', who: 2, ...THIRD, hash: '000000cc' },
  { act: 'given', who: 3, peer: 2, term: 2, prev: 2, n: 1, commit: 2 },
  { act: 'append', who: 3, ...THIRD, hash: '000000cc' },
  { act: 'accepted', who: 2, peer: 3, term: 2, index: 3 },
  { act: 'commit', who: 2, term: 2, index: 3, from: 2 },
  { act: 'apply', who: 2, ...THIRD, hash: '000000cc' },
  { act: 'given', who: 3, peer: 2, term: 2, prev: 3, n: 0, commit: 3 },
  { act: 'commit', who: 3, term: 2, index: 3, from: 2 },
];
const UNSEEN = 'no line tells who votes, so that the majority may be of servers without a line';
const SAME_ELECTION = 'a candidate does not tell the term that it stands in: it may be one election';
const ADVANCED = 'with its advanced leader ids a term may have a leader for each node';

export const FAULTS: readonly Fault[] = [
  {
    name: 'two leaders in one term',
    log: [...RIVALS, { act: 'lead', who: 2, term: 3 }],
    named: /Election Safety|Candidates rule 2/,
    legal: [RIVALS],
    legalIn: { openraft: ADVANCED },
  },
  {
    name: 'a second vote in one term',
    log: [...RIVALS, ...SECOND_VOTE],
    named: /One vote per term|RequestVote receiver rule 2|State: votedFor/,
    legal: [RIVALS],
  },
  {
    name: 'a vote that is forgotten by a restart',
    log: [...RIVALS, start(3, 2, 2, 2), ...SECOND_VOTE],
    named: /Persistent state|One vote per term|RequestVote receiver rule 2/,
    legal: [[...RIVALS, start(3, 3, 2, 2)]],
    legalIn: { redpanda: UNSEEN, jraft: UNSEEN, scylla: UNSEEN },
  },
  {
    name: 'a leader that lacks what is committed',
    log: after(start(2, 2, 2, 2), start(1, 2, 0, 0), ...election(1, 3, 3, 0, 0)),
    named: /Leader Completeness|RequestVote receiver rule 2|Persistent state|lost its persistent state/,
    legal: [UNCOMMITTED],
  },
  {
    name: 'a disk that is put back to an old copy',
    log: after(start(2, 2, 2, 2), start(2, 1, 1, 1)),
    named: /Persistent state/,
    legal: [after(start(2, 2, 2, 2), start(2, 2, 2, 2)), after()],
  },
  {
    name: 'commitIndex that falls',
    log: after({ act: 'commit', who: 2, term: 2, index: 1, from: 2 }),
    named: /Commit index never falls/,
    legal: [HEALTHY],
  },
  {
    name: 'an entry that is applied out of order',
    log: after({ act: 'apply', who: 2, term: 2, index: 4, entryTerm: 2, hash: '000000dd' }),
    named: /All servers rule 1/,
    legal: [HEALTHY],
  },
  {
    name: 'two entries applied at one index',
    log: after(...THIRD_COMMITTED, { act: 'apply', who: 3, ...THIRD, hash: '000000dd' }),
    named: /State Machine Safety|All servers rule 1|Log Matching/,
    legal: [HEALTHY, after(...THIRD_COMMITTED, { act: 'apply', who: 3, ...THIRD, hash: '000000cc' })],
  },
  {
    name: 'two entries of one index and term',
    log: after(
      { act: 'append', who: 2, ...THIRD, hash: '000000cc' },
      { act: 'given', who: 3, peer: 2, term: 2, prev: 2, n: 1, commit: 2 },
      { act: 'append', who: 3, ...THIRD, hash: '000000dd' },
    ),
    named: /Log Matching|AppendEntries/,
    legal: [
      HEALTHY,
      after(
        { act: 'append', who: 2, ...THIRD, hash: '000000cc' },
        { act: 'given', who: 3, peer: 2, term: 2, prev: 2, n: 1, commit: 2 },
        { act: 'append', who: 3, ...THIRD, hash: '000000cc' },
      ),
    ],
  },
  {
    name: 'a leader that deletes its own entries',
    log: after({ act: 'truncate', who: 2, term: 2, index: 1 }),
    named: /Leader Append-Only/,
    legal: [HEALTHY],
  },
  {
    name: 'the same request refused for ever',
    log: after(...Array.from({ length: 40 }, (): Act => ({ act: 'rejected', who: 2, peer: 1, term: 2, index: 1 }))),
    named: /refused .* times in a row/,
    legal: [HEALTHY],
  },
  {
    name: 'elections in vain',
    log: after(
      { act: 'follow', who: 2, term: 2 },
      ...Array.from(
        { length: 12 },
        (_, at): Act => ({ act: 'stand', who: ([1, 2, 3] as const)[at % 3] ?? 1, term: 3 + at, last: 2, lastTerm: 1 }),
      ),
    ),
    named: /elections in a row/,
    legal: [HEALTHY],
    legalIn: { jraft: SAME_ELECTION, braft: SAME_ELECTION, openraft: SAME_ELECTION },
  },
  { name: 'a panic', log: after({ act: 'panic', who: 3 }), named: /the program failed/, legal: [HEALTHY] },
  {
    name: 'a read of what was never written',
    log: after({ act: 'call', client: 1, f: 'read', value: null }, { act: 'answer', client: 1, f: 'read', value: 7 }),
    named: /not linearizable/,
    legal: [HEALTHY],
  },
];
