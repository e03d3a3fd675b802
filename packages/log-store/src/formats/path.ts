/** Parts of a line by name. Without a prototype, so that a name such as `constructor` is a part only where it was made one. */
export type Groups = Readonly<Record<string, string | undefined>>;

export function groupsOf(parts: Groups): Groups {
  return Object.assign(Object.create(null) as Record<string, string | undefined>, parts);
}

export const NO_GROUPS: Groups = Object.freeze(groupsOf({}));

export interface Path {
  readonly name: string;
  readonly keys: readonly string[];
}

export function pathOf(name: string): Path {
  return { name, keys: name.split('.') };
}

/** The value of JSON at a path. */
export function valueAt(json: unknown, { keys }: Path): unknown {
  let value = json;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
