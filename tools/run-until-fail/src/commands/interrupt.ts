/** What a person or a CI system sends to end a program. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `stop` at every Ctrl-C, SIGTERM or hang-up: the first asks, the second insists. The function that comes back ends that. */
export function onInterrupt(stop: () => void): () => void {
  for (const signal of SIGNALS) process.on(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}
