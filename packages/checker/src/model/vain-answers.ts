import type { Event } from '@raftlens/events';

/** Rows that are kept to be told of; a hostile log may have any number. */
const KEPT_MAX = 16;
/** So many answers in a row are worth a look at the end. */
const ANSWERS_MIN = 10;

export type VainKind = 'entries' | 'vote' | 'pre-vote';

/** Answers of one server to another, one after the other, by which nothing came about. */
export class VainRow {
  count = 0;
  refusals = 0;
  firstSeq = 0;
  firstMs = 0;
  lastSeq = 0;
  lastMs = 0;
  /** The lowest index that was refused: a leader that goes on to lower ones gets somewhere. */
  lowest = Number.POSITIVE_INFINITY;
  /** What was sent before the latest answer. */
  sentPrev = -1;
  sentCount = 0;
  answeredPrev = -1;
  answeredCount = 0;
  /** The term that the row is of, where that matters. */
  term = -1;
  isKept = false;

  sent(prev: number, count: number): void {
    this.sentPrev = prev;
    this.sentCount = count;
  }

  /** Whether the latest answer is one more to the same entries. */
  get isSameRequest(): boolean {
    return this.sentCount > 0 && this.sentPrev === this.answeredPrev && this.sentCount === this.answeredCount;
  }

  /** Something came about. */
  ends(): void {
    this.count = 0;
    this.refusals = 0;
    this.#answered();
  }

  /** The index `hint` is refused. Whether the leader has got no lower. */
  refuses(hint: number): boolean {
    if (hint >= this.lowest || hint < 0) return true;
    this.lowest = hint;
    return false;
  }

  goesOn({ seq, time, success, granted }: Event): void {
    if (this.count === 0) {
      this.firstSeq = seq;
      this.firstMs = time;
    }
    this.count++;
    if (success === false || granted === false) this.refusals++;
    this.lastSeq = seq;
    this.lastMs = time;
    this.#answered();
  }

  #answered(): void {
    this.answeredPrev = this.sentPrev;
    this.answeredCount = this.sentCount;
  }
}

/** A row, and between whom. */
export interface VainAnswers {
  readonly row: VainRow;
  readonly kind: VainKind;
  readonly asker: string;
  readonly peer: string;
}

/** Long rows of answers in vain. */
export class VainRows {
  /** Some answer was told. */
  areTold = false;
  readonly long: VainAnswers[] = [];
  /** Rows of servers whose messages tell no term, and of votes: by the one who asks, and the one who answers. */
  readonly #rows = new Map<string, Map<string, VainRow>>();

  /** The peer has answered, and nothing came about. */
  goesOn(row: VainRow, event: Event, kind: VainKind = 'entries'): void {
    row.goesOn(event);
    if (row.isKept || row.count < ANSWERS_MIN || this.long.length >= KEPT_MAX) return;
    row.isKept = true;
    this.long.push({ row, kind, asker: event.dst, peer: event.src });
  }

  /** A refusal that tells no term: all that is known is where the leader is to try next. */
  refusesWithoutTerm(event: Event): void {
    this.areTold = true;
    const row = this.#rowOf(event);
    const hint = event.conflictIndex ?? -1;
    // The peer had caught up in between, which no line tells.
    if (hint > row.lowest) this.#beginAgain(row, hint);
    else if (row.refuses(hint)) this.goesOn(row, event);
    else row.ends();
  }

  /** A vote, or a pre-vote, is refused to a server in this term of its own. */
  refusesVote(event: Event, term: number): void {
    this.areTold = true;
    const row = this.#rowOf(event);
    if (row.term !== term) row.ends();
    row.term = term;
    this.goesOn(row, event, event.op === 'PreVoteReply' ? 'pre-vote' : 'vote');
  }

  #beginAgain(row: VainRow, hint: number): void {
    row.ends();
    row.lowest = hint;
  }

  #rowOf({ dst, src, op }: Event): VainRow {
    const asker = op === 'AppendEntriesReply' ? dst : `${dst} ${op}`;
    let rows = this.#rows.get(asker);
    if (rows === undefined) {
      rows = new Map();
      this.#rows.set(asker, rows);
    }
    let row = rows.get(src);
    if (row === undefined) {
      row = new VainRow();
      rows.set(src, row);
    }
    return row;
  }
}
