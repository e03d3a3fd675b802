import type { PersistEffect } from '../effect.ts';
import { tracePersist } from '../trace.ts';
import type { Context } from './context.ts';
import { invariant } from './steps.ts';

/**
 * Makes what the section has changed durable before anything else happens: before a reply, before a request, before the lock is given
 * back (figure 2: "updated on stable storage before responding to RPCs"). So whatever another task sees under the lock is durable.
 */
export async function persist(context: Context): Promise<void> {
  const { write, state } = context;
  if (write.isEmpty) return;
  write.id += 1;
  const effect: PersistEffect = {
    kind: 'persist',
    id: write.id,
    hardState: write.hardState ? { term: state.term, vote: state.vote } : null,
    truncateFrom: write.truncateFrom,
    entries: write.entries,
    snapshot: write.snapshot,
    keepLog: write.keepLog,
  };
  const last = effect.entries.at(-1)?.index;
  invariant(context, last === undefined || last === state.log.lastIndex, 'a write does not end where the log ends');
  write.clear();
  await context.host.persist(effect);
  context.mustRun();
  tracePersist(context.traced, {
    what: partsOf(effect),
    durableTerm: state.term,
    durableVote: state.vote,
    durableLast: state.log.lastIndex,
    durableLastTerm: state.log.lastTerm,
  });
}

function partsOf(effect: PersistEffect): string {
  const parts = [
    effect.hardState === null ? '' : 'state',
    effect.truncateFrom === 0 ? '' : 'truncate',
    effect.snapshot === null ? '' : 'snapshot',
    effect.entries.length === 0 ? '' : 'entries',
  ];
  return parts.filter((part) => part !== '').join('+');
}
