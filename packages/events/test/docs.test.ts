import { readFileSync, writeFileSync } from 'node:fs';
import { assert, fixture, suite } from '@raftlens/testing';
import {
  decodeLine,
  encodeLine,
  FIELD_MEANINGS,
  FIELD_TYPES,
  HEADER_FIELDS,
  OPCODE_NAMES,
  type OpcodeKind,
  specOf,
  textOf,
} from '../src/index.ts';
import { exampleOf } from './examples.ts';

const it = suite('docs/EVENTS.md');
const PATH = fixture(import.meta.url, '..', '..', '..', 'docs', 'EVENTS.md');

const TYPE_WORDS = {
  time: 'number',
  number: 'integer',
  text: 'text',
  textOrNull: 'text or null',
  flag: 'true, false',
  digests: 'text, `term:digest` by commas',
  names: 'text, names by commas',
  numbers: 'text, integers by commas',
  direction: 'text',
  role: 'text',
} as const;

const GROUPS: Readonly<Record<OpcodeKind, string>> = {
  message: 'Messages',
  step: 'Steps of a server',
  lock: 'Locks and condition variables',
  client: 'Clients: a history for the linearizability check',
  harness: 'The harness: the test, the faults, the verdict',
};

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function headerTable(): string[] {
  const rows = Object.entries(HEADER_FIELDS).map(([key, type]) =>
    row(`\`${key}\``, TYPE_WORDS[type], FIELD_MEANINGS[key as keyof typeof HEADER_FIELDS]),
  );
  const [level, msg] = (['level', 'msg'] as const).map((key) => row(`\`${key}\``, key === 'msg' ? 'text' : 'integer', FIELD_MEANINGS[key]));
  return [row('key', 'type', 'meaning'), '| --- | --- | --- |', level ?? '', ...rows, msg ?? ''];
}

function opcodeTables(): string[] {
  return (Object.keys(GROUPS) as OpcodeKind[]).flatMap((kind) => {
    const names = OPCODE_NAMES.filter((op) => specOf(op).kind === kind);
    const rows = names.map((op) => {
      const { meaning, section, fields } = specOf(op);
      return row(`\`${op}\``, meaning, section, fields.map((field) => `\`${field}\``).join(' '), `\`${textOf(exampleOf(op))}\``);
    });
    return [
      `### ${GROUPS[kind]}`,
      '',
      row('opcode', 'meaning', 'paper', 'own keys', 'text'),
      '| --- | --- | --- | --- | --- |',
      ...rows,
      '',
    ];
  });
}

function fieldTable(): string[] {
  const rows = Object.entries(FIELD_TYPES).map(([key, type]) =>
    row(`\`${key}\``, TYPE_WORDS[type], FIELD_MEANINGS[key as keyof typeof FIELD_TYPES]),
  );
  return [row('key', 'type', 'meaning'), '| --- | --- | --- |', ...rows];
}

/** The document with the part between the two comments of that name replaced. */
function replaced(text: string, name: string, lines: readonly string[]): string {
  const pattern = new RegExp(`(<!-- ${name}:begin[^>]*-->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
  assert.match(text, pattern);
  return text.replace(pattern, (_, begin: string, end: string) => `${begin}${lines.join('\n').trimEnd()}\n${end}`);
}

it('says of each key and each opcode what the table says', () => {
  const text = readFileSync(PATH, 'utf8');
  const wanted = replaced(replaced(replaced(text, 'header', headerTable()), 'opcodes', opcodeTables()), 'fields', fieldTable());
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PATH, wanted);
  else assert.is(text, wanted);
});

it('shows only lines that can be read', () => {
  const lines = readFileSync(PATH, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'));
  assert.ok(lines.length >= 4);
  for (const line of lines) assert.is(decodeLine(line).error, undefined, line);
});

it('shows a whole line just as it is written', () => {
  const [line = ''] = readFileSync(PATH, 'utf8')
    .split('\n')
    .filter((text) => text.startsWith('{"level"'));
  const { event } = decodeLine(line);
  assert.ok(event !== undefined);
  assert.is(encodeLine(event), line);
});
