import { DEFAULT_TIMEOUT_MS } from './time-limit.ts';

/** The body of a test or a hook. */
export type Body = () => unknown;

export interface TestOptions {
  /** Milliseconds before the test fails. Default 20,000. */
  readonly timeoutMs?: number;
  /** Why the test cannot run here: printed at the end of the run. False runs the test. */
  readonly skip?: string | false;
}

export interface Hook {
  (body: Body): void;
  /** Around each test instead of around the suite. */
  each(body: Body): void;
}

/** Declares tests: `test(name, body)` or `test(name, options, body)`. */
export interface Suite {
  (name: string, body: Body): void;
  (name: string, options: TestOptions, body: Body): void;
  readonly before: Hook;
  readonly after: Hook;
}

export interface DeclaredTest {
  readonly name: string;
  readonly body: Body;
  readonly timeoutMs: number;
  readonly skip: string | false;
}

export interface DeclaredSuite {
  readonly name: string;
  readonly tests: DeclaredTest[];
  readonly before: Body[];
  readonly after: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
}

/** Called at each declaration. Throws once the run has begun: a test declared then would never run. */
type Declared = (suite: DeclaredSuite, what: string) => void;

export function createSuite(name: string, declared: Declared): Suite {
  const state: DeclaredSuite = { name, tests: [], before: [], after: [], beforeEach: [], afterEach: [] };
  const declare = (testName: string, optionsOrBody: TestOptions | Body, maybeBody?: Body): void => {
    declared(state, `the test "${testName}"`);
    const [options, body] = typeof optionsOrBody === 'function' ? [{}, optionsOrBody] : [optionsOrBody, maybeBody];
    if (typeof body !== 'function') throw new TypeError(`the test "${testName}" has no body`);
    if (state.tests.some((other) => other.name === testName)) throw new Error(`the suite "${name}" has two tests named "${testName}"`);
    state.tests.push({ name: testName, body, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, skip: options.skip ?? false });
  };
  return Object.assign(declare, {
    before: hook(state, state.before, state.beforeEach, declared),
    after: hook(state, state.after, state.afterEach, declared),
  });
}

function hook(state: DeclaredSuite, around: Body[], each: Body[], declared: Declared): Hook {
  const add = (list: Body[]) => (body: Body) => {
    declared(state, 'a hook');
    list.push(body);
  };
  return Object.assign(add(around), { each: add(each) });
}
