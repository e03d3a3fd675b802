import { UserError } from '@raftlens/command-line';
import * as z from 'zod';
import { failureGroups, levelCounts, testResults } from '../report/report-schema.ts';
import type { SessionState } from './session-state.ts';

const count = z.int().min(0);

const schema = z.object({
  commandLine: z.array(z.string()),
  firstSeed: count,
  elapsedMs: z.number().min(0),
  queue: z.object({ started: count, tests: z.array(z.object({ next: count, unfinished: z.array(count) })) }),
  tests: testResults,
  failures: failureGroups,
  shake: levelCounts,
});

/** @throws UserError BAD_STATE */
export function parseState(text: string, path: string): SessionState {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new UserError('BAD_STATE', `${path} does not hold the state of a session; remove it and start again without --resume`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
