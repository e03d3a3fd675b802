import { inspect } from 'node:util';
import { Assertion } from 'uvu/assert';

/** What a thrown error must be: a class, a part of its message, a pattern for it, or properties that it must have. */
export type Expected = (abstract new (...args: never[]) => Error) | string | RegExp | Readonly<Record<string, unknown>>;

/** Asserts that `body` throws an Error, and returns it. A string is compared with the message; uvu would take it for a comment. */
export function throws(body: () => unknown, expected?: Expected): Error {
  let result: unknown;
  try {
    result = body();
  } catch (thrown) {
    return checked(thrown, expected);
  }
  throw unexpected(`Expected the function to throw; it returned ${inspect(result)}`, result, expected);
}

/** Asserts that the promise, or the promise that the function returns, is rejected with an Error, and returns that. */
export async function rejects(promise: Promise<unknown> | (() => Promise<unknown>), expected?: Expected): Promise<Error> {
  let result: unknown;
  try {
    result = await (typeof promise === 'function' ? promise() : promise);
  } catch (thrown) {
    return checked(thrown, expected);
  }
  throw unexpected(`Expected the promise to be rejected; it gave ${inspect(result)}`, result, expected);
}

function checked(thrown: unknown, expected: Expected | undefined): Error {
  if (!(thrown instanceof Error)) throw unexpected(`Expected an Error to be thrown, not ${inspect(thrown)}`, thrown, expected);
  const complaint = expected === undefined ? '' : mismatch(thrown, expected);
  if (complaint !== '') throw unexpected(`${complaint}\n${thrown.stack ?? thrown.message}`, thrown, expected);
  return thrown;
}

function mismatch(error: Error, expected: Expected): string {
  if (typeof expected === 'function') return error instanceof expected ? '' : `Expected an error of class ${expected.name}:`;
  if (typeof expected === 'string') return error.message.includes(expected) ? '' : `Expected "${expected}" in the message of the error:`;
  if (expected instanceof RegExp)
    return expected.test(error.message) ? '' : `Expected the message of the error to match ${String(expected)}:`;
  const wrong = Object.entries(expected).find(([key, value]) => Reflect.get(error, key) !== value);
  return wrong === undefined
    ? ''
    : `Expected the error to have ${wrong[0]} = ${inspect(wrong[1])}, not ${inspect(Reflect.get(error, wrong[0]))}:`;
}

function unexpected(message: string, actual: unknown, expects: unknown): Assertion {
  return new Assertion({ message, operator: 'throws', actual, expects });
}
