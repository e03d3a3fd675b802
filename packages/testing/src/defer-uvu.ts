/**
 * Imported before uvu: tells it to queue suites and to wait for our `exec`, instead of starting by a timer of its own while the
 * test file may still be waiting at a top-level `await`.
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
