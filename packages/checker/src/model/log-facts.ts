/** What kinds of lines the log has, whoever wrote them. */
export interface LogFacts {
  writesPersists: boolean;
  /** Replies that were received, by kind: an election without them may just not be told. */
  writesVoteReplies: boolean;
  writesPreVoteReplies: boolean;
  writesAppendReplies: boolean;
}
