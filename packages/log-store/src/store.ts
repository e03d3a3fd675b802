import { type Event, textOf } from '@raftlens/events';
import type { LinearPattern } from '@raftlens/patterns';
import { codeOfOpcode, FLAG_UNMATCHED, OPCODE_CODES, SEND } from './columns/codes.ts';
import type { Table } from './columns/table.ts';
import { LogStoreError } from './error.ts';
import { EventReader } from './event-reader.ts';
import { selectRows } from './filter/select.ts';
import { Follower } from './follow.ts';
import { Indexer } from './indexer.ts';
import { pollEvery } from './io/host.ts';
import type { OpenFile } from './log-file.ts';
import type {
  FilterOptions,
  IndexingProgress,
  LineProblem,
  LogFile,
  LogNotice,
  LogStore,
  OpenOptions,
  PeerState,
  Row,
  SearchOptions,
  StoreChange,
  TailEntry,
} from './log-store.ts';
import { searchRows } from './search/search.ts';
import { rowOfSeq } from './search/seq.ts';
import { logTailAt } from './state/log-tail.ts';
import { compareNames, StateReader } from './state/peer-state.ts';

/** By the code of the opcode: is it a message that is answered? */
const HAS_REPLY = OPCODE_CODES.map((op) => op !== null && codeOfOpcode(`${op}Reply`) !== 0);
const HARNESS = 'TEST';
/** How often a followed file is looked at: at least as often as eyes can tell. */
const POLL_MS = 100;

/** The face of the package over one table of columns and the files that its rows stand in. */
export class Store implements LogStore {
  readonly notices: LogNotice[];
  readonly done: Promise<void>;
  readonly #indexer: Indexer;
  readonly #reader: EventReader;
  readonly #states: StateReader;
  readonly #listeners = new Set<(change: StoreChange) => void>();
  #peers: readonly string[] = [];
  #peersOf = 0;
  #stopFollowing: (() => void) | null = null;
  #isClosed = false;

  constructor(files: readonly OpenFile[], options: OpenOptions, notices: readonly LogNotice[]) {
    this.notices = [...notices];
    const isFollowed = options.follow === true;
    this.#indexer = new Indexer(files, options.workers, {
      onChange: (change, fromRow) => this.#changed(change, fromRow),
      onNotice: (notice) => this.notice(notice),
    });
    this.#reader = new EventReader(this.#indexer.table, this.#indexer.files);
    this.#states = new StateReader(this.#indexer.table, (row) => this.event(row));
    this.#indexer.start(isFollowed, options.keepIndex === true);
    this.done = this.#run(isFollowed);
    // Whoever does not wait for the end must not be ended by it.
    this.done.catch(() => undefined);
  }

  get files(): readonly OpenFile[] {
    return this.#indexer.files;
  }

  get columns(): Table {
    return this.#indexer.table;
  }

  get size(): number {
    return this.columns.size;
  }

  get unmatched(): number {
    return this.columns.unmatched;
  }

  get progress(): IndexingProgress {
    return this.#indexer.progress;
  }

  get peers(): readonly string[] {
    if (this.#peersOf !== this.columns.names.size) {
      this.#peersOf = this.columns.names.size;
      this.#peers = this.columns.names.names().slice(1).sort(comparePeers);
    }
    return this.#peers;
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopFollowing?.();
    this.#indexer.close();
    // Whoever waits for rows is told that none will come.
    for (const listener of this.#listeners) listener('done');
    this.#listeners.clear();
    for (const file of this.files) file.close();
  }

  line(row: number, charsMax?: number): string {
    // A character is at most four bytes.
    const bytes = this.#bytesOf(row, charsMax === undefined ? undefined : charsMax * 4);
    const line = bytes.toString('utf8');
    return charsMax === undefined || line.length <= charsMax ? line : line.slice(0, charsMax);
  }

  event(row: number): Event | null {
    const decoded = this.#decode(row);
    return 'event' in decoded ? decoded.event : null;
  }

  text(row: number, charsMax?: number): string {
    const event = this.event(row);
    if (event === null) return this.line(row, charsMax);
    const text = textOf(event);
    return charsMax === undefined ? text : text.slice(0, charsMax);
  }

  problem(row: number): LineProblem | null {
    const decoded = this.#decode(row);
    return 'event' in decoded ? null : decoded;
  }

  fileOf(row: number): LogFile {
    return this.#fileOf(row);
  }

  numberedFileOf(row: number): number {
    this.#check(row);
    return this.#reader.numberedFileOf(row);
  }

  lineNumberOf(row: number): number {
    return this.#fileOf(row).lineNumberOf(this.columns.fileRow(row));
  }

  partnerOf(row: number): number {
    this.#check(row);
    return this.columns.partner(row);
  }

  requestOf(row: number): number {
    this.#check(row);
    const request = this.columns.answer(row);
    if (this.#isRequest(row)) return -1;
    // Of a reply that was read long before its request, the line alone says which that is.
    if (request < 0) return this.#indexer.linker.rowOfId(this.event(row)?.re ?? 0);
    const isReceived = this.columns.dir(request) !== SEND && this.columns.partner(request) >= 0;
    return isReceived ? this.columns.partner(request) : request;
  }

  replyOf(row: number): number {
    this.#check(row);
    if (!this.#isRequest(row)) return -1;
    const reply = this.columns.answer(row);
    const other = this.columns.partner(row);
    return reply < 0 && other >= 0 ? this.columns.answer(other) : reply;
  }

  stateAt(row: number): ReadonlyMap<string, PeerState> {
    this.#check(row);
    return this.#states.stateAt(row);
  }

  logTailAt(row: number, node: string, countMax: number): readonly TailEntry[] {
    this.#check(row);
    const last = this.#states.stateOf(row, node)?.last ?? 0;
    return logTailAt(this.columns, (at) => this.event(at), row, node, last, countMax);
  }

  rowOfSeq(seq: number, file?: LogFile): number {
    return rowOfSeq(this, seq, file);
  }

  rowAtTime(timeMs: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.columns.time(middle) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  filter(expression: string, options: FilterOptions = {}): Promise<Uint32Array> {
    return selectRows(this, expression, options);
  }

  search(needle: string | LinearPattern, fromRow: number, direction: 'forward' | 'backward', options: SearchOptions = {}): Promise<number> {
    return searchRows(this, needle, fromRow, direction, options);
  }

  async *rows(fromRow = 0): AsyncGenerator<Row> {
    for (let row = fromRow; ; row++) {
      while (row >= this.size) {
        if (this.progress.done || this.#isClosed) return;
        await this.#nextChange();
      }
      yield { row, event: this.event(row), line: this.line(row) };
    }
  }

  /** Keeps what the reader noticed, and tells those who listen. */
  notice(notice: LogNotice): void {
    this.notices.push(notice);
    this.#changed('notice', this.size);
  }

  async #run(isFollowed: boolean): Promise<void> {
    await this.#indexer.run(isFollowed);
    if (!isFollowed) return;
    const follower = new Follower(this.#indexer, (notice) => this.notice(notice));
    this.#stopFollowing = pollEvery(POLL_MS, () => follower.poll());
  }

  #bytesOf(row: number, bytesMax?: number): Buffer {
    this.#check(row);
    return this.#reader.bytesOf(row, bytesMax);
  }

  #decode(row: number): { readonly event: Event } | { readonly reason: string } {
    this.#check(row);
    const decoded = this.#reader.decode(row);
    if (!('event' in decoded)) this.#markUnmatched(row);
    return decoded;
  }

  /** The scanner looks at what becomes columns; a mistake in the rest of a line shows when the line is first decoded. */
  #markUnmatched(row: number): void {
    if ((this.columns.flags(row) & FLAG_UNMATCHED) !== 0) return;
    this.columns.addFlag(row, FLAG_UNMATCHED);
    this.columns.unmatched++;
  }

  #isRequest(row: number): boolean {
    return HAS_REPLY[this.columns.op(row)] === true;
  }

  #fileOf(row: number): OpenFile {
    const file = this.files[this.columns.file(row)];
    if (file === undefined) throw new LogStoreError('ROW_OUT_OF_RANGE', `row ${row} belongs to no file`);
    return file;
  }

  #check(row: number): void {
    if (this.#isClosed) throw new LogStoreError('CLOSED', 'the log is closed: open it again to read it');
    if (Number.isInteger(row) && row >= 0 && row < this.size) return;
    throw new LogStoreError('ROW_OUT_OF_RANGE', `there is no row ${row}: ${this.size} rows are indexed`);
  }

  #changed(change: StoreChange, fromRow: number): void {
    this.#states.forgetFrom(change === 'reset' ? 0 : fromRow);
    for (const listener of this.#listeners) listener(change);
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const end = this.subscribe(() => {
        end();
        resolve();
      });
    });
  }
}

/** Servers in natural order, then clients, then the harness. */
function comparePeers(a: string, b: string): number {
  return kindOf(a) - kindOf(b) || compareNames(a, b);
}

function kindOf(name: string): number {
  if (name === HARNESS) return 2;
  return /^C\d+$/.test(name) ? 1 : 0;
}
