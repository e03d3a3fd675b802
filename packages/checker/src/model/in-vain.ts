import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/** What shows only at the end of a cluster: answers that led nowhere, and servers that fell silent. */
export function tellWhatWasInVain(step: StepRecord, asks: Asks): void {
  const { cluster, progress } = step;
  for (const answers of cluster.vain.long) {
    step.vain = answers;
    asks['answers were in vain'](step);
  }
  for (const silence of cluster.silences.found(cluster.servers, progress.boundMs, progress.everTold)) {
    step.silence = silence;
    asks.silence(step);
  }
}
