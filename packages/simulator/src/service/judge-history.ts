import { checkHistory, describeOperation, HistoryRecorder, keyValueModel, pictureOf } from '@raftlens/checker';
import type { Event } from '@raftlens/events';
import { ScenarioError } from '../protocol/failure.ts';

/** A healthy history takes about one step an operation. */
const STEPS_MAX = 500_000;

/** Throws when the history of a key/value service is not linearizable, and also when that could not be decided: unknown never passes. */
export function judgeHistory(events: readonly Event[]): void {
  const recorder = new HistoryRecorder();
  for (const event of events) recorder.observe(event);
  const report = checkHistory(keyValueModel, recorder.operations(), { stepsMax: STEPS_MAX });
  if (report.contradiction !== null) {
    const { part, at, window } = report.contradiction;
    const what = `the history of ${part} is not linearizable: no order of its operations explains that ${at.client} got ${describeOperation(at)}`;
    throw new ScenarioError('linearizability', what, { about: { key: part }, detail: pictureOf(window, at) });
  }
  if (report.verdict === 'unknown') {
    throw new ScenarioError(
      'linearizability',
      `whether the history of ${report.undecided.join(', ')} is linearizable was not decided in ${report.steps} steps`,
    );
  }
}
