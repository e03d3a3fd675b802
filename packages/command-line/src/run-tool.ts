import { ExitCode } from './errors.ts';
import { type ErrorClass, reportError } from './report-error.ts';

/** What is told of a tool when something goes wrong. */
export interface Tool {
  /** The name of the command. */
  readonly name: string;
  /** Classes of errors of the packages below that are the user's to mend: printed as one line, exit code 2. */
  readonly userErrors?: readonly ErrorClass[];
}

/** What the commands of a tool share with whoever runs them. */
export interface Context {
  exitCode: ExitCode;
}

/** What errors are written to: a stream, or what a test puts in its place. */
export interface Complaints {
  write(text: string): unknown;
}

/** Does a tool's work, tells of its errors and sets `process.exitCode`: `runMain` without the parser of the command line. */
export async function runTool(
  argv: readonly string[],
  { name, userErrors = [] }: Tool,
  work: (context: Context) => Promise<void>,
  complaints: Complaints = process.stderr,
): Promise<ExitCode> {
  const context: Context = { exitCode: ExitCode.ok };
  endQuietlyWithPipes();
  try {
    await work(context);
  } catch (error) {
    const report = reportError(name, error, { debug: wantsDebug(argv), userErrors });
    complaints.write(report.text);
    context.exitCode = report.exitCode;
  }
  process.exitCode = context.exitCode;
  return context.exitCode;
}

function wantsDebug(argv: readonly string[]): boolean {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return own.includes('--debug');
}

let watchesPipes = false;

/** `tool | head` closes the pipe when head has seen enough: nobody is left to tell, so that the tool just ends. */
function endQuietlyWithPipes(): void {
  if (watchesPipes) return;
  watchesPipes = true;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
}
