import type { StoryLine } from '@raftlens/checker/story';
import { type Event, textOf } from '@raftlens/events';
import type { Explanation } from './explain.ts';
import type { Hypothesis } from './suspects.ts';

/** How many known bugs are listed. */
const HYPOTHESES_MAX = 5;
/** Lines of a story are "* 12345.678 #123456 what happened". */
const STORY_INDENT = 20;

/**
 * The explanation as text. It is folded at `width` columns where one is given, for a terminal; without, a line is a line, for `grep`.
 */
export function textOfExplanation(explanation: Explanation, width = Number.POSITIVE_INFINITY): string {
  const { failure } = explanation;
  if (failure === null) return 'The plan does not fail: there is nothing to explain.\n';
  const paragraphs = [
    [`${failure.kind}: ${failure.message}`],
    failure.detail === undefined ? [] : failure.detail.split('\n'),
    storyLines(explanation),
    standstillLines(explanation),
    verdictLines(explanation),
    consequenceLines(explanation),
    hypothesisLines(explanation),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.flatMap((line) => folded(line, width)).join('\n'))
    .join('\n\n')}\n`;
}

function storyLines({ story }: Explanation): string[] {
  return ['How it came to that (ms of virtual time, number of the event):', ...story.flatMap(storyLine)];
}

/** The lines that prove the violation are shown as they stand in the log, too. */
function storyLine({ event, sentence, evidence }: StoryLine): string[] {
  const line = `${evidence ? '*' : ' '} ${placeOf(event)} ${sentence}`;
  return evidence ? [line, `${' '.repeat(STORY_INDENT)}${textOf(event)}`] : [line];
}

function placeOf({ time, seq }: Event): string {
  return `${time.toFixed(3).padStart(9)} #${String(seq).padEnd(6)}`;
}

function standstillLines({ standstill }: Explanation): string[] {
  if (standstill === null) return [];
  const { servers, repeated } = standstill;
  const again = repeated.map(({ times, sentence }) => `  ${String(times).padStart(4)} times  ${sentence}`);
  return [
    'How things stood in the end:',
    ...servers.map((line) => `  ${line}`),
    ...(again.length === 0 ? [] : ['In the last second, again and again:', ...again]),
  ];
}

function verdictLines({ violation }: Explanation): string[] {
  if (violation === null) return [];
  return [
    `${violation.node} broke ${violation.rule} (${violation.section}):`,
    `  ${violation.why}`,
    ...(violation.allowed === undefined ? [] : [`  Allowed would have been: ${violation.allowed}`]),
    '  The lines marked * prove it.',
  ];
}

function consequenceLines({ consequences }: Explanation): string[] {
  if (consequences.length === 0) return [];
  return ['What fell because of it:', ...consequences.map(({ rule, node, why }) => `  ${rule} at ${node}: ${why}`)];
}

function hypothesisLines({ suspects: { hypotheses, untried, failsUnplanted } }: Explanation): string[] {
  if (hypotheses.length === 0 && untried === 0) return [];
  // Only a bug that gives this run is likely to be the one; what fails elsewhere in the same way is the nearest that is known.
  const likely = hypotheses.filter(({ likeness }) => likeness === 'same-run' || likeness === 'same-step');
  const others = hypotheses.filter((hypothesis) => !likely.includes(hypothesis));
  return [
    ...listOf('Known bugs that give this run, most likely first; a guess:', likely),
    ...listOf(likely.length === 0 ? 'No known bug gives this run. The nearest:' : 'Less likely:', others),
    ...(failsUnplanted ? ['  (packages/raft as it is fails in the same way, so that no known bug was planted in it)'] : []),
    ...(untried > 0 ? [`  (${untried} known ${untried === 1 ? 'bug was' : 'bugs were'} not tried: the budget was used up)`] : []),
  ];
}

function listOf(title: string, hypotheses: readonly Hypothesis[]): string[] {
  if (hypotheses.length === 0) return [];
  const listed = hypotheses.slice(0, HYPOTHESES_MAX).map(({ bug, why }) => `  ${bug.id}: ${bug.what} (${why})`);
  const more = hypotheses.length - listed.length;
  return [title, ...listed, ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** Breaks a line between words; what follows is indented as deep as its text. Pictures, which are wider than any words, stay whole. */
function folded(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = ' '.repeat(/^[* ] +[\d.]+ #\d+ /.test(line) ? STORY_INDENT : 4);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width);
    if (at <= indent.length) break;
    lines.push(rest.slice(0, at));
    rest = `${indent}${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}
