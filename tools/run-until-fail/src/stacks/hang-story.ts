import { deadlockIn, lockKnots } from './lock-knots.ts';
import { ownFrames, threadsOfProgram } from './stack-groups.ts';
import type { Dump } from './thread.ts';

/** Whether the end of an output may hold a dump of stacks: only then is the whole of it worth reading. */
export function mayHoldDump(output: string): boolean {
  return MARKS.some((mark) => output.includes(mark));
}

const MARKS = [
  'goroutine ',
  'Full thread dump ',
  'java.lang.Thread.State: ',
  '(most recent call first):',
  ' Stack of ',
  'Promise resolution is still pending',
  'unsettled top-level await',
  '"javascriptStack"',
];

/**
 * Whether dumps tell of a hang. A run that was ended at its timeout hung; of others a dump of many stacks says nothing yet, for Go prints them at a
 * panic, too: there the runtime itself, or the runner of the tests, has to say that it is one.
 */
export function tellsOfHang(dumps: readonly Dump[], timedOut: boolean): boolean {
  return dumps.some((dump) => (timedOut ? threadsOfProgram(dump).length > 0 : dump.said.length > 0));
}

/** What a hang has in common with others, beside the test: who keeps a lock while it hands something over, or who is in a deadlock. Null where that is not known. */
export function causeOfHang(dumps: readonly Dump[]): string | null {
  for (const dump of dumps) {
    const knots = lockKnots(dump);
    const cycle = deadlockIn(knots);
    if (cycle.length > 0) return `deadlock of ${cycle.map(placeOf).toSorted().join(' and ')}`;
    for (const { holder } of knots) {
      const [thread] = holder.how === 'told' || holder.how === 'likely' ? holder.threads : [];
      if (thread?.wait.kind === 'send' || thread?.wait.kind === 'receive') return `others wait for a lock of ${placeOf(thread)}`;
    }
  }
  return null;
}

function placeOf(thread: Dump['threads'][number]): string {
  const name = ownFrames(thread)[0]?.name ?? thread.name;
  return name.slice(name.lastIndexOf('/') + 1);
}
