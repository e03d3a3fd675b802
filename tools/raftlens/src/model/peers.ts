import { specOf } from '@raftlens/events';
import { type LogStore, OPCODE_CODES } from '@raftlens/log-store';

/** Columns beyond this help nobody; the lines of further peers are shown across all columns. */
const PEER_COLUMNS_MAX = 64;

/** The number of the harness in no log: its lines, and those of clients, stand across all columns. */
const HARNESS = 'TEST';

const IS_CLIENT_OP = OPCODE_CODES.map((op) => op !== null && specOf(op).kind === 'client');

/**
 * Who gets a column: everyone who speaks and is neither the harness nor only a client. Goes on where it stopped when the
 * log grew.
 */
export class PeerFinder {
  readonly #store: LogStore;
  readonly #speaks = new Set<number>();
  #scanned = 0;

  constructor(store: LogStore) {
    this.#store = store;
  }

  /** The names of the peers, in the store's order, by the rows up to `end`. */
  peers(end: number): readonly string[] {
    const { columns } = this.#store;
    for (let row = this.#scanned; row < end; row += 1) {
      if (IS_CLIENT_OP[columns.op(row)] !== true) this.#speaks.add(columns.node(row));
    }
    this.#scanned = Math.max(this.#scanned, end);
    const { names } = columns;
    return this.#store.peers.filter((name) => name !== HARNESS && this.#speaks.has(names.find(name))).slice(0, PEER_COLUMNS_MAX);
  }
}
