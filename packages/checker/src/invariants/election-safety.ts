import type { Event } from '@raftlens/events';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** Terms whose leader is remembered; a log may have any number of terms. */
const TERMS_MAX = 4096;

interface Leadership {
  readonly node: string;
  readonly boot: number;
  readonly seq: number;
}

/** At most one leader is elected in a term (figure 3; 5.2). Two leaders at once in different terms are legal. */
export class ElectionSafety {
  private readonly rule: Rule;
  private readonly byTerm = new Map<number, Leadership>();

  constructor(book: Rulebook) {
    this.rule = book.rule('election-safety');
  }

  /** `server` has become the leader of its term. */
  leader(server: ServerModel, event: Event): void {
    this.rule.checked++;
    const known = this.byTerm.get(server.term);
    if (known === undefined) {
      this.remember(server, event.seq);
      return;
    }
    if (known.node === server.id && known.boot === server.boot) return;
    const other = known.node === server.id ? `its own incarnation ${known.boot}` : known.node;
    this.rule.broken(
      event,
      [known.seq],
      `${server.id} became leader of term ${server.term}, which ${other} already led`,
      'no second leader in this term',
    );
  }

  private remember(server: ServerModel, seq: number): void {
    this.byTerm.set(server.term, { node: server.id, boot: server.boot, seq });
    if (this.byTerm.size <= TERMS_MAX) return;
    for (const term of this.byTerm.keys()) {
      this.byTerm.delete(term);
      return;
    }
  }
}
