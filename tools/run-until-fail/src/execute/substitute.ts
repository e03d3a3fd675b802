import { shellWord } from '../shell-words.ts';
import type { LaunchOrder, LaunchPlan } from './launch-plan.ts';
import { shakenEnvironment, shakenWords } from './shaken-command.ts';

/**
 * The command of one run: `{seed}`, `{dir}` and `{test}` replaced in every argument, in one pass, so that a test's name is never itself
 * expanded. Only a plan with `shell` asks a shell, by words of its own.
 */
export function commandOf(plan: Pick<LaunchPlan, 'command' | 'shell'>, order: LaunchOrder): readonly string[] {
  const values: Readonly<Record<string, string>> = { seed: order.seed, dir: order.directory, test: order.test };
  // In a shell line a value is one quoted word: the name of a test must not become a command.
  const shown = (value: string): string => (plan.shell ? shellWord(value) : value);
  const words = plan.command.map((argument) =>
    argument.replace(/\{(seed|dir|test)\}/g, (all, name: string) => (values[name] === undefined ? all : shown(values[name]))),
  );
  const command = plan.shell ? ['/bin/sh', '-c', ...words] : words;
  return order.setting === null ? command : shakenWords(command, order.setting, order.seed);
}

/** The variables that a run has for itself. */
export function environmentOf(order: LaunchOrder): Readonly<Record<string, string>> {
  const own = { RUN_DIR: order.directory, RUN_SEED: order.seed, RUN_TEST: order.test };
  return order.setting === null ? own : { ...shakenEnvironment(order.setting), ...own };
}
