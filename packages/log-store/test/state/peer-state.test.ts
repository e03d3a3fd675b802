import { type Event, encodeLine } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { Cluster } from '../../bench/cluster.ts';
import { compareNames, openText, type PeerState } from '../../src/index.ts';

const states = suite('The state of every server');

const EVENTS = 15_000;

/** Elections and heartbeats of five servers, one of which is crashed now and then, with test output between the lines. */
function history(): readonly (Event | string)[] {
  const lines: (Event | string)[] = [];
  const cluster = new Cluster((event) => lines.push(event), 5);
  while (lines.length < EVENTS) {
    cluster.round();
    if (lines.length % 7 === 0) lines.push('a line of the test');
    if (lines.length % 11 === 0)
      lines.push({ seq: lines.length, time: 0, node: 'TEST', boot: 0, op: 'Crash', src: 'TEST', dst: 'TEST', target: 'S2' });
  }
  return lines;
}

/** By reading everything from the first line to the row. */
function expectedAt(lines: readonly (Event | string)[], row: number): ReadonlyMap<string, Partial<PeerState>> {
  const expected = new Map<string, Partial<PeerState>>();
  lines.slice(0, row + 1).forEach((event, at) => {
    if (typeof event === 'string') return;
    if (event.op === 'Crash') {
      const known = expected.get(event.target ?? '');
      if (known !== undefined) expected.set(event.target ?? '', { ...known, alive: false });
    } else if (event.role !== undefined) {
      expected.set(event.node, { row: at, alive: true, role: event.role, term: event.term ?? null, commit: event.commit ?? null });
    }
  });
  return expected;
}

states('is what reading from the start gives, before, at and behind the checkpoints', async () => {
  const lines = history();
  const log = openText(lines.map((line) => `${typeof line === 'string' ? line : encodeLine(line)}\n`).join(''));
  await log.done;
  for (const row of [0, 1, 17, 4094, 4095, 4096, 4097, 8191, 8192, 9999, 12_288, log.size - 1, 5000, 4095]) {
    const told = [...log.stateAt(row)].map(([name, { row: at, alive, role, term, commit }]) => [
      name,
      { row: at, alive, role, term, commit },
    ]);
    assert.equal(
      told,
      [...expectedAt(lines, row)].sort(([a], [b]) => compareNames(a, b)),
    );
  }
  log.close();
});

states('grows with a log that is still read', async () => {
  const log = openText(
    history()
      .map((line) => `${typeof line === 'string' ? line : encodeLine(line)}\n`)
      .join(''),
  );
  const first = log.size - 1;
  const before = [...log.stateAt(first)];
  await log.done;
  assert.ok(log.size > first + 1);
  assert.equal([...log.stateAt(first)], before);
  assert.ok(Math.max(...[...log.stateAt(log.size - 1).values()].map(({ row }) => row)) > log.size - 200);
  log.close();
});
