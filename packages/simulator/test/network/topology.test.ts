import { assert, suite } from '@raftlens/testing';
import { Topology } from '../../src/network/topology.ts';

const it = suite('topology');

/** The links that carry, as "12 21": from S1 to S2 and back. */
function open(topology: Topology, servers: number): string {
  const links: string[] = [];
  for (let src = 0; src < servers; src += 1) {
    for (let dst = 0; dst < servers; dst += 1)
      if (src !== dst && topology.cuts[src * servers + dst] === 0) links.push(`${src + 1}${dst + 1}`);
  }
  return links.join(' ');
}

it('is whole at first', () => {
  assert.is(open(new Topology(3), 3), '12 13 21 23 31 32');
});

it('isolates one server, and lets it rejoin', () => {
  const topology = new Topology(3);
  topology.isolate(0, true);
  assert.is(open(topology, 3), '23 32');
  topology.isolate(0, false);
  assert.is(open(topology, 3), '12 13 21 23 31 32');
});

it('cuts one way', () => {
  const topology = new Topology(2);
  topology.cut(0, 1, true);
  assert.is(open(topology, 2), '21');
});

it('lets a server in two groups be the bridge between them', () => {
  const topology = new Topology(3);
  topology.partition([
    [0, 1],
    [1, 2],
  ]);
  assert.is(open(topology, 3), '12 21 23 32');
});

it('takes each cause away on its own', () => {
  const topology = new Topology(3);
  topology.isolate(0, true);
  topology.cut(0, 1, true);
  topology.partition([[0], [1, 2]]);
  topology.isolate(0, false);
  topology.partition([[0, 1, 2]]);
  assert.is(open(topology, 3), '13 21 23 31 32');
  topology.heal();
  assert.is(open(topology, 3), '12 13 21 23 31 32');
});
