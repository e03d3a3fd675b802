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
      const line = `${row},${cellOf(store.fileOf(row).name)},${store.lineNumberOf(row)},${headerOf(event)}`;
      return `${line},${quoted(ownFields(event))},${quoted(text)}\r\n`;
    },
    end: () => '',
  };
}

/** In the order of HEADER. Each is read by a name that is written in the code: the engine is much quicker at that. */
function headerOf(e: Event): string {
  const who = `${e.time},${e.seq},${cellOf(e.node)},${e.boot},${e.op},${e.dir ?? ''},${cellOf(e.src)},${cellOf(e.dst)},${cellOf(e.id)},${cellOf(e.re)}`;
  return `${who},${cellOf(e.term)},${e.role ?? ''},${cellOf(e.vote)},${cellOf(e.commit)},${cellOf(e.applied)},${cellOf(e.last)},${cellOf(e.lastTerm)}`;
}

function ownFields(event: Event): string {
  const own: Record<string, unknown> = {};
  // What is no own field is of the header.
  for (const name in event) if (!KNOWN.has(name)) own[name] = event[name as keyof Event];
  try {
    return JSON.stringify(own);
  } catch {
    // A field that no opcode owns may hold an integer that is too great for a number.
    return JSON.stringify(own, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  }
}

function cellOf(value: string | number | null | undefined): string {
  if (typeof value === 'string') return quoted(value);
  return value === undefined || value === null ? '' : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
