/**
 * The only place of the simulator that knows of real time and of the event loop. It guards against scripts that never end; nothing here may influence
 * what a run does.
 */

/** Milliseconds on a monotonic real clock. */
export function realNowMs(): number {
  return performance.now();
}

/** Milliseconds that the process has had of its processors: what bounds work on a machine that others use too. */
export function cpuNowMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Resolves when no microtask is left, whatever those that were waiting have brought: Node looks at its ticks only when the queue of
 * microtasks is empty. To be called from a microtask; costs 0.4 us, a tenth of a turn of the event loop.
 */
export function microtasksDone(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

/** Lets the real event loop turn once. */
export function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
