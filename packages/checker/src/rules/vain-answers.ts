import type { ProgressStep, VainStep } from '../model/step.ts';
import { at, HELD, type RuleRow, type Verdict } from './rule.ts';

/** So many answers are enough where each of them refuses; a peer that accepts may only be slow. */
const REFUSALS_MIN = 10;
const ANSWERS_MIN = 20;
/** They go on for so long, unless servers tell their timeouts; or they are so many that it is a loop without a pause. */
const VAIN_MS = 1000;
const LOOP_MIN = 200;

export const VAIN_ANSWERS = {
  /**
   * Figure 2 has a leader back up until a request fits, and raise matchIndex when one did. How often messages are lost or come late it does not
   * say, so that this never accuses.
   */
  'answers-help': {
    title: 'Answers lead somewhere',
    section: 'figure 2, Leaders rule 3; 5.3',
    about: 'progress',
    text: 'A peer that answers is caught up in the end: the same request is not refused, or answered in the same way, again and again.',
    kind: 'invariant',
    checks: [at('answers were in vain', { counts: false, judge: isTold }), at('ends', { judge: wereAnswersTold })],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function wereAnswersTold({ cluster }: ProgressStep): Verdict {
  return cluster.vain.areTold ? HELD : null;
}

function isTold({ vain: { row, kind, asker, peer }, progress }: VainStep): Verdict {
  const { count, refusals, firstSeq, lastSeq } = row;
  const isRefused = refusals === count;
  const ms = row.lastMs - row.firstMs;
  const isLong = ms >= (progress.boundMs || VAIN_MS) && count >= (isRefused ? REFUSALS_MIN : ANSWERS_MIN);
  if (!isLong && count < LOOP_MIN) return HELD;
  const answered = `${peer} ${isRefused ? 'refused' : 'answered'} ${asker} ${count} times in a row`;
  const where = `lines ${firstSeq} to ${lastSeq}, within ${Math.round(ms)} ms`;
  // Where a harness tells who reaches whom, that explains a server which goes on to ask.
  if (kind !== 'entries' && progress.everTold) return HELD;
  if (kind !== 'entries') return { notice: `${answered} its ${kind} of ${row.term < 0 ? 'one term' : `term ${row.term}`}: ${where}` };
  const end = Number.isFinite(row.lowest) && isRefused ? `, and ${asker} never went below index ${row.lowest}` : '';
  return { notice: `${answered}, and nothing came of it: ${where}${end}; a peer that is connected was not caught up` };
}
