import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@raftlens/command-line';
import * as z from 'zod';
import { errorCode } from '../errors.ts';
import type { QueueState } from '../queue/run-queue.ts';
import { failureGroups, testResults } from '../report/report-schema.ts';
import type { FailureGroup } from '../results/failure-groups.ts';
import type { TestResults } from '../results/results.ts';

/** How far a session was: what `--resume` goes on from. */
export interface SessionState {
  readonly commandLine: readonly string[];
  readonly firstSeed: number;
  readonly elapsedMs: number;
  readonly queue: QueueState;
  readonly tests: readonly TestResults[];
  readonly failures: readonly FailureGroup[];
}

const FOLDER = '.sessions';
const count = z.int().min(0);

const schema = z.object({
  commandLine: z.array(z.string()),
  firstSeed: count,
  elapsedMs: z.number().min(0),
  queue: z.object({ started: count, tests: z.array(z.object({ next: count, unfinished: z.array(count) })) }),
  tests: testResults,
  failures: failureGroups,
});

/** A session is known by its command line: the same command with --resume goes on where it stopped. */
export class SessionStateFile {
  readonly #path: string;
  readonly #folder: string;

  constructor(logs: string, commandLine: readonly string[]) {
    this.#folder = join(logs, FOLDER);
    const name = createHash('sha256').update(JSON.stringify(commandLine)).digest('hex').slice(0, 16);
    this.#path = join(this.#folder, `${name}.json`);
  }

  /** @throws UserError NOTHING_TO_RESUME or BAD_STATE */
  read(): SessionState {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      throw new UserError('NOTHING_TO_RESUME', 'no interrupted session of this very command line is known here; run it without --resume');
    }
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new UserError('BAD_STATE', `${this.#path} does not hold the state of a session; remove it and start anew`);
  }

  /** In one step, so that a kill at any moment leaves the old state or the new. */
  write(state: SessionState): void {
    mkdirSync(this.#folder, { recursive: true });
    const draft = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(draft, `${JSON.stringify(state)}\n`);
    renameSync(draft, this.#path);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
