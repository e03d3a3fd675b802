import type { EntryDigest, Event } from '@raftlens/events';
import { codeOfOpcode } from '../columns/codes.ts';
import { PAGE_BITS, PAGE_MASK } from '../columns/layout.ts';
import type { Table } from '../columns/table.ts';
import type { TailEntry } from '../log-store.ts';

const APPEND = codeOfOpcode('Append');
const TRUNCATE = codeOfOpcode('Truncate');
const BOOT = codeOfOpcode('Boot');
const SNAPSHOT_INSTALLED = codeOfOpcode('SnapshotInstalled');

/** How far back a reader goes for the entries of one panel: about a million rows, a few milliseconds. */
const ROWS_MAX = 1 << 20;

/**
 * The end of a server's log at a row, put together backwards from its Append, Truncate and Boot events: an entry is the one
 * that the youngest Append wrote, unless a Truncate took it away since.
 */
export function logTailAt(
  table: Table,
  eventAt: (row: number) => Event | null,
  row: number,
  node: string,
  last: number,
  countMax: number,
): readonly TailEntry[] {
  const number = table.names.find(node);
  const first = Math.max(1, last - countMax + 1);
  const entries = new Map<number, EntryDigest>();
  // Appends that are older than a Truncate at this index count only below it.
  let ceiling = last + 1;
  for (let at = row; at >= 0 && row - at < ROWS_MAX && entries.size < last - first + 1; at--) {
    const page = table.pages[at >>> PAGE_BITS];
    if (page === undefined || page.node[at & PAGE_MASK] !== number) continue;
    const op = page.op[at & PAGE_MASK];
    if (op !== APPEND && op !== TRUNCATE && op !== BOOT && op !== SNAPSHOT_INSTALLED) continue;
    const event = eventAt(at);
    if (event === null) continue;
    // Figure 13, rules 6 and 7: the log behind the snapshot is either kept or discarded as a whole.
    if (op === SNAPSHOT_INSTALLED && event.last === event.index) break;
    if (op === TRUNCATE) ceiling = Math.min(ceiling, event.index ?? ceiling);
    else if (op !== SNAPSHOT_INSTALLED)
      collect(event, op === BOOT ? (event.snapshotIndex ?? 0) + 1 : (event.index ?? 1), first, ceiling, entries);
    if (op === BOOT) break;
  }
  return [...entries].sort(([a], [b]) => a - b).map(([index, entry]) => ({ index, term: entry.term, hash: entry.hash }));
}

function collect(event: Event, from: number, first: number, ceiling: number, entries: Map<number, EntryDigest>): void {
  event.entries?.forEach((entry, i) => {
    const index = from + i;
    if (index >= first && index < ceiling && !entries.has(index)) entries.set(index, entry);
  });
}
