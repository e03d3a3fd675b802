import { ExitCode, printable } from '@raftlens/command-line';
import { clearLeftovers } from '../keep/leftovers.ts';
import { SessionFolder } from '../keep/session-folder.ts';
import { connect } from '../shared-queue/connect.ts';
import { identityDigest } from '../shared-queue/protocol.ts';
import { QueueExecutor } from '../shared-queue/queue-executor.ts';
import { serveQueue } from '../shared-queue/queue-worker.ts';
import type { Interrupts } from './interrupts.ts';
import { runSession, type SessionEnd } from './run-session.ts';
import type { SessionSettings } from './settings.ts';
import type { Workload } from './workload.ts';

/** Runs a session whose runs the workers at a Redis do. @throws UserError BAD_QUEUE or NO_REDIS */
export async function runSharedSession(
  workload: Workload,
  settings: SessionSettings,
  url: string,
  interrupts: Interrupts,
  changed?: AbortSignal,
): Promise<SessionEnd> {
  const redis = await connect(url);
  const identity = identityDigest(workload.identity);
  const nameOf = (test: number): string => workload.tests[test]?.name ?? '';
  const open: Workload['open'] = (folder, noted) =>
    new QueueExecutor({ redis, identity, nameOf, directoryOf: (run) => folder.directoryOf(run), noted });
  try {
    return await runSession({ ...workload, open }, settings, interrupts, changed);
  } finally {
    redis.disconnect();
  }
}

/** Serves coordinators of that very workload until Ctrl-C. @throws UserError BAD_QUEUE or NO_REDIS */
export async function serveWorkload(workload: Workload, settings: SessionSettings, url: string, interrupts: Interrupts): Promise<ExitCode> {
  const redis = await connect(url);
  const folder = new SessionFolder(settings.logs, (test) => workload.tests[test]?.name ?? workload.label);
  clearLeftovers(settings.logs);
  const noted = (text: string): void => void process.stderr.write(`worker: ${printable(text)}\n`);
  const interrupt = new AbortController();
  const release = interrupts.on(() => interrupt.abort());
  try {
    await serveQueue(
      {
        redis,
        identity: identityDigest(workload.identity),
        tests: workload.tests,
        jobs: settings.jobs,
        carryBytesMax: settings.carryBytesMax,
        open: () => workload.open(folder, noted),
        noted,
      },
      interrupt.signal,
    );
  } finally {
    release();
    redis.disconnect();
    folder.remove();
  }
  return ExitCode.interrupted;
}
