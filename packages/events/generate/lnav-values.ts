import { FIELD_TYPES, HEADER_FIELDS } from '../src/index.ts';

/** lnav makes no table, and says nothing, for a format that declares a value with a name that SQL reserves. */
const RESERVED_BY_SQL: ReadonlySet<string> = new Set(['commit', 'index']);

/** lnav has a timestamp of its own. */
const TIMESTAMP = 'time';

/** Shown in each line by lnav's format, so that it need not be hidden. */
const SHOWN = 'seq';

/** The values of docs/emitters/raftlens.lnav.json: the keys of every line, and the term of a message. */
export function lnavValues(): string[] {
  const types = { level: 'number', ...HEADER_FIELDS, msgTerm: FIELD_TYPES.msgTerm };
  const declared = Object.entries(types).filter(([name]) => name !== TIMESTAMP && !RESERVED_BY_SQL.has(name));
  return declared.map(([name, type], i) => {
    const kind = type === 'number' ? '"kind": "integer"' : '"kind": "string", "identifier": true';
    return `"${name}": { ${kind}${name === SHOWN ? '' : ', "hidden": true'} }${i < declared.length - 1 ? ',' : ''}`;
  });
}
