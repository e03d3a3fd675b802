import type { Event } from '@raftlens/events';
import type { ConvertedRow, Writer } from './writer.ts';

const STATE = ['term', 'role', 'vote', 'commit', 'applied', 'last', 'lastTerm'] as const;
const HEADER = ['time', 'seq', 'node', 'boot', 'op', 'dir', 'src', 'dst', 'id', 're', ...STATE] as const;

/** The names of the columns: the row, where it stands, the header of the event, its own fields as JSON, its text. */
export const CSV_COLUMNS: readonly string[] = ['row', 'file', 'line', ...HEADER, 'own', 'msg'];

const KNOWN = new Set<string>(HEADER);

/** RFC 4180, for spreadsheets and databases. */
export function csvWriter(): Writer {
  return {
    begin: () => `${CSV_COLUMNS.join(',')}\r\n`,
    row: ({ row, event, text }: ConvertedRow, store) => {
      const where = [row, store.fileOf(row).name, store.lineNumberOf(row)];
      const cells = [...where, ...HEADER.map((name) => event[name]), ownFields(event), text];
      return `${cells.map(cellOf).join(',')}\r\n`;
    },
    end: () => '',
  };
}

function ownFields(event: Event): string {
  return JSON.stringify(Object.fromEntries(Object.entries(event).filter(([name]) => !KNOWN.has(name))), (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function cellOf(value: string | number | null | undefined): string {
  if (value === undefined || value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
