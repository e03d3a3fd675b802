/** Kinds of lines, as far as rules rest on the absence of one: etcd's own log tells the votes that come in and not who asked for one. */
export interface Kinds {
  receives: boolean;
  sends: boolean;
  timeouts: boolean;
  persists: boolean;
  /** Requests that were received. */
  voteRequests: boolean;
  appends: boolean;
  snapshots: boolean;
  /** Replies that were received. */
  voteReplies: boolean;
  preVoteReplies: boolean;
  appendReplies: boolean;
  snapshotReplies: boolean;
  /** Votes that were granted, by those who granted them. */
  grants: boolean;
}

export type Kind = keyof Kinds;

export function noKinds(): Kinds {
  return {
    receives: false,
    sends: false,
    timeouts: false,
    persists: false,
    voteRequests: false,
    appends: false,
    snapshots: false,
    voteReplies: false,
    preVoteReplies: false,
    appendReplies: false,
    snapshotReplies: false,
    grants: false,
  };
}

/** What the log as a whole tells, whoever wrote it. */
export interface LogFacts {
  /** Lines are numbered, so that a missing one shows. */
  isNumbered: boolean;
  /** Lines carry the server's term whatever they tell: where it has changed in silence, the next line shows it. */
  writesStates: boolean;
  /** Starts of servers. */
  writesBoots: boolean;
  /** A server has counted a start beyond its first one. */
  countsBoots: boolean;
  /** Servers that became candidates. */
  writesCandidacies: boolean;
  /** Servers that became followers: a leader that steps down would say so. */
  writesFollowers: boolean;
  /** Somebody has led, and may have spoken to the others. */
  hasLeader: boolean;
  /** Kinds of lines that some server writes. */
  readonly kinds: Kinds;
}

export function noFacts(): LogFacts {
  return {
    isNumbered: false,
    writesStates: false,
    writesBoots: false,
    countsBoots: false,
    writesCandidacies: false,
    writesFollowers: false,
    hasLeader: false,
    kinds: noKinds(),
  };
}
