import type { Event } from '@raftlens/events';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

const NO_RESTARTS = 'no line tells when a server has started';

/** All servers rule 1, and how commitIndex and lastApplied move (figure 2; 5.3). */
export class AllServersRules {
  private readonly rule1: Rule;
  private readonly commit: Rule;
  private readonly applied: Rule;

  constructor(book: Rulebook) {
    this.rule1 = book.rule('all-servers-1');
    this.commit = book.rule('commit-rises');
    this.applied = book.rule('applied-rises');
  }

  applying(server: ServerModel, event: Event): void {
    const { index, entryTerm, hash } = event;
    if (index === undefined) return;
    this.rule1.checked++;
    const commit = event.commit ?? server.commit;
    const restored = server.applied < server.restoreIndex && index === server.restoreIndex + 1;
    const again = index <= server.applied && !server.restartsAreTold;
    if (server.applied >= 0 && index !== server.applied + 1 && !restored && !again) {
      this.rule1.broken(
        event,
        [server.appliedSeq],
        `${server.id} applies index ${index} after index ${server.applied}`,
        `index ${server.applied + 1}`,
      );
    } else if (commit >= 0 && index > commit) {
      this.rule1.broken(event, [server.commitSeq], `${server.id} applies index ${index}, but its commitIndex is ${commit}`, 'nothing yet');
    }
    const record = server.log.at(index);
    if (record === null) {
      if (server.log.known && index > server.log.last) {
        this.rule1.broken(
          event,
          [server.logSeq],
          `${server.id} applies index ${index}, but its log ends at ${server.log.last}`,
          'nothing yet',
        );
      }
      return;
    }
    if ((entryTerm === undefined || entryTerm === record.term) && (hash === undefined || hash === record.digest.hash)) return;
    this.rule1.broken(
      event,
      [record.seq, server.logSeq],
      `${server.id} applies ${entryTerm}:${hash} at index ${index}, but its log holds ${record.term}:${record.digest.hash} there`,
      `${record.term}:${record.digest.hash}`,
    );
  }

  /** commitIndex changes within an incarnation. Rises are for the rules of leaders and receivers to judge. */
  commitChanges(server: ServerModel, event: Event, to: number): void {
    if (to < server.commit && !server.restartsAreTold) {
      this.commit.skip(NO_RESTARTS);
      return;
    }
    this.commit.checked++;
    if (to < server.commit) {
      this.commit.broken(
        event,
        [server.commitSeq],
        `commitIndex of ${server.id} falls from ${server.commit} to ${to}`,
        `commitIndex ${server.commit}`,
      );
    } else if (event.last !== undefined && to > event.last) {
      this.commit.broken(
        event,
        [server.logSeq],
        `${server.id} sets commitIndex to ${to}, but its log ends at ${event.last}`,
        `commitIndex ${event.last} at most`,
      );
    }
  }

  appliedChanges(server: ServerModel, event: Event, to: number): void {
    if (to < server.applied && !server.restartsAreTold) {
      this.applied.skip(NO_RESTARTS);
      return;
    }
    this.applied.checked++;
    if (to < server.applied) {
      this.applied.broken(
        event,
        [server.appliedSeq],
        `lastApplied of ${server.id} falls from ${server.applied} to ${to}`,
        `lastApplied ${server.applied}`,
      );
    } else if (server.commit >= 0 && to > server.commit && event.op !== 'Apply') {
      this.applied.broken(
        event,
        [server.commitSeq],
        `lastApplied of ${server.id} is ${to}, but its commitIndex is ${server.commit}`,
        `${server.commit} at most`,
      );
    }
  }
}
