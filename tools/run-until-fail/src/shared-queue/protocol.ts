import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { FailureReason } from '../run.ts';
import { FACTORS } from '../shake.ts';
import { decodeFilePath } from './file-path.ts';

/** Runs of one session, for one worker. It holds no command: a worker runs the one that its own flags give, and nothing else. */
export const jobSchema = z.strictObject({
  session: z.string().regex(/^[0-9a-f]{16}$/),
  /** Of what the coordinator means: a worker that was started for something else refuses. */
  identity: z.string().regex(/^[0-9a-f]{64}$/),
  runs: z
    .array(z.strictObject({ number: z.int().min(1), test: z.string().max(1000), seed: z.string().regex(/^\d{1,20}$/) }))
    .min(1)
    .max(1000),
});
export type SharedJob = z.infer<typeof jobSchema>;
export type SharedRun = SharedJob['runs'][number];

/** What a test says may be long: the beginning of it has to do. */
const text = z.string().transform((said) => said.slice(0, 20_000));
const violation = { type: z.literal('violation'), rule: text, section: text, message: text };
const reasons = [
  z.strictObject({ type: z.literal('exit'), code: z.int() }),
  z.strictObject({ type: z.literal('signal'), signal: z.string().max(20) }),
  z.strictObject({ type: z.literal('timeout'), limitMs: z.number() }),
  z.strictObject({ type: z.literal('pattern'), pattern: text }),
  z.strictObject({ type: z.literal('noTests') }),
  z.strictObject({ type: z.literal('outputLimit'), limitBytes: z.number() }),
  z.strictObject({ type: z.literal('check'), kind: text, message: text }),
  z.strictObject({ type: z.literal('workerDied'), message: text }),
] as const;
const ending = z.discriminatedUnion('type', [...reasons, z.strictObject(violation)]);
const reason: z.ZodType<FailureReason> = z.discriminatedUnion('type', [
  ...reasons,
  z.strictObject({ ...violation, ending: ending.optional() }),
]);

const path = z.string().refine((text) => decodeFilePath(text) !== null, 'no path below a folder');

/** The files of a run, whose bytes lie one after the other in a list of Redis. */
const filesSchema = z.strictObject({
  /** Of the list: a random name, since two workers may have run the same run. */
  name: z.string().regex(/^[0-9a-f]{32}$/),
  /** `bytes` of `size` were sent: of a file that is too large its end. */
  files: z.array(z.strictObject({ path, bytes: z.int().min(0), size: z.int().min(0) })).max(10_000),
  /** So many more files stayed with the worker. */
  leftOut: z.int().min(0),
});
export type SharedFiles = z.infer<typeof filesSchema>;

const resultSchema = z.strictObject({
  number: z.int().min(1),
  verdict: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('passed') }),
    z.strictObject({ kind: z.literal('failed'), reason }),
    z.strictObject({ kind: z.literal('ignored'), pattern: text }),
    z.strictObject({ kind: z.literal('cached'), runner: z.string().max(100), advice: z.string().max(200) }),
    z.strictObject({ kind: z.literal('stopped') }),
    z.strictObject({ kind: z.literal('lost'), code: z.string().max(100), message: text }),
  ]),
  durationMs: z.number().min(0),
  cpuMs: z.number().min(0).nullable(),
  cases: z.int().min(0).nullable(),
  leftProcesses: z.boolean(),
  setting: z.partialRecord(z.enum(FACTORS), z.int().min(0).max(1024)).optional(),
  check: z
    .discriminatedUnion('done', [z.strictObject({ done: z.literal(true) }), z.strictObject({ done: z.literal(false), why: text })])
    .optional(),
  files: filesSchema.nullable(),
});
export type SharedResult = z.infer<typeof resultSchema>;

/** What came of a run as it may travel; null where it cannot be said like that. */
export function sendable(result: SharedResult): SharedResult | null {
  const parsed = resultSchema.safeParse(result);
  return parsed.success ? parsed.data : null;
}

/** What a worker sends home of a job: the results of its runs, or why it has none. */
export const messageSchema = z.strictObject({
  job: z.string().max(100),
  results: z.array(resultSchema).max(1000),
  problem: text.nullable(),
});
export type SharedMessage = z.infer<typeof messageSchema>;

/** @param parts what coordinator and worker must agree on, as JSON */
export function identityDigest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A worker that is killed holds its runs for at most this long; then another gets them. */
export const LOCK_MS = 10_000;
/** A coordinator that has not been heard of for so long is gone, and nobody waits for its runs. */
export const SESSION_SECONDS = 30;

/** Each identity has a queue of its own: no worker is handed what it would have to refuse, and no coordinator empties another's. */
export function queueName(identity: string): string {
  return `run-until-fail-${identity.slice(0, 16)}`;
}

/** Where the name of a session that is over is published. */
export const STOP_CHANNEL = 'run-until-fail:stop';

export function sessionKey(session: string): string {
  return `run-until-fail:session:${session}`;
}

/** The list of Redis to which workers send what came of the jobs of a session. */
export function messagesKey(session: string): string {
  return `run-until-fail:messages:${session}`;
}

export function filesKey(session: string, name: string): string {
  return `run-until-fail:files:${session}:${name}`;
}
