import type { Violation } from '@raftlens/checker';
import { type Event, textOf } from '@raftlens/events';
import type { Failure } from '../engine/failure.ts';
import type { Plan } from '../plan/plan.ts';
import { type RunOptions, runScenario } from '../run.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { Causes } from './causes.ts';
import { sentenceOf } from './sentence.ts';

/** A bug that is known to break rules: what the zoo says of it. */
export interface KnownBug {
  readonly id: string;
  readonly what: string;
  readonly rule: string;
  readonly section: string;
}

export interface ExplainOptions extends Pick<RunOptions, 'core'> {
  /** For a plan of a scenario that is not among the known ones. */
  readonly scenario?: Scenario;
  readonly knownBugs?: readonly KnownBug[];
  /** At most this many lines of story; 40 unless given. */
  readonly linesMax?: number;
}

export interface StoryLine {
  readonly event: Event;
  readonly sentence: string;
  /** It is among the lines that prove the violation. */
  readonly evidence: boolean;
}

export interface Hypothesis {
  readonly bug: KnownBug;
  readonly why: string;
}

export interface Explanation {
  readonly failure: Failure | null;
  readonly violation: Violation | null;
  /** In causal order, which is the order of time; the last line is the wrong step. */
  readonly story: readonly StoryLine[];
  /** Rules that fell after the first one, in the order in which they did. */
  readonly consequences: readonly Violation[];
  /** Most likely first. They are guesses: bugs that break the same rule. */
  readonly hypotheses: readonly Hypothesis[];
}

/** How long the run goes on after the first violation, to see what falls because of it. */
const AFTERMATH_US = 3_000_000;
const EVENTS_MAX = 400_000;

/** Tells how a plan comes to fail: runs it, and follows the causes back from the step that was wrong. */
export async function explain(plan: Plan, options: ExplainOptions = {}): Promise<Explanation> {
  const scenario = options.scenario ?? plan.scenario;
  const core = options.core === undefined ? {} : { core: options.core };
  const events: Event[] = [];
  const keep = (event: Event): void => void (events.length < EVENTS_MAX && events.push(event));
  const outcome = await runScenario(scenario, { ...core, seed: plan.seed, plan, trace: keep });
  const violation = outcome.violations[0] ?? null;
  const longer = { ...plan, endUs: plan.endUs + AFTERMATH_US };
  const after = violation === null ? null : await runScenario(scenario, { ...core, seed: plan.seed, plan: longer, stopAtViolation: false });
  const rules = new Set([violation?.rule]);
  const consequences = (after?.violations ?? []).filter(({ rule }) => !rules.has(rule) && rules.add(rule));
  const told = events.filter((event) => event.op !== 'Violation' && event.op !== 'TestEnd');
  return {
    failure: outcome.failure,
    violation,
    story: tell(told, serverIn(outcome.failure), violation, options.linesMax ?? 40),
    consequences,
    hypotheses: rank(violation, options.knownBugs ?? []),
  };
}

/** The faults, the offices, and what led to the wrong step; nearer causes win when there is not room for all. */
function tell(events: readonly Event[], failed: string | null, violation: Violation | null, linesMax: number): StoryLine[] {
  const causes = new Causes(events);
  const evidence = new Set(violation?.evidence ?? []);
  const start =
    violation === null ? lastWords(events, failed) : [...violation.evidence].map((seq) => causes.at(seq)).filter((at) => at !== undefined);
  const chosen = new Set<number>(start);
  const add = (positions: readonly number[], max: number): void => {
    for (const at of positions) if (chosen.size < max) chosen.add(at);
  };
  const faults = [...events.keys()].filter((at) => isFault(events[at]));
  add(faults.slice(-Math.floor(linesMax / 3)), linesMax);
  let frontier = start;
  while (frontier.length > 0 && chosen.size < linesMax) {
    const next = frontier.flatMap((at) => causes.of(at)).filter((at) => !chosen.has(at));
    add(next, linesMax);
    frontier = next;
  }
  const inOrder = [...chosen].sort((a, b) => a - b);
  return inOrder.flatMap((at) => {
    const event = events[at];
    return event === undefined ? [] : [{ event, sentence: sentenceOf(event), evidence: evidence.has(event.seq) }];
  });
}

/** Faults, and the returns of servers. That a server is set to die at a persist point is told when it dies. */
function isFault(event: Event | undefined): boolean {
  if (event?.op === 'Boot') return event.boot > 1;
  return event !== undefined && event.node === 'TEST' && event.op !== 'TestBegin' && event.kind !== 'crash-at-persist';
}

/** A core that threw, or a server that applied the wrong entry, is named at the start of the message. */
function serverIn(failure: Failure | null): string | null {
  return /^(S\d+) /.exec(failure?.message ?? '')?.[1] ?? null;
}

/** Without a violation there is no wrong step: the last thing that the server, or else each server, did, and the last offices. */
function lastWords(events: readonly Event[], failed: string | null): number[] {
  const last = new Map<string, number>();
  const offices: number[] = [];
  for (const [at, event] of events.entries()) {
    if (event.node !== 'TEST' && event.dir !== 'drop' && (failed === null || event.node === failed)) last.set(event.node, at);
    if (event.op === 'BecomeLeader' || event.op === 'BecomeCandidate' || event.op === 'BecomeFollower') offices.push(at);
  }
  return failed === null ? [...last.values(), ...offices.slice(-8)] : [...last.values()];
}

function rank(violation: Violation | null, bugs: readonly KnownBug[]): Hypothesis[] {
  if (violation === null) return [];
  const same = bugs.filter((bug) => bug.rule === violation.rule);
  const near = bugs.filter((bug) => bug.rule !== violation.rule && bug.section !== '' && violation.section.includes(bug.section));
  return [
    ...same.map((bug) => ({ bug, why: `it breaks the same rule, ${violation.rule}` })),
    ...near.map((bug) => ({ bug, why: `it breaks a rule of the same section, ${bug.section}` })),
  ];
}

/** The explanation as text for a terminal of any kind. */
export function textOfExplanation(explanation: Explanation): string {
  const { failure, violation, story, consequences, hypotheses } = explanation;
  const lines: string[] = [];
  if (failure === null) return 'The plan does not fail: there is nothing to explain.\n';
  lines.push(
    `${failure.kind}: ${failure.message}`,
    ...(failure.detail === undefined ? [] : ['', failure.detail]),
    '',
    'How it came to that:',
  );
  for (const { event, sentence, evidence } of story) {
    lines.push(`${evidence ? '*' : ' '} ${event.time.toFixed(3).padStart(10)} ms  #${String(event.seq).padEnd(6)} ${sentence}`);
    lines.push(`${' '.repeat(25)}${textOf(event)}`);
  }
  if (violation !== null) {
    lines.push('', `${violation.node} broke ${violation.rule} (${violation.section}).`, `  ${violation.why}`);
    if (violation.allowed !== undefined) lines.push(`  Allowed would have been: ${violation.allowed}`);
    lines.push('  The lines marked * prove it.');
  }
  if (consequences.length > 0) {
    lines.push('', 'What fell because of it:');
    for (const { rule, node, why } of consequences) lines.push(`  ${rule} at ${node}: ${why}`);
  }
  if (hypotheses.length > 0) {
    lines.push('', 'Guesses, most likely first (known bugs that break the same rule):');
    for (const { bug, why } of hypotheses.slice(0, 5)) lines.push(`  ${bug.id}: ${bug.what} (${why})`);
  }
  return `${lines.join('\n')}\n`;
}
