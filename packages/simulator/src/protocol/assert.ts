/** What must hold between two files of the simulator does not: a bug of the simulator, never of the core or the script that it runs. */
export class AssertionFailed extends Error {
  readonly code = 'ASSERTION_FAILED';

  constructor(what: string) {
    super(`${what} (a bug of the simulator: please report it)`);
    this.name = 'AssertionFailed';
  }
}

/** Throws AssertionFailed unless it holds. Only for what the simulator itself guarantees: not for what a core, a script or a plan may do. */
export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new AssertionFailed(what);
}
