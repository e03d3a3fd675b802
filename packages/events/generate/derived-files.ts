import { ERROR_TABLE } from './error-table.ts';
import { EVENT_TABLES } from './event-tables.ts';
import { lnavValues } from './lnav-values.ts';
import { RECORD_PARTS } from './record-source.ts';

/** A file of the repository of which a part follows from the tables of fields and opcodes. */
export interface DerivedFile {
  readonly path: string;
  /** The file's text with these parts written again. */
  readonly written: (text: string) => string;
}

export const DERIVED_FILES: readonly DerivedFile[] = [
  { path: 'docs/EVENTS.md', written: (text) => partsReplaced(text, EVENT_TABLES, '<!--') },
  {
    path: 'docs/emitters/raftlens.lnav.json',
    written: (text) => replaced(text, /("value": \{\n)[^]*?(\n {4}\})/, lnavValues(), ' '.repeat(6)),
  },
  { path: 'packages/events/README.md', written: (text) => partsReplaced(text, ERROR_TABLE, '<!--') },
  { path: 'packages/raft/src/event-record.ts', written: (text) => partsReplaced(text, RECORD_PARTS, '//') },
];

type GeneratedParts = ReadonlyMap<string, () => readonly string[]>;

/** Each part stands between a comment `NAME:begin ...` and a comment `NAME:end`, and is indented as these are. */
function partsReplaced(text: string, parts: GeneratedParts, comment: string): string {
  let whole = text;
  for (const [name, lines] of parts) {
    const begin = new RegExp(`^( *)${comment} ${name}:begin.*\\n`, 'm').exec(whole);
    const pattern = new RegExp(`(${comment} ${name}:begin.*\\n)[^]*?(\\n *${comment} ${name}:end)`);
    whole = replaced(whole, pattern, lines(), begin?.[1] ?? '');
  }
  return whole;
}

function replaced(text: string, pattern: RegExp, lines: readonly string[], indent: string): string {
  if (!pattern.test(text)) throw new Error(`nothing is like ${pattern}: where should the generated lines go?`);
  const body = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
  return text.replace(pattern, (_, begin: string, end: string) => `${begin}${body.trimEnd()}${end}`);
}
