import { FIELD_MEANINGS, FIELD_TYPES, type FieldName, HEADER_FIELDS, OPCODE_NAMES, type OpcodeKind, specOf, textOf } from '../src/index.ts';
import { exampleOf } from '../test/examples.ts';

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

const KEY_TABLE = [row('key', 'type', 'meaning'), '| --- | --- | --- |'] as const;

function headerTable(): string[] {
  const rows = Object.entries(HEADER_FIELDS).map(([key, type]) =>
    row(`\`${key}\``, TYPE_WORDS[type], FIELD_MEANINGS[key as keyof typeof HEADER_FIELDS]),
  );
  const [level, msg] = (['level', 'msg'] as const).map((key) => row(`\`${key}\``, key === 'msg' ? 'text' : 'integer', FIELD_MEANINGS[key]));
  return [...KEY_TABLE, level ?? '', ...rows, msg ?? ''];
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
  return [
    ...KEY_TABLE,
    ...Object.entries(FIELD_TYPES).map(([key, type]) => row(`\`${key}\``, TYPE_WORDS[type], FIELD_MEANINGS[key as FieldName])),
  ];
}

/** The tables of docs/EVENTS.md, by the names of the comments around them. */
export const EVENT_TABLES: ReadonlyMap<string, () => readonly string[]> = new Map([
  ['header', headerTable],
  ['opcodes', opcodeTables],
  ['fields', fieldTable],
]);
