const MARKS = [
  '{',
  '}',
  '"',
  '\\',
  ',',
  ':',
  '\0',
  '\u001b[2J',
  '\u202e',
  '\u{1f600}',
  '{bold}',
  '[[[[',
  '\r',
  '\t',
  '\u0085',
  '\u009b31m',
  '\u3164',
  '\u{e0100}',
];
const PIECES = MARKS.concat('9'.repeat(30), '"term":5,', '\\u001b', '\ud800', '-1e999', '1e300', '->', 'a'.repeat(300), '""', 'null');

/** Damages lines of logs, the same ones for the same seed. */
export class Damage {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The line with up to three pieces cut out, put in, or overwritten; one line in ten is left whole. */
  line(text: string): string {
    let damaged = text;
    for (let times = this.random() < 0.1 ? 0 : 1 + Math.floor(this.random() * 3); times > 0; times--) {
      const at = Math.floor(this.random() * damaged.length);
      const cut = this.random() < 0.1 ? damaged.length : Math.floor(this.random() * 6);
      damaged = damaged.slice(0, at) + (this.random() < 0.6 ? this.pick(PIECES) : '') + damaged.slice(at + cut);
    }
    return damaged;
  }

  pick<T>(all: readonly T[]): T {
    const one = all[Math.floor(this.random() * all.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  random(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }
}
