/**
 * What kinds of lines the log has, whoever wrote them. A rule that rests on the absence of a line needs to know that lines of its kind
 * would be there: etcd's own log tells the votes that come in and not who asked for one.
 */
export interface LogFacts {
  writesPersists: boolean;
  /** Lines carry the server's term whatever they tell: where it has changed in silence, the next line shows it. */
  writesStates: boolean;
  /** Starts of servers. */
  writesBoots: boolean;
  /** Servers that became candidates. */
  writesCandidacies: boolean;
  /** Requests that were received, by kind. */
  writesVoteRequests: boolean;
  writesAppends: boolean;
  writesSnapshots: boolean;
  /** Replies that were received, by kind. */
  writesVoteReplies: boolean;
  writesPreVoteReplies: boolean;
  writesAppendReplies: boolean;
  /** Votes that were granted, by those who granted them. */
  writesGrants: boolean;
}

export function noFacts(): LogFacts {
  return {
    writesPersists: false,
    writesStates: false,
    writesBoots: false,
    writesCandidacies: false,
    writesVoteRequests: false,
    writesAppends: false,
    writesSnapshots: false,
    writesVoteReplies: false,
    writesPreVoteReplies: false,
    writesAppendReplies: false,
    writesGrants: false,
  };
}
