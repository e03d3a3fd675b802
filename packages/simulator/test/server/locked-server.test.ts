import { assert, rejects, suite } from '@raftlens/testing';
import { runScenario } from '../../src/run/run.ts';
import { labNames } from '../../src/scenarios/registry.ts';

const it = suite('structure B in the simulator');

it('passes every scenario of the labs', { timeoutMs: 120_000 }, async () => {
  for (const name of labNames) {
    const { failure } = await runScenario(name, { seed: 'labs', structure: 'locked' });
    assert.is(failure, null, `${name}: ${failure?.message}`);
  }
});

it('passes them with shuffled tasks, and has no race', { timeoutMs: 120_000 }, async () => {
  for (const name of ['initial-election', 're-election', 'rejoin-of-old-leader', 'persist-more', 'snapshot-basic', 'snapshot-init']) {
    const { failure } = await runScenario(name, { seed: 'races', structure: 'locked', race: true });
    assert.is(failure, null, `${name}: ${failure?.message}`);
  }
});

it('passes swarm, whose membership changes and transfers come to nothing here', { timeoutMs: 60_000 }, async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { failure } = await runScenario('swarm', { seed: `locked ${seed}`, structure: 'locked' });
    assert.is(failure, null, `seed ${seed}: ${failure?.message}`);
  }
});

it('gives the same events to the byte for the same seed, shuffled or not', async () => {
  for (const race of [false, true]) {
    const once = await runScenario('persist-basic', { seed: '7', structure: 'locked', race });
    const again = await runScenario('persist-basic', { seed: '7', structure: 'locked', race });
    assert.is(again.traceHash, once.traceHash);
  }
});

it('runs another schedule when tasks are shuffled', async () => {
  const calm = await runScenario('persist-basic', { seed: '7', structure: 'locked' });
  const shuffled = await runScenario('persist-basic', { seed: '7', structure: 'locked', race: true });
  assert.is.not(shuffled.traceHash, calm.traceHash);
});

it('keeps the stacks of a race only where the run is traced, and traces the same events then', async () => {
  const silent = await runScenario('initial-election', { seed: '3', structure: 'locked', race: true });
  const traced = await runScenario('initial-election', { seed: '3', structure: 'locked', race: true, trace: () => undefined });
  assert.is(traced.traceHash, silent.traceHash);
});

it('refuses scenarios that need what structure B does not have', async () => {
  await rejects(() => runScenario('leadership-transfer', { seed: '1', structure: 'locked' }), { code: 'NO_SUCH_FEATURE' });
});

it('refuses to look for races in the state machine, which has one task', async () => {
  await rejects(() => runScenario('initial-election', { seed: '1', race: true }), { code: 'NO_RACES' });
});
