import { type Configuration, configurationOf, isJoint, type ServerId, sameServers } from '../configuration.ts';

/** The members that a change asks for. */
export interface ConfigurationChange {
  readonly voters: readonly ServerId[];
  readonly learners: readonly ServerId[];
}

/**
 * The configuration to append for a change, or null when it changes nothing. Another set of voters goes through a joint configuration,
 * where both the old and the new majority decide (6); a voter that is to become a learner keeps its vote until that is left. Learners
 * have no vote, so that a change of learners alone takes one step.
 */
export function configurationFor(current: Configuration, change: ConfigurationChange): Configuration | null {
  const voters = [...new Set(change.voters)];
  const learners = [...new Set(change.learners)].filter((id) => !voters.includes(id));
  if (sameServers(voters, current.voters)) {
    return sameServers(learners, current.learners) ? null : configurationOf(current.voters, learners);
  }
  const demoted = learners.filter((id) => current.voters.includes(id));
  return { voters, outgoing: current.voters, learners: learners.filter((id) => !demoted.includes(id)), learnersNext: demoted };
}

/** The configuration that ends a joint one (6: C_new). */
export function leaveJoint({ voters, learners, learnersNext }: Configuration): Configuration {
  return configurationOf(voters, [...learners, ...learnersNext]);
}

/**
 * One change at a time: not while an earlier one is uncommitted or joint, and not before the leader has committed an entry of its own
 * term, which tells it that no other change is under way (6; thesis 4.1).
 */
export function mayChange(current: Configuration, configurationIndex: number, commit: number, commitTerm: number, term: number): boolean {
  return !isJoint(current) && configurationIndex <= commit && commitTerm === term;
}

/** A joint configuration is left as soon as its entry is committed (6). */
export function mustLeaveJoint(current: Configuration, configurationIndex: number, commit: number): boolean {
  return isJoint(current) && configurationIndex <= commit;
}

/** A leader that is no voter of the new configuration steps down once that is committed, and not before (6). */
export function mustStepDown(current: Configuration, configurationIndex: number, commit: number, self: ServerId): boolean {
  return !isJoint(current) && configurationIndex <= commit && !current.voters.includes(self);
}
