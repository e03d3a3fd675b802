import type { Argv } from 'yargs';
import type { Tool, ToolContext } from './run-tool.ts';

/** What a tool is. */
export interface Program extends Tool {
  readonly version: string;
  /** One sentence: the first line of the help. */
  readonly summary: string;
  /** The text after "Usage: ". Default `NAME <command> [options]`. */
  readonly usage?: string;
  /** `[command line, what it does]`. They come first in the help, because people look there. */
  readonly examples: readonly (readonly [string, string])[];
  /** Adds options and commands. A handler sets `context.exitCode` for a negative result, and throws `UserError` for a mistake. */
  readonly build: (cli: Argv, context: ToolContext) => Argv;
}
