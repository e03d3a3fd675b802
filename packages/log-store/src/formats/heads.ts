import type { Head } from './definition.ts';
import { type Groups, type Path, pathOf, valueAt } from './path.ts';
import type { Compile, FormatPattern } from './pattern.ts';
import { type Peeled, PREFIXES_MAX, peel, withoutColour } from './prefixes.ts';

/** A line taken apart: what stands before it, and what its head tells. */
export interface OpenedLine {
  readonly groups: Groups | null;
  readonly json?: unknown;
  /** Other names of the paths into the JSON. */
  readonly paths: ReadonlyMap<string, Path>;
  readonly prefix: Prefix;
}

/** What all prefixes of a line tell together: the innermost host and program, and the time that was written first. */
export interface Prefix {
  readonly time?: string | undefined;
  readonly host?: string | undefined;
  readonly app?: string | undefined;
}

interface CompiledHead {
  readonly pattern: FormatPattern | null;
  readonly has: readonly Path[];
  readonly paths: ReadonlyMap<string, Path>;
}

const NO_PREFIX: Prefix = {};
const NO_PATHS: ReadonlyMap<string, Path> = new Map();

/** The heads that the lines of a format may have. */
export class Heads {
  readonly #heads: readonly CompiledHead[];
  readonly #wantsJson: boolean;
  readonly #peels: boolean;

  /** A record of two lines has no prefix. */
  constructor(heads: readonly Head[], peels: boolean, compile: Compile) {
    this.#heads = heads.map((head) => compiled(head, compile));
    this.#wantsJson = heads.some((head) => 'json' in head);
    this.#peels = peels;
  }

  open(record: string): OpenedLine | null {
    let rest = withoutColour(record);
    let prefix = NO_PREFIX;
    for (let count = 0; ; count++) {
      const opened = this.#match(rest, prefix);
      if (opened !== null || !this.#peels || count === PREFIXES_MAX) return opened;
      const peeled = peel(rest);
      if (peeled === null) return null;
      prefix = joined(prefix, peeled);
      rest = peeled.rest;
    }
  }

  #match(line: string, prefix: Prefix): OpenedLine | null {
    let json: unknown;
    if (this.#wantsJson && line.startsWith('{')) json = parsed(line);
    for (const { pattern, has, paths } of this.#heads) {
      if (pattern === null) {
        if (json !== undefined && has.every((path) => valueAt(json, path) !== undefined)) return { groups: null, json, paths, prefix };
        continue;
      }
      const groups = pattern.groups(line);
      if (groups !== null) return { groups, paths, prefix };
    }
    return null;
  }
}

function compiled(head: Head, compile: Compile): CompiledHead {
  if ('pattern' in head) return { pattern: compile(head.pattern, 's'), has: [], paths: NO_PATHS };
  const paths = new Map(Object.entries(head.parts ?? {}).map(([name, path]) => [name, pathOf(path)] as const));
  return { pattern: null, has: head.has.map(pathOf), paths };
}

function joined(outer: Prefix, { time, host, app }: Peeled): Prefix {
  return { time: outer.time ?? time, host: host ?? outer.host, app: app ?? outer.app };
}

/** Lines of JSON are objects; anything else is not of a JSON format. Never throws. */
export function parsed(record: string): unknown {
  if (!record.startsWith('{')) return undefined;
  try {
    return JSON.parse(record);
  } catch {
    return undefined;
  }
}
