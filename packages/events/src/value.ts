/** The role of a server. A learner is a follower without a vote in the configuration. */
export type Role = 'follower' | 'precandidate' | 'candidate' | 'leader';

/** What the network did with a message: it left its sender, it reached its receiver, or it was lost. */
export type Direction = 'send' | 'recv' | 'drop';

/** A log entry in an event: its term and a digest of its command. That is enough to rebuild logs. */
export interface EntryDigest {
  readonly term: number;
  /** Eight lower-case hexadecimal digits: see `digestOf`. */
  readonly hash: string;
}
