import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isOpcode } from '@raftlens/events';
import { LogStoreError } from '../error.ts';
import { openError, reasonOf } from '../io/byte-source.ts';
import { DefinedFormat } from './defined.ts';
import type { FormatDefinition } from './definition.ts';
import { isFieldName } from './draft.ts';
import type { LogFormat } from './format.ts';
import { formatNamed } from './index.ts';

const TIME_UNITS: readonly string[] = ['s', 'ms', '100us', 'us', 'ns', 'iso', 'auto'];
const RECORDS: readonly string[] = ['line', 'text-then-clock', 'clock-then-text'];

/** Everything that a file may say. */
const KEYS: readonly string[] = [
  'name',
  'title',
  'extends',
  'line',
  'record',
  'time',
  'node',
  'level',
  'fields',
  'events',
  'detail',
  'clock',
  'files',
  'identity',
  'group',
];

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a format of the user's own from a JSON file (docs/FORMATS.md). `"extends": "hclog"` starts from a built-in one.
 *
 * @throws LogStoreError BAD_FORMAT that says what is wrong and where in the file
 */
export function readFormat(path: string): LogFormat {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw openError(path, error);
  }
  return formatOfJson(text, path);
}

/** The definition in a file, for those who show what it understands. @throws LogStoreError BAD_FORMAT, or what kept the file from being read */
export function readDefinition(path: string): FormatDefinition {
  const { definition } = readFormat(path);
  assert(definition !== undefined, 'a format that was read from a file has a definition');
  return definition;
}

export function formatOfJson(text: string, path: string): LogFormat {
  const problem = (what: string) => new LogStoreError('BAD_FORMAT', `${path}: ${what} (see docs/FORMATS.md)`);
  try {
    const json = object(JSON.parse(text), 'the file');
    const base = json['extends'] === undefined ? {} : definitionOf(textAt(json, 'extends'));
    const inherited = new Set(textsIn(base));
    // A pattern of a built-in format is known to be linear, wherever it stands.
    const ownPatterns = textsIn(json).filter((own) => !inherited.has(own));
    return new DefinedFormat({ ...checked({ ...base, ...json }), ownPatterns });
  } catch (error) {
    throw problem(reasonOf(error));
  }
}

/** @throws Error for a format that is a program and no definition */
function definitionOf(name: string): FormatDefinition {
  const { definition } = formatNamed(name);
  if (definition === undefined) throw new Error(`"extends" names "${name}", which cannot be extended`);
  return definition;
}

/** Every text in a value of JSON. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Checks every part by hand, so that the message can name the part. */
function checked(json: Json): FormatDefinition {
  for (const key of Object.keys(json))
    if (!KEYS.includes(key)) throw new Error(`"${key}" is no part of a format: it is one of ${KEYS.join(', ')}`);
  textAt(json, 'name');
  if (json['title'] !== undefined) textAt(json, 'title');
  if (Array.isArray(json['line'])) json['line'].forEach((item, i) => head(object(item, `"line[${i}]"`), `line[${i}]`));
  else head(object(json['line'], '"line"'), 'line');
  if (json['record'] !== undefined) oneOf(json['record'], RECORDS, '"record"');
  if (json['time'] !== undefined) {
    const time = object(json['time'], '"time"');
    textAt(time, 'from');
    oneOf(time['unit'], TIME_UNITS, '"time.unit"');
  } else if (json['clock'] === undefined) throw new Error('a format needs a "time" or a "clock"');
  texts(json['node'], '"node"');
  if (Array.isArray(json['detail'])) texts(json['detail'], '"detail"');
  else if (json['detail'] !== undefined && typeof json['detail'] !== 'string')
    throw new Error('"detail" must be a text, or a list of texts');
  if (json['group'] !== undefined) textAt(json, 'group');
  fields(json['fields'] ?? {}, '"fields"');
  list(json['events'] ?? [], '"events"').forEach((rule, i) => eventRule(object(rule, `"events[${i}]"`), `events[${i}]`));
  list(json['identity'] ?? [], '"identity"').forEach((rule, i) => identityRule(object(rule, `"identity[${i}]"`), `identity[${i}]`));
  list(json['files'] ?? [], '"files"').forEach((item, i) => {
    const file = object(item, `"files[${i}]"`);
    pattern(textAt(file, 'pattern'), `"files[${i}].pattern"`);
    textAt(file, 'node');
  });
  // Every part that the type names has been looked at above; the defaults complete it.
  return { title: json['name'], events: [], detail: '', ...json } as unknown as FormatDefinition;
}

function head(json: Json, where: string): void {
  if ('pattern' in json) pattern(textAt(json, 'pattern'), `"${where}.pattern"`);
  else if (json['json'] !== true) throw new Error(`"${where}" must have a "pattern", or "json": true and "has"`);
  else {
    texts(json['has'], `"${where}.has"`);
    texts(Object.values(object(json['parts'] ?? {}, `"${where}.parts"`)), `"${where}.parts"`);
  }
}

function identityRule(rule: Json, where: string): void {
  patterns(rule, where);
  for (const key of ['self', 'from'] as const) if (rule[key] !== undefined) textAt(rule, key);
  if (rule['members'] !== undefined) pattern(textAt(rule, 'members'), `"${where}.members"`);
}

function patterns(rule: Json, where: string): void {
  for (const [part, text] of Object.entries(object(rule['when'], `"${where}.when"`))) {
    if (typeof text !== 'string') throw new Error(`"${where}.when.${part}" must be a text`);
    pattern(text, `"${where}.when.${part}"`);
  }
}

function eventRule(rule: Json, where: string): void {
  patterns(rule, where);
  const op = textAt(rule, 'op');
  if (op !== 'text' && !isOpcode(op)) throw new Error(`"${where}.op" is "${op}", which is no opcode of docs/EVENTS.md`);
  if (rule['dir'] !== undefined) oneOf(rule['dir'], ['send', 'recv', 'drop'], `"${where}.dir"`);
  if (rule['pair'] !== undefined && typeof rule['pair'] !== 'string') throw new Error(`"${where}.pair" must be a text`);
  if (rule['without'] !== undefined) texts(rule['without'], `"${where}.without"`);
  fields(rule['fields'] ?? {}, `"${where}.fields"`);
}

function fields(value: unknown, where: string): void {
  for (const [name, source] of Object.entries(object(value, where))) {
    if (!isFieldName(name)) throw new Error(`${where} names "${name}", which is no field of an event`);
    if (typeof source === 'string') continue;
    const json = object(source, `${where}.${name}`);
    if ('list' in json) {
      textAt(json, 'list');
      textAt(json, 'each');
      if (json['find'] !== undefined) pattern(textAt(json, 'find'), `${where}.${name}.find`);
      continue;
    }
    textAt(json, 'from');
    if (json['otherwise'] !== undefined) textAt(json, 'otherwise');
    for (const item of Object.values(object(json['map'], `${where}.${name}.map`))) {
      if (item !== null && typeof item !== 'string') throw new Error(`${where}.${name}.map must map to texts or null`);
    }
  }
}

function pattern(text: string, where: string): void {
  try {
    new RegExp(text);
  } catch (error) {
    throw new Error(`${where} is no regular expression: ${reasonOf(error)}`, { cause: error });
  }
}

function object(value: unknown, where: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new Error(`${where} must be an object`);
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${where} must be a list`);
}

function texts(value: unknown, where: string): void {
  for (const item of list(value, where)) if (typeof item !== 'string') throw new Error(`${where} must be a list of texts`);
}

function textAt(json: Json, key: string): string {
  const value = json[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`"${key}" must be a text`);
}

function oneOf(value: unknown, allowed: readonly string[], where: string): void {
  if (typeof value !== 'string' || !allowed.includes(value)) throw new Error(`${where} must be one of ${allowed.join(', ')}`);
}
