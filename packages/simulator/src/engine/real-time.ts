/**
 * The only place of the simulator that knows of real time. It guards against scripts that never end; nothing here may influence
 * what a run does.
 */

/** Milliseconds on a monotonic real clock. */
export function realNowMs(): number {
  return performance.now();
}

/** Lets the real event loop turn once. */
export function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
