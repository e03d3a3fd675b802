import { ExitCode, InterruptedError, UserError } from '@raftlens/command-line';
import { leaveSession } from '../keep/session-folder.ts';
import { needing } from '../needing.ts';
import { Interrupts } from '../session/interrupts.ts';
import { runSession, type SessionEnd } from '../session/run-session.ts';
import type { SessionSettings } from '../session/settings.ts';
import type { Workload } from '../session/workload.ts';
import { offerToLook } from './offer-to-look.ts';

/** Makes the workload, with all that has to be built for it. */
export type MakeWorkload = (interrupts: Interrupts) => Workload | Promise<Workload>;

/**
 * Runs a session to its end and gives the exit code; with --watch, again and again.
 *
 * @param workload makes the workload, with all that has to be built for it: with --watch once more after each change
 */
export async function finishSession(workload: MakeWorkload, settings: SessionSettings): Promise<ExitCode> {
  const interrupts = new Interrupts();
  try {
    const { exitCode, firstFailure } = await runToEnd(workload, settings, interrupts);
    if (settings.open && !settings.json && !settings.watch && !interrupts.received) await offerToLook(firstFailure?.folder ?? null);
    return exitCode;
  } finally {
    leaveSession(settings.logs);
    interrupts.close();
  }
}

type End = Pick<SessionEnd, 'exitCode' | 'firstFailure'>;

async function runToEnd(workload: MakeWorkload, settings: SessionSettings, interrupts: Interrupts): Promise<End> {
  if (settings.worker && settings.queue !== null) {
    const { serveWorkload } = await sharing();
    return { exitCode: await serveWorkload(await workload(interrupts), settings, settings.queue, interrupts), firstFailure: null };
  }
  const once = async (changed?: AbortSignal): Promise<SessionEnd> => {
    const { queue } = settings;
    if (queue === null) return runSession(await workload(interrupts), settings, interrupts, changed);
    const { runSharedSession } = await sharing();
    return runSharedSession(await workload(interrupts), settings, queue, interrupts, changed);
  };
  if (settings.watch) {
    const { watchAndRun } = await import('../watch/watch-and-run.ts');
    return { exitCode: await watchAndRun(once, settings.logs, interrupts), firstFailure: null };
  }
  return once().catch((error: unknown) => endedInSetup(error, settings, interrupts));
}

/** Few share a queue, and its libraries are large. */
function sharing(): Promise<typeof import('../session/share.ts')> {
  return needing(import('../session/share.ts'), '--queue', 'bullmq', 'ioredis');
}

/** Ctrl-C during a build ends the build as well, which is then no failure of it. */
async function endedInSetup(error: unknown, settings: SessionSettings, interrupts: Interrupts): Promise<End> {
  await new Promise(setImmediate); // The terminal has sent it to both: that the build has ended may be heard first.
  if (interrupts.received && error instanceof UserError && error.code === 'SETUP_FAILED') throw new InterruptedError();
  return untestable(error, settings);
}

/** What does not build is no mistake of the user's during a bisection, but a commit that cannot be tested. */
function untestable(error: unknown, { bisect }: SessionSettings): End {
  if (!bisect || !(error instanceof UserError) || error.code !== 'SETUP_FAILED') throw error;
  process.stderr.write(`run-until-fail: ${error.message}\n`);
  return { exitCode: ExitCode.internal, firstFailure: null };
}
