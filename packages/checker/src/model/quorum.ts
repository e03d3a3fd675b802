import type { EntryRecord } from './entry-record.ts';
import type { ConfigModel, ServerModel } from './server-model.ts';

/** Whether those for whom `has` is true are a majority of the voters, and in a joint configuration of both halves (6). */
export function isQuorum(config: ConfigModel, has: (voter: string) => boolean): boolean {
  return isMajority(config.voters, has) && (config.outgoing.length === 0 || isMajority(config.outgoing, has));
}

function isMajority(voters: readonly string[], has: (voter: string) => boolean): boolean {
  let count = 0;
  for (const voter of voters) if (has(voter)) count++;
  return count * 2 > voters.length;
}

/**
 * Whether the leader may go by another configuration, of which no line tells: it has sent a voter nothing since it wrote the entry, although
 * it has to replicate it.
 */
export function mayLeaveOut(server: ServerModel, { voters, outgoing }: ConfigModel, { seq }: EntryRecord): boolean {
  const { leadership, id } = server;
  // Where the lines are numbered, one that told of another configuration would be missed.
  if (leadership === null || server.facts.isNumbered || !server.tells('sends')) return false;
  return [...voters, ...outgoing].some((voter) => voter !== id && leadership.of(voter).sentSeq < seq);
}

export function isVoter(config: ConfigModel, id: string): boolean {
  return config.voters.includes(id) || config.outgoing.includes(id);
}

export function describeConfig(config: ConfigModel): string {
  const joint = config.outgoing.length === 0 ? '' : ` and {${config.outgoing.join(', ')}}`;
  return `{${config.voters.join(', ')}}${joint}`;
}

/** Voters of either half, and learners. */
export function membersOf({ voters, outgoing, learners }: ConfigModel): readonly string[] {
  return [...voters, ...outgoing, ...learners];
}

export function isMember(config: ConfigModel, id: string): boolean {
  return isVoter(config, id) || config.learners.includes(id);
}

/** The highest index that a majority of the voters holds, in a joint configuration a majority of both halves (6). */
export function quorumIndex(config: ConfigModel, held: (voter: string) => number): number {
  const index = majorityIndex(config.voters, held);
  return config.outgoing.length === 0 ? index : Math.min(index, majorityIndex(config.outgoing, held));
}

/** The highest index that a majority of `voters` holds. */
export function majorityIndex(voters: readonly string[], held: (voter: string) => number): number {
  let highest = 0;
  for (const voter of voters) {
    const index = held(voter);
    if (index > highest && isMajority(voters, (other) => held(other) >= index)) highest = index;
  }
  return highest;
}
