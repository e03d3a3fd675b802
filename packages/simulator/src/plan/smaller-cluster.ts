import type { Action } from '../protocol/act.ts';
import { assert } from '../protocol/assert.ts';
import type { LabCheck } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import type { Tape } from '../protocol/tape.ts';

const NAME = /\bS(\d+)\b/g;

/** The plan for a cluster without the server `gone` (from 1) of `servers`. Those behind it move up, with what was drawn for them. */
export function withoutServer(plan: Plan, gone: number, servers: number, voters: number): Plan {
  assert(gone >= 1 && gone <= servers && servers > 1, 'a server of the cluster is left out, and not the last one');
  const { failure } = plan;
  const check = failure?.check === undefined ? undefined : checkWithout(failure.check, gone, servers);
  return {
    ...plan,
    setup: { ...plan.setup, servers: servers - 1, voters: Math.max(1, gone <= voters ? voters - 1 : voters) },
    actions: plan.actions.flatMap((action) => actionWithout(action, gone)),
    tape: tapeWithout(plan.tape, gone),
    failure: failure === null || check === undefined ? failure : { ...failure, check },
  };
}

/** The name that the server has then; null for the one that is left out. */
function renamed(name: string, gone: number): string | null {
  const number = Number(name.slice(1));
  if (number === gone) return null;
  return number > gone ? `S${number - 1}` : name;
}

function namesWithout(names: readonly string[], gone: number): string[] {
  return names.map((name) => renamed(name, gone)).filter((name) => name !== null);
}

/** No action where it is about that server alone. */
function actionWithout(action: Action, gone: number): Action[] {
  switch (action.do) {
    case 'partition':
      return [{ ...action, groups: action.groups.map((group) => namesWithout(group, gone)).filter((group) => group.length > 0) }];
    case 'change': {
      const server = renamed(action.server, gone);
      const voters = namesWithout(action.voters, gone);
      return server === null || voters.length === 0 ? [] : [{ ...action, server, voters, learners: namesWithout(action.learners, gone) }];
    }
    case 'transfer': {
      const [server, target] = [renamed(action.server, gone), renamed(action.target, gone)];
      return server === null || target === null ? [] : [{ ...action, server, target }];
    }
    case 'cut':
    case 'join':
    case 'clog':
    case 'unclog':
    case 'message': {
      const [from, to] = [renamed(action.from, gone), renamed(action.to, gone)];
      return from === null || to === null ? [] : [{ ...action, from, to }];
    }
    case 'heal':
    case 'calm':
    case 'network':
    case 'client':
      return [action];
    default: {
      const server = renamed(action.server, gone);
      return server === null ? [] : [{ ...action, server }];
    }
  }
}

/** Draws are labelled by the servers that they are for. */
function tapeWithout(tape: Tape, gone: number): Tape {
  const draws = Object.entries(tape.draws).flatMap(([label, pairs]) => {
    const names = label.match(NAME) ?? [];
    if (names.some((name) => renamed(name, gone) === null)) return [];
    return [[label.replaceAll(NAME, (name) => renamed(name, gone) ?? name), pairs] as const];
  });
  return { ...tape, draws: Object.fromEntries(draws) };
}

function checkWithout(check: LabCheck, gone: number, servers: number): LabCheck {
  const links = check.links?.flatMap((link) => {
    const names = namesWithout(link.split('->'), gone);
    return names.length === 2 ? [names.join('->')] : [];
  });
  return {
    ...check,
    expected: Math.min(check.expected, servers - 1),
    down: namesWithout(check.down, gone),
    isolated: namesWithout(check.isolated, gone),
    ...(links === undefined ? {} : { links }),
  };
}
