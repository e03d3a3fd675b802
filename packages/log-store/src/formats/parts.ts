import type { OpenedLine, Prefix } from './heads.ts';
import { type Groups, NO_GROUPS, type Path, pathOf, valueAt } from './path.ts';

/** What a line consists of: groups of patterns, or values of a JSON object by path, and what its file and its prefix tell. */
export class LineParts {
  readonly #opened: OpenedLine;
  readonly #line: Groups;
  readonly #file: Groups;
  /** The groups of the rule that fits, which come before all others. */
  #rule: Groups = NO_GROUPS;
  /** Who writes what stands behind the prefix of the line, where that is known. */
  speaker: string | undefined;

  constructor(opened: OpenedLine, file: Groups) {
    this.#opened = opened;
    this.#line = opened.groups ?? NO_GROUPS;
    this.#file = file;
  }

  get prefix(): Prefix {
    return this.#opened.prefix;
  }

  setRule(groups: Groups): void {
    this.#rule = groups;
  }

  /** The part as text, or undefined where the line lacks it. */
  get(path: Path): string | undefined {
    const { name } = path;
    if (name in this.#rule) return this.#rule[name];
    if (name in this.#file) return this.#file[name];
    if (name in this.#line) return this.#line[name];
    if (name === 'speaker') return this.speaker;
    return this.#opened.json === undefined ? undefined : asText(this.value(path));
  }

  /** The value of JSON at a path, or at the one that the head has this other name for. */
  value(path: Path): unknown {
    return valueAt(this.#opened.json, this.#opened.paths.get(path.name) ?? path);
  }
}

function asText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? undefined : JSON.stringify(value);
    default:
      return undefined;
  }
}

/** Puts the parts of a line into a text; undefined where one of them is missing. */
export type Template = (parts: LineParts) => string | undefined;

export function templateOf(text: string): Template {
  // Odd pieces are names of parts.
  const pieces = text.split(/\{([\w.@-]+(?:\|[\w.@-]+)*)\}/).map((piece, i) => (i % 2 === 1 ? partOf(piece) : piece));
  const [before, only, after] = pieces;
  // Most are a text or a part alone.
  if (pieces.length === 1) return () => text;
  if (pieces.length === 3 && before === '' && after === '' && typeof only === 'function') return only;
  return (parts) => {
    let filled = '';
    for (const piece of pieces) {
      const value = typeof piece === 'string' ? piece : piece(parts);
      if (value === undefined) return undefined;
      filled += value;
    }
    return filled;
  };
}

/** One part, or the first of several (`{t|state_term}`) that the line has. */
function partOf(names: string): Template {
  const [first, ...others] = names.split('|').map(pathOf);
  if (first === undefined) return () => undefined;
  if (others.length === 0) return (parts) => parts.get(first);
  return (parts) => others.reduce<string | undefined>((found, path) => found ?? parts.get(path), parts.get(first));
}
