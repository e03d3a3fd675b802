import type { Cluster } from '../cluster/cluster.ts';
import { ELECTION_MS, type Scenario } from './scenario.ts';

export const rpcBytes: Scenario = {
  name: 'rpc-bytes',
  summary: 'ten commands of 5000 bytes; each is sent to each peer once',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('99', 3, false);
    const before = cluster.bytesTotal;
    let sent = 0;
    for (let index = 2; index < 12; index += 1) {
      const command = cluster.random.word(10).repeat(500);
      const at = await cluster.one(command, 3, false);
      if (at !== index) cluster.fail(`the command was put at index ${at} in place of ${index}`, 'agreement');
      sent += command.length;
    }
    const bytes = cluster.bytesTotal - before;
    const bytesMax = 3 * sent + 50_000;
    if (bytes > bytesMax) cluster.fail(`${bytes} bytes were sent for ${sent} bytes of commands; at most ${bytesMax} are allowed`, 'budget');
  },
};

const TRIES = 5;
const PROPOSALS = 10;

/** The labs repeat the test when the term changed during it, but only some times. */
async function inOneTerm(cluster: Cluster, attempt: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < TRIES; round += 1) {
    if (round > 0) await cluster.sleepMs(3000);
    if (await attempt()) return;
  }
  cluster.fail(`the term changed in each of ${TRIES} attempts`, 'leader');
}

const sameTerm = (cluster: Cluster, term: number): boolean => cluster.all.every((server) => cluster.state(server)?.term === term);

export const concurrentStarts: Scenario = {
  name: 'concurrent-starts',
  summary: 'five proposals at once; all five are there if the term did not change',
  servers: 3,
  run: (cluster) =>
    inOneTerm(cluster, async () => {
      const leader = await cluster.checkOneLeader();
      const first = await cluster.propose(leader, '1');
      if (first === null) return false;
      const indices: number[] = [];
      await Promise.all(
        [0, 1, 2, 3, 4].map((n) =>
          cluster.spawn(async () => {
            const proposed = await cluster.propose(leader, String(100 + n));
            if (proposed?.term === first.term) indices.push(proposed.index);
          }),
        ),
      );
      if (!sameTerm(cluster, first.term)) return false;
      const commands = new Set<unknown>();
      for (const index of indices) {
        const entry = await cluster.waitApplied(index, 3, first.term);
        if (entry === null) return false;
        commands.add(entry.command);
      }
      for (let n = 0; n < 5; n += 1) if (!commands.has(String(100 + n))) cluster.fail(`the command ${100 + n} is missing`, 'agreement');
      return true;
    }),
};

export const rpcCounts: Scenario = {
  name: 'rpc-counts',
  summary: '1 to 30 RPCs for the first election; at most 42 for 12 proposals; at most 60 in an idle second',
  servers: 3,
  budget: 'election=30,idle=60',
  run: async (cluster) => {
    await cluster.checkOneLeader();
    const election = cluster.rpcTotal;
    if (election < 1 || election > 30) cluster.fail(`the first election took ${election} RPCs; 1 to 30 are allowed`, 'budget');
    await inOneTerm(cluster, () => countProposals(cluster));
    const before = cluster.rpcTotal;
    await cluster.sleepMs(ELECTION_MS);
    const idle = cluster.rpcTotal - before;
    if (idle > 60) cluster.fail(`${idle} RPCs were sent in an idle second; at most 60 are allowed`, 'budget');
  },
};

async function countProposals(cluster: Cluster): Promise<boolean> {
  const leader = await cluster.checkOneLeader();
  const before = cluster.rpcTotal;
  const first = await cluster.propose(leader, '1');
  if (first === null) return false;
  const commands: string[] = [];
  for (let n = 1; n < PROPOSALS + 2; n += 1) {
    const command = `${n} ${cluster.random.word(6)}`;
    commands.push(command);
    const proposed = await cluster.propose(leader, command);
    if (proposed === null || proposed.term !== first.term) return false;
    if (proposed.index !== first.index + n)
      cluster.fail(`proposal ${n} was put at index ${proposed.index} in place of ${first.index + n}`, 'agreement');
  }
  for (const [n, command] of commands.entries()) {
    const entry = await cluster.waitApplied(first.index + n + 1, 3, first.term);
    if (entry === null) return false;
    if (entry.command !== command) cluster.fail(`index ${first.index + n + 1} holds another command than "${command}"`, 'agreement');
  }
  if (!sameTerm(cluster, first.term)) return false;
  const used = cluster.rpcTotal - before;
  const usedMax = (PROPOSALS + 1 + 3) * 3;
  if (used > usedMax) cluster.fail(`${used} RPCs were sent for ${PROPOSALS + 2} proposals; at most ${usedMax} are allowed`, 'budget');
  return true;
}
