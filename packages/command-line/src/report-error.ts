import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ExitCode, InterruptedError, UserError } from './errors.ts';
import { printable, printableLines } from './printable.ts';

/** A class of errors of another package that are the user's to fix, such as an unreadable run. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** What is printed on stderr for an error, and the exit code that goes with it. */
export interface ErrorReport {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** System errors about a path that the user named. */
const PATH_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
};

/**
 * One line for a mistake of the user. For a defect of the tool, one line and where its stack was saved: a stack means nothing to most
 * people and everything to whoever fixes it. With `debug` the stack is printed.
 */
export function reportError(tool: string, error: unknown, options: { debug: boolean; userErrors: readonly ErrorClass[] }): ErrorReport {
  if (error instanceof InterruptedError) return { text: '', exitCode: ExitCode.interrupted };
  const mistake = userMistake(error, options.userErrors);
  const stack = printableLines(inspect(error));
  if (mistake !== undefined) return { text: `${tool}: ${mistake}\n${options.debug ? `${stack}\n` : ''}`, exitCode: ExitCode.usage };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error);
  const where = options.debug ? stack : keepStack(tool, stack);
  return { text: `${tool}: internal error: ${printableLines(message)}\n${where}\n`, exitCode: ExitCode.internal };
}

function userMistake(error: unknown, userErrors: readonly ErrorClass[]): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof UserError || userErrors.some((known) => error instanceof known)) return printableLines(error.message);
  if (!('code' in error && 'path' in error)) return undefined;
  const problem = PATH_PROBLEMS[String(error.code)];
  return problem === undefined ? undefined : `cannot use ${printable(String(error.path))}: ${problem}.`;
}

/** What went wrong, in a few words. The system errors that users meet have our own words. Not safe to print. */
export function problemOf(error: unknown): string {
  const known = error instanceof Error && 'code' in error ? PATH_PROBLEMS[String(error.code)] : undefined;
  return known ?? (error instanceof Error ? error.message : inspect(error));
}

function keepStack(tool: string, stack: string): string {
  try {
    const path = join(mkdtempSync(join(tmpdir(), `${tool}-`)), 'stack.txt');
    writeFileSync(path, `${tool} on Node ${process.version}\n${process.argv.join(' ')}\n\n${stack}\n`);
    return `This is a defect of the tool. Its stack was kept in ${path}; --debug prints it.`;
  } catch {
    return `This is a defect of the tool. Its stack:\n${stack}`;
  }
}
