import { basename, extname } from 'node:path';
import type { FormatDefinition, TimeUnit } from './definition.ts';
import { Draft } from './draft.ts';
import type { Decoded, LogFormat } from './format.ts';
import { type Groups, groupsOf, Parts, type Path, pathOf, type Template, templateOf } from './parts.ts';
import { type Rule, Rules } from './rules.ts';
import { type Setter, settersOf } from './setters.ts';
import { readTextForm } from './text-form.ts';
import { timeMsOf } from './time.ts';

const LEVEL_INFO = 30;
const TEXT = pathOf('text');

/** A format made from its definition. */
export class DefinedFormat implements LogFormat {
  readonly name: string;
  readonly title: string;
  readonly record: LogFormat['record'];
  readonly definition: FormatDefinition;
  readonly #pattern: RegExp | null;
  readonly #has: readonly Path[];
  readonly #time: { readonly path: Path; readonly unit: TimeUnit } | undefined;
  readonly #clock: Path | undefined;
  readonly #level: { readonly path: Path; readonly names: ReadonlyMap<string, number> } | undefined;
  readonly #nodes: readonly Template[];
  readonly #fields: readonly Setter[];
  readonly #rules: Rules;
  readonly #detail: Template;
  readonly #files: readonly { readonly pattern: RegExp; readonly node: string }[];
  /** The file that was read last, and what its name tells. */
  #file = '';
  #fileParts: Groups = groupsOf({ file: '' });

  constructor(definition: FormatDefinition) {
    const { line, time, level } = definition;
    this.name = definition.name;
    this.title = definition.title;
    this.record = definition.record ?? 'line';
    this.definition = definition;
    this.#pattern = 'pattern' in line ? new RegExp(line.pattern, 's') : null;
    this.#has = 'json' in line ? line.has.map(pathOf) : [];
    this.#time = time === undefined ? undefined : { path: pathOf(time.from), unit: time.unit };
    this.#clock = definition.clock === undefined ? undefined : pathOf(definition.clock);
    this.#level = level === undefined ? undefined : { path: pathOf(level.from), names: new Map(Object.entries(level.names)) };
    this.#nodes = definition.node.map(templateOf);
    this.#fields = settersOf(definition.fields ?? {});
    this.#rules = new Rules(definition.events);
    this.#detail = templateOf(definition.detail);
    this.#files = (definition.files ?? []).map(({ pattern, node }) => ({ pattern: new RegExp(pattern), node }));
  }

  decode(record: string, file: string): Decoded {
    const parts = this.#partsOf(record, file);
    if (parts === null) return { reason: `the line is not of the format ${this.name}` };
    const draft = new Draft();
    for (const set of this.#fields) set(parts, draft);
    const rule = this.#rules.find(parts);
    if (rule !== undefined) for (const set of rule.set) set(parts, draft);
    return this.#completed(parts, draft, rule);
  }

  #completed(parts: Parts, draft: Draft, rule: Rule | undefined): Decoded {
    const clock = this.#clock === undefined ? undefined : parts.get(this.#clock);
    const timeMs = this.#timeMsOf(parts, clock);
    if (Number.isNaN(timeMs)) return { reason: 'the line has no time' };
    const spoken = rule?.op === 'text' ? readTextForm(parts.get(TEXT) ?? '', draft) : null;
    const node = spoken?.node ?? this.#nodeOf(parts);
    if (node === undefined) return { reason: 'the line does not say who speaks' };
    const op = spoken?.op ?? (rule === undefined || rule.op === 'text' ? 'Note' : rule.op);
    if (op === 'Note') draft.set('detail', this.#detail(parts) ?? '');
    const event = draft.event(op, node, timeMs);
    const pair = event.dir === undefined ? undefined : (rule?.pair?.(parts) ?? pairOfText(parts));
    const key = pair === undefined ? {} : { key: `${event.op} ${event.src} ${event.dst} ${pair}` };
    return { event, level: this.#levelOf(parts), ...key, ...(clock === undefined ? {} : { clock }) };
  }

  #partsOf(record: string, file: string): Parts | null {
    if (file !== this.#file) this.#setFile(file);
    if (this.#pattern !== null) {
      const match = this.#pattern.exec(record);
      return match === null ? null : new Parts(match.groups ?? null, this.#fileParts);
    }
    const json = parsed(record);
    if (json === undefined) return null;
    const parts = new Parts(null, this.#fileParts, json);
    return this.#has.every((path) => parts.value(path) !== undefined) ? parts : null;
  }

  #timeMsOf(parts: Parts, clock: string | undefined): number {
    if (this.#time !== undefined) return timeMsOf(parts.get(this.#time.path) ?? '', this.#time.unit);
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
    const text = this.#level === undefined ? undefined : parts.get(this.#level.path);
    if (text === undefined) return LEVEL_INFO;
    return (this.#level?.names.get(text) ?? this.#level?.names.get(text.toLowerCase()) ?? Number(text)) || LEVEL_INFO;
  }

  #setFile(file: string): void {
    const name = basename(file);
    const found = this.#files.find(({ pattern }) => pattern.test(name));
    this.#file = file;
    this.#fileParts = groupsOf({ file: basename(file, extname(file)), ...(found === undefined ? {} : { peer_of_file: found.node }) });
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
  const text = parts.get(TEXT);
  return text === undefined ? undefined : text.slice(text.indexOf(' ') + 1);
}
