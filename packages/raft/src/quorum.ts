import type { Configuration, ServerId } from './configuration.ts';

/** How many of `count` servers are a majority. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** The highest index that a majority of the members holds; 0 without members, so that an empty half never commits anything. */
export function majorityIndex(members: readonly { readonly counted: number }[]): number {
  const needed = majorityOf(members.length);
  let highest = 0;
  for (const { counted } of members) {
    if (counted > highest && countAtLeast(members, counted) >= needed) highest = counted;
  }
  return highest;
}

function countAtLeast(members: readonly { readonly counted: number }[], index: number): number {
  let count = 0;
  for (const { counted } of members) {
    if (counted >= index) count++;
  }
  return count;
}

/** Whether the servers that `has` is true for are a majority of the voters, and in a joint configuration of the outgoing voters too (6). */
export function isQuorum(configuration: Configuration, has: (id: ServerId) => boolean): boolean {
  return isMajority(configuration.voters, has) && (configuration.outgoing.length === 0 || isMajority(configuration.outgoing, has));
}

function isMajority(voters: readonly ServerId[], has: (id: ServerId) => boolean): boolean {
  let count = 0;
  for (const id of voters) {
    if (has(id)) count++;
  }
  return count >= majorityOf(voters.length);
}

export type Tally = 'won' | 'lost' | 'open';

/** How an election stands: votes are counted by voter, so that a repeated reply counts once (5.2). */
export function tallyVotes(configuration: Configuration, votes: ReadonlyMap<ServerId, boolean>): Tally {
  if (isQuorum(configuration, (id) => votes.get(id) === true)) return 'won';
  return isQuorum(configuration, (id) => votes.get(id) !== false) ? 'open' : 'lost';
}
