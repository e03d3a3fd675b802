import { spawnSync } from 'node:child_process';

/** The reason for skipping a test whose tool is missing begins with this. With `--tools-required` such a skip is a failure. */
export const NOT_INSTALLED = 'not installed: ';

/**
 * A value for `skip`: false where the command runs and ends with 0, else the reason.
 *
 * @param command a harmless call of the tool: `['go', 'version']`
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
