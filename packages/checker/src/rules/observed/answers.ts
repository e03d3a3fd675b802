import type { OverdueStep } from '../../observed/moments.ts';
import { broken, type RuleRow, type Verdict } from '../rule.ts';

/** A handler that waits for a lock which somebody holds over a channel answers nobody. The network is not to blame: the request has arrived. */
export const ANSWERS = {
  'handlers-answer': {
    title: 'Handlers answer',
    section: '5.1, 5.6',
    about: 'progress',
    text: 'A live server answers the requests that reach it, and long before an election timeout is over.',
    kind: 'step',
    checks: [],
    observed: [{ at: 'is overdue', judge: answersInTime }],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function answersInTime({ server, request, waitedMs }: OverdueStep): Verdict {
  const others = [...server.open.values()].filter(({ id, time }) => id !== request.id && time >= request.time).length;
  return broken(
    [server.appliedSeq],
    `${server.id} has not answered the ${request.op} of ${request.src} for ${(waitedMs / 1000).toFixed(1)} s` +
      `${others === 0 ? '' : `, and ${others} later requests`}: is a lock held while something is sent to a channel?`,
    'an answer',
  );
}
