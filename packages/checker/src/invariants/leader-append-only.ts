import type { Event } from '@raftlens/events';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** A leader never deletes or overwrites an entry of its own log; it only adds entries (figure 3; 5.3). */
export class LeaderAppendOnly {
  private readonly rule: Rule;

  constructor(book: Rulebook) {
    this.rule = book.rule('leader-append-only');
  }

  /** `server` is about to delete or overwrite its log from `index` on. */
  removing(server: ServerModel, event: Event, index: number): void {
    if (server.role !== 'leader' || index > server.log.last) return;
    const term = server.log.termAt(index);
    const entry = term < 0 ? `entry ${index}` : `entry ${index} of term ${term}`;
    const lost = server.log.at(index)?.seq ?? 0;
    this.rule.broken(
      event,
      [lost, server.roleSeq],
      `${server.id} led term ${server.term} and ${event.op === 'Truncate' ? 'deleted' : 'overwrote'} ${entry} of its own log`,
      `entries after ${server.log.last} only`,
    );
  }

  /** A leader wrote to its log. */
  wrote(server: ServerModel): void {
    if (server.role === 'leader') this.rule.checked++;
  }
}
