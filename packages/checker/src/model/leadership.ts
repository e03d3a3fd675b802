import type { Event } from '@raftlens/events';
import { VainRow } from './vain-answers.ts';

/** What a leader was told by one peer in its term (figure 2, "Volatile state on leaders"). */
export class PeerModel {
  /** Answers by which nothing came about. */
  readonly vain = new VainRow();
  /** The highest index that a success of this term acknowledged. */
  acked = 0;
  ackedSeq = 0;
  /** The latest AppendEntries or InstallSnapshot that was sent to it. */
  sentSeq = 0;
  /** The line by which the server became a member within this term; 0 where it was one from the beginning. */
  joinedSeq = 0;
  /** The latest success that answers a request from before that, and up to where it goes: it tells of an earlier membership. */
  formerMatch = -1;
  formerSeq = 0;
  /** What the leader says that it knows (Progress). */
  match = 0;
  matchSeq = 0;
  /** The prevLogIndex that the peer refused last, in a request sent after the refusal before; -1 once a success has overtaken it. */
  refusedPrev = -1;
  refusedSeq = 0;
  refusedTime = 0;
  /** How often the leader has sent it again all the same. */
  repeated = 0;
  /** When the leader sent it AppendEntries or a snapshot last; -1 where it has not, since somebody looked. */
  sentMs = -1;
  /** The entries that were sent to it last, how often in a row and since when, without that it acknowledged more. */
  samePrev = -1;
  sameN = 0;
  sameCount = 0;
  sameMs = 0;
  sameSeq = 0;
  /** The highest snapshot whose last chunk was sent to it. */
  snapshotSent = 0;
  snapshotUnderWay = false;
  /** The byte that the peer wants next. */
  snapshotOffset = 0;
  /** The first AppendEntries sent to it after its removal was committed, which is how it may know of that; 0 for none. */
  farewellSeq = 0;
  /**
   * Of those it has acknowledged one, with a log that holds its removal. Who is silent, refuses what it lacks, or answers what was sent
   * before the commit has not heard of it, and may be tried until it is given up, however often that is.
   */
  hasHeardFarewell = false;
  /** How many it was sent all the same, one for each such acknowledgement, since it last acknowledged something new. */
  farewells = 0;
  /** The highest heartbeat round that it answered, and the line. */
  round = 0;
  roundSeq = 0;
  /** The latest reply of this term. */
  repliedSeq = 0;
}

/** What is known of a server that has acknowledged nothing. */
const NOTHING: Readonly<PeerModel> = new PeerModel();

/** AppendEntries of which a leader's refused prevLogIndex is remembered. */
const SENT_MAX = 128;

/** One term of one leader. */
export class Leadership {
  readonly term: number;
  readonly seq: number;
  readonly #peers = new Map<string, PeerModel>();
  /** The prevLogIndex of the AppendEntries that were sent last, by id. */
  readonly #ids: number[] = [];
  readonly #peersSentTo: string[] = [];
  readonly #prevs: number[] = [];
  readonly #seqs: number[] = [];
  readonly #rounds: number[] = [];
  /** The last entry of each, or its prevLogIndex where it has none. */
  readonly #lasts: number[] = [];
  #cursor = 0;
  /** The highest heartbeat round that was sent. */
  roundSent = 0;
  /** AppendEntries sent although the committed configuration has removed the leader itself. */
  farewells = 0;
  /** The line by which it told somebody to stand: from then on another may lead in spite of its lease. 0 for none. */
  handoverSeq = 0;
  /** Its latest line; since when it has written without a pause; and when its heartbeats are looked at next. */
  lineMs = 0;
  beatsFromMs = 0;
  beatsDueMs = 0;
  /** A peer may have acknowledged anything up to here, although no line tells it; infinite where nobody knows up to where. */
  blindUpTo: number;

  constructor(term: number, seq: number, blindUpTo = 0) {
    this.term = term;
    this.seq = seq;
    this.blindUpTo = blindUpTo;
  }

  /** An acknowledgement may be missing; the leader's log ends at `last`, or that is not known. */
  misses(last: number | null): void {
    this.blindUpTo = Math.max(this.blindUpTo, last ?? Number.POSITIVE_INFINITY);
  }

  peer(id: string): PeerModel {
    let peer = this.#peers.get(id);
    if (peer === undefined) {
      peer = new PeerModel();
      this.#peers.set(id, peer);
    }
    return peer;
  }

  /** What is known of the server `id`, to be read only. */
  of(id: string): Readonly<PeerModel> {
    return this.#peers.get(id) ?? NOTHING;
  }

  /** Those that are no members any more: if one joins again, the leader knows nothing of it. */
  keepOnly(members: (id: string) => boolean): void {
    for (const id of this.#peers.keys()) if (!members(id)) this.#peers.delete(id);
  }

  /** The server becomes a member. What it acknowledged in an earlier membership it may have lost since. */
  joins(id: string, seq: number): void {
    this.peer(id).joinedSeq = seq;
  }

  /** A chunk of a snapshot leaves. Until the peer has it, heartbeats may go on with a prevLogIndex that the peer lacks. */
  snapshotTo(id: string, index: number, done: boolean, seq: number): void {
    const peer = this.peer(id);
    peer.sentSeq = seq;
    if (done) peer.snapshotSent = Math.max(peer.snapshotSent, index);
    peer.snapshotUnderWay = true;
  }

  sent(id: number, { dst, seq }: Event, prev: number, last: number, round: number): void {
    this.#ids[this.#cursor] = id;
    this.#peersSentTo[this.#cursor] = dst;
    this.#lasts[this.#cursor] = last;
    this.#prevs[this.#cursor] = prev;
    this.#seqs[this.#cursor] = seq;
    this.#rounds[this.#cursor] = round;
    this.#cursor = (this.#cursor + 1) % SENT_MAX;
  }

  /** Up to where the logs match where the request `id` succeeds (figure 2 has no match in the reply); -1 where it is not remembered. */
  lastOf(id: number): number {
    const at = this.#ids.indexOf(id);
    return at < 0 ? -1 : (this.#lasts[at] ?? -1);
  }

  /** The line that sent the request `id`; 0 where it is not remembered. */
  sentSeqOf(id: number): number {
    const at = this.#ids.indexOf(id);
    return at < 0 ? 0 : (this.#seqs[at] ?? 0);
  }

  /** The heartbeat round of the request `id`, the latest one where its line does not tell it; 0 where it has none, or is not remembered. */
  roundOf(id: number): number {
    const at = this.#ids.indexOf(id);
    const round = at < 0 ? 0 : (this.#rounds[at] ?? 0);
    return round < 0 ? this.roundSent : round;
  }

  /** Whether the peer was sent a lower prevLogIndex than `prev` after the line `after`. */
  hasGoneBelow(peer: string, prev: number, after: number): boolean {
    return this.#seqs.some((seq, at) => seq > after && this.#peersSentTo[at] === peer && isBelow(this.#prevs[at] ?? -1, prev));
  }

  /** The prevLogIndex of the request `id`, if it was sent after the line `after`; -1 where it was not, or is not remembered. */
  prevOf(id: number, after: number): number {
    const at = this.#ids.indexOf(id);
    return at < 0 || (this.#seqs[at] ?? 0) <= after ? -1 : (this.#prevs[at] ?? -1);
  }
}

/** Of a request without prevLogIndex it is not known. */
function isBelow(sentPrev: number, prev: number): boolean {
  return sentPrev >= 0 && sentPrev < prev;
}
