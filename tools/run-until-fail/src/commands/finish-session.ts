import type { ExitCode } from '@raftlens/command-line';
import { runSession } from './run-session.ts';
import type { SessionSettings } from './session-options.ts';
import type { Workload } from './workload.ts';

/** Runs a session to its end and gives the exit code. */
export async function finishSession(workload: () => Workload, settings: SessionSettings): Promise<ExitCode> {
  return (await runSession(workload(), settings)).exitCode;
}
