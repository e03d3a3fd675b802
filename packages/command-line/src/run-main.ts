import type { ExitCode } from './errors.ts';
import type { ErrorOutput } from './output-errors.ts';
import type { Program } from './program.ts';
import { runTool } from './run-tool.ts';

/**
 * Runs a tool: parses its command line, runs the command, and sets `process.exitCode`. It never calls process.exit, which would lose
 * output that a pipe has not taken yet.
 *
 * @param argv the arguments after the script: `process.argv.slice(2)`
 * @param complaints where errors are reported
 */
export function runMain(argv: readonly string[], program: Program, complaints?: ErrorOutput): Promise<ExitCode> {
  return runTool(
    argv,
    program,
    async (context) => {
      // The parser is loaded only here: errors and widths are used without it too.
      const { parseAndRun } = await import('./parse-and-run.ts');
      await parseAndRun(argv, program, context);
    },
    complaints,
  );
}
