import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { type Act, type Action, type Plan, RELIABLE, readPlan, runScenario, writePlan } from '../../src/index.ts';

const it = suite('plans made at random');

const server = fc.integer({ min: 1, max: 5 }).map((n) => `S${n}`);
const servers = fc.uniqueArray(server, { minLength: 1, maxLength: 5 });
const us = fc.integer({ min: 0, max: 200_000 });
const perMille = fc.integer({ min: 0, max: 400 });

const model = fc
  .record({ request: us, reply: us, loss: perMille, duplicates: perMille, exponential: fc.boolean(), longReordering: fc.boolean() })
  .map((drawn) => ({
    ...RELIABLE,
    requestDelayMaxUs: drawn.request,
    replyDelayMaxUs: drawn.reply,
    requestLossPerMille: drawn.loss,
    duplicatePerMille: drawn.duplicates,
    duplicateDelayMaxUs: drawn.request,
    exponential: drawn.exponential,
    longReordering: drawn.longReordering,
  }));

/** Everything but the loss of a disk, which no core survives with its promises. */
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('propose' as const), server, command: fc.string({ maxLength: 5 }) }),
  fc.record({
    do: fc.constantFrom('crash', 'restart', 'pause', 'resume', 'bit-flip', 'misdirected-write', 'short-read', 'isolate', 'rejoin' as const),
    server,
  }),
  fc.record({
    do: fc.constant('crash-at-persist' as const),
    server,
    nth: fc.integer({ min: 1, max: 5 }),
    when: fc.constantFrom('before', 'after' as const),
    kind: fc.constantFrom('crash', 'io-error', 'disk-full' as const),
  }),
  fc.record({ do: fc.constantFrom('cut', 'join', 'clog', 'unclog' as const), from: server, to: server }),
  fc.record({
    do: fc.constant('message' as const),
    from: server,
    to: server,
    kind: fc.constantFrom('any', 'AppendEntries', 'AppendEntriesReply', 'RequestVoteReply', 'InstallSnapshot' as const),
    nth: fc.integer({ min: 1, max: 3 }),
    fate: fc.constantFrom('late', 'again', 'lost' as const),
    us,
  }),
  fc.record({ do: fc.constant('partition' as const), groups: fc.array(servers, { maxLength: 3 }) }),
  fc.record({ do: fc.constant('network' as const), model }),
  fc.record({ do: fc.constantFrom('heal', 'calm' as const) }),
  fc.record({ do: fc.constantFrom('slow', 'apply-delay' as const), server, us }),
  fc.record({
    do: fc.constant('disk' as const),
    server,
    mode: fc.constantFrom('sync', 'async' as const),
    latencyMaxUs: us,
    torn: fc.boolean(),
  }),
  fc.record({ do: fc.constant('clock' as const), server, driftPpm: fc.integer({ min: -200_000, max: 200_000 }), stepMs: fc.nat(500) }),
  fc.record({ do: fc.constant('transfer' as const), server, target: server }),
  fc.record({ do: fc.constant('change' as const), server, voters: servers, learners: fc.constant([]) }),
  fc.record({ do: fc.constant('read' as const), server, ctx: fc.string({ minLength: 1, maxLength: 3 }) }),
);

const actions: fc.Arbitrary<Action[]> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3_000_000 }), act), { maxLength: 40 })
  .map((drawn) => drawn.map(([atUs, what]) => ({ atUs, ...what })).sort((a, b) => a.atUs - b.atUs));

function planOf(list: readonly Action[], seed: number): Plan {
  return {
    version: 1,
    scenario: 'swarm',
    structure: 'state-machine',
    seed: String(seed),
    setup: { servers: 5, snapshotEvery: seed % 4, config: { preVote: seed % 2 === 0 } },
    by: 'actions',
    endUs: 4_000_000,
    actions: list,
    tape: { version: 1, rest: 'seed', draws: {} },
    failure: null,
    traceHash: '',
    checkpoints: [],
  };
}

it('run to their end on the healthy core, which breaks no rule, and give the same run again', { timeoutMs: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(actions, fc.nat(1000), async (list, seed) => {
      const plan = readPlan(writePlan(planOf(list, seed)));
      const first = await runScenario('swarm', { seed: plan.seed, plan });
      assert.is(first.failure, null, first.failure?.message);
      assert.is((await runScenario('swarm', { seed: plan.seed, plan })).traceHash, first.traceHash);
    }),
    { seed: 3, numRuns: Number(process.env['FUZZ_RUNS'] ?? 80) },
  );
});
