import type { KeptRun, Observer } from '../kept-run.ts';
import type { RunResult } from '../run.ts';
import { settingText } from '../shake.ts';
import type { Report } from './report.ts';

/** `--json`: what happens, one JSON object a line. Line ends and control characters of tests are escaped by JSON itself. */
export class JsonEvents implements Observer {
  readonly #write: (text: string) => void;
  readonly #nameOf: (test: number) => string;

  constructor(write: (text: string) => void, nameOf: (test: number) => string) {
    this.#write = write;
    this.#nameOf = nameOf;
  }

  begin(head: Pick<Report, 'label' | 'startedAt' | 'environment' | 'asked'>): void {
    this.#event('begin', head);
  }

  finished({ run, verdict, durationMs, cpuMs, cases, leftProcesses, setting, check }: RunResult): void {
    const { number, test, seed } = run;
    this.#event('run', {
      number,
      test: this.#nameOf(test),
      seed,
      verdict,
      durationMs,
      cpuMs,
      cases,
      leftProcesses,
      ...shakeOf(setting),
      check,
    });
  }

  kept({ run, test, verdict, folder, problem, signature, why, again }: KeptRun): void {
    this.#event('kept', { number: run.number, test, seed: run.seed, outcome: verdict.kind, folder, problem, signature, why, again });
  }

  noted(text: string): void {
    this.#event('note', { text });
  }

  end(report: Report): void {
    this.#event('end', { report });
  }

  #event(type: string, fields: object): void {
    this.#write(`${JSON.stringify({ type, ...fields })}\n`);
  }
}

function shakeOf(setting: RunResult['setting']): { readonly shake?: string } {
  return setting === undefined ? {} : { shake: settingText(setting) };
}
