import type { Event } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { defineScenario, runScenario } from '../../src/index.ts';

const it = suite('faults of disks');

it('are drawn by swarm, and a server that lost its disk does not come back under its old name', { timeoutMs: 60_000 }, async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 400 && seen.size < 4; seed += 1) {
    const gone = new Set<string>();
    const { failure } = await runScenario('swarm', {
      seed: `disk-${seed}`,
      trace: ({ op, node, kind, detail, target }: Event) => {
        if (op === 'Boot') assert.not.ok(gone.has(node), `${node} starts without its disk`);
        if (op !== 'Fault' || target === undefined) return;
        if (kind === 'wipe' || kind === 'corrupt') gone.add(target);
        if (kind === 'wipe' || kind === 'damage') seen.add(detail ?? '');
      },
    });
    assert.is(failure, null, failure?.message);
  }
  assert.is(seen.size, 4, [...seen].join('; '));
});

it('keep a server down: for good after bits flipped, for one start after a short read', async () => {
  const spoilt = defineScenario({
    name: 'spoilt',
    summary: 'restarts servers whose disks were damaged',
    servers: 3,
    run: async (cluster) => {
      await cluster.one('before', 3);
      for (const how of ['short-read', 'bit-flip'] as const) {
        cluster.damage(0, how);
        assert.ok(cluster.isUp(0), 'nothing shows while the server runs');
        cluster.crash(0);
        cluster.restart(0);
        assert.not.ok(cluster.isUp(0));
        cluster.restart(0);
        assert.is(cluster.isUp(0), how === 'short-read');
      }
      cluster.calm();
      assert.not.ok(cluster.isUp(0));
      await cluster.one('after', 2);
    },
  });
  assert.is((await runScenario(spoilt, { seed: '1' })).failure, null);
});
