import type { core } from 'zod';
import { SimulatorError } from '../protocol/failure.ts';
import { PLAN_VERSION, type Plan } from '../protocol/plan.ts';
import { planSchema } from './plan-schema.ts';

/** One action a line: a plan can be read, and compared by a line-based diff. */
export function writePlan(plan: Plan): string {
  const { actions, tape, ...head } = plan;
  const list = (lines: readonly string[]): string => (lines.length === 0 ? '' : `\n    ${lines.join(',\n    ')}\n  `);
  const draws = Object.entries(tape.draws).map(([label, pairs]) => `${JSON.stringify(label)}: ${JSON.stringify(pairs)}`);
  const members = [
    ...Object.entries(head).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`),
    `"actions": [${list(actions.map((action) => JSON.stringify(action)))}]`,
    `"tape": {"version": ${tape.version}, "rest": ${JSON.stringify(tape.rest)}, "draws": {${list(draws)}}}`,
  ];
  return `{\n  ${members.join(',\n  ')}\n}\n`;
}

/**
 * Reads a plan. `scenario` is the one that the caller means to run; a plan for another is refused.
 *
 * @throws SimulatorError BAD_PLAN, which says what is wrong and where
 */
export function readPlan(text: string, scenario?: string): Plan {
  const parsed = planSchema().safeParse(parse(text), { reportInput: true });
  if (!parsed.success) throw bad(messageOf(parsed.error.issues));
  const plan = parsed.data;
  if (scenario !== undefined && scenario !== plan.scenario)
    throw bad(`plan.scenario is "${plan.scenario}", but "${scenario}" was asked for`);
  return plan;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw bad(`the plan is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

/** What is wrong first, by its place. A plan of another version is another format, whatever else is wrong with it. */
function messageOf(issues: readonly core.$ZodIssue[]): string {
  const issue = issues.find(({ path }) => path.at(-1) === 'version') ?? issues[0];
  if (issue === undefined) return 'the plan cannot be read';
  const key = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const place = ['plan', ...[...issue.path, ...key].map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))].join('');
  return `${place} ${issue.path.at(-1) === 'version' ? otherVersion(issue.input) : sentenceOf(issue)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** The schema says itself what is wrong with a value of the right type. */
function sentenceOf(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}, but is ${kindOf(issue.input)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}, but is ${kindOf(issue.input)}`;
    default:
      return issue.message;
  }
}

function otherVersion(version: unknown): string {
  const found = typeof version === 'number' ? version : kindOf(version);
  return `is ${found}, but this raftlens reads version ${PLAN_VERSION}: make the plan again from its seed`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${JSON.stringify(value)}`;
}

function bad(message: string): SimulatorError {
  return new SimulatorError('BAD_PLAN', message);
}
