import type { Argv } from 'yargs';
import type { ExitCode } from './errors.ts';
import type { Complaints } from './output-errors.ts';
import { type Context, runTool, type Tool } from './run-tool.ts';

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

/**
 * Runs a tool: parses its command line, runs the command, and sets `process.exitCode`. It never calls process.exit, which would cut short what
 * a pipe has not taken yet.
 *
 * @param argv the arguments after the script: `process.argv.slice(2)`
 * @param complaints where errors are told of
 */
export function runMain(argv: readonly string[], program: Program, complaints?: Complaints): Promise<ExitCode> {
  return runTool(
    argv,
    program,
    async (context) => {
      // The parser is read when there is something to parse: errors and widths are used without it, too.
      const { parseAndRun } = await import('./parse-and-run.ts');
      await parseAndRun(argv, program, context);
    },
    complaints,
  );
}
