import type { ConfigModel } from './server-model.ts';

/** Whether those for whom `has` is true are a majority of the voters, and in a joint configuration of both halves (6). */
export function isQuorum(config: ConfigModel, has: (voter: string) => boolean): boolean {
  return isMajority(config.voters, has) && (config.outgoing.length === 0 || isMajority(config.outgoing, has));
}

function isMajority(voters: readonly string[], has: (voter: string) => boolean): boolean {
  let count = 0;
  for (const voter of voters) if (has(voter)) count++;
  return count * 2 > voters.length;
}

export function isVoter(config: ConfigModel, id: string): boolean {
  return config.voters.includes(id) || config.outgoing.includes(id);
}

export function describeConfig(config: ConfigModel): string {
  const joint = config.outgoing.length === 0 ? '' : ` and {${config.outgoing.join(', ')}}`;
  return `{${config.voters.join(', ')}}${joint}`;
}
