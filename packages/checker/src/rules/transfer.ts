import type { RoleStep, Step } from '../model/step.ts';
import { isTimedStand } from './elections.ts';
import { at, broken, HELD, type RuleRow, unknown, type Verdict } from './rule.ts';

/** Leadership transfer (thesis 3.10). */
export const TRANSFER = {
  transfer: {
    title: 'Leadership transfer',
    section: 'thesis 3.10',
    about: 'elections',
    text: 'The leader sends TimeoutNow only to a voter whose log has caught up, and only one of the current term is obeyed.',
    kind: 'step',
    checks: [
      at('BecomePreCandidate', { reads: ['term', 'timers'], judge: (step) => obeysCurrentTerm(step, 'starts a pre-vote') }),
      at('role', { reads: ['term', 'timers'], judge: (step: RoleStep) => (isTimedStand(step) ? obeysCurrentTerm(step, 'stands') : null) }),
      at('sends TimeoutNow', { reads: ['term', 'log', 'acknowledgements'], judge: tellsWhoHasCaughtUp }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function obeysCurrentTerm({ server }: Step, does: string): Verdict {
  if (server.transferSeq !== 0) return HELD;
  if (server.timeoutSeq !== 0 || server.staleTransferSeq === 0) return null;
  return broken(
    [server.termSeq, server.staleTransferSeq],
    `${server.id} ${does} because of a TimeoutNow of another term than its own`,
    'to ignore it',
  );
}

function tellsWhoHasCaughtUp({ server, event }: Step): Verdict {
  const { leadership } = server;
  if (event.msgTerm !== server.term || leadership === null) return null;
  if (!server.acknowledgementsAreTold) return unknown(`${server.id} does not tell which replies it received`);
  const { acked, ackedSeq } = leadership.of(event.dst);
  if (acked >= server.log.last) return HELD;
  return broken(
    [server.logSeq, ackedSeq],
    `${server.id} tells ${event.dst} to stand, whose log is known to match up to ${acked} only: its own ends at ${server.log.last}`,
    `TimeoutNow once ${event.dst} has acknowledged index ${server.log.last}`,
  );
}
