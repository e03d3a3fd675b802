import yargs, { type Argv } from 'yargs';
import type { ExitCode } from './errors.ts';
import { type Complaints, type Context, runTool, type Tool } from './run-tool.ts';
import { checkValues, usageError } from './usage-error.ts';

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
  return runTool(argv, program, (context) => parse(argv, program, context), complaints);
}

async function parse(argv: readonly string[], program: Program, context: Context): Promise<void> {
  const cli = yargs([...argv]);
  // The settings come first, so that the tool's own commands find them in force.
  cli
    .scriptName(program.name)
    .locale('en')
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // A handler's error comes alone; yargs' own complaint comes as a message, with or without an error that repeats it.
      if (error !== undefined && error !== null && error.name !== 'YError') throw error;
      throw usageError(message ?? 'wrong usage', cli, argv);
    })
    .parserConfiguration({ 'parse-positional-numbers': false, 'dot-notation': false })
    .strict()
    .check((parsed: Readonly<Record<string, unknown>>) => checkValues(parsed, cli), true)
    .option('debug', { type: 'boolean', describe: 'Print the stack of an error', global: true })
    .usage(usageOf(program))
    .help()
    .alias('help', 'h')
    .version(program.version)
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .epilogue(`\`${program.name} completion\` prints a script for the shell's completion.`);
  program.build(cli, context);
  // Not yargs' `completion` command: that one takes over wherever the word appears among the arguments.
  if (argv.length === 1 && argv[0] === 'completion') cli.showCompletionScript();
  else await cli.parseAsync();
}

/** yargs takes blanks at the start of a line away, hence the prompt. */
function usageOf({ name, summary, examples, usage = `${name} <command> [options]` }: Program): string {
  const width = Math.max(0, ...examples.map(([line]) => line.length));
  const lines = examples.map(([line, what]) => `$ ${line.padEnd(width)}  # ${what}`);
  return [summary, '', ...(lines.length === 0 ? [] : ['Examples:', ...lines, '']), `Usage: ${usage}`].join('\n');
}
