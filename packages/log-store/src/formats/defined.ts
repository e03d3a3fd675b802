import { basename, extname } from 'node:path';
import type { FormatDefinition, KnownNames, TimeUnit } from './definition.ts';
import { EventDraft } from './draft.ts';
import type { Decoded, LogFormat } from './format.ts';
import { Heads, parsed } from './heads.ts';
import { streamOf } from './names.ts';
import { LineParts, type Template, templateOf } from './parts.ts';
import { type Groups, groupsOf, type Path, pathOf } from './path.ts';
import { compilerOf, type FormatPattern } from './pattern.ts';
import { type FormatRule, Rules } from './rules.ts';
import { type Setter, settersOf } from './setters.ts';
import { readTextForm } from './text-form.ts';
import { timeMsOf } from './time.ts';

const LEVEL_INFO = 30;
const TEXT = pathOf('text');
const NO_NAMES: KnownNames = { aliases: {}, speakers: {}, streams: 'both', members: [] };

/** Who wrote a line, and how that is known: `guessed` where only the name of its file or prefix is left. */
interface Speaker {
  readonly name: string;
  readonly isGuessed: boolean;
}

/** A format made from its definition. */
export class DefinedFormat implements LogFormat {
  readonly name: string;
  readonly title: string;
  readonly record: LogFormat['record'];
  readonly definition: FormatDefinition;
  readonly #heads: Heads;
  readonly #time: { readonly path: Path; readonly unit: TimeUnit } | undefined;
  readonly #clock: Path | undefined;
  readonly #level: { readonly path: Path; readonly names: ReadonlyMap<string, number> } | undefined;
  readonly #nodes: readonly Template[];
  readonly #fields: readonly Setter[];
  readonly #rules: Rules;
  readonly #details: readonly Template[];
  readonly #files: readonly { readonly pattern: FormatPattern; readonly node: string }[];
  readonly #group: Path | undefined;
  readonly #names: KnownNames;
  readonly #aliases: ReadonlyMap<string, string>;
  /** The file that was read last, and what its name tells. */
  #file = '';
  #fileParts: Groups = groupsOf({ file: '' });

  constructor(definition: FormatDefinition) {
    const { line, time, level } = definition;
    const compile = compilerOf(definition.ownPatterns);
    this.name = definition.name;
    this.title = definition.title;
    this.record = definition.record ?? 'line';
    this.definition = definition;
    this.#heads = new Heads(Array.isArray(line) ? line : [line], this.record === 'line', compile);
    this.#time = time === undefined ? undefined : { path: pathOf(time.from), unit: time.unit };
    this.#clock = definition.clock === undefined ? undefined : pathOf(definition.clock);
    this.#level = level === undefined ? undefined : { path: pathOf(level.from), names: new Map(Object.entries(level.names)) };
    this.#nodes = definition.node.map(templateOf);
    this.#fields = settersOf(definition.fields ?? {}, compile);
    this.#rules = new Rules(definition.events, compile);
    this.#details = [definition.detail].flat().map(templateOf);
    this.#files = (definition.files ?? []).map(({ pattern, node }) => ({ pattern: compile(pattern), node }));
    this.#group = definition.group === undefined ? undefined : pathOf(definition.group);
    this.#names = definition.names ?? NO_NAMES;
    this.#aliases = new Map(Object.entries(this.#names.aliases));
  }

  decode(record: string, file: string): Decoded {
    const parts = this.partsOf(record, file);
    if (parts === null) return { reason: `the line is not of the format ${this.name}` };
    const draft = new EventDraft();
    for (const set of this.#fields) set(parts, draft);
    const rule = this.#rules.find(parts);
    if (rule !== undefined && this.#isOfTheGroup(parts)) {
      for (const set of rule.set) set(parts, draft);
      return this.#completed(parts, draft, rule);
    }
    return this.#completed(parts, draft, undefined);
  }

  /** The parts of a line, with those of the rule that fits it; null for a line that is not of the format. */
  ruledParts(record: string, file: string): { readonly parts: LineParts; readonly isEvent: boolean } | null {
    const parts = this.partsOf(record, file);
    if (parts === null) return null;
    const rule = this.#rules.find(parts);
    return { parts, isEvent: rule !== undefined && rule.op !== 'Note' };
  }

  /** The parts of a line before any rule; null for a line that is not of the format. */
  partsOf(record: string, file: string): LineParts | null {
    const opened = this.#heads.open(record);
    if (opened === null) return null;
    if (file !== this.#file) this.#setFile(file);
    const parts = new LineParts(opened, this.#fileParts);
    const stream = streamOf(parts.prefix, this.#names.streams);
    const speaker = Object.hasOwn(this.#names.speakers, stream) ? this.#names.speakers[stream] : undefined;
    parts.speaker = speaker ?? undefined;
    return parts;
  }

  #completed(parts: LineParts, draft: EventDraft, rule: FormatRule | undefined): Decoded {
    const clock = this.#clock === undefined ? undefined : parts.get(this.#clock);
    const timeMs = this.#timeMsOf(parts, clock);
    if (Number.isNaN(timeMs)) return { reason: 'the line has no time' };
    const spoken = rule?.op === 'text' ? readTextForm(parts.get(TEXT) ?? '', draft) : null;
    const speaker = spoken === null ? this.#speakerOf(parts) : { name: spoken.node, isGuessed: false };
    if (speaker === undefined) return { reason: 'the line does not say who speaks' };
    const isTold = !speaker.isGuessed || !this.#isOfSeveral(parts);
    const said = spoken?.op ?? (rule === undefined || rule.op === 'text' ? 'Note' : rule.op);
    // Whose step it is nobody can say: no server may be held to it.
    const op = isTold ? said : 'Note';
    if (!isTold) draft.clear();
    if (op === 'Note') draft.set('detail', firstOf(this.#details, parts) ?? '');
    if (speaker.isGuessed && this.#isStranger(speaker.name)) for (const field of CONFIGURATION) draft.leaveOut(field);
    const event = draft.event(op, speaker.name, spoken?.timeMs ?? timeMs, this.#aliases);
    const pair = event.dir === undefined ? undefined : (rule?.pair?.(parts) ?? pairOfText(parts));
    const key = pair === undefined ? {} : { key: `${event.op} ${event.src} ${event.dst} ${pair}` };
    return { event, level: this.#levelOf(parts), ...key, ...(clock === undefined ? {} : { clock }) };
  }

  #timeMsOf(parts: LineParts, clock: string | undefined): number {
    if (this.#time === undefined) return clock === undefined ? Number.NaN : logicalTimeOf(clock);
    const text = parts.get(this.#time.path);
    if (text !== undefined && text !== '') return timeMsOf(text, this.#time.unit);
    return timeMsOf(parts.prefix.time ?? '', 'auto');
  }

  #speakerOf(parts: LineParts): Speaker | undefined {
    const told = firstOf(this.#nodes, parts);
    if (told !== undefined) return { name: told, isGuessed: false };
    const stream = streamOf(parts.prefix, this.#names.streams);
    const name = Object.hasOwn(this.#names.speakers, stream) ? this.#names.speakers[stream] : undefined;
    if (typeof name === 'string') return { name, isGuessed: false };
    const guess = stream === '' ? parts.get(FILE) : stream;
    return guess === undefined || guess === '' ? undefined : { name: guess, isGuessed: true };
  }

  /** Several servers write what stands behind this prefix, so that a line tells nothing of who wrote it. */
  #isOfSeveral(parts: LineParts): boolean {
    const stream = streamOf(parts.prefix, this.#names.streams);
    return Object.hasOwn(this.#names.speakers, stream) && this.#names.speakers[stream] === null;
  }

  /** A file's name that is no member of the configuration is not the name of a server: which of the members it is, is not known. */
  #isStranger(name: string): boolean {
    const { members } = this.#names;
    return members.length > 0 && !members.includes(name);
  }

  #isOfTheGroup(parts: LineParts): boolean {
    const { group } = this.#names;
    if (this.#group === undefined || group === undefined) return true;
    const told = parts.get(this.#group);
    return told === undefined || told === group;
  }

  #levelOf(parts: LineParts): number {
    const text = this.#level === undefined ? undefined : parts.get(this.#level.path);
    if (text === undefined) return LEVEL_INFO;
    return (this.#level?.names.get(text) ?? this.#level?.names.get(text.toLowerCase()) ?? Number(text)) || LEVEL_INFO;
  }

  #setFile(file: string): void {
    const name = basename(file);
    const found = this.#files.find(({ pattern }) => pattern.test(name));
    this.#file = file;
    // The last number of an address is no extension.
    const extension = /^\.\d+$/.test(extname(name)) ? '' : extname(name);
    this.#fileParts = groupsOf({ file: basename(name, extension), ...(found === undefined ? {} : { peer_of_file: found.node }) });
  }
}

const FILE = pathOf('file');
const CONFIGURATION = ['voters', 'outgoing', 'learners'];

function firstOf(templates: readonly Template[], parts: LineParts): string | undefined {
  for (const template of templates) {
    const text = template(parts);
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

/** The sum of a vector clock rises along every cause, so it orders events as a time does. NaN for what is no clock. */
function logicalTimeOf(clock: string): number {
  const counts = parsed(clock);
  if (typeof counts !== 'object' || counts === null) return Number.NaN;
  return Object.values(counts).reduce((sum: number, count: unknown) => sum + (typeof count === 'number' ? count : Number.NaN), 0);
}

/** A message in the text form pairs by its text behind the arrow, which a send and its receive have in common. */
function pairOfText(parts: LineParts): string | undefined {
  const text = parts.get(TEXT);
  return text === undefined ? undefined : text.slice(text.indexOf(' ') + 1);
}
