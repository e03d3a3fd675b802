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

export function formatOfJson(text: string, path: string): LogFormat {
  const problem = (what: string) => new LogStoreError('BAD_FORMAT', `${path}: ${what} (see docs/FORMATS.md)`);
  try {
    const json = object(JSON.parse(text), 'the file');
    const base = json['extends'] === undefined ? {} : (formatNamed(textAt(json, 'extends')).definition ?? {});
    return new DefinedFormat(checked({ ...base, ...json }));
  } catch (error) {
    throw problem(reasonOf(error));
  }
}

/** Checks every part by hand, so that the message can name the part. */
function checked(json: Json): FormatDefinition {
  textAt(json, 'name');
  if (json['title'] !== undefined) textAt(json, 'title');
  const line = object(json['line'], '"line"');
  if ('pattern' in line) pattern(textAt(line, 'pattern'), '"line.pattern"');
  else if (line['json'] !== true) throw new Error('"line" must have a "pattern", or "json": true and "has"');
  else texts(line['has'], '"line.has"');
  if (json['record'] !== undefined) oneOf(json['record'], RECORDS, '"record"');
  if (json['time'] !== undefined) {
    const time = object(json['time'], '"time"');
    textAt(time, 'from');
    oneOf(time['unit'], TIME_UNITS, '"time.unit"');
  } else if (json['clock'] === undefined) throw new Error('a format needs a "time" or a "clock"');
  texts(json['node'], '"node"');
  fields(json['fields'] ?? {}, '"fields"');
  list(json['events'] ?? [], '"events"').forEach((rule, i) => eventRule(object(rule, `"events[${i}]"`), `events[${i}]`));
  list(json['files'] ?? [], '"files"').forEach((item, i) => {
    const file = object(item, `"files[${i}]"`);
    pattern(textAt(file, 'pattern'), `"files[${i}].pattern"`);
    textAt(file, 'node');
  });
  // Every part that the type names has been looked at above; the defaults complete it.
  return { title: json['name'], events: [], detail: '', ...json } as unknown as FormatDefinition;
}

function eventRule(rule: Json, where: string): void {
  for (const [part, text] of Object.entries(object(rule['when'], `"${where}.when"`))) {
    if (typeof text !== 'string') throw new Error(`"${where}.when.${part}" must be a text`);
    pattern(text, `"${where}.when.${part}"`);
  }
  const op = textAt(rule, 'op');
  if (op !== 'text' && !isOpcode(op)) throw new Error(`"${where}.op" is "${op}", which is no opcode of docs/EVENTS.md`);
  if (rule['dir'] !== undefined) oneOf(rule['dir'], ['send', 'recv', 'drop'], `"${where}.dir"`);
  if (rule['pair'] !== undefined) textAt(rule, 'pair');
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
