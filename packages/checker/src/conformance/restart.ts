import type { Event } from '@raftlens/events';
import { sameDigest } from '../model/entry-record.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** A restart brings back what was durable, and forgets the rest (figure 2, State; 5.5). */
export class RestartRules {
  private readonly restart: Rule;
  private readonly rise: Rule;
  private readonly commit: Rule;
  private readonly lostDisk: Rule;

  constructor(book: Rulebook) {
    this.restart = book.rule('persistent-restart');
    this.rise = book.rule('terms-rise');
    this.commit = book.rule('commit-rises');
    this.lostDisk = book.rule('lost-disk');
  }

  /**
   * Asked after the log was rebuilt from the Boot line; `server.durable` still says what was known before, `commitBefore` what commitIndex
   * was, -1 where it is not known.
   */
  boots(server: ServerModel, event: Event, commitBefore: number): void {
    this.volatileState(server, event);
    this.commitIndex(server, event, commitBefore);
    const { durable } = server;
    if (!durable.told || durable.lostSeq !== 0) return;
    this.restart.checked++;
    this.hardState(server, event);
    this.snapshot(server, event);
    this.log(server, event);
  }

  private volatileState(server: ServerModel, event: Event): void {
    const { commit, applied, last, snapshotIndex = 0 } = event;
    if (commit !== undefined && last !== undefined && commit > last) {
      this.commit.broken(
        event,
        [],
        `${server.id} starts with commitIndex ${commit}, but its log ends at ${last}`,
        `commitIndex ${last} at most`,
      );
    }
    if (applied !== undefined && applied < snapshotIndex) {
      this.restart.broken(
        event,
        [],
        `${server.id} starts with lastApplied ${applied} on a snapshot of index ${snapshotIndex}`,
        `lastApplied ${snapshotIndex}`,
      );
    }
  }

  /** commitIndex is volatile. A server may keep it all the same; but it cannot start with more than it knew. */
  private commitIndex(server: ServerModel, event: Event, commitBefore: number): void {
    const { commit, snapshotIndex = 0 } = event;
    if (commitBefore < 0 || commit === undefined || commit <= Math.max(commitBefore, snapshotIndex, server.durable.snapshot)) return;
    this.restart.checked++;
    this.restart.broken(
      event,
      [server.commitSeq],
      `${server.id} starts with commitIndex ${commit}, but before the restart it knew only entries up to ${commitBefore} to be committed`,
      `commitIndex ${Math.max(commitBefore, snapshotIndex)} at most`,
    );
  }

  private hardState(server: ServerModel, event: Event): void {
    const { durable } = server;
    const { term, vote } = event;
    if (term === undefined) return;
    this.rise.checked++;
    if (term < durable.term) {
      this.rise.broken(
        event,
        [durable.seq],
        `${server.id} starts in term ${term}, but its disk held term ${durable.term}`,
        `term ${durable.term}`,
      );
    } else if (term === durable.term && vote !== undefined && vote !== durable.vote && durable.vote !== null) {
      this.restart.broken(
        event,
        [durable.seq],
        `${server.id} starts with votedFor ${vote ?? 'null'} in term ${term}, but its disk held ${durable.vote}`,
        `votedFor ${durable.vote}`,
      );
    }
  }

  private snapshot(server: ServerModel, event: Event): void {
    const { durable } = server;
    const { snapshotIndex, commit } = event;
    if (snapshotIndex === undefined || durable.snapshot === 0) return;
    // A server may keep entries before its snapshot; then it starts with the snapshot's index as commitIndex.
    if (snapshotIndex >= durable.snapshot || (commit !== undefined && commit >= durable.snapshot)) return;
    this.restart.broken(
      event,
      [durable.seq],
      `${server.id} starts from a snapshot of index ${snapshotIndex}, but its disk held one of index ${durable.snapshot}`,
      `the snapshot of index ${durable.snapshot}`,
    );
  }

  private log(server: ServerModel, event: Event): void {
    const { durable, log } = server;
    const { certain } = durable;
    if (log.hole || certain <= log.base) return;
    if (certain > log.last) {
      this.restart.broken(
        event,
        [durable.tip?.seq ?? 0, durable.seq],
        `${server.id} starts with a log up to ${log.last}, but its disk held it up to ${certain}`,
        `entries up to ${certain}`,
      );
      return;
    }
    const record = log.at(certain);
    const held = durable.at(certain);
    // What all servers have compacted is forgotten, so that an entry which a crash brings back may have a record of its own.
    if (record === null || held === null || record === held || sameDigest(record.digest, held.digest)) return;
    this.restart.broken(
      event,
      [held.seq, durable.seq],
      `${server.id} starts with an entry of term ${record.term} at index ${certain}, but its disk held one of term ${held.term}`,
      `the entry of term ${held.term}`,
    );
  }

  /** A server whose disk was wiped or damaged promises something again under its old name. */
  promises(server: ServerModel, event: Event, what: string): void {
    const { lostSeq, lostAsStranger } = server.durable;
    if (lostSeq === 0 || lostAsStranger) return;
    this.lostDisk.checked++;
    this.lostDisk.broken(
      event,
      [lostSeq, server.bootSeq],
      `${server.id} ${what} although it has lost what its disk held: it may have promised otherwise before`,
      'to join anew, under another name or as a learner, before it votes or acknowledges',
    );
    server.durable.lostSeq = 0;
  }
}
