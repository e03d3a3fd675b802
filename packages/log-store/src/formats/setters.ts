import type { FieldSource, Fields } from './definition.ts';
import type { Draft } from './draft.ts';
import { type Parts, type Template, templateOf } from './parts.ts';
import { pathOf } from './path.ts';

/** Puts something that the line tells into the event that is being made of it. */
export type Setter = (parts: Parts, draft: Draft) => void;

export function settersOf(fields: Fields): readonly Setter[] {
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
