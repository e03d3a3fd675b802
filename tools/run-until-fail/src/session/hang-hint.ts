import { formatDuration } from '@raftlens/command-line';
import type { Observer } from '../kept-run.ts';

/** No run has ended for so long: one of them may never end. */
const SILENCE_MS = 60_000;

/** Says that --timeout would end a run that hangs, when none has ended for a minute. For sessions without a timeout. */
export class HangHint implements Observer {
  readonly #timer: NodeJS.Timeout;

  constructor(noted: (text: string) => void, silenceMs = SILENCE_MS) {
    const silence = formatDuration(silenceMs);
    this.#timer = setTimeout(() => noted(`no run has ended for ${silence}: --timeout 60s would end and keep one that hangs`), silenceMs);
  }

  finished(): void {
    this.#timer.refresh();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
