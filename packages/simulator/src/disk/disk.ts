import type { DurableState, LogEntry, Snapshot } from '@raftlens/raft';
import type { PersistEffect } from '@raftlens/raft/state-machine';
import type { Draws } from '../engine/tape-deck.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import { assert } from '../protocol/assert.ts';
import type { Damage, PersistPoint } from '../protocol/disk-fault.ts';
import type { WriteOutcome } from '../protocol/structure.ts';

/** How a disk behaves. */
export interface DiskModel {
  /** 'sync': a write is durable when the call returns. 'async': after a latency, in the order of the writes. */
  readonly mode: 'sync' | 'async';
  readonly latencyMinUs: number;
  readonly latencyMaxUs: number;
  /** After a crash the first write that had not reached the disk may be there in part: some of its entries, in order. */
  readonly torn: boolean;
}

export const SYNC_DISK: DiskModel = { mode: 'sync', latencyMinUs: 0, latencyMaxUs: 0, torn: false };
export const ASYNC_DISK: DiskModel = { mode: 'async', latencyMinUs: 100, latencyMaxUs: 5000, torn: true };

export interface DiskUser {
  /** All writes up to this one are durable. Only for asynchronous disks. */
  durable(id: number): void;
  /** The process dies here. */
  killed(point: PersistPoint): void;
}

/** The disk of one server. What is durable survives crashes. A crash loses pending writes, except those that were drawn to survive. */
export class Disk {
  #term = 0;
  #vote: string | null = null;
  #snapshot: Snapshot | null = null;
  #entries: LogEntry[] = [];
  #entriesBytes = 0;
  #pending: PersistEffect[] = [];
  #lastDueUs = 0;
  /** A crash raises it: completions of the dead process's writes are then known and ignored. */
  #epoch = 0;
  #armed: PersistPoint | null = null;
  #armedAt = 0;
  #corrupt = false;
  #wiped = false;
  /** The next write goes to another place. */
  #misdirects = false;
  /** The next read returns too little. */
  #readsShort = false;
  #writes = 0;
  readonly #time: VirtualTime;
  readonly #draws: Draws;
  model: DiskModel = SYNC_DISK;

  constructor(time: VirtualTime, draws: Draws) {
    this.#time = time;
    this.#draws = draws;
  }

  /** Persist points passed so far. */
  get writes(): number {
    return this.#writes;
  }

  /** Bytes of the log and of term and vote: what the labs call the size of the Raft state. */
  get logBytes(): number {
    assert(this.#entriesBytes >= 0, 'a log has no less than no bytes');
    return 16 + this.#entriesBytes;
  }

  get snapshotBytes(): number {
    return this.#snapshot === null ? 0 : this.#snapshot.data.length;
  }

  /** It has lost what it called durable, for good: its server must not come back under its old name. */
  get lost(): boolean {
    return this.#corrupt || this.#wiped;
  }

  /** What a starting server finds out by checksums before it believes anything; null when all is well. */
  verify(): 'corrupt' | 'short-read' | null {
    if (this.#corrupt) return 'corrupt';
    const short = this.#readsShort;
    this.#readsShort = false;
    return short ? 'short-read' : null;
  }

  /** What a starting server reads. */
  read(): DurableState {
    assert(this.#pending.length === 0 && !this.#corrupt, 'a process starts when its disk is at rest and whole');
    return { term: this.#term, vote: this.#vote, snapshot: this.#snapshot, entries: this.#entries.slice() };
  }

  arm(point: PersistPoint): void {
    this.#armed = point;
    this.#armedAt = this.#writes + point.nth;
  }

  /** Cancels the faults that were armed. */
  disarm(): void {
    this.#armed = null;
    this.#misdirects = false;
    this.#readsShort = false;
  }

  damage(how: Damage): void {
    switch (how) {
      case 'bit-flip':
        // Where nothing was written, nobody relies on any bit.
        this.#corrupt ||= this.#writes > 0;
        return;
      case 'misdirected-write':
        this.#misdirects = true;
        return;
      case 'short-read':
        this.#readsShort = true;
    }
  }

  wipe(): void {
    assert(this.#pending.length === 0, 'a disk is taken away from a dead process');
    this.#term = 0;
    this.#vote = null;
    this.#snapshot = null;
    this.#entries = [];
    this.#entriesBytes = 0;
    this.#corrupt = false;
    this.#wiped = true;
  }

  write(effect: PersistEffect, user: DiskUser): WriteOutcome {
    this.#writes += 1;
    const point = this.#armed !== null && this.#writes >= this.#armedAt ? this.#armed : null;
    if (point !== null) {
      this.#armed = null;
      if (point.when === 'after') this.#flush(effect);
      user.killed(point);
      return 'killed';
    }
    if (this.model.mode === 'sync' && this.#pending.length === 0) {
      this.#store(effect, effect.entries.length);
      return 'durable';
    }
    this.#begin(effect, user);
    return 'pending';
  }

  /** The process is gone. A prefix of the pending writes, drawn, survives it; one more in part where the model tears. */
  crash(): void {
    this.#epoch += 1;
    const pending = this.#pending;
    this.#pending = [];
    this.#lastDueUs = 0;
    this.#armed = null;
    if (pending.length === 0) return;
    const kept = this.#draws.below(pending.length + 1);
    assert(kept <= pending.length, 'no more writes survive a crash than were pending');
    for (const effect of pending.slice(0, kept)) this.#store(effect, effect.entries.length);
    const next = pending[kept];
    if (next !== undefined && this.model.torn && next.snapshot === null && next.entries.length > 0) {
      const whole = this.#draws.below(next.entries.length + 1);
      if (whole > 0) this.#store(next, whole);
    }
  }

  #begin(effect: PersistEffect, user: DiskUser): void {
    this.#pending.push(effect);
    const { latencyMinUs, latencyMaxUs } = this.model;
    const latencyUs = latencyMinUs + this.#draws.below(Math.max(0, latencyMaxUs - latencyMinUs) + 1);
    const dueUs = Math.max(this.#lastDueUs, this.#time.nowUs + latencyUs);
    assert(dueUs >= this.#time.nowUs, 'a write is durable after it was begun');
    this.#lastDueUs = dueUs;
    const epoch = this.#epoch;
    this.#time.at(dueUs, {
      fire: () => {
        if (this.#epoch === epoch) this.#complete(user);
      },
    });
  }

  #complete(user: DiskUser): void {
    const effect = this.#pending.shift();
    assert(effect !== undefined, 'a write is completed once');
    this.#store(effect, effect.entries.length);
    user.durable(effect.id);
  }

  /** Everything up to and with this write reaches the disk. */
  #flush(last: PersistEffect): void {
    for (const effect of this.#pending) this.#store(effect, effect.entries.length);
    this.#pending = [];
    this.#store(last, last.entries.length);
  }

  /** Applies a write, or the first `whole` entries of a torn one. */
  #store(effect: PersistEffect, whole: number): void {
    assert(whole >= 0 && whole <= effect.entries.length, 'a torn write leaves some of its entries');
    // A server that writes to a wiped disk was let in as a new one.
    this.#wiped = false;
    if (this.#misdirects) {
      this.#misdirects = false;
      this.#corrupt = true;
    }
    if (effect.hardState !== null) {
      this.#term = effect.hardState.term;
      this.#vote = effect.hardState.vote;
    }
    if (effect.snapshot !== null) this.#compact(effect.snapshot, effect.keepLog);
    if (effect.truncateFrom > 0) this.#truncate(effect.truncateFrom);
    for (let at = 0; at < whole; at += 1) {
      const entry = effect.entries[at];
      if (entry === undefined) break;
      this.#entries.push(entry);
      this.#entriesBytes += entry.size;
    }
  }

  #truncate(from: number): void {
    const first = this.#entries[0];
    if (first === undefined) return;
    for (const entry of this.#entries.splice(Math.max(0, from - first.index))) this.#entriesBytes -= entry.size;
  }

  #compact(snapshot: Snapshot, keepLog: boolean): void {
    this.#snapshot = snapshot;
    const first = this.#entries[0];
    if (first === undefined) return;
    const gone = keepLog ? Math.max(0, snapshot.index - first.index + 1) : this.#entries.length;
    for (const entry of this.#entries.splice(0, gone)) this.#entriesBytes -= entry.size;
  }
}
