import { inspect } from 'node:util';
import { Assertion } from 'uvu/assert';

/** An error in the one shape that uvu can print; anything else crashes its printer, which then reports success. */
export interface PrintableError extends Error {
  details?: string | false;
  operator?: string;
}

/**
 * Turns anything that was thrown into an error that uvu can print. uvu reads `name`, `stack`, `details` and `operator` without checking
 * their types, and swallows an exception there together with the failure. Only its own assertions pass unchanged.
 */
export function printableError(thrown: unknown, where: string): PrintableError {
  if (thrown instanceof Assertion) return explained(thrown);
  if (!(thrown instanceof Error)) return new Error(`${where} threw ${inspect(thrown)}, which is not an Error`);
  const error: PrintableError = new Error(`${text(thrown.name, 'Error')}: ${text(thrown.message, '')}`);
  error.stack = `Error\n${stackOf(thrown)}`;
  if ('actual' in thrown && 'expected' in thrown)
    error.details = `actual:   ${inspect(thrown.actual)}\nexpected: ${inspect(thrown.expected)}\n`;
  return error;
}

/** uvu's assertion with what uvu leaves out: the text that did not match, and a stack without uvu's frames. */
function explained(assertion: Assertion): PrintableError {
  if (assertion.details === false && assertion.operator.endsWith('match')) assertion.details = `Actual:\n${String(assertion.actual)}\n`;
  assertion.stack = `Error\n${stackOf(assertion)}`;
  return assertion;
}

/** One error made of several. The first leads, since it usually caused the others; none is lost. */
export function joinErrors(errors: readonly PrintableError[]): PrintableError {
  const [first, ...others] = errors;
  if (first === undefined) return new Error('no error to report');
  if (others.length > 0) first.message += others.map((other) => `\n    and then: ${other.message}`).join('');
  return first;
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

/** The frames of the project's own code. Those of libraries and of Node say nothing about the failure. */
function stackOf(error: Error): string {
  const frames = text(error.stack, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/node_modules|node:internal/.test(line));
  if (error.cause !== undefined) frames.push(...described('caused by', error.cause));
  if (error instanceof AggregateError) frames.push(...error.errors.flatMap((inner) => described('one of', inner)));
  return frames.join('\n');
}

function described(relation: string, thrown: unknown): string[] {
  if (!(thrown instanceof Error)) return [`    ${relation}: ${inspect(thrown)}`];
  const details = 'details' in thrown && typeof thrown.details === 'string' ? `\n${thrown.details}` : '';
  return [`    ${relation}: ${text(thrown.name, 'Error')}: ${text(thrown.message, '')}${details}`, stackOf(thrown)];
}
