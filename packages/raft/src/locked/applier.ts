import type { Snapshot } from '../durable-state.ts';
import type { LogEntry } from '../entry.ts';
import { lastWithin } from '../rules/apply.ts';
import { traceApply } from '../trace.ts';
import type { Context } from './context.ts';

type Work =
  | { readonly kind: 'entries'; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot };

/**
 * The applier: the one task that talks to the service, so that entries and snapshots reach it in order (figure 2, all servers; 5.3). It
 * sleeps on the condition variable and does not hold the lock while the service works.
 */
export async function runApplier(context: Context, task: string): Promise<void> {
  for (;;) {
    context.nextRound();
    const work = await context.locked(task, () => nextWork(context, task));
    await context.outside('the service', () =>
      work.kind === 'entries' ? context.host.apply(work.entries) : context.host.restore(work.snapshot),
    );
    context.mustRun();
  }
}

async function nextWork(context: Context, task: string): Promise<Work> {
  const { state } = context;
  while (state.restore === null && state.applied >= state.commit) {
    await context.applyReady.wait(task);
    context.mustRun();
  }
  const { restore } = state;
  if (restore === null) return { kind: 'entries', entries: takeCommitted(context) };
  state.restore = null;
  state.applied = Math.max(state.applied, restore.index);
  return { kind: 'snapshot', snapshot: restore };
}

function takeCommitted({ state, traced, config }: Context): readonly LogEntry[] {
  const from = state.applied + 1;
  const entries = state.log.slice(from, lastWithin(state.log, from, state.commit, config.maxApplyBytes, true));
  for (const entry of entries) {
    state.applied = entry.index;
    traceApply(traced, entry);
  }
  return entries;
}
