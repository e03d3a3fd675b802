import { ExitCode } from './errors.ts';
import { type ErrorOutput, watchOutput } from './output-errors.ts';
import { type ErrorClass, reportError } from './report-error.ts';

/** What an error report says of a tool. */
export interface Tool {
  /** The name of the command. */
  readonly name: string;
  /** Classes of errors of other packages that are the user's to fix: printed as one line, exit code 2. */
  readonly userErrors?: readonly ErrorClass[];
}

/** What the commands of a tool share with their caller. */
export interface ToolContext {
  exitCode: ExitCode;
}

/** Does a tool's work, reports its errors and sets `process.exitCode`: `runMain` without the command-line parser. */
export async function runTool(
  argv: readonly string[],
  { name, userErrors = [] }: Tool,
  work: (context: ToolContext) => Promise<void>,
  complaints: ErrorOutput = process.stderr,
): Promise<ExitCode> {
  const context: ToolContext = { exitCode: ExitCode.ok };
  const output = watchOutput(name, complaints);
  watchDefects(name, wantsDebug(argv));
  try {
    await work(context);
  } catch (error) {
    const report = reportError(name, error, { debug: wantsDebug(argv), userErrors });
    complaints.write(report.text);
    context.exitCode = report.exitCode;
  }
  // The last output may fail only later, when the exit code is set already. `watchOutput` corrects it then.
  output.setExitCode(context.exitCode);
  return context.exitCode;
}

function wantsDebug(argv: readonly string[]): boolean {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return own.includes('--debug');
}

let watchesDefects = false;

/** An uncaught error is a defect of the tool: exit code 3. Node's own code would be 1, which means that a run failed. */
function watchDefects(name: string, debug: boolean): void {
  if (watchesDefects) return;
  watchesDefects = true;
  process.on('uncaughtException', (error) => {
    if (process.listenerCount('uncaughtException') > 1) return; // Whoever holds the terminal, or runs a test, has its own way.
    process.stderr.write(reportError(name, error, { debug, userErrors: [] }).text);
    process.exit(ExitCode.internal);
  });
}
