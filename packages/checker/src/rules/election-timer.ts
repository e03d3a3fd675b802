import { isVoter } from '../model/quorum.ts';
import type { TimerStep } from '../model/step.ts';
import { waitsForLeader } from './observed/elections.ts';
import { at, broken, HELD, type RuleRow, seen, unknown, type Verdict } from './rule.ts';

/** Timers of real machines are not exact: a timeout is too short by more than this part of the shortest one. */
const EARLY_PART = 0.05;

/**
 * Followers rule 2 by the clock (figure 2; 5.2, 9.3).
 *
 * A timer that starts again too often, or too seldom, costs elections and not safety. It is judged only where servers tell their timeouts
 * (Boot), and not of one whose clock the harness has bent.
 */
export const ELECTION_TIMER = {
  'election-timer': {
    title: 'Election timer',
    section: 'figure 2, Rules for Servers; 5.2, 9.3',
    about: 'progress',
    text: 'The election timer starts anew when the current leader is heard, a vote is granted or an election starts, and for nothing else; when it has run out, the server stands.',
    kind: 'step',
    checks: [
      at('Timeout', { reads: ['timers'], judge: ranLongEnough }),
      at('timer runs on', { reads: ['term', 'role', 'timers', 'members'], judge: ranTooLong }),
    ],
    observed: [seen('stands', waitsForLeader)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** An election timer ran out. */
function ranLongEnough({ server, event, timer }: TimerStep): Verdict {
  if (timer === null) return unknown(`${server.id} does not tell its election timeouts (electionMinMs and electionMaxMs of Boot)`);
  if (server.clockIsBent) return unknown(`the clock of ${server.id} was bent`);
  const ranMs = event.time - timer.certainMs;
  if (ranMs >= timer.minMs * (1 - EARLY_PART)) return HELD;
  return broken(
    [timer.certainSeq],
    `the election timer of ${server.id} runs out ${inMs(ranMs)} after ${timer.certainWhy}, although its shortest timeout is ${timer.minMs} ms`,
    `to wait for at least ${timer.minMs} ms from then on`,
  );
}

/** The server writes a line long after its timer has to have run out. */
function ranTooLong({ server, event, config, timer, silentMs }: TimerStep): Verdict {
  if (timer === null) return null;
  // Who said nothing for so long may have been stopped, and who does not tell its term may have heard its leader.
  if (silentMs > timer.minMs || server.clockIsBent || server.term < 0) return null;
  if (server.role === 'leader' || config === null || !isVoter(config, server.id)) return null;
  return broken(
    [timer.possibleSeq],
    `for ${inMs(event.time - timer.possibleMs)} ${server.id} has heard from no leader of its term and granted no vote, and has not stood, although its longest ` +
      `election timeout is ${timer.maxMs} ms`,
    `to stand within ${timer.maxMs} ms after line ${timer.possibleSeq}`,
  );
}

function inMs(ms: number): string {
  return `${Math.round(ms * 10) / 10} ms`;
}
