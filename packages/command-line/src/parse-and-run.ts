import yargs from 'yargs';
import type { Program } from './program.ts';
import type { ToolContext } from './run-tool.ts';
import { checkValues, usageError } from './usage-error.ts';

/** Parses the command line of a program and runs the command that it names. */
export async function parseAndRun(argv: readonly string[], program: Program, context: ToolContext): Promise<void> {
  const cli = yargs([...argv]);
  // The settings come first: they must be in force when the tool adds its commands.
  cli
    .scriptName(program.name)
    .locale('en')
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // A handler's error comes alone; yargs' own complaint comes as a message, with or without an error that repeats it.
      if (error !== undefined && error !== null && error.name !== 'YError') throw error;
      throw usageError(message ?? 'wrong usage', cli, argv);
    })
    // An option takes one value each time it is given. A greedy list would swallow the file that follows.
    .parserConfiguration({ 'parse-positional-numbers': false, 'dot-notation': false, 'greedy-arrays': false })
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
  // Not yargs' `completion` command: that one acts wherever the word appears among the arguments.
  if (argv.length === 1 && argv[0] === 'completion') cli.showCompletionScript();
  else await cli.parseAsync();
}

/** yargs strips spaces at the start of a line, hence the prompt. */
function usageOf({ name, summary, examples, usage = `${name} <command> [options]` }: Program): string {
  const width = Math.max(0, ...examples.map(([line]) => line.length));
  const lines = examples.map(([line, what]) => `$ ${line.padEnd(width)}  # ${what}`);
  return [summary, '', ...(lines.length === 0 ? [] : ['Examples:', ...lines, '']), `Usage: ${usage}`].join('\n');
}
