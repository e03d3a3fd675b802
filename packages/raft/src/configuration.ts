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

/** The configuration of a new cluster. */
export function configurationOf(voters: readonly ServerId[], learners: readonly ServerId[] = []): Configuration {
  return { voters, outgoing: [], learners, learnersNext: [] };
}

export function isJoint(configuration: Configuration): boolean {
  return configuration.outgoing.length > 0;
}

/** Whether the server has a vote, in either half. */
export function isVoter(configuration: Configuration, id: ServerId): boolean {
  return configuration.voters.includes(id) || configuration.outgoing.includes(id);
}

/** Everybody whom the leader sends entries to, itself included, each once. */
export function membersOf(configuration: Configuration): readonly ServerId[] {
  return [...new Set([...configuration.voters, ...configuration.outgoing, ...configuration.learners])];
}

/** Whether the two name the same servers for the same things. */
export function sameConfiguration(left: Configuration, right: Configuration): boolean {
  return (
    sameServers(left.voters, right.voters) &&
    sameServers(left.outgoing, right.outgoing) &&
    sameServers(left.learners, right.learners) &&
    sameServers(left.learnersNext, right.learnersNext)
  );
}

/** Whether two lists without repetitions name the same servers, in any order. */
export function sameServers(left: readonly ServerId[], right: readonly ServerId[]): boolean {
  return left.length === right.length && left.every((id) => right.includes(id));
}
