/** Parts of a line by name. Without a prototype, so that a name such as `constructor` is a part only where it was made one. */
export type Groups = Readonly<Record<string, string | undefined>>;

const NONE: Groups = Object.freeze(groupsOf({}));

export function groupsOf(parts: Groups): Groups {
  return Object.assign(Object.create(null) as Record<string, string | undefined>, parts);
}

/** What a line consists of: groups of patterns, or values of a JSON object by path, and what its file tells. */
export class Parts {
  readonly #line: Groups;
  readonly #file: Groups;
  readonly #json: unknown;
  /** The groups of the rule that fits, which come before all others. */
  #rule: Groups = NONE;

  constructor(line: Groups | null, file: Groups, json?: unknown) {
    this.#line = line ?? NONE;
    this.#file = file;
    this.#json = json;
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
    return this.#json === undefined ? undefined : asText(this.value(path));
  }

  /** The value of JSON at a path. */
  value({ keys }: Path): unknown {
    let value: unknown = this.#json;
    for (const key of keys) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Readonly<Record<string, unknown>>)[key];
    }
    return value;
  }
}

export interface Path {
  readonly name: string;
  readonly keys: readonly string[];
}

export function pathOf(name: string): Path {
  return { name, keys: name.split('.') };
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
export type Template = (parts: Parts) => string | undefined;

export function templateOf(text: string): Template {
  // Odd pieces are names of parts.
  const pieces = text.split(/\{([\w.@-]+)\}/).map((piece, i) => (i % 2 === 1 ? pathOf(piece) : piece));
  const [before, only, after] = pieces;
  // Most are a text or a part alone.
  if (pieces.length === 1) return () => text;
  if (pieces.length === 3 && before === '' && after === '' && typeof only === 'object') return (parts) => parts.get(only);
  return (parts) => {
    let filled = '';
    for (const piece of pieces) {
      const value = typeof piece === 'string' ? piece : parts.get(piece);
      if (value === undefined) return undefined;
      filled += value;
    }
    return filled;
  };
}
