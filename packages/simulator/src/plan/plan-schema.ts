import { createRequire } from 'node:module';
import type { RaftConfig } from '@raftlens/raft';
import { labConfig } from '@raftlens/raft/core';
import type * as Zod from 'zod';
import { DAMAGES } from '../protocol/disk-fault.ts';
import { FAILURE_KINDS } from '../protocol/failure.ts';
import { FATES, MESSAGE_KINDS } from '../protocol/message-fate.ts';
import { PLAN_VERSION, type Plan } from '../protocol/plan.ts';

type Z = typeof Zod;
type Issue = Zod.core.$ZodRawIssue;

/** The longest delay of a message, a write or a service that a plan may ask for. */
const DELAY_MAX_US = 60_000_000;
const SNAPSHOT_BYTES_MAX = 1 << 20;

let schema: Zod.ZodType<Plan> | null = null;

/**
 * What a plan must look like, as a schema of zod. It is made by the first plan that is read: to load zod takes as long as to load the
 * simulator, and most runs read no plan.
 */
export function planSchema(): Zod.ZodType<Plan> {
  if (schema === null) {
    const z = createRequire(import.meta.url)('zod') as Z;
    schema = planOf(z);
  }
  return schema;
}

function planOf(z: Z): Zod.ZodType<Plan> {
  return strict(z, {
    version: z.literal(PLAN_VERSION),
    scenario: z.string(),
    structure: z.enum(['state-machine', 'locked']),
    seed: z.string(),
    setup: setupOf(z).exactOptional(),
    by: z.enum(['actions', 'script']),
    endUs: whole(z, 0),
    actions: z.array(actionOf(z)).superRefine((actions, context) => {
      for (const [at, { atUs }] of actions.entries()) {
        if (atUs >= (actions[at - 1]?.atUs ?? 0)) continue;
        context.addIssue({
          code: 'custom',
          path: [at, 'atUs'],
          message: `is ${atUs}, earlier than the action before it: actions stand in the order of time`,
        });
        return;
      }
    }),
    tape: strict(z, {
      version: z.literal(1),
      rest: z.enum(['seed', 'calm']),
      draws: z.record(z.string(), pairs(z)),
    }),
    failure: strict(z, {
      kind: z.enum(FAILURE_KINDS),
      message: z.string(),
      rule: z.string().exactOptional(),
      about: aboutOf(z).exactOptional(),
      check: checkOf(z).exactOptional(),
      detail: z.string().exactOptional(),
    }).nullable(),
    traceHash: z.string(),
    checkpoints: z.array(z.string()),
  });
}

/** The cluster of one run. A core refuses timers and limits that make no sense by itself. */
function setupOf(z: Z) {
  const count = whole(z, 0).exactOptional();
  return strict(z, {
    servers: whole(z, 1, 15).exactOptional(),
    voters: whole(z, 1, 15).exactOptional(),
    snapshotEvery: count,
    snapshotBytes: whole(z, 0, SNAPSHOT_BYTES_MAX).exactOptional(),
    network: networkModelOf(z).exactOptional(),
    config: configOf(z).exactOptional(),
  });
}

/** What the core can be told, with values of the kinds that it has in the labs. */
function configOf(z: Z): Zod.ZodType<Partial<RaftConfig>> {
  const shape = Object.fromEntries(
    Object.entries(labConfig).map(([name, value]) => [
      name,
      (typeof value === 'boolean' ? z.boolean() : z.number().min(0)).exactOptional(),
    ]),
  );
  return strict(z, shape);
}

function actionOf(z: Z) {
  const atUs = whole(z, 0);
  const server = serverName(z);
  const delay = whole(z, 0, DELAY_MAX_US);
  const act = <Kind extends string, Shape extends Zod.core.$ZodShape>(kinds: readonly [Kind, ...Kind[]], shape: Shape) =>
    strict(z, { atUs, do: z.enum(kinds), ...shape });
  return z.discriminatedUnion(
    'do',
    [
      act(['propose'], { server, command: z.string() }),
      act(['client'], { client: z.string(), f: z.string(), key: z.string(), value: z.string().nullable() }),
      act(['read'], { server, ctx: z.string() }),
      act(['transfer', 'unreachable'], { server, target: server }),
      act(['campaign', 'forget-leader'], { server }),
      act(['change'], { server, voters: z.array(server), learners: z.array(server) }),
      act(['crash', 'restart', 'pause', 'resume', 'wipe', 'isolate', 'rejoin', ...DAMAGES], { server }),
      act(['crash-at-persist'], {
        server,
        nth: whole(z, 1),
        when: z.enum(['before', 'after']),
        kind: z.enum(['crash', 'io-error', 'disk-full']),
      }),
      act(['apply-delay', 'slow'], { server, us: delay }),
      act(['clock'], { server, driftPpm: whole(z, -900_000, 10_000_000), stepMs: whole(z, 0, 3_600_000) }),
      act(['disk'], { server, mode: z.enum(['sync', 'async']), latencyMaxUs: delay, torn: z.boolean() }),
      act(['cut', 'join', 'clog', 'unclog'], { from: server, to: server }),
      act(['message'], {
        from: server,
        to: server,
        kind: z.enum([...MESSAGE_KINDS, 'any']),
        nth: whole(z, 1),
        fate: z.enum(FATES),
        us: delay,
      }),
      act(['partition'], { groups: z.array(z.array(server)) }),
      act(['heal', 'calm'], {}),
      act(['network'], { model: networkModelOf(z) }),
    ],
    { error: (issue) => (issue.code === 'invalid_union' ? `must be one of ${optionsOf(issue)}` : undefined) },
  );
}

/** The kinds of actions that there are; zod lists them, but its types do not say so. */
function optionsOf(issue: Issue): string {
  const options: unknown = 'options' in issue ? issue['options'] : undefined;
  return Array.isArray(options) ? options.join(', ') : 'the known kinds';
}

function networkModelOf(z: Z) {
  const delay = whole(z, 0, DELAY_MAX_US);
  const chance = whole(z, 0, 1000);
  return strict(z, {
    handlingMinUs: delay,
    handlingMaxUs: delay,
    requestDelayMaxUs: delay,
    replyDelayMaxUs: delay,
    exponential: z.boolean(),
    requestLossPerMille: chance,
    replyLossPerMille: chance,
    duplicatePerMille: chance,
    duplicateDelayMaxUs: delay,
    longReordering: z.boolean(),
    bytesPerSecondMax: whole(z, 0),
  }).refine(({ handlingMinUs, handlingMaxUs }) => handlingMinUs <= handlingMaxUs, {
    path: ['handlingMinUs'],
    message: 'is greater than handlingMaxUs',
  });
}

function aboutOf(z: Z) {
  return strict(z, {
    servers: z.array(z.string()).exactOptional(),
    index: whole(z, 0).exactOptional(),
    command: z.string().exactOptional(),
    term: whole(z, 0).exactOptional(),
    read: z.string().exactOptional(),
    key: z.string().exactOptional(),
  });
}

function checkOf(z: Z) {
  return strict(z, {
    check: z.enum(['one', 'one-leader', 'no-leader']),
    atUs: whole(z, 0),
    command: z.string(),
    expected: whole(z, 0, 100),
    down: z.array(z.string()),
    isolated: z.array(z.string()),
    links: z.array(z.string()).exactOptional(),
    reliable: z.boolean().exactOptional(),
    slowestUs: whole(z, 0).exactOptional(),
  });
}

function serverName(z: Z) {
  return z.string().regex(/^S[1-9]\d?$/, { error: ({ input }) => `is ${JSON.stringify(input)}, but servers are named S1, S2 ...` });
}

function pairs(z: Z) {
  return z.array(whole(z, 0)).refine(({ length }) => length % 2 === 0, {
    message: 'holds half a pair: it lists pairs of the number of a draw and its value',
  });
}

/** A whole number in [min, max]. */
function whole(z: Z, min: number, max = Number.MAX_SAFE_INTEGER) {
  const error = ({ code, input }: Issue): string | undefined =>
    code === 'invalid_type' ? undefined : `is ${String(input)}, but must be from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** An object without other members: a misspelt fault that was left out in silence would be a lie. */
function strict<Shape extends Zod.core.$ZodShape>(z: Z, shape: Shape) {
  const error = ({ code }: Issue): string | undefined =>
    code === 'unrecognized_keys' ? `is not known here; known are: ${Object.keys(shape).join(', ')}` : undefined;
  return z.strictObject(shape, { error });
}
