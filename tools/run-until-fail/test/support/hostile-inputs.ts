import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many inputs of a kind: a few hundred in the suite, all 10,000 by hand. */
export function inputCount(fewer: number): number {
  return Number(process.env['HOSTILE_INPUTS'] ?? fewer);
}

/** What may not be found in anything that is read, printed or packed. */
export const SECRET = 'a-key-of-another-folder';

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '\0',
  '\u001b[2J',
  '\u202e',
  '9'.repeat(30),
  '-1',
  'null',
  '1e999',
  '\ud800',
  'é'.repeat(50),
];
const DEEP = '['.repeat(20_000);

/** Draws inputs, the same ones for the same seed. */
export class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  pick<T>(all: readonly [T, ...T[]]): T {
    return all[this.below(all.length)] ?? all[0];
  }

  /** The text with pieces cut out, put in and doubled; now and then something else altogether. */
  mutated(text: string): string {
    if (this.below(30) === 0) return this.pick(['', DEEP, 'null', '[]', '{}', '"text"', '1', this.bytes(300).toString('latin1')]);
    let now = text;
    for (let times = 1 + this.below(4); times > 0; times--) {
      const at = this.below(now.length + 1);
      const piece = this.below(4) === 0 ? now.slice(at, at + this.below(60)) : (TOKENS[this.below(TOKENS.length)] ?? '');
      now = now.slice(0, at) + (this.below(3) === 0 ? '' : piece) + now.slice(at + this.below(12));
    }
    return now;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

/** What an entry of a folder is told to be, and how it is made. */
type Make = (path: string, draws: Draws, text: string) => void;

/** Makes folders as a hostile test leaves them. */
export class HostileFolders {
  readonly #draws: Draws;
  readonly #pipe: string;
  readonly #makes: readonly [Make, ...Make[]];

  /** @param outside a folder for what must not be touched */
  constructor(draws: Draws, outside: string) {
    this.#draws = draws;
    this.#pipe = join(outside, 'pipe');
    const secret = join(outside, 'secret');
    writeFileSync(secret, SECRET);
    execFileSync('mkfifo', [this.#pipe]);
    const link =
      (target: string): Make =>
      (path) =>
        symlinkSync(target, path);
    this.#makes = [
      (path, _, text) => writeFileSync(path, text),
      (path, drawn, text) => writeFileSync(path, drawn.mutated(text)),
      (path, drawn) => writeFileSync(path, drawn.bytes(drawn.below(2000))),
      (path) => writeFileSync(path, ''),
      (path) => mkdirSync(join(path, 'deep'), { recursive: true }),
      (path) => linkSync(this.#pipe, path),
      link(secret),
      link('/dev/zero'),
      link(outside),
      link('run.json'),
      (path, _, text) => {
        writeFileSync(path, text);
        truncateSync(path, 2 ** 36);
      },
      (path, _, text) => {
        writeFileSync(path, text);
        chmodSync(path, 0);
      },
    ];
  }

  /** @param texts by the names of files: what would be right there */
  make(folder: string, texts: Readonly<Record<string, string>>): void {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(texts)) {
      if (this.#draws.below(5) > 0) this.#entry(join(folder, name), text);
    }
    for (let more = this.#draws.below(4); more > 0; more--) {
      const name = this.#draws.pick([
        'a\\b',
        'c\nd',
        '\u001b[2J',
        '\u202e',
        'x'.repeat(250),
        '-rf',
        ' ',
        'S1.ndjson',
        'report.1.json',
        '\u3164',
      ]);
      this.#entry(join(folder, `${name}${more}`), 'text');
    }
  }

  #entry(path: string, text: string): void {
    // Half of them are as they should be: the others are to be met one at a time, too.
    const make = this.#draws.below(2) === 0 ? this.#makes[0] : this.#draws.pick(this.#makes);
    make(path, this.#draws, text);
  }
}
