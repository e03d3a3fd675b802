import type { Event } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { defineScenario, keepFailure, replay, runScenario, sameFailure, shrink } from '../../src/index.ts';
import { minimise } from '../../src/plan/minimise.ts';
import { withoutServer } from '../../src/plan/smaller-cluster.ts';
import { hastyCore, stubborn } from './failing.ts';

const it = suite('kept failures');

it('fail again, by their actions alone, with the same hash', async () => {
  const { plan, outcome } = await keepFailure('figure-8-unreliable', { seed: '1', core: hastyCore });
  assert.is(plan.by, 'actions');
  assert.ok(sameFailure(plan.failure, outcome.failure));
  const again = await replay(plan, { core: hastyCore });
  assert.ok(again.same);
});

it('of checks are made again under the plan', async () => {
  const { plan } = await keepFailure(stubborn, { seed: '3' });
  assert.is(plan.by, 'actions');
  assert.is(plan.failure?.kind, 'agreement');
  assert.is((await runScenario(stubborn, { seed: '3', plan })).failure?.kind, 'agreement');
});

it('that only the script can judge keep the script', async () => {
  const scenario = defineScenario({
    name: 'verdict',
    summary: '',
    servers: 3,
    run: (cluster) => cluster.checkOneLeader().then(() => cluster.fail('I do not like it')),
  });
  const { plan } = await keepFailure(scenario, { seed: '1' });
  assert.is(plan.by, 'script');
  const again = await replay(plan, { scenario });
  assert.ok(again.same);
  assert.is(again.outcome.failure?.message, 'I do not like it');
});

it('say where a run goes another way', async () => {
  const { plan } = await keepFailure('figure-8-unreliable', { seed: '1', core: hastyCore });
  const healthy = await replay(plan);
  assert.not.ok(healthy.same);
  assert.is(healthy.difference?.fromSeq, 1);
});

it('are compared with the events that were kept, field by field', async () => {
  const { plan } = await keepFailure('figure-8-unreliable', { seed: '1', core: hastyCore });
  const kept: Event[] = [];
  await runScenario('figure-8-unreliable', { seed: '1', core: hastyCore, trace: (event) => kept.push(event) });
  assert.ok((await replay(plan, { core: hastyCore, expected: kept })).same);
  const vote = kept.findIndex((event) => event.op === 'BecomeLeader');
  const changed = kept.map((event, at) => (at === vote ? { ...event, vote: 'S9' } : event));
  const { same, difference } = await replay(plan, { core: hastyCore, expected: changed });
  assert.equal([same, difference?.fromSeq, difference?.toSeq], [false, vote + 1, vote + 1]);
  assert.match(difference?.expected ?? '', /"vote":"S9"/);
  assert.not.ok((await replay(plan, { core: hastyCore, expected: kept.slice(0, -1) })).same);
});

it('shrink to what fails in the same way', { timeoutMs: 30_000 }, async () => {
  const { plan } = await keepFailure('figure-8-unreliable', { seed: '1', core: hastyCore });
  const report = await shrink(plan, { core: hastyCore, budgetCpuMs: 3000 });
  assert.ok(report.after.actions <= report.before.actions);
  assert.ok(
    report.after.actions + report.after.deviations < 5,
    `left ${report.after.actions} actions and ${report.after.deviations} deviations`,
  );
  const again = await replay(report.plan, { core: hastyCore });
  assert.ok(again.same);
  assert.ok(sameFailure(again.outcome.failure, plan.failure));
});

it('shrink until no action can be left out, even when the failure may then come a moment later', { timeoutMs: 60_000 }, async () => {
  const { plan } = await keepFailure('figure-8', { seed: '1', core: hastyCore });
  const { plan: shrunk, ended } = await shrink(plan, { core: hastyCore, budgetCpuMs: 30_000 });
  assert.is(ended, 'done');
  for (const left of shrunk.actions) {
    const actions = shrunk.actions.filter((action) => action !== left);
    const longer = { ...shrunk, actions, endUs: Math.min(shrunk.endUs, plan.endUs) + 1_500_000 };
    const { failure } = await runScenario('figure-8', { seed: plan.seed, core: hastyCore, plan: longer });
    assert.not.ok(sameFailure(failure, plan.failure), `${left.do} can be left out`);
  }
});

it('leave out servers, load and whole kinds of faults, and never do more than the whole plan did', { timeoutMs: 60_000 }, async () => {
  const { plan } = await keepFailure('figure-8-unreliable', { seed: '1', core: hastyCore });
  const report = await shrink(plan, { core: hastyCore, budgetCpuMs: 5000 });
  assert.ok((report.plan.setup?.servers ?? 5) < 5);
  assert.ok(report.after.events <= report.before.events);
});

it('name the servers behind one that is left out by their new place, with what was drawn for them', async () => {
  const { plan } = await keepFailure('figure-8-unreliable', { seed: '1', core: hastyCore });
  const few = {
    ...plan,
    actions: [
      { atUs: 1, do: 'crash', server: 'S2' },
      { atUs: 2, do: 'cut', from: 'S1', to: 'S3' },
      { atUs: 3, do: 'partition', groups: [['S1', 'S2'], ['S2'], ['S3', 'S5']] },
    ],
    tape: { version: 1, rest: 'calm', draws: { 'timer S2': [0, 5], 'timer S3': [0, 6], 'net.delay S1->S3': [0, 7] } },
  } as const;
  const less = withoutServer(few, 2, 5, 5);
  assert.equal(less.setup, { servers: 4, voters: 4 });
  assert.equal(less.actions, [
    { atUs: 2, do: 'cut', from: 'S1', to: 'S2' },
    { atUs: 3, do: 'partition', groups: [['S1'], ['S2', 'S4']] },
  ]);
  assert.equal(less.tape.draws, { 'timer S2': [0, 6], 'net.delay S1->S2': [0, 7] });
});

it('that do not fail any more are not shrunk', async () => {
  const { plan } = await keepFailure('figure-8-unreliable', { seed: '1', core: hastyCore });
  const report = await shrink(plan);
  assert.is(report.ended, 'not-reproduced');
  assert.is(report.plan, plan);
});

it('of an agreement do not shrink into asking for more than the cluster could give', { timeoutMs: 30_000 }, async () => {
  const { plan } = await keepFailure(stubborn, { seed: '3' });
  const { plan: shrunk } = await shrink(plan, { scenario: stubborn, budgetCpuMs: 2000 });
  assert.ok(shrunk.actions.some((action) => action.do === 'isolate'));
});

it('are minimised by leaving out what is not needed', async () => {
  const items = Array.from({ length: 100 }, (_, n) => n);
  const needs = async (rest: readonly number[]): Promise<boolean> => rest.includes(17) && rest.includes(64);
  assert.equal(await minimise(items, needs, () => false), [17, 64]);
});
