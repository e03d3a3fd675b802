import { basename, extname } from 'node:path';
import { isOpcode, type Opcode } from '@raftlens/events';
import type { EventRule, FieldSource, FormatDefinition } from './definition.ts';
import { Draft } from './draft.ts';
import type { Decoded, LogFormat } from './format.ts';
import { Parts, type Path, pathOf, type Template, templateOf } from './parts.ts';
import { readTextForm } from './text-form.ts';
import { timeMsOf } from './time.ts';

type Setter = (parts: Parts, draft: Draft) => void;

interface Rule {
  readonly conditions: readonly { readonly path: Path; readonly pattern: RegExp }[];
  readonly op: Opcode | 'text';
  readonly set: readonly Setter[];
  readonly pair: Template | undefined;
}

const LEVEL_INFO = 30;

/** A format made from its definition. */
export class DefinedFormat implements LogFormat {
  readonly name: string;
  readonly title: string;
  readonly record: LogFormat['record'];
  readonly definition: FormatDefinition;
  readonly #pattern: RegExp | null;
  readonly #has: readonly (readonly string[])[];
  readonly #nodes: readonly Template[];
  readonly #fields: readonly Setter[];
  readonly #rules: readonly Rule[];
  readonly #detail: Template;
  readonly #files: readonly { readonly pattern: RegExp; readonly node: string }[];

  constructor(definition: FormatDefinition) {
    this.name = definition.name;
    this.title = definition.title;
    this.record = definition.record ?? 'line';
    this.definition = definition;
    this.#pattern = 'pattern' in definition.line ? new RegExp(definition.line.pattern, 's') : null;
    this.#has = 'json' in definition.line ? definition.line.has.map((path) => path.split('.')) : [];
    this.#nodes = definition.node.map(templateOf);
    this.#fields = settersOf(definition.fields ?? {});
    this.#rules = definition.events.map(ruleOf);
    this.#detail = templateOf(definition.detail);
    this.#files = (definition.files ?? []).map(({ pattern, node }) => ({ pattern: new RegExp(pattern), node }));
  }

  decode(record: string, file: string): Decoded {
    const parts = this.#partsOf(record);
    if (parts === null) return { reason: `the line is not of the format ${this.name}` };
    parts.add({ file: basename(file, extname(file)), ...this.#peerOfFile(file) });
    const draft = new Draft();
    for (const set of this.#fields) set(parts, draft);
    const rule = this.#rules.find((candidate) => fits(candidate, parts));
    for (const set of rule?.set ?? []) set(parts, draft);
    return this.#completed(parts, draft, rule);
  }

  #completed(parts: Parts, draft: Draft, rule: Rule | undefined): Decoded {
    const clock = this.definition.clock === undefined ? undefined : parts.get(pathOf(this.definition.clock));
    const timeMs = this.#timeMsOf(parts, clock);
    if (Number.isNaN(timeMs)) return { reason: 'the line has no time' };
    const spoken = rule?.op === 'text' ? readTextForm(parts.get(pathOf('text')) ?? '', draft) : null;
    const node = spoken?.node ?? this.#nodeOf(parts);
    if (node === undefined) return { reason: 'the line does not say who speaks' };
    const op = spoken?.op ?? (rule === undefined || rule.op === 'text' ? 'Note' : rule.op);
    if (op === 'Note') draft.set('detail', this.#detail(parts) ?? '');
    const event = draft.event(op, node, timeMs);
    const pair = rule?.pair?.(parts) ?? (event.dir === undefined ? undefined : pairOfText(parts));
    const key = pair === undefined || event.dir === undefined ? {} : { key: `${event.op} ${event.src} ${event.dst} ${pair}` };
    return { event, level: this.#levelOf(parts), ...key, ...(clock === undefined ? {} : { clock }) };
  }

  #partsOf(record: string): Parts | null {
    if (this.#pattern !== null) {
      const groups = this.#pattern.exec(record)?.groups;
      return groups === undefined ? null : new Parts(groups);
    }
    const json = parsed(record);
    if (json === undefined) return null;
    const parts = new Parts({}, json);
    return this.#has.every((keys) => parts.value({ name: '', keys }) !== undefined) ? parts : null;
  }

  #timeMsOf(parts: Parts, clock: string | undefined): number {
    const time = this.definition.time;
    if (time !== undefined) return timeMsOf(parts.get(pathOf(time.from)) ?? '', time.unit);
    return clock === undefined ? Number.NaN : logicalTimeOf(clock);
  }

  #nodeOf(parts: Parts): string | undefined {
    for (const template of this.#nodes) {
      const node = template(parts);
      if (node !== undefined && node !== '') return node;
    }
    return undefined;
  }

  #levelOf(parts: Parts): number {
    const level = this.definition.level;
    const text = level === undefined ? undefined : parts.get(pathOf(level.from));
    if (level === undefined || text === undefined) return LEVEL_INFO;
    const name = text.toLowerCase();
    return (Object.hasOwn(level.names, name) ? level.names[name] : Number(text)) || LEVEL_INFO;
  }

  #peerOfFile(file: string): Readonly<Record<string, string>> {
    const found = this.#files.find(({ pattern }) => pattern.test(basename(file)));
    return found === undefined ? {} : { peer_of_file: found.node };
  }
}

/** Lines of JSON are objects; anything else is not of a JSON format. Never throws. */
function parsed(record: string): unknown {
  if (!record.startsWith('{')) return undefined;
  try {
    return JSON.parse(record);
  } catch {
    return undefined;
  }
}

/** The sum of a vector clock rises along every cause, so it orders events as a time does. NaN for what is no clock. */
function logicalTimeOf(clock: string): number {
  const counts = parsed(clock);
  if (typeof counts !== 'object' || counts === null) return Number.NaN;
  return Object.values(counts).reduce((sum: number, count: unknown) => sum + (typeof count === 'number' ? count : Number.NaN), 0);
}

/** A message in the text form pairs by its text behind the arrow, which a send and its receive have in common. */
function pairOfText(parts: Parts): string | undefined {
  const text = parts.get(pathOf('text'));
  return text === undefined ? undefined : text.slice(text.indexOf(' ') + 1);
}

function ruleOf(rule: EventRule): Rule {
  const conditions = Object.entries(rule.when).map(([part, pattern]) => ({
    path: pathOf(part),
    pattern: new RegExp(pattern),
  }));
  const without: Setter[] = (rule.without ?? []).map((name) => (_, draft) => draft.leaveOut(name));
  const dir: Setter[] = rule.dir === undefined ? [] : [(_, draft) => draft.set('dir', rule.dir ?? '')];
  if (rule.op !== 'text' && !isOpcode(rule.op)) throw new Error(`a format names the opcode "${rule.op}", which there is not`);
  return {
    conditions,
    op: rule.op,
    set: [...without, ...dir, ...settersOf(rule.fields ?? {})],
    pair: rule.pair === undefined ? undefined : templateOf(rule.pair),
  };
}

/** Do all patterns match? Then their groups become parts. */
function fits(rule: Rule, parts: Parts): boolean {
  let found: Record<string, string | undefined> | undefined;
  for (const { path, pattern } of rule.conditions) {
    const match = pattern.exec(parts.get(path) ?? '');
    if (match === null) return false;
    if (match.groups !== undefined) found = { ...found, ...match.groups };
  }
  if (found !== undefined) parts.add(found);
  return true;
}

function settersOf(fields: Readonly<Record<string, FieldSource>>): readonly Setter[] {
  return Object.entries(fields).map(([name, source]) => setterOf(name, source));
}

function setterOf(name: string, source: FieldSource): Setter {
  if (typeof source === 'string') return setFrom(name, templateOf(source), (text) => text);
  if ('list' in source) return listSetter(name, source.list, source.each, source.find);
  const otherwise = source.otherwise === undefined ? undefined : templateOf(source.otherwise);
  return setFrom(name, templateOf(source.from), (text, parts) => (Object.hasOwn(source.map, text) ? source.map[text] : otherwise?.(parts)));
}

function setFrom(name: string, template: Template, change: (text: string, parts: Parts) => string | null | undefined): Setter {
  return (parts, draft) => {
    const text = template(parts);
    const value = text === undefined ? undefined : change(text, parts);
    if (value !== undefined) draft.set(name, value);
  };
}

function listSetter(name: string, list: string, each: string, find?: string): Setter {
  const path = pathOf(list);
  const pattern = find === undefined ? null : new RegExp(find, 'g');
  return (parts, draft) => {
    const items = pattern === null ? parts.value(path) : found(parts.get(path), pattern);
    if (Array.isArray(items)) draft.set(name, items.map((item) => each.replaceAll('{}', String(item))).join(','));
  };
}

/** What the pattern finds in a text: its first group, or the whole of each match. */
function found(text: string | undefined, pattern: RegExp): string[] | undefined {
  return text === undefined ? undefined : [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);
}
