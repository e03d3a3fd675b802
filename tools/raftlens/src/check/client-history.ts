import {
  checkHistory,
  chooseModel,
  describeOperation,
  HistoryRecorder,
  initialValueOf,
  type Operation,
  pictureOf,
  startingWith,
} from '@raftlens/checker';
import type { Event } from '@raftlens/events';
import { cellText, type Line, line, span } from '../text/line.ts';
import { plural } from '../text/time.ts';

/** Enough for a healthy history of a million operations; a knot that needs more is said to be undecided. */
const STEPS_MAX = 20_000_000;

/** What the clients' operations tell of the service: whether some order of them explains what each of them got. */
export interface HistoryVerdict {
  readonly verdict: 'legal' | 'illegal' | 'unknown' | 'no model';
  readonly operations: number;
  readonly summary: string;
  /** The operations that contradict each other, drawn over time. */
  readonly picture: readonly string[];
  /** Those operations, and the one at whose end the history became impossible; null where it did not. */
  readonly window: readonly Operation[];
  readonly at: Operation | null;
}

/** Collects the clients' lines while the log is read. */
export class ClientHistory {
  readonly #recorder = new HistoryRecorder();
  #unread = 0;

  observe(event: Event): void {
    this.#recorder.observe(event);
  }

  /** A line that could not be read, where clients' lines may have stood. */
  unread(): void {
    this.#unread += 1;
  }

  /** Null where the log has no operation of a client. */
  verdict(): HistoryVerdict | null {
    const operations = this.#recorder.operations();
    if (operations.length === 0) return null;
    return this.#asFarAsRead(judge(operations));
  }

  /**
   * What nobody wrote may have been written by an operation that the log does not hold; and what could not be read may contradict what could.
   */
  #asFarAsRead(verdict: HistoryVerdict): HistoryVerdict {
    const { endsWithoutCall } = this.#recorder;
    const lacks = [
      ...(endsWithoutCall > 0 && verdict.verdict === 'illegal'
        ? [`the calls of ${plural(endsWithoutCall, 'operation')} are not in it`]
        : []),
      ...(this.#unread > 0 ? [`${plural(this.#unread, 'line')} of it could not be read (an operation has to stand on one line)`] : []),
    ];
    if (lacks.length === 0) return verdict;
    const summary = `${plural(verdict.operations, 'operation')} of clients, not judged: the history is not whole: ${lacks.join(', and ')}`;
    return { verdict: 'unknown', operations: verdict.operations, summary, ...NO_CONTRADICTION };
  }
}

const NO_CONTRADICTION = { picture: [], window: [], at: null } as const;

function judge(operations: readonly Operation[]): HistoryVerdict {
  const count = plural(operations.length, 'operation');
  const model = chooseModel(operations);
  if (model === null) {
    const kinds = new Set(operations.map(({ f }) => f));
    return {
      verdict: 'no model',
      operations: operations.length,
      summary: `${count} of clients, not checked: no model knows ${[...kinds].map(cellText).join(', ')}`,
      ...NO_CONTRADICTION,
    };
  }
  const initial = initialValueOf(model, operations);
  const started = initial === null ? model : startingWith(model, initial);
  const { verdict, contradiction, undecided, steps } = checkHistory(started, operations, { stepsMax: STEPS_MAX });
  const from = initial === null ? '' : ` whose keys begin with ${cellText(initial)}`;
  const of = `${count} of clients on a ${model.name} service${from}`;
  const base = { verdict, operations: operations.length };
  if (contradiction !== null) {
    const { part, at, window } = contradiction;
    const summary = `not linearizable: no order of the operations on ${cellText(part)} explains that ${cellText(at.client)} got ${cellText(describeOperation(at))}`;
    return { ...base, summary, picture: pictureOf(window, at).split('\n').map(cellText), window, at };
  }
  const summary =
    verdict === 'legal'
      ? `${of}: linearizable`
      : `${of}: not decided for ${undecided.map(cellText).join(', ')} within ${plural(steps, 'step')}`;
  return { ...base, summary, ...NO_CONTRADICTION };
}

export function historyLines({ verdict, summary, picture }: HistoryVerdict): Line[] {
  const tone = verdict === 'illegal' ? 'error' : verdict === 'legal' ? 'commit' : 'warning';
  return [line([]), line([span(summary, tone)]), ...picture.map((row) => line([span(`  ${row}`)]))];
}
