import { assert, suite } from '@raftlens/testing';
import { lines, toldBy } from './told.ts';

const SERVERS =
  'servers="[{Suffrage:Voter ID:id-a Address:10.0.0.1:1} {Suffrage:Voter ID:id-b Address:10.0.0.2:1} {Suffrage:Voter ID:id-c Address:10.0.0.3:1}]"';
const at = (ms: number, text: string) => `2026-03-03T14:20:00.00${ms}Z [INFO]  agent.server.raft: ${text}`;
const boot = (ms: number) => at(ms, `initial configuration: index=1 ${SERVERS}`);

const identity = suite('Servers are called by their own lines');

identity('by the address that a configuration has for an id, whatever the files are called', async () => {
  const { told, peers } = await toldBy(
    ['server-a.log', lines(boot(1), at(3, 'entering follower state: follower="Node at 10.0.0.1:1 [Follower]" leader-address='))],
    ['server-b.log', lines(at(2, 'election won: term=2 tally=2'), at(4, 'entering leader state: leader="Node at 10.0.0.2:1 [Leader]"'))],
  );
  assert.equal(told, ['id-a Boot config=1 voters=id-a,id-b,id-c', 'id-b BecomeLeader T2', 'id-a BecomeFollower', 'id-b BecomeLeader']);
  assert.equal(peers, ['id-a', 'id-b', 'id-c'].slice(0, 2));
});

identity('and a file whose server nobody knows is held against no configuration', async () => {
  const { told } = await toldBy(['some.log', lines(boot(1), at(2, 'election won: term=2 tally=2'))]);
  assert.equal(told, ['some Boot config=1', 'some BecomeLeader T2']);
});

identity('and where several servers write one file, a line that does not say whose it is tells no step', async () => {
  const { told } = await toldBy([
    'test.log',
    lines(
      at(1, 'entering follower state: follower="Node at 10.0.0.1:1 [Follower]" leader-address='),
      at(2, 'entering follower state: follower="Node at 10.0.0.2:1 [Follower]" leader-address='),
      at(3, 'election won: term=2 tally=2'),
      at(4, 'entering leader state: leader="Node at 10.0.0.2:1 [Leader]"'),
    ),
  ]);
  assert.equal(told, ['10.0.0.1:1 BecomeFollower', '10.0.0.2:1 BecomeFollower', '10.0.0.2:1 BecomeLeader']);
});

identity("an address that was two servers' is nobody's name", async () => {
  const again = SERVERS.replace('id-a', 'id-d');
  const { told } = await toldBy([
    'x.log',
    lines(
      boot(1),
      at(2, `updating configuration: command=AddVoter ${again}`),
      at(3, 'entering leader state: leader="Node at 10.0.0.1:1 [Leader]"'),
    ),
  ]);
  assert.equal(told.at(-1), '10.0.0.1:1 BecomeLeader');
});

identity('a member of etcd tells its number with each sentence, and other lines of its file are its own', async () => {
  const zap = (ms: number, fields: object) => JSON.stringify({ level: 'info', ts: `2026-03-03T14:20:00.00${ms}Z`, ...fields });
  const { peers } = await toldBy([
    'infra1.log',
    lines(zap(1, { msg: 'serving client traffic' }), zap(2, { logger: 'raft', msg: '8e9e05c52164694d became follower at term 1' })),
  ]);
  assert.equal(peers, ['8e9e05c52164694d']);
});

identity('a log is one however few of its lines are about Raft', async () => {
  const other = Array.from({ length: 9000 }, (_, i) => `[${i}] GET /item/${i} 200 in ${i % 90} ms`);
  other.splice(8000, 0, at(1, 'election won: term=2 tally=2'));
  const { formats, told } = await toldBy(['web.log', lines(...other)]);
  assert.equal(formats, ['hclog']);
  assert.equal(told, ['web BecomeLeader T2']);
});
