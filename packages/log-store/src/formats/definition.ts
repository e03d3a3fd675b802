import type { Direction } from '@raftlens/events';

/**
 * A format as data, in three layers: a prefix that something else put before the line (prefixes.ts), the head that the program's logger
 * writes (`line`: time, level, module, text), and the phrases of the text (`events`), which tell what happened. The built-in formats are
 * written in it, and a user's own is the same as a JSON file (docs/FORMATS.md).
 *
 * A template is a text with `{part}` in it: a named group of a pattern, or a path into a line of JSON (`{event.msg.from}`).
 * `{file}` is the name of the file without folder and ending, `{speaker}` who writes the file, or what stands behind a prefix, by its
 * own lines. A field whose template names a part that the line lacks is absent.
 */
export interface FormatDefinition {
  readonly name: string;
  readonly title: string;
  /** The heads that the lines may have, tried in this order. */
  readonly line: Head | readonly Head[];
  /** One line a record by default. */
  readonly record?: 'line' | 'text-then-clock' | 'clock-then-text';
  /** Without a time, the vector clock counts. */
  readonly time?: { readonly from: string; readonly unit: TimeUnit };
  /** Who speaks: the first of these templates that the line can fill. */
  readonly node: readonly string[];
  /** pino's level by the name that the line has for it. */
  readonly level?: { readonly from: string; readonly names: Readonly<Record<string, number>> };
  /** Fields of every event. */
  readonly fields?: FieldSources;
  /** What the line tells, tried in this order. A line that fits none is a Note with `detail`. */
  readonly events: readonly EventRule[];
  /** The text of a line that is no known event: a template, or the first of several that the line can fill. */
  readonly detail: string | readonly string[];
  /** A vector clock as JSON. */
  readonly clock?: string;
  /** The peer of a file, by a pattern for the file's name: for formats whose lines do not say who speaks. */
  readonly files?: readonly { readonly pattern: string; readonly node: string }[];
  /** Lines by which the servers of a log are known. */
  readonly identity?: readonly IdentityRule[];
  /** The part that names a Raft group, where a program has several. Only one of them is held against the rules. */
  readonly group?: string;
  /** The texts of a definition that a user's file brought: those that are patterns are for the linear engine. */
  readonly ownPatterns?: readonly string[];
  /** What the lines of the whole log have told of its servers: found out when it is opened (survey.ts). */
  readonly names?: KnownNames;
}

/** A regular expression with named groups that a whole record must match, or JSON objects with these paths; `parts` gives other names to paths. */
export type Head =
  | { readonly pattern: string }
  | { readonly json: true; readonly has: readonly string[]; readonly parts?: Readonly<Record<string, string>> };

/** `100us` is the labs' tenth of a millisecond. `auto` takes ISO 8601, what other loggers write in its place, and, for numbers, seconds. */
export type TimeUnit = 's' | 'ms' | '100us' | 'us' | 'ns' | 'iso' | 'auto';

export interface EventRule {
  /** Patterns for parts, all of which must match. Their named groups become parts as well. */
  readonly when: Readonly<Record<string, string>>;
  /** The opcode, or "text": the part `text` is an event in the text form of docs/EVENTS.md. */
  readonly op: string;
  readonly dir?: Direction;
  readonly fields?: FieldSources;
  /** Fields of every event that this one does not tell: its line was written before they changed. */
  readonly without?: readonly string[];
  /** For messages without an id: what a send and its receive have in common. */
  readonly pair?: string;
}

/** A line that tells who its writer is (`self`), or that two names are of one peer: all that `members`, a pattern with the groups `name` and `alias`, finds in `from`. */
export interface IdentityRule {
  readonly when: Readonly<Record<string, string>>;
  readonly self?: string;
  readonly from?: string;
  readonly members?: string;
}

export interface KnownNames {
  /** Names that a peer has beside the one that it is called by: its address, its number. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Who writes what stands behind a prefix ("" for lines without one); null where several do, so that only the line can tell. */
  readonly speakers: Readonly<Record<string, string | null>>;
  /** Which part of the prefixes tells the servers apart. */
  readonly streams: 'host' | 'app' | 'both';
  /** Who is in a configuration. */
  readonly members: readonly string[];
  /** The group that is held against the rules. */
  readonly group?: string;
}

export type FieldSources = Readonly<Record<string, FieldSource>>;

/**
 * A template; one whose result is looked up, or put into another one; or a list, each item put into a template as `{}`. The list is one of
 * JSON, or what a pattern with one group finds in a text.
 */
export type FieldSource =
  | string
  | { readonly from: string; readonly map: Readonly<Record<string, string | null>>; readonly otherwise?: string }
  | { readonly list: string; readonly each: string; readonly find?: string };
