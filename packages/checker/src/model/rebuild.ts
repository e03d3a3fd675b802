import type { EntryDigest, Event } from '@raftlens/events';
import type { LeaderAppendOnly } from '../invariants/leader-append-only.ts';
import type { LogMatching } from '../invariants/log-matching.ts';
import type { Cluster } from './cluster.ts';
import type { ServerLog } from './server-log.ts';
import type { ServerModel } from './server-model.ts';

/**
 * Rebuilds the log of each server from Boot, Append, Truncate, SnapshotTaken and SnapshotInstalled, and the durable state
 * from Persist. It follows what the server did, right or wrong: the rules are held against it elsewhere, but for the two
 * that concern each write to a log, which are asked on the way.
 */
export class Rebuild {
  private readonly cluster: Cluster;
  private readonly matching: LogMatching;
  private readonly appendOnly: LeaderAppendOnly;

  constructor(cluster: Cluster, matching: LogMatching, appendOnly: LeaderAppendOnly) {
    this.cluster = cluster;
    this.matching = matching;
    this.appendOnly = appendOnly;
  }

  append(server: ServerModel, event: Event): void {
    const { entries } = event;
    if (entries === undefined) return;
    const { log } = server;
    const index = event.index ?? log.last + 1;
    if (index <= log.last) this.remove(server, event, index);
    if (index !== log.last + 1) log.lose(index - 1, -1);
    this.appendOnly.wrote(server);
    server.truncated = false;
    this.push(server, event, entries, 0);
    server.logSeq = event.seq;
  }

  truncate(server: ServerModel, event: Event): void {
    if (event.index === undefined) return;
    this.remove(server, event, event.index);
    server.truncated = true;
    server.logSeq = event.seq;
  }

  private remove(server: ServerModel, event: Event, index: number): void {
    this.appendOnly.removing(server, event, index);
    server.log.truncate(index);
    server.durable.replacedFrom(index);
  }

  private push(server: ServerModel, event: Event, entries: readonly EntryDigest[], skip: number): void {
    const { log } = server;
    let prev = log.tip;
    for (let i = skip; i < entries.length; i++) {
      const digest = entries[i];
      if (digest === undefined) break;
      prev = this.matching.enter(event, log.last + 1, digest, prev);
      log.push(prev);
    }
  }

  snapshotTaken(server: ServerModel, event: Event): void {
    const { index } = event;
    if (index === undefined || index <= server.log.base) return;
    const record = server.log.at(index);
    server.log.compact(index, record?.term ?? event.indexTerm ?? -1, record);
    server.pendingSnapshots.push(index);
    this.cluster.forgetCompacted();
  }

  /** Figure 13, rules 6 and 7: what follows an entry that the snapshot ends with stays; any other log is discarded. */
  snapshotInstalled(server: ServerModel, event: Event): void {
    const { index } = event;
    if (index === undefined) return;
    const term = event.indexTerm ?? -1;
    const { log } = server;
    const record = this.cluster.entries.find(index, term);
    server.durable.replacedFrom(index);
    const keeps = log.termAt(index) === term && index >= log.base && (event.last === undefined || event.last === log.last);
    if (keeps) log.compact(index, term, log.at(index) ?? record);
    else log.reset(index, term, record);
    server.logSeq = event.seq;
    server.restoreIndex = index;
    server.pendingSnapshots.push(index);
    // A server tells of the snapshot's configuration only where it goes by another one so far.
    const known = this.cluster.configs.at(index);
    if (known !== null && known.index > (server.config?.index ?? -1)) server.config = known;
    this.cluster.forgetCompacted();
  }

  persist(server: ServerModel, event: Event): void {
    const { durable, log } = server;
    durable.known = true;
    this.cluster.facts.writesPersists = true;
    durable.seq = event.seq;
    if (event.durableTerm !== undefined) durable.term = event.durableTerm;
    if (event.durableVote !== undefined) durable.vote = event.durableVote;
    const snapshot = event.what?.includes('snapshot') === true ? server.pendingSnapshots.shift() : undefined;
    if (snapshot !== undefined) durable.snapshot = Math.max(durable.snapshot, snapshot);
    const { durableLast } = event;
    if (durableLast === undefined) return;
    const term = event.durableLastTerm ?? log.termAt(durableLast);
    durable.last = durableLast;
    durable.lastTerm = term;
    const record = log.at(durableLast);
    durable.tip = record !== null && record.term === term ? record : this.cluster.entries.find(durableLast, term);
    durable.settle(log);
  }

  /** What was only in memory is gone: the log is what the Boot line says that the disk held. */
  boot(server: ServerModel, event: Event): void {
    const { log } = server;
    const base = event.snapshotIndex ?? 0;
    const baseTerm = event.snapshotTerm ?? (base === 0 ? 0 : -1);
    const { entries } = event;
    if (entries === undefined && event.last === undefined && event.snapshotIndex === undefined) {
      log.forget();
      return;
    }
    if (entries === undefined && event.last !== undefined && event.last > base) {
      this.bootWithoutEntries(server, event, event.last);
      return;
    }
    if (base >= log.base && base <= log.last && log.termAt(base) === baseTerm) log.compact(base, baseTerm, log.at(base));
    else log.reset(base, baseTerm, this.cluster.entries.find(base, baseTerm));
    const told = entries ?? [];
    const kept = this.commonPrefix(server, told);
    log.truncate(base + kept + 1);
    this.push(server, event, told, kept);
    server.logSeq = event.seq;
  }

  /** What the disk holds is what the server has started with. */
  durableAtBoot(server: ServerModel, event: Event): void {
    const { durable, log } = server;
    durable.known = true;
    durable.seq = event.seq;
    durable.term = event.term ?? durable.term;
    durable.vote = event.vote === undefined ? durable.vote : event.vote;
    durable.last = log.last;
    durable.lastTerm = log.lastTerm;
    durable.tip = log.tip;
    durable.certain = log.last;
    durable.snapshot = Math.max(event.snapshotIndex ?? 0, event.commit ?? 0);
  }

  /** How many of the entries are the very objects that the log held before: in one process mostly all of them. */
  private commonPrefix(server: ServerModel, entries: readonly EntryDigest[]): number {
    const { records } = server.log;
    const most = Math.min(records.length, entries.length);
    let kept = 0;
    while (kept < most && records[kept]?.digest === entries[kept]) kept++;
    return kept;
  }

  /** A Boot line without entries: the durable log is known from Persist lines, or the log is not known up to its end. */
  private bootWithoutEntries(server: ServerModel, event: Event, last: number): void {
    const { log, durable } = server;
    const known = durable.told && durable.last === last && log.at(last) === durable.tip;
    if (known) log.truncate(last + 1);
    else this.loseAt(log, last, event.lastTerm);
  }

  private loseAt(log: ServerLog, last: number, term: number | undefined): void {
    log.lose(last, term ?? -1);
    if (term !== undefined) log.baseRecord = this.cluster.entries.find(last, term);
  }
}
