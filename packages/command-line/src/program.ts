import type { Argv } from 'yargs';
import type { Context, Tool } from './run-tool.ts';

/** What a tool is. */
export interface Program extends Tool {
  readonly version: string;
  /** One sentence: the first line of the help. */
  readonly summary: string;
  /** What stands after "Usage: ". Default `NAME <command> [options]`. */
  readonly usage?: string;
  /** `[command line, what it does]`: they stand before anything else in the help, because that is where people look. */
  readonly examples: readonly (readonly [string, string])[];
  /** Adds options and commands. A handler that is done with bad news sets `context.exitCode`; it throws `UserError` for a mistake. */
  readonly build: (cli: Argv, context: Context) => Argv;
}
