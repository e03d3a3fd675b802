import type { DefinedFormat } from './defined.ts';
import type { IdentityRule, KnownNames } from './definition.ts';
import type { Prefix } from './heads.ts';
import { streamOf } from './names.ts';
import { type LineParts, type Template, templateOf } from './parts.ts';
import { NO_GROUPS, type Path, pathOf } from './path.ts';
import { type Compile, compilerOf, type FormatPattern } from './pattern.ts';

/** Hostile lines name any number of servers. */
const NAMES_MAX = 4096;

interface Compiled {
  readonly when: readonly (readonly [Path, FormatPattern])[];
  readonly self: Template | undefined;
  readonly from: Template | undefined;
  readonly members: FormatPattern | undefined;
}

/** One writer: what all lines of a file tell that stand behind the same prefix. */
interface PrefixedStream {
  readonly file: string;
  readonly prefix: Prefix;
  /** Other programs stand behind prefixes too: only those that tell events are servers. */
  hasEvents: boolean;
  /** What its server calls itself, by the rule that found it: its address in one kind of line, its id in another. */
  readonly selves: Map<Compiled, Set<string>>;
}

/**
 * Who the servers of a log are, found out from its lines: the names that they call themselves by, and which addresses are theirs. What the
 * files and containers are called tells the writers apart, but is nobody's name where the lines tell one.
 */
export class Identities {
  readonly #rules = new Map<DefinedFormat, readonly Compiled[]>();
  readonly #streams = new Map<string, PrefixedStream>();
  /** Null where an alias was told of two peers: it means neither. */
  readonly #aliases = new Map<string, string | null>();
  readonly #members = new Set<string>();
  readonly #groups = new Map<string, number>();

  /** Takes in a line; whether it tells an event. */
  observe(format: DefinedFormat, record: string, file: string): boolean {
    const ruled = format.ruledParts(record, file);
    if (ruled === null) return false;
    const { parts, isEvent } = ruled;
    const stream = this.#streamOf(file, parts.prefix);
    stream.hasEvents ||= isEvent;
    for (const rule of this.#rulesOf(format)) if (fits(rule, parts)) this.#take(rule, parts, stream);
    const group = format.definition.group === undefined || !isEvent ? undefined : parts.get(pathOf(format.definition.group));
    if (group !== undefined && (this.#groups.has(group) || this.#groups.size < NAMES_MAX))
      this.#groups.set(group, (this.#groups.get(group) ?? 0) + 1);
    return isEvent;
  }

  /** The groups that the lines tell of, the one with most events first. */
  get groups(): readonly string[] {
    return [...this.#groups].sort(([, a], [, b]) => b - a).map(([group]) => group);
  }

  /** What is known for a file. */
  namesOf(file: string, group: string | undefined): KnownNames {
    for (const stream of this.#streams.values()) this.#joinSelves(stream);
    const streams = this.#tellingPart();
    const speakers: Record<string, string | null> = {};
    for (const stream of this.#streams.values()) {
      if (stream.file !== file) continue;
      const key = streamOf(stream.prefix, streams);
      const names = this.#namesOf(stream);
      const [name] = names;
      const before = Object.hasOwn(speakers, key) ? speakers[key] : undefined;
      if (names.length > 1 || before === null) speakers[key] = null;
      else if (name !== undefined) speakers[key] = before === undefined || before === name ? name : null;
    }
    const told = [...this.#aliases].filter((entry): entry is [string, string] => entry[1] !== null);
    const aliases = Object.fromEntries(told.map(([alias]) => [alias, this.#resolved(alias)]));
    return { aliases, speakers, streams, members: [...this.#members], ...(group === undefined ? {} : { group }) };
  }

  /** Containers of one machine are told apart by their names, machines that run the same program by theirs. */
  #tellingPart(): KnownNames['streams'] {
    const prefixes = [...this.#streams.values()].filter(({ hasEvents }) => hasEvents).map(({ prefix }) => prefix);
    const hosts = new Set(prefixes.map(({ host }) => host));
    const apps = new Set(prefixes.map(({ app }) => app));
    if (hosts.size > 1 && apps.size <= 1) return 'host';
    return hosts.size <= 1 ? 'app' : 'both';
  }

  #streamOf(file: string, prefix: Prefix): PrefixedStream {
    const key = JSON.stringify([file, prefix.host, prefix.app]);
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const stream: PrefixedStream = { file, prefix, hasEvents: false, selves: new Map() };
    if (this.#streams.size < NAMES_MAX) this.#streams.set(key, stream);
    return stream;
  }

  #take(rule: Compiled, parts: LineParts, stream: PrefixedStream): void {
    const { self, from, members } = rule;
    const name = self?.(parts);
    if (name !== undefined && name !== '') {
      const selves = stream.selves.get(rule) ?? new Set();
      if (selves.size < NAMES_MAX) selves.add(name);
      stream.selves.set(rule, selves);
    }
    const text = from?.(parts);
    if (members === undefined || text === undefined) return;
    for (const groups of members.allGroups(text)) {
      const member = groups['name'];
      if (member === undefined || this.#members.size >= NAMES_MAX) continue;
      this.#members.add(member);
      const alias = groups['alias'];
      if (alias !== undefined && alias !== member) this.#join(alias, member);
    }
  }

  #namesOf({ selves }: PrefixedStream): readonly string[] {
    return [...new Set([...selves.values()].flatMap((names) => [...names].map((name) => this.#resolved(name))))];
  }

  /** Where every kind of line knows one name only, there is one server, which all of them name. */
  #joinSelves(stream: PrefixedStream): void {
    const names = this.#namesOf(stream);
    const name = names.find((known) => this.#members.has(known)) ?? names.at(-1);
    if (name === undefined || names.length === 1) return;
    const kinds = [...stream.selves.values()].map((selves) => new Set([...selves].map((self) => this.#resolved(self))).size);
    if (kinds.every((size) => size === 1))
      for (const other of names) if (other !== name && !this.#members.has(other)) this.#join(other, name);
  }

  #join(alias: string, name: string): void {
    const before = this.#aliases.get(alias);
    if (before === undefined) this.#aliases.set(alias, name);
    else if (before !== name) this.#aliases.set(alias, null);
  }

  #resolved(name: string): string {
    const known = this.#aliases.get(name) ?? null;
    return known ?? name;
  }

  #rulesOf(format: DefinedFormat): readonly Compiled[] {
    let rules = this.#rules.get(format);
    if (rules === undefined) {
      const compile = compilerOf(format.definition.ownPatterns);
      rules = (format.definition.identity ?? []).map((rule) => compiled(rule, compile));
      this.#rules.set(format, rules);
    }
    return rules;
  }
}

function compiled({ when, self, from, members }: IdentityRule, compile: Compile): Compiled {
  return {
    when: Object.entries(when).map(([part, pattern]) => [pathOf(part), compile(pattern)] as const),
    self: self === undefined ? undefined : templateOf(self),
    from: from === undefined ? undefined : templateOf(from),
    members: members === undefined ? undefined : compile(members),
  };
}

function fits({ when }: Compiled, parts: LineParts): boolean {
  for (const [path, pattern] of when) {
    const groups = pattern.groups(parts.get(path) ?? '');
    if (groups === null) return false;
    if (groups !== NO_GROUPS) parts.setRule(groups);
  }
  return true;
}
