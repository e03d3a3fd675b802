import { UserError } from '@raftlens/command-line';
import * as z from 'zod';
import { errorMessage } from '../errors.ts';
import { NO_MOMENTS } from '../results/moments.ts';
import type { Report } from './report.ts';

const count = z.int().min(0);
const moments = z.object({ count, mean: z.number(), squares: z.number(), min: z.number(), max: z.number() });
const tally = z.object({
  passed: count,
  failed: count,
  timedOut: count,
  crashed: count,
  ignored: count,
  // Reports of older versions know nothing of it.
  cached: count.default(0),
  stopped: count,
  lost: count,
  leftProcesses: count,
  durations: moments,
  cpu: moments.default(NO_MOMENTS),
  caseCounts: z.record(z.string(), count),
  checked: count.default(0),
  unchecked: count.default(0),
});

/** The parts of reports and of saved sessions that are read back. */
export const testResults = z.array(z.object({ name: z.string(), tally, over: z.literal(true).optional() }));
export const failureGroups = z.array(
  z.object({
    test: z.string(),
    signature: z.string(),
    count,
    example: z.object({ folder: z.string().nullable(), seed: z.string(), why: z.string(), output: z.string().optional() }),
  }),
);

export const levelCounts = z
  .array(z.object({ factor: z.string(), level: z.string(), runs: count, failed: count }))
  .nullable()
  .default(null);

const report = z.object({
  format: z.literal('run-until-fail/1'),
  label: z.string(),
  startedAt: z.string(),
  elapsedMs: z.number(),
  environment: z.object({
    system: z.string(),
    processor: z.string(),
    cores: count,
    memory: z.string(),
    node: z.string(),
    toolchain: z.record(z.string(), z.string()),
    commit: z.string().nullable(),
    commandLine: z.array(z.string()),
  }),
  asked: count.nullable(),
  started: count,
  stop: z.enum(['failures', 'time', 'queueEmpty', 'changed', 'interrupted', 'machine', 'cached']),
  problem: z.string().nullable(),
  shard: z.object({ position: count, count: z.int().min(1) }).nullable(),
  tests: testResults,
  failures: failureGroups,
  shake: levelCounts,
  notes: z.array(z.string()).default([]),
  again: z.string().nullable(),
});

/** @param source names the text in the message. @throws UserError BAD_REPORT */
export function readReport(text: string, source: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError('BAD_REPORT', `${source} is no report: ${errorMessage(error)}`);
  }
  const parsed = report.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    'BAD_REPORT',
    `${source} is no report of run-until-fail --report: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'wrong'}`,
  );
}
