import { ExitCode } from './errors.ts';

/**
 * An AbortSignal that the first Ctrl-C or SIGTERM aborts: the work can then stop its children and print its summary. A second one ends the
 * process at once with exit code 130. Call `release` when the work is done: it gives the signals back to Node.
 */
export function interruptSignal(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const release = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  return { signal: controller.signal, release };
}
