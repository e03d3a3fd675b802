import type { FieldSource, FieldSources } from './definition.ts';
import type { EventDraft } from './draft.ts';
import { type LineParts, type Template, templateOf } from './parts.ts';
import { pathOf } from './path.ts';
import type { Compile, FormatPattern } from './pattern.ts';

/** Puts something that the line tells into the event that is being made of it. */
export type Setter = (parts: LineParts, draft: EventDraft) => void;

export function settersOf(fields: FieldSources, compile: Compile): readonly Setter[] {
  return Object.entries(fields).map(([name, source]) => setterOf(name, source, compile));
}

function setterOf(name: string, source: FieldSource, compile: Compile): Setter {
  if (typeof source === 'string') return setFrom(name, templateOf(source), (text) => text);
  if ('list' in source) return listSetter(name, source.list, source.each, source.find === undefined ? null : compile(source.find));
  const otherwise = source.otherwise === undefined ? undefined : templateOf(source.otherwise);
  return setFrom(name, templateOf(source.from), (text, parts) => (Object.hasOwn(source.map, text) ? source.map[text] : otherwise?.(parts)));
}

function setFrom(name: string, template: Template, change: (text: string, parts: LineParts) => string | null | undefined): Setter {
  return (parts, draft) => {
    const text = template(parts);
    const value = text === undefined ? undefined : change(text, parts);
    if (value !== undefined) draft.set(name, value);
  };
}

function listSetter(name: string, list: string, each: string, pattern: FormatPattern | null): Setter {
  const path = pathOf(list);
  return (parts, draft) => {
    const items = pattern === null ? parts.value(path) : found(parts.get(path), pattern);
    if (Array.isArray(items)) draft.set(name, items.map((item) => each.replaceAll('{}', String(item))).join(','));
  };
}

function found(text: string | undefined, pattern: FormatPattern): string[] | undefined {
  return text === undefined ? undefined : pattern.all(text);
}
