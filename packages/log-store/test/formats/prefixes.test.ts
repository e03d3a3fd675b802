import { assert, suite } from '@raftlens/testing';
import { peel } from '../../src/formats/prefixes.ts';
import { lines, toldBy } from './told.ts';

const LINE = 'raft2026/03/03 14:20:00 INFO: 1 became follower at term 1';
const TIME = '2026-03-03T14:20:00.123456789Z';

const prefixes = suite('Prefixes');

const KNOWN: readonly (readonly [kind: string, line: string, host: string | undefined, app: string | undefined])[] = [
  ['docker compose', `store-1  | ${LINE}`, undefined, 'store-1'],
  ['docker service logs', `kv.1.x7f@host-2    | ${LINE}`, 'host-2', 'kv.1.x7f'],
  ['goreman', `14:20:00 etcd2 | ${LINE}`, undefined, 'etcd2'],
  ['kubectl --prefix', `[pod/etcd-0/etcd] ${LINE}`, undefined, 'etcd-0'],
  ['CRI', `${TIME} stderr F ${LINE}`, undefined, undefined],
  ['GitHub Actions', `${TIME} ${LINE}`, undefined, undefined],
  ['GitHub Actions with job and step', `test\tgo test\t${TIME} ${LINE}`, undefined, undefined],
  ['the journal', `Mar  3 14:20:00 n2 etcd[812]: ${LINE}`, 'n2', 'etcd'],
  ['the journal with ISO times', `2026-03-03T14:20:00+0000 n2 etcd[812]: ${LINE}`, 'n2', 'etcd'],
  ['syslog', `<30>1 ${TIME} n3 etcd 812 - - ${LINE}`, 'n3', 'etcd'],
  ['older syslog', `<30>Mar  3 14:20:00 n3 etcd[812]: ${LINE}`, 'n3', 'etcd'],
  ["Go's log package", `2026/03/03 14:20:00.123 raft.go:77: ${LINE}`, undefined, undefined],
  ['the indentation of a test runner', `    logger.go:146: ${LINE}`, undefined, undefined],
  ['docker in JSON', JSON.stringify({ log: `${LINE}\n`, stream: 'stderr', time: TIME }), undefined, undefined],
  ['the journal in JSON', JSON.stringify({ MESSAGE: LINE, _HOSTNAME: 'n1', __REALTIME_TIMESTAMP: '1772547600123456' }), 'n1', undefined],
  ['the journal in JSON, by bytes', JSON.stringify({ MESSAGE: [...Buffer.from(LINE)], _HOSTNAME: 'n1' }), 'n1', undefined],
];

for (const [kind, line, host, app] of KNOWN) {
  prefixes(`are taken from a line: ${kind}`, () => {
    const peeled = peel(line);
    assert.is(peeled?.rest, LINE);
    assert.is(peeled?.host, host);
    assert.is(peeled?.app, app);
  });
}

prefixes('may stand before each other, and tell the server', async () => {
  const stacked = (pod: string, text: string) =>
    `[pod/${pod}/kv] ${TIME} stdout F ${JSON.stringify({ log: `${text}\n`, stream: 'stdout' })}`;
  const { formats, told, peers } = await toldBy([
    'all.log',
    lines(
      stacked('kv-0', '2026-03-03T14:20:00.000Z [INFO]  raft: entering candidate state: node="Node at 10.0.0.1:1 [Candidate]" term=2'),
      stacked('kv-1', '2026-03-03T14:20:00.001Z [DEBUG] raft: voting for self: term=3 id=b'),
      stacked('kv-0', '2026-03-03T14:20:00.002Z [DEBUG] raft: voting for self: term=2 id=a'),
    ),
  ]);
  assert.equal(formats, ['hclog']);
  assert.equal(told, ['a BecomePreCandidate', 'b BecomeCandidate T3', 'a BecomeCandidate T2']);
  assert.equal(peers, ['a', 'b']);
});

prefixes('name the servers where the lines do not: by container, by machine, or by both', async () => {
  const won = '2026-03-03T14:20:00.000Z [INFO]  raft: election won: term=2 tally=2';
  const of = async (...all: readonly string[]) => (await toldBy(['all.log', lines(...all)])).told;
  assert.equal(await of(`a-1 | ${won}`, `a-2 | ${won}`), ['a-1 BecomeLeader T2', 'a-2 BecomeLeader T2']);
  assert.equal(await of(`Mar  3 14:20:00 n1 kv[7]: ${won}`, `Mar  3 14:20:00 n2 kv[9]: ${won}`), [
    'n1 BecomeLeader T2',
    'n2 BecomeLeader T2',
  ]);
  assert.equal(await of(`Mar  3 14:20:00 n1 kv1[7]: ${won}`, `Mar  3 14:20:00 n1 kv2[9]: ${won}`), [
    'kv1 BecomeLeader T2',
    'kv2 BecomeLeader T2',
  ]);
});

prefixes('give the time to lines that have none', async () => {
  const { told } = await toldBy([
    'out.log',
    lines('2026/03/03 14:20:00 S1(T3) start an election', '2026/03/03 14:20:01 Server 2 becoming leader T:4'),
  ]);
  assert.equal(told, ['S1 BecomeCandidate T3', 'S2 BecomeLeader T4']);
});

// A step that grows with the square of the length takes minutes here: the time that any test has says so.
prefixes('are looked for in a long hostile line as in a short one', () => {
  for (const piece of ['- ', '->', ' | ', '[a] ', '\t', '{"log"', '1970-01-01T', 'a: ', '<1>', '   ']) {
    const isPeeled = (count: number) => peel(piece.repeat(count)) !== null;
    assert.is(isPeeled(50_000), isPeeled(50), JSON.stringify(piece));
  }
});
