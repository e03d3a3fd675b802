import type { EntryDigest, Event } from '@raftlens/events';
import type { ClusterState } from './cluster-state.ts';
import { EntryRecord, isAgain, sameDigest } from './entry-record.ts';
import { matchesPrev } from './matching.ts';
import type { ArrivedAppend } from './requests.ts';
import type { ServerLog } from './server-log.ts';
import type { ServerModel } from './server-model.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/**
 * The log of each server, by Boot, Append, Truncate, SnapshotTaken and SnapshotInstalled, and the durable state, by Persist. It follows what
 * the server did, right or wrong.
 */
export class LogSteps {
  readonly #cluster: ClusterState;
  readonly #step: StepRecord;
  readonly #asks: Asks;

  constructor(cluster: ClusterState, step: StepRecord, asks: Asks) {
    this.#cluster = cluster;
    this.#step = step;
    this.#asks = asks;
  }

  /** Asks about an Append, before the log takes it. */
  appending(server: ServerModel, event: Event): void {
    const { entries } = event;
    if (entries === undefined || entries.length === 0) return;
    const step = this.#step;
    step.index = event.index ?? server.log.last + 1;
    step.entries = entries;
    if (server.role === 'leader') {
      this.#asks['leader appends'](step);
      return;
    }
    if (step.index <= server.log.last) this.#asks.truncate(step);
    step.given = isGiven(server, step.index, entries);
    step.refused = step.given ? null : withEntries(server, step.index, entries);
    this.#asks['follower appends'](step);
    if (step.refused === null || !server.appendsAreTold) return;
    step.does = `appends ${entries.length} entries from index ${step.index} on`;
    this.#asks['obeys a refused request'](step);
  }

  /** Asks about a Truncate, before the log takes it. */
  truncating(server: ServerModel, event: Event): void {
    if (event.index === undefined || server.role === 'leader') return;
    this.#step.index = event.index;
    this.#asks.truncate(this.#step);
  }

  append(server: ServerModel, event: Event): void {
    const { entries } = event;
    const { log } = server;
    if (entries === undefined || (event.index === undefined && !log.known)) {
      this.#changesUnsaid(server, event);
      return;
    }
    const index = event.index ?? log.last + 1;
    if (index <= log.last) this.#remove(server, index);
    if (index !== log.last + 1) log.lose(index - 1, -1);
    if (server.role === 'leader') this.#asks['leader has written'](this.#step);
    server.truncated = false;
    this.#push(server, event, entries, 0);
    server.logSeq = event.seq;
  }

  truncate(server: ServerModel, event: Event): void {
    if (event.index === undefined) {
      this.#changesUnsaid(server, event);
      return;
    }
    this.#remove(server, event.index);
    server.truncated = true;
    server.logSeq = event.seq;
  }

  /** The log has changed, and the line does not tell how: where it ends, the line may tell all the same. */
  #changesUnsaid(server: ServerModel, { last, seq }: Event): void {
    if (last === undefined) server.log.forget();
    server.logSeq = seq;
  }

  #remove(server: ServerModel, index: number): void {
    if (server.role === 'leader' && (index <= server.log.last || !server.log.known)) {
      this.#step.index = index;
      this.#asks['own entries go'](this.#step);
    }
    server.log.truncate(index);
    server.durable.replacedFrom(index);
  }

  #push(server: ServerModel, event: Event, entries: readonly EntryDigest[], skip: number): void {
    const { log } = server;
    let prev = log.tip;
    for (let i = skip; i < entries.length; i++) {
      const digest = entries[i];
      if (digest === undefined) break;
      prev = this.#enter(event, log.last + 1, digest, prev);
      log.push(prev);
    }
  }

  /** The record of the entry that enters a log at `index` after `prev`. */
  #enter(event: Event, index: number, digest: EntryDigest, prev: EntryRecord | null): EntryRecord {
    const { entries } = this.#cluster;
    const known = entries.find(index, digest.term);
    const step = this.#step;
    step.index = index;
    step.digest = digest;
    step.prev = prev;
    step.record = known;
    this.#asks['entry enters'](step);
    if (known === null) {
      const record = new EntryRecord(index, digest, prev, event.seq, event.node);
      entries.add(record);
      return record;
    }
    if (!sameDigest(known.digest, digest)) return new EntryRecord(index, digest, prev, event.seq, event.node);
    if (known.prev === null) known.prev = prev;
    else if (prev !== null && known.prev !== prev && !isAgain(known.prev, prev))
      return new EntryRecord(index, digest, prev, event.seq, event.node);
    return known;
  }

  /** The commit index rises from `from` to `to`: the entries between are committed, as far as the log is told. */
  commit(server: ServerModel, event: Event, from: number, to: number): void {
    const first = Math.max(from, server.log.base) + 1;
    const last = Math.min(to, server.log.last);
    for (let index = first; index <= last; index++) {
      const record = server.log.at(index);
      if (record !== null) this.#commits(server, event, record);
    }
  }

  #commits(server: ServerModel, event: Event, own: EntryRecord): void {
    const known = this.#cluster.entries.committedAt(own.index);
    this.#askCommitted(own.index, own.digest, known, known === own, own.seq);
    if (known === null || known === own) this.#cluster.entries.commit(own, server.term, event.seq, server.id);
  }

  /** An Apply: the entry may come from a log that does not tell of Append and Commit. */
  apply(server: ServerModel, event: Event): void {
    const { index, entryTerm, hash } = event;
    server.handedOver = index ?? -1;
    if (index === undefined || entryTerm === undefined || hash === undefined) {
      this.#asks['Apply does not tell its entry'](this.#step);
      return;
    }
    const known = this.#cluster.entries.committedAt(index);
    const isSame = known !== null && known.term === entryTerm && known.digest.hash === hash;
    this.#askCommitted(index, isSame ? known.digest : { term: entryTerm, hash }, known, isSame, 0);
    const record = isSame ? known : known === null ? this.#recordOf(event, index, entryTerm, hash) : null;
    if (record !== null) this.#cluster.entries.commit(record, server.term, event.seq, server.id);
  }

  #askCommitted(index: number, digest: EntryDigest, known: EntryRecord | null, isSame: boolean, entrySeq: number): void {
    const step = this.#step;
    step.index = index;
    step.digest = digest;
    step.record = known;
    step.isSame = isSame;
    step.entrySeq = entrySeq;
    this.#asks['entry is committed'](step);
  }

  #recordOf(event: Event, index: number, term: number, hash: string): EntryRecord {
    const known = this.#cluster.entries.find(index, term);
    if (known !== null && known.digest.hash === hash) return known;
    const record = new EntryRecord(index, { term, hash }, null, event.seq, event.node);
    if (known === null) this.#cluster.entries.add(record);
    return record;
  }

  snapshotTaken(server: ServerModel, event: Event): void {
    const { index } = event;
    if (index === undefined || index <= server.log.base) return;
    const record = server.log.at(index);
    server.log.compact(index, record?.term ?? event.indexTerm ?? -1, record);
    server.pendingSnapshots.push(index);
    this.#cluster.forgetCompacted();
  }

  /** Figure 13, rules 6 and 7: what follows an entry that the snapshot ends with stays; any other log is discarded. */
  snapshotInstalled(server: ServerModel, event: Event): void {
    const { index } = event;
    if (index === undefined) {
      this.#changesUnsaid(server, event);
      server.commit = -1;
      return;
    }
    const term = event.indexTerm ?? -1;
    const { log } = server;
    const record = this.#cluster.entries.find(index, term);
    server.durable.replacedFrom(index);
    const keeps = log.termAt(index) === term && index >= log.base && (event.last === undefined || event.last === log.last);
    if (keeps) log.compact(index, term, log.at(index) ?? record);
    else log.reset(index, term, record);
    server.logSeq = event.seq;
    server.restoreIndex = index;
    server.handedOver = -1;
    server.pendingSnapshots.push(index);
    // A server tells of the snapshot's configuration only where it goes by another one so far.
    const known = this.#cluster.configs.at(index);
    if (known !== null && known.index > (server.config?.index ?? -1)) server.config = known;
    this.#cluster.forgetCompacted();
  }

  persist(server: ServerModel, event: Event): void {
    const { durable, log } = server;
    server.hasTold('persists');
    durable.seq = event.seq;
    const { durableTerm, durableVote, what } = event;
    if (durableTerm !== undefined && durableVote !== undefined) {
      durable.isStateKnown = true;
      durable.term = durableTerm;
      durable.vote = durableVote;
    } else if (durableTerm !== undefined || durableVote !== undefined || what === undefined || !/^(?:log|snapshot)$/.test(what)) {
      durable.isStateKnown = false;
    }
    const snapshot = event.what?.includes('snapshot') === true ? server.pendingSnapshots.shift() : undefined;
    if (snapshot !== undefined) durable.snapshot = Math.max(durable.snapshot, snapshot);
    const { durableLast } = event;
    if (durableLast === undefined) {
      if (what === undefined || !/^(?:state|vote|term)$/.test(what)) durable.isLogKnown = false;
      return;
    }
    durable.isLogKnown = true;
    const term = event.durableLastTerm ?? log.termAt(durableLast);
    durable.last = durableLast;
    durable.lastTerm = term;
    const record = log.at(durableLast);
    durable.tip = record !== null && record.term === term ? record : this.#cluster.entries.find(durableLast, term);
    durable.settle(log);
  }

  /** What was only in memory is gone: the log is what the Boot line says that the disk held. */
  boot(server: ServerModel, event: Event): void {
    const { log } = server;
    const { entries } = event;
    // Without snapshotIndex nobody knows which index the first entry has, unless the line tells where the last one is.
    const base = event.snapshotIndex ?? baseOf(event);
    if (base === null) {
      if (event.last === undefined) log.forget();
      else this.#bootWithoutEntries(server, event, event.last);
      server.logSeq = event.seq;
      return;
    }
    const baseTerm = event.snapshotTerm ?? (base === 0 ? 0 : -1);
    if (entries === undefined && event.last !== undefined && event.last > base) {
      this.#bootWithoutEntries(server, event, event.last);
      return;
    }
    if (base >= log.base && base <= log.last && log.termAt(base) === baseTerm) log.compact(base, baseTerm, log.at(base));
    else log.reset(base, baseTerm, this.#cluster.entries.find(base, baseTerm));
    const told = entries ?? [];
    const kept = commonPrefix(server, told);
    log.truncate(base + kept + 1);
    this.#push(server, event, told, kept);
    server.logSeq = event.seq;
  }

  /**
   * The story begins with this line, or goes on after others that are missing. Two logs that end with an entry of the same index and term are
   * equal (figure 3), so that a log which ends as it did has not changed; of any other one only the end is known. Says whether it is the same.
   */
  goesOn(server: ServerModel, { op, index, last, lastTerm, seq }: Event): boolean {
    const { log } = server;
    if (op === 'Append') {
      // What came before is where the log ended, and no more is known of it.
      if (index === undefined) log.forget();
      else this.#loseAt(log, index - 1, index === 1 ? 0 : undefined);
      return false;
    }
    if (last !== undefined && last === log.last && lastTerm === log.lastTerm && log.known) return server.logSeq !== server.eventSeq;
    if (last === undefined) log.forget();
    else this.#loseAt(log, last, lastTerm);
    server.logSeq = seq;
    return false;
  }

  /** What the disk holds is what the server has started with. */
  durableAtBoot(server: ServerModel, event: Event): void {
    const { durable, log } = server;
    durable.isStateKnown = event.term !== undefined && event.vote !== undefined;
    durable.isLogKnown = log.known && !log.hole;
    durable.seq = event.seq;
    durable.term = event.term ?? durable.term;
    durable.vote = event.vote === undefined ? durable.vote : event.vote;
    durable.last = log.last;
    durable.lastTerm = log.lastTerm;
    durable.tip = log.tip;
    durable.certain = log.last;
    durable.snapshot = Math.max(event.snapshotIndex ?? 0, event.commit ?? 0);
  }

  /** A Boot line without entries: the durable log is known from Persist lines, or the log is not known up to its end. */
  #bootWithoutEntries(server: ServerModel, event: Event, last: number): void {
    const { log, durable } = server;
    const known = durable.tellsLog && durable.last === last && log.at(last) === durable.tip;
    if (known) log.truncate(last + 1);
    else this.#loseAt(log, last, event.lastTerm);
  }

  #loseAt(log: ServerLog, last: number, term: number | undefined): void {
    log.lose(last, term ?? -1);
    if (term !== undefined) log.baseRecord = this.#cluster.entries.find(last, term);
  }
}

/** What the entries of a Boot line follow; null where that is not told. */
function baseOf({ entries, last, snapshotTerm }: Event): number | null {
  if (entries !== undefined && last !== undefined) return last - entries.length;
  return entries?.length === 0 && snapshotTerm === 0 ? 0 : null;
}

/** How many of the entries are the very objects that the log held before: in one process mostly all of them. */
function commonPrefix(server: ServerModel, entries: readonly EntryDigest[]): number {
  const { records } = server.log;
  const most = Math.min(records.length, entries.length);
  let kept = 0;
  while (kept < most && records[kept]?.digest === entries[kept]) kept++;
  return kept;
}

/** Mostly one request gives all entries; a receiver may also have gathered those of several in one step. */
function isGiven(server: ServerModel, index: number, entries: readonly EntryDigest[]): boolean {
  const { open } = server.appends;
  for (let i = open.length - 1; i >= 0; i--) {
    const request = open[i];
    if (request !== undefined && gives(server, request, index, entries, entries.length)) return true;
  }
  return entries.every((_, at) => open.some((request) => gives(server, request, index + at, entries.slice(at), 1)));
}

/** Whether the request puts the first `count` of `entries` at `index`, right after what the log holds. */
function gives(server: ServerModel, request: ArrivedAppend, index: number, entries: readonly EntryDigest[], count: number): boolean {
  return carries(server, request, index, entries, count) && matchesPrev(server.log, request.prev, request.prevTerm);
}

/** The latest request that has the entries for that place, be it consistent with the log or not. */
function withEntries(server: ServerModel, index: number, entries: readonly EntryDigest[]): ArrivedAppend | null {
  return server.appends.open.findLast((request) => carries(server, request, index, entries, entries.length)) ?? null;
}

/** Whether it has them for that place, be it consistent with the log or not. */
function carries(server: ServerModel, request: ArrivedAppend, index: number, entries: readonly EntryDigest[], count: number): boolean {
  if (request.term !== server.term || index <= request.prev || index + count - 1 > request.prev + request.n) return false;
  if (request.entries === null) return true;
  const skip = index - request.prev - 1;
  for (let i = 0; i < count; i++) {
    const given = request.entries[skip + i];
    const entry = entries[i];
    if (given === undefined || entry === undefined || !sameDigest(given, entry)) return false;
  }
  return true;
}
