import type { ProgressStep, SilenceStep } from '../model/step.ts';
import { at, HELD, type RuleRow, unknown, type Verdict } from './rule.ts';

export const SILENCE = {
  /** A process that was stopped, or a network that was cut, without a line that tells it looks the same: so this never accuses. */
  'servers-go-on': {
    title: 'Servers go on',
    section: 'figure 2, Followers; 5.2',
    about: 'progress',
    text: 'A server that hears of no leader stands, so that a cluster whose servers run does not fall silent.',
    kind: 'invariant',
    checks: [at('silence', { counts: false, judge: isTold }), at('ends', { judge: wasHeardOf })],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function wasHeardOf({ cluster }: ProgressStep): Verdict {
  if (cluster.servers.some(({ heardLeader }) => heardLeader > 0)) return HELD;
  return cluster.servers.length === 0 ? null : unknown('no line tells what servers hear of their leaders');
}

function isTold({ silence: { server, sinceSeq, ms, isAlive } }: SilenceStep): Verdict {
  const forMs = `${Math.round(ms)} ms`;
  if (server === null)
    return {
      notice: `line ${sinceSeq} is the last one of any server, and the log goes on for ${forMs}: all servers have stopped, or wait for one another`,
    };
  if (!isAlive)
    return {
      notice: `line ${sinceSeq} is the last one of ${server.id}, and the log goes on for ${forMs}: no line tells that it has stopped`,
    };
  return { notice: `for ${forMs} after line ${sinceSeq} ${server.id} goes on, hears of no leader, and does not stand` };
}
