import { ExitCode, UserError } from '@raftlens/command-line';
import { offerToLook } from './offer-to-look.ts';
import { runSession, type SessionEnd } from './run-session.ts';
import type { SessionSettings } from './session-options.ts';
import type { Workload } from './workload.ts';

/**
 * Runs a session to its end and gives the exit code; with --watch, again and again.
 *
 * @param workload makes the workload, with all that has to be built for it: with --watch anew after each change
 */
export async function finishSession(workload: () => Workload | Promise<Workload>, settings: SessionSettings): Promise<ExitCode> {
  if (settings.worker && settings.queue !== null) {
    const { serveWorkload } = await import('./share.ts');
    return serveWorkload(await workload(), settings, settings.queue);
  }
  const once = async (changed?: AbortSignal): Promise<SessionEnd> => {
    const { queue } = settings;
    if (queue === null) return runSession(await workload(), settings, changed);
    const { runSharedSession } = await import('./share.ts');
    return runSharedSession(await workload(), settings, queue, changed);
  };
  if (settings.watch) {
    const { watchAndRun } = await import('../watch/watch-and-run.ts');
    return watchAndRun(once, settings.logs);
  }
  const { exitCode, firstFailure } = await once().catch((error: unknown) => untestable(error, settings));
  if (settings.open && !settings.json) await offerToLook(firstFailure?.folder ?? null);
  return exitCode;
}

/** What does not build is no mistake of the user's during a bisection, but a commit that cannot be tested. */
function untestable(error: unknown, { bisect }: SessionSettings): Pick<SessionEnd, 'exitCode' | 'firstFailure'> {
  if (!bisect || !(error instanceof UserError) || error.code !== 'SETUP_FAILED') throw error;
  process.stderr.write(`run-until-fail: ${error.message}\n`);
  return { exitCode: ExitCode.internal, firstFailure: null };
}
