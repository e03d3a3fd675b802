import { spawnSync } from 'node:child_process';

/** How the reason begins of a test that is skipped because a tool is missing: with `--tools-required` such a skip is a failure. */
export const NOT_INSTALLED = 'not installed: ';

/**
 * For `skip`: false where the command runs and ends with 0, else the reason.
 *
 * @param command a call that only shows that the tool is there: `['go', 'version']`
 * @param what is missing where the call fails; default the name of the program
 */
export function unlessRuns(
  command: readonly string[],
  what: string = command[0] ?? '',
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string | false {
  const [program = '', ...args] = command;
  return spawnSync(program, args, options).status === 0 ? false : NOT_INSTALLED + what;
}
