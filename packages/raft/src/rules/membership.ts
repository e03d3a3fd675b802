import { type Configuration, configurationOf, isJoint, type ServerId, sameServers } from '../configuration.ts';
import { majorityOf } from '../quorum.ts';

/** The members that a change asks for. */
export interface ConfigurationChange {
  readonly voters: readonly ServerId[];
  readonly learners: readonly ServerId[];
}

/**
 * What is wrong with the members that a change asks for, whatever the state of the cluster; null when nothing is. Without a voter nobody
 * could ever commit anything again, the next change included.
 */
export function problemOfChange({ voters, learners }: ConfigurationChange): string | null {
  const listed = problemOfList('voters', voters) ?? problemOfList('learners', learners);
  if (listed !== null) return listed;
  const both = learners.find((id) => voters.includes(id));
  if (both !== undefined) return `${JSON.stringify(both)} is a voter and a learner: make it one of the two`;
  return voters.length === 0 ? 'no voters: name at least one server that has a vote' : null;
}

/** The same for the configuration that a server starts with. It may have no voters: a spare waits until it is added. */
export function problemOfConfiguration({ voters, outgoing, learners, learnersNext }: Configuration): string | null {
  const lists = { voters, outgoing, learners, learnersNext };
  for (const [name, list] of Object.entries(lists)) {
    const problem = problemOfList(name, list);
    if (problem !== null) return problem;
  }
  const both = learners.find((id) => voters.includes(id) || outgoing.includes(id));
  return both === undefined ? null : `${JSON.stringify(both)} is a voter and a learner: make it one of the two`;
}

/** Written for callers without types too: a list that repeats a server would count it twice. */
function problemOfList(name: string, list: unknown): string | null {
  if (!Array.isArray(list)) return `${name} is no list of servers: give an array of ids`;
  const ids: readonly unknown[] = list;
  const wrong = ids.find((id) => typeof id !== 'string' || id === '');
  if (ids.includes('') || wrong !== undefined) return `${name} holds ${JSON.stringify(wrong)}: a server's id is a text that is not empty`;
  const repeated = ids.find((id, position) => ids.indexOf(id) !== position);
  return repeated === undefined ? null : `${name} names ${JSON.stringify(repeated)} more than once: name each server once`;
}

/**
 * What a leader knows of a server's being there: it was heard from within an election timeout, it was not though it was sent something, or
 * it is new and nobody can tell yet.
 */
export type Reach = 'heard' | 'silent' | 'unknown';

/**
 * Whether a majority of these voters can be there. A configuration whose majority is silent would stop the cluster, and no other could
 * follow it, since that would have to be committed by this one (6). New servers are taken on trust, but for one voter at least.
 */
export function mayReachMajority(voters: readonly ServerId[], reachOf: (id: ServerId) => Reach): boolean {
  const reaches = voters.map(reachOf);
  return reaches.includes('heard') && reaches.filter((reach) => reach !== 'silent').length >= majorityOf(voters.length);
}

/**
 * The configuration to append for a change, or null when it changes nothing. Another set of voters goes through a joint configuration,
 * where both the old and the new majority decide (6); a voter that is to become a learner keeps its vote until that is left. Learners
 * have no vote, so that a change of learners alone takes one step.
 */
export function configurationFor(current: Configuration, change: ConfigurationChange): Configuration | null {
  const voters = [...change.voters];
  const learners = [...change.learners];
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
