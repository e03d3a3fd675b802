import { ExitCode } from './errors.ts';

/**
 * A signal that is aborted by the first Ctrl-C or SIGTERM, so that the work can stop its children and sum up. A second one ends the process
 * at once with exit code 130. Call the function that comes with it when the work is done, which gives the signals back to Node.
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
