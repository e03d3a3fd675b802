import { type Failure, SimulatorError } from '../protocol/failure.ts';
import { PLAN_VERSION, type Plan } from '../protocol/plan.ts';
import type { Tape } from '../protocol/tape.ts';
import { readActions, readCheck } from './read-action.ts';
import { Reader } from './reader.ts';

const FIELDS = [
  'version',
  'scenario',
  'structure',
  'seed',
  'by',
  'endUs',
  'actions',
  'tape',
  'failure',
  'traceHash',
  'checkpoints',
] as const;

/** One action a line, so that a plan can be read, and compared by a line-based diff. */
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
 * Reads a plan. Throws a SimulatorError with code BAD_PLAN that says what is wrong and where. `scenario` is the one that the caller
 * means to run; a plan for another is refused.
 */
export function readPlan(text: string, scenario?: string): Plan {
  const reader = new Reader('plan', parse(text));
  const version = reader.number('version', 0);
  if (version !== PLAN_VERSION)
    reader.fail('version', `is ${version}, but this raftlens reads version ${PLAN_VERSION}: make the plan again from its seed`);
  reader.only(FIELDS);
  const plan: Plan = {
    version: PLAN_VERSION,
    scenario: reader.text('scenario'),
    structure: reader.oneOf('structure', ['state-machine', 'locked'] as const),
    seed: reader.text('seed'),
    by: reader.oneOf('by', ['actions', 'script'] as const),
    endUs: reader.number('endUs', 0),
    actions: readActions(reader.list('actions')),
    tape: readTape(reader.record('tape')),
    failure: reader.isNull('failure') ? null : readFailure(reader.record('failure')),
    traceHash: reader.text('traceHash'),
    checkpoints: reader.texts('checkpoints'),
  };
  if (scenario !== undefined && scenario !== plan.scenario)
    reader.fail('scenario', `is "${plan.scenario}", but "${scenario}" was asked for`);
  return plan;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new SimulatorError('BAD_PLAN', `the plan is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

function readTape(reader: Reader): Tape {
  const version = reader.number('version', 0);
  if (version !== 1) reader.fail('version', `is ${version}, but this raftlens reads tapes of version 1`);
  reader.only(['version', 'rest', 'draws']);
  const draws: Record<string, readonly number[]> = {};
  const recorded = reader.record('draws');
  for (const label of recorded.names()) {
    const pairs = recorded.numbers(label);
    if (pairs.length % 2 !== 0) recorded.fail(label, 'holds half a pair: it lists pairs of the number of a draw and its value');
    draws[label] = pairs;
  }
  return { version: 1, rest: reader.oneOf('rest', ['seed', 'calm'] as const), draws };
}

const KINDS = [
  'violation',
  'apply',
  'leader',
  'agreement',
  'budget',
  'size',
  'linearizability',
  'liveness',
  'race',
  'core-error',
  'script',
  'virtual-limit',
  'real-limit',
  'stuck',
  'leaked-tasks',
] as const satisfies readonly Failure['kind'][];

function readFailure(reader: Reader): Failure {
  reader.only(['kind', 'message', 'rule', 'check', 'detail']);
  return {
    kind: reader.oneOf('kind', KINDS),
    message: reader.text('message'),
    ...(reader.has('rule') ? { rule: reader.text('rule') } : {}),
    ...(reader.has('detail') ? { detail: reader.text('detail') } : {}),
    ...(reader.has('check') ? { check: readCheck(reader.record('check')) } : {}),
  };
}
