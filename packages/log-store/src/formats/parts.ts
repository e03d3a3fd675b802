/** The parts of a line by name: groups of a pattern, or values of a JSON object by path. */
export class Parts {
  readonly #json: unknown;
  readonly #groups: Record<string, string | undefined>;

  /** The groups are the new parts' own from here on: `add` changes them. */
  constructor(groups: Record<string, string | undefined>, json?: unknown) {
    this.#groups = groups;
    this.#json = json;
  }

  add(groups: Readonly<Record<string, string | undefined>>): void {
    Object.assign(this.#groups, groups);
  }

  /** The part as text, or undefined where the line lacks it. */
  get(path: Path): string | undefined {
    if (Object.hasOwn(this.#groups, path.name)) return this.#groups[path.name];
    return this.#json === undefined ? undefined : asText(this.value(path));
  }

  /** The value of JSON at a path. */
  value(path: Path): unknown {
    let value: unknown = this.#json;
    for (const key of path.keys) {
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
  const pieces = text.split(/\{([\w.@-]+)\}/);
  // Odd pieces are the names.
  const paths = pieces.map((piece, i) => (i % 2 === 1 ? pathOf(piece) : null));
  return (parts) => {
    let filled = '';
    for (const [i, piece] of pieces.entries()) {
      const path = paths[i];
      const value = path === null || path === undefined ? piece : parts.get(path);
      if (value === undefined) return undefined;
      filled += value;
    }
    return filled;
  };
}
