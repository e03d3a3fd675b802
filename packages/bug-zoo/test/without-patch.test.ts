import { defineScenario, runScenario } from '@raftlens/simulator';
import { assert, suite } from '@raftlens/testing';

const it = suite('bugs that no patch of the core can hold');

/** A server whose disk was replaced comes back under its old name, and votes: a mistake of its operator (nats-server#5939, etcd#10166). */
const wipedVotes = defineScenario({
  name: 'e23-wiped-server-votes',
  summary: 'a committed command is on two disks, one of which is lost; its server then helps to elect the one that lacks the command',
  servers: 3,
  run: async (cluster) => {
    await cluster.one('everywhere', 3);
    const leader = await cluster.checkOneLeader();
    const [wiped = 0, behind = 0] = cluster.all.filter((server) => server !== leader);
    cluster.disconnect(behind);
    await cluster.one('on two disks', 2);
    cluster.wipe(wiped);
    cluster.restart(wiped);
    cluster.disconnect(leader);
    cluster.connect(behind);
    await cluster.one('after that', 2);
  },
});

it('E23: a wiped server that votes under its old name is named, although the core is healthy', async () => {
  const { violations } = await runScenario(wipedVotes, { seed: '1' });
  assert.is(violations[0]?.rule, 'Persistent state: lost disk');
  assert.match(violations[0]?.why ?? '', /grants a vote although it has lost what its disk held/);
});
