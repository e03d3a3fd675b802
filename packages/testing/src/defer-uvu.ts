/**
 * Imported before uvu. Tells it to queue suites and to wait for our `exec`. On its own it would start by a timer, perhaps while the test
 * file still waits at a top-level `await`.
 */
interface UvuGlobals {
  UVU_DEFER?: number;
  UVU_QUEUE?: unknown[][];
}

const globals: UvuGlobals = globalThis as UvuGlobals;
globals.UVU_DEFER = 1;
// The one group of this process. uvu takes the first element for the group's name; null is "none".
globals.UVU_QUEUE = [[null]];

export {};
