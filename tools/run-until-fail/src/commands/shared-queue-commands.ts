import { ExitCode, printable, UserError } from '@raftlens/command-line';
import type { PoolOptions } from '../execute/launcher-pool.ts';
import { clearLeftovers } from '../keep/leftovers.ts';
import { SessionFolder } from '../keep/session-folder.ts';
import type { Executor } from '../run.ts';
import { commandDigest } from '../shared-queue/protocol.ts';
import { QueueExecutor } from '../shared-queue/queue-executor.ts';
import { serveQueue } from '../shared-queue/queue-worker.ts';
import type { CommandSettings } from './command-options.ts';
import { launchPlan } from './command-workload.ts';
import { onInterrupt } from './interrupt.ts';
import type { SessionSettings } from './session-options.ts';

/** Makes the executor that hands runs to the workers at a Redis. */
export function queueExecutor(url: string): (options: PoolOptions) => Executor {
  checkUrl(url);
  return ({ plan, nameOf, directoryOf }) =>
    new QueueExecutor({
      url,
      session: `${process.pid}-${Date.now()}`,
      command: commandDigest(plan.command, plan.shell),
      nameOf,
      directoryOf,
    });
}

/** Serves coordinators until Ctrl-C. */
export async function runWorker(words: readonly string[], own: CommandSettings, settings: SessionSettings, url: string): Promise<ExitCode> {
  checkUrl(url);
  clearLeftovers(settings.logs);
  const plan = launchPlan({ words, caseCounter: null }, own, settings);
  const folder = new SessionFolder(settings.logs, () => 'worker');
  const interrupt = new AbortController();
  const release = onInterrupt(() => interrupt.abort());
  try {
    const command = commandDigest(plan.command, plan.shell);
    const noted = (text: string): void => void process.stderr.write(`worker: ${printable(text)}\n`);
    await serveQueue({ url, command, jobs: settings.jobs, plan, directoryOf: (run) => folder.directoryOf(run), noted }, interrupt.signal);
  } finally {
    release();
    folder.remove();
  }
  return ExitCode.interrupted;
}

function checkUrl(url: string): void {
  if (!/^rediss?:\/\//.test(url)) throw new UserError('BAD_QUEUE', `--queue must be redis://HOST:PORT, not "${url}"`);
}
