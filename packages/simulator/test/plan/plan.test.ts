import { assert, suite, throws } from '@raftlens/testing';
import fc from 'fast-check';
import { defineScenario, keepFailure, type Plan, readPlan, runScenario, SimulatorError, writePlan } from '../../src/index.ts';
import { stubborn } from './failing.ts';

const it = suite('plans');

const kept = async (): Promise<Plan> => (await keepFailure(stubborn, { seed: '1' })).plan;

it('repeat the run that they were kept from event for event, though the script is gone', async () => {
  const { plan, outcome } = await keepFailure(stubborn, { seed: '1' });
  assert.equal([plan.by, plan.traceHash], ['actions', outcome.traceHash]);
});

it('come back from their text as they were', async () => {
  const plan = await kept();
  assert.equal(readPlan(writePlan(plan)), plan);
});

it('of structure B, which answers a proposal later than it is made, stand in the order of time', async () => {
  const waiting = defineScenario({
    name: 'waiting',
    summary: '',
    servers: 3,
    run: async (cluster) => {
      await cluster.one('first', 3);
      const leader = await cluster.checkOneLeader();
      // A write of the leader is under way, and a proposal waits for the lock.
      for (const server of cluster.all) cluster.setDisk(server, 'async', 60_000);
      const proposals = [1, 2, 3].map((n) => cluster.spawn(async () => void (await cluster.propose(leader, `waits ${n}`)), 'propose'));
      for (let n = 0; n < 20; n += 1) {
        cluster.setSlow((leader + 1) % 3, n);
        await cluster.sleepMs(5);
      }
      await Promise.all(proposals);
      cluster.fail('enough');
    },
  });
  const { plan } = await keepFailure(waiting, { seed: '1', structure: 'locked' });
  const times = plan.actions.map(({ atUs }) => atUs);
  assert.ok(plan.actions.some((action) => action.do === 'propose' && action.command === 'waits 3'));
  assert.equal(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.equal(readPlan(writePlan(plan)), plan);
});

const refusal = async (change: (plan: Record<string, unknown>) => void, scenario?: string): Promise<string> => {
  const changed: unknown = JSON.parse(writePlan(await kept()));
  if (typeof changed !== 'object' || changed === null) throw new Error('a plan is an object');
  const members = Object.fromEntries(Object.entries(changed));
  change(members);
  const error = throws(() => readPlan(JSON.stringify(members), scenario), SimulatorError);
  return error instanceof Error ? error.message : '';
};

it('of another version are refused', async () => {
  assert.match(await refusal((plan) => (plan.version = 2)), /^plan\.version is 2, but this raftlens reads version 1/);
  assert.match(await refusal((plan) => (plan.tape = { version: 9, rest: 'calm', draws: {} })), /^plan\.tape\.version is 9/);
});

it('with unknown fields are refused, wherever they stand', async () => {
  assert.match(await refusal((plan) => (plan.colour = 'red')), /^plan\.colour is not known here/);
  assert.match(
    await refusal((plan) => (plan.actions = [{ atUs: 1, do: 'crash', server: 'S1', sever: 1 }])),
    /^plan\.actions\[0\]\.sever is not known here/,
  );
  assert.match(
    await refusal((plan) => (plan.actions = [{ atUs: 1, do: 'explode', server: 'S1' }])),
    /^plan\.actions\[0\]\.do must be one of/,
  );
});

it('with a value of another type or an unknown name are refused, with what was expected', async () => {
  assert.match(await refusal((plan) => (plan.actions = {})), /^plan\.actions must be a list, but is an object/);
  assert.match(await refusal((plan) => (plan.seed = null)), /^plan\.seed must be text, but is null/);
  assert.match(await refusal((plan) => delete plan.by), /^plan\.by must be one of actions, script, but is absent/);
  assert.match(
    await refusal((plan) => (plan.failure = { kind: 'bad luck', message: '' })),
    /^plan\.failure\.kind must be one of violation, /,
  );
});

it('of another scenario are refused', async () => {
  assert.match(await refusal(() => undefined, 'figure-8'), /^plan\.scenario is "stubborn", but "figure-8" was asked for/);
});

it('out of the order of time, with half a pair, or with impossible numbers are refused', async () => {
  const crash = (atUs: number): object => ({ atUs, do: 'crash', server: 'S1' });
  assert.match(await refusal((plan) => (plan.actions = [crash(2), crash(1)])), /^plan\.actions\[1\]\.atUs is 1, earlier/);
  assert.match(await refusal((plan) => (plan.tape = { version: 1, rest: 'calm', draws: { x: [1] } })), /half a pair/);
  assert.match(await refusal((plan) => (plan.endUs = -1)), /^plan\.endUs is -1/);
  assert.match(await refusal((plan) => (plan.endUs = 1.5)), /^plan\.endUs must be a whole number, but is number 1\.5/);
  assert.match(await refusal((plan) => (plan.endUs = 2 ** 60)), /^plan\.endUs is 1152921504606847000, but must be from 0 to/);
  assert.match(await refusal((plan) => (plan.actions = [{ atUs: 1, do: 'crash', server: 'one' }])), /servers are named S1/);
  assert.match(
    await refusal((plan) => (plan.actions = [{ atUs: 1, do: 'partition', groups: [['S1'], ['x']] }])),
    /^plan\.actions\[0\]\.groups\[1\]\[0\] is "x", but servers are named S1/,
  );
});

it('that name servers which the scenario does not have are refused when they are run', async () => {
  const plan = { ...(await kept()), actions: [{ atUs: 1, do: 'crash', server: 'S9' }] as const };
  try {
    await runScenario(stubborn, { seed: '1', plan });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /names S9, but "stubborn" has 3 servers/);
  }
});

const json = fc.jsonValue({ maxDepth: 3 });

it('that are any JSON at all give a plan or a clear error, never a crash', () => {
  fc.assert(
    fc.property(json, (value) => {
      throws(() => readPlan(JSON.stringify(value)), { code: 'BAD_PLAN' });
    }),
    { seed: 1, numRuns: 300 },
  );
});

it('with a part replaced by anything give a plan or a clear error, never a crash', async () => {
  const text = writePlan(await kept());
  const parsed: unknown = JSON.parse(text);
  const names = typeof parsed === 'object' && parsed !== null ? Object.keys(parsed) : [];
  fc.assert(
    fc.property(fc.constantFrom(...names), json, (name, value) => {
      const changed: unknown = JSON.parse(text);
      if (typeof changed !== 'object' || changed === null) return;
      try {
        readPlan(JSON.stringify({ ...changed, [name]: value }));
      } catch (error) {
        assert.instance(error, SimulatorError);
      }
    }),
    { seed: 2, numRuns: 500 },
  );
});
