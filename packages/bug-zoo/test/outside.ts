import type { EntryDigest, Event, EventFields } from '@raftlens/events';

interface Log {
  /** The index and term that a snapshot stands for. */
  base: number;
  baseTerm: number;
  entries: EntryDigest[];
}

/** What an observer between the servers sees of a line. */
const SEEN: Readonly<Record<string, readonly (keyof EventFields)[]>> = {
  Boot: ['voters'],
  Crash: ['target'],
  TestBegin: ['name'],
  TestEnd: ['name', 'outcome'],
  RequestVote: ['dir', 'id', 'msgTerm', 'lastLogIndex', 'lastLogTerm'],
  RequestVoteReply: ['dir', 'id', 're', 'msgTerm', 'granted'],
  AppendEntries: ['dir', 'id', 'msgTerm', 'prev', 'prevTerm', 'n', 'entries', 'leaderCommit'],
  AppendEntriesReply: ['dir', 'id', 're', 'msgTerm', 'success'],
  InstallSnapshot: ['dir', 'id', 'msgTerm', 'lastIncludedIndex', 'lastIncludedTerm', 'offset', 'done'],
  InstallSnapshotReply: ['dir', 'id', 're', 'msgTerm'],
  Start: ['index', 'hash', 'cmd'],
  Apply: ['index', 'hash'],
  SnapshotInstalled: ['index', 'indexTerm'],
  Persist: ['what', 'durableTerm', 'durableVote'],
};

/** A run of the simulator as somebody sees it who stands between the servers, their disks and their service. */
export class Outside {
  readonly #logs = new Map<string, Log>();
  readonly #saved = new Map<string, Log>();
  #seq = 0;

  /** The line as it is seen, or null where nothing is. */
  see(event: Event): Event | null {
    const all: Readonly<EventFields> = event;
    this.#follow(event.node, all);
    const fields = SEEN[event.op];
    if (fields === undefined) return null;
    const { time, node, boot, op, src, dst } = event;
    const line: Record<string, unknown> = { seq: ++this.#seq, time, node, boot, op, src, dst };
    for (const field of fields) if (all[field] !== undefined) line[field] = all[field];
    if (op === 'Boot') line['source'] = 'observed';
    if (op === 'Start') line['entryTerm'] = all.term;
    if (op === 'Persist') Object.assign(line, this.#save(node, all));
    // Fields of an event, each under its name.
    return line as unknown as Event;
  }

  #log(node: string): Log {
    const known = this.#logs.get(node);
    if (known !== undefined) return known;
    const log = empty();
    this.#logs.set(node, log);
    return log;
  }

  /** Keeps the log in memory, of which the disk holds a part. */
  #follow(node: string, { op, index = 0, indexTerm = 0, entries = [], last }: Readonly<EventFields>): void {
    const log = this.#log(node);
    switch (op) {
      case 'Boot': {
        const { base, baseTerm, entries: saved } = this.#saved.get(node) ?? empty();
        this.#logs.set(node, { base, baseTerm, entries: [...saved] });
        return;
      }
      case 'Append':
        log.entries.splice(index - log.base - 1, Number.POSITIVE_INFINITY, ...entries);
        return;
      case 'Truncate':
        log.entries.splice(Math.max(0, index - log.base - 1));
        return;
      case 'SnapshotTaken':
      case 'SnapshotInstalled':
        if (index <= log.base) return;
        log.entries.splice(0, last === index ? Number.POSITIVE_INFINITY : index - log.base);
        log.base = index;
        log.baseTerm = indexTerm;
        return;
      default:
    }
  }

  /** The durable log as a difference to what was saved before; nothing where memory has moved on. */
  #save(node: string, { durableLast = 0, durableLastTerm }: Readonly<EventFields>): Partial<EventFields> {
    const { base, baseTerm, entries } = this.#log(node);
    const count = durableLast - base;
    const term = count === 0 ? baseTerm : entries[count - 1]?.term;
    const before = this.#saved.get(node) ?? empty();
    if (count < 0 || term !== durableLastTerm) {
      this.#saved.set(node, empty());
      return {};
    }
    const saved: Log = { base, baseTerm, entries: entries.slice(0, count) };
    this.#saved.set(node, saved);
    const index = base > before.base + before.entries.length ? base + 1 : firstDifference(before, saved);
    const snapshot = base === 0 ? {} : { snapshotIndex: base, snapshotTerm: baseTerm };
    return { index, entries: saved.entries.slice(index - base - 1), durableLast, durableLastTerm: term, ...snapshot };
  }
}

function empty(): Log {
  return { base: 0, baseTerm: 0, entries: [] };
}

function firstDifference(before: Log, after: Log): number {
  let index = Math.max(before.base, after.base) + 1;
  for (; index <= after.base + after.entries.length; index++) {
    const [was, is] = [before.entries[index - before.base - 1], after.entries[index - after.base - 1]];
    if (was === undefined || is === undefined || was.term !== is.term || was.hash !== is.hash) break;
  }
  return index;
}
