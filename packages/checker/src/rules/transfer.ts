import type { Step } from '../model/step.ts';
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
      at('BecomePreCandidate', { governs: obeysTransfer, reads: ['timeouts'], judge: () => HELD }),
      at('BecomePreCandidate', {
        governs: obeysOtherTransfer,
        needs: ['timeouts'],
        reads: ['term'],
        judge: (step) => obeysOtherTerm(step, 'starts a pre-vote'),
      }),
      at('role', { governs: (step) => isTimedStand(step) && obeysTransfer(step), reads: ['timeouts'], judge: () => HELD }),
      at('role', {
        governs: (step) => isTimedStand(step) && obeysOtherTransfer(step),
        needs: ['timeouts'],
        reads: ['term'],
        judge: (step) => obeysOtherTerm(step, 'stands'),
      }),
      at('sends TimeoutNow', {
        governs: ({ server, event }) => event.msgTerm === server.term && server.role === 'leader',
        needs: ['acknowledgements', 'log'],
        reads: ['term', 'role', 'kinds'],
        judge: tellsWhoHasCaughtUp,
      }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function obeysTransfer({ server }: Step): boolean {
  return server.transferSeq !== 0;
}

/** The only cause that it is known to have is a TimeoutNow of another term. */
function obeysOtherTransfer({ server }: Step): boolean {
  return server.transferSeq === 0 && server.timeoutSeq === 0 && server.staleTransferSeq !== 0;
}

function obeysOtherTerm({ server }: Step, does: string): Verdict {
  return broken(
    [server.termSeq, server.staleTransferSeq],
    `${server.id} ${does} because of a TimeoutNow of another term than its own`,
    'to ignore it',
  );
}

function tellsWhoHasCaughtUp({ server, event }: Step): Verdict {
  const { leadership } = server;
  if (leadership === null) return null;
  const { acked, ackedSeq } = leadership.of(event.dst);
  if (acked >= server.log.last) return HELD;
  if (!server.acknowledgementsAreTold(server.log.last)) return unknown(`${server.id} does not tell every reply that it received`);
  return broken(
    [server.logSeq, ackedSeq],
    `${server.id} tells ${event.dst} to stand, whose log is known to match up to ${acked} only: its own ends at ${server.log.last}`,
    `TimeoutNow once ${event.dst} has acknowledged index ${server.log.last}`,
  );
}
