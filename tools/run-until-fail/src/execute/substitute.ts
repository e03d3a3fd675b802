import { shellWord } from '../keep/shell-words.ts';
import type { LaunchOrder, LaunchPlan } from './protocol.ts';

/** The command of one run: `{seed}`, `{dir}` and `{test}` replaced in every argument, in one pass, so that a test's name is never itself expanded. */
export function commandOf(plan: LaunchPlan, order: LaunchOrder): readonly string[] {
  const values: Readonly<Record<string, string>> = { seed: order.seed, dir: order.directory, test: order.test };
  // In a shell line a value is one quoted word: the name of a test must not become a command.
  const shown = (value: string): string => (plan.shell ? shellWord(value) : value);
  return plan.command.map((argument) =>
    argument.replace(/\{(seed|dir|test)\}/g, (all, name: string) => (values[name] === undefined ? all : shown(values[name]))),
  );
}

export function environmentOf(plan: LaunchPlan, order: LaunchOrder): Record<string, string> {
  return { ...plan.environment, RUN_DIR: order.directory, RUN_SEED: order.seed, RUN_TEST: order.test };
}
