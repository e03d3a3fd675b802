import type { Event } from '@raftlens/events';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** Leadership transfer, the leader's side (thesis 3.10). The target's is among the rules of elections. */
export class TransferRules {
  private readonly rule: Rule;

  constructor(book: Rulebook) {
    this.rule = book.rule('transfer');
  }

  sendTimeoutNow(server: ServerModel, event: Event): void {
    const { leadership } = server;
    if (event.msgTerm !== server.term || leadership === null) return;
    if (!server.acknowledgementsAreTold) {
      this.rule.skip(`${server.id} does not tell which replies it received`);
      return;
    }
    this.rule.checked++;
    const { acked, ackedSeq } = leadership.peer(event.dst);
    if (acked >= server.log.last) return;
    this.rule.broken(
      event,
      [server.logSeq, ackedSeq],
      `${server.id} tells ${event.dst} to stand, whose log is known to match up to ${acked} only: its own ends at ${server.log.last}`,
      `TimeoutNow once ${event.dst} has acknowledged index ${server.log.last}`,
    );
  }
}
