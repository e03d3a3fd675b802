import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { FailureReason } from '../run.ts';

/** What a coordinator sends. It holds no command: a worker runs the one that its own flags give, and nothing else. */
export const jobSchema = z.strictObject({
  session: z.string().max(100),
  /** Of the command that the coordinator means: a worker with another one refuses. */
  command: z.string().length(64),
  number: z.int().min(1),
  test: z.string().max(1000),
  seed: z.string().regex(/^\d{1,20}$/),
});
export type SharedJob = z.infer<typeof jobSchema>;

const reason: z.ZodType<FailureReason> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('exit'), code: z.int() }),
  z.object({ type: z.literal('signal'), signal: z.string() }),
  z.object({ type: z.literal('timeout'), limitMs: z.number() }),
  z.object({ type: z.literal('pattern'), pattern: z.string() }),
  z.object({ type: z.literal('noTests') }),
  z.object({ type: z.literal('outputLimit'), limitBytes: z.number() }),
]);

/** What a worker sends home. */
export const resultSchema = z.object({
  number: z.int().min(1),
  verdict: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('passed') }),
    z.object({ kind: z.literal('failed'), reason }),
    z.object({ kind: z.literal('ignored'), pattern: z.string() }),
    z.object({ kind: z.literal('stopped') }),
    z.object({ kind: z.literal('lost'), code: z.string(), message: z.string() }),
  ]),
  durationMs: z.number().min(0),
  cases: z.int().min(0).nullable(),
  leftProcesses: z.boolean(),
  /** The files of a run that is kept, base64; a file name has no way out of the run's folder. */
  files: z.array(z.object({ name: z.string().regex(/^(?!\.{1,2}$)[^/\\\0]{1,200}$/), content: z.base64(), cut: z.boolean() })),
});
export type SharedResult = z.infer<typeof resultSchema>;

export function commandDigest(words: readonly string[], shell: boolean): string {
  return createHash('sha256')
    .update(JSON.stringify([shell, words]))
    .digest('hex');
}

/** A worker that is killed holds its runs for at most this long; then another gets them. */
export const LOCK_MS = 10_000;
export const QUEUE_NAME = 'run-until-fail';
export const STOP_CHANNEL = 'run-until-fail:stop';
