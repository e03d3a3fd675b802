/** What two files of this package owe each other does not hold: a mistake here, never in what a log says. */
export class CheckerError extends Error {
  readonly code = 'CHECKER_BROKEN';
}

/** Stops where the checker contradicts itself. Never used on what a log may say. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new CheckerError(`the checker contradicts itself: ${what}`);
}
