import { assert, suite } from '@raftlens/testing';
import { allScenarios, runScenario } from '../src/index.ts';

const it = suite('the healthy core');

for (const scenario of allScenarios()) {
  it(`passes ${scenario.name}: ${scenario.summary}`, { timeoutMs: 20_000 }, async () => {
    for (const seed of scenario.name.startsWith('kv') ? ['1'] : ['1', '2']) {
      const { failure } = await runScenario(scenario, { seed });
      assert.is(failure, null, `seed ${seed}: ${failure?.message ?? ''}`);
    }
  });
}

it('costs no memory that stays: 120 runs later the heap is as it was', { timeoutMs: 30_000 }, async () => {
  const collect = globalThis.gc;
  const heap = async (): Promise<number> => {
    for (let n = 0; n < 60; n += 1) await runScenario('re-election', { seed: String(n) });
    collect?.();
    return process.memoryUsage().heapUsed;
  };
  await heap();
  const before = await heap();
  const after = await heap();
  // Without --expose-gc the collector decides for itself; a leak of whole runs would show all the same.
  const slackBytes = collect === undefined ? 40_000_000 : 1_000_000;
  assert.ok(after - before < slackBytes, `the heap grew by ${after - before} bytes over 60 runs`);
});
