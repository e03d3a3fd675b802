import type { FailureReason } from '../run.ts';

/** A test that is a function of its seed. */
export interface SeededTest {
  /** Null when it passed. What it throws is a failure too. */
  run(seed: string): Promise<FailureReason | null>;
  /** The same once more, with all that it tells written into the folder. Gives what run.json should say beside the usual. */
  runLogged(
    seed: string,
    folder: string,
  ): Promise<{ readonly reason: FailureReason | null; readonly info: Readonly<Record<string, unknown>> }>;
}
