/** A server's name: "S1". */
export type ServerId = string;

/** Who votes and who only listens (6). While `outgoing` is not empty the configuration is joint and needs both majorities. */
export interface Configuration {
  readonly voters: readonly ServerId[];
  readonly outgoing: readonly ServerId[];
  readonly learners: readonly ServerId[];
  /** Learners of the joint configuration's end: voters that are demoted when it is left, never before. */
  readonly learnersNext: readonly ServerId[];
}
