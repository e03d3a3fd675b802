import { CommittedMarks } from './committed-marks.ts';
import { Configs } from './configs.ts';
import { EntryTable } from './entry-table.ts';
import type { LogFacts } from './log-facts.ts';
import type { ConfigModel } from './server-model.ts';
import { ServerModel } from './server-model.ts';
import { Silences } from './silence.ts';
import { VainRows } from './vain-answers.ts';
import { VainElections } from './vain-elections.ts';

/** Terms whose leader is remembered; a log may have any number of terms. */
const TERMS_MAX = 4096;

/** Who led a term, and the line that told so first. */
export interface Leader {
  readonly node: string;
  readonly boot: number;
  readonly seq: number;
}

/** Every server of the log, and the entries that they share. */
export class ClusterState {
  readonly entries = new EntryTable();
  readonly #byId = new Map<string, ServerModel>();
  readonly servers: ServerModel[] = [];
  /** The latest line before which others are missing; 0 for none. */
  gapSeq = 0;
  /** The configuration of servers that tell of none, where the checker was told one. */
  config: ConfigModel | null = null;
  readonly configs = new Configs();
  readonly elections = new VainElections();
  readonly vain = new VainRows();
  readonly silences = new Silences();
  readonly committed = new CommittedMarks();
  /** Servers whose latest start may be that of another run. */
  blankStarts = 0;
  readonly facts: LogFacts;
  readonly #leaders = new Map<number, Leader>();
  #latest: ServerModel | null = null;

  constructor(facts: LogFacts) {
    this.facts = facts;
  }

  /** The server of that name; it is made when it is first met. */
  server(id: string): ServerModel {
    if (this.#latest !== null && this.#latest.id === id) return this.#latest;
    let server = this.#byId.get(id);
    if (server === undefined) {
      server = new ServerModel(id, this.facts);
      this.#byId.set(id, server);
      this.servers.push(server);
    }
    this.#latest = server;
    return server;
  }

  /** Whether lines are missing since the server's latest one, so that what is known of it may have passed. */
  isBehindGap(server: ServerModel): boolean {
    return server.eventSeq < this.gapSeq;
  }

  find(id: string): ServerModel | null {
    return this.#byId.get(id) ?? null;
  }

  /** Who was told to lead that term first; null for nobody. */
  leaderOf(term: number): Leader | null {
    return this.#leaders.get(term) ?? null;
  }

  leads(server: ServerModel, seq: number): void {
    if (this.#leaders.has(server.term)) return;
    this.#leaders.set(server.term, { node: server.id, boot: server.boot, seq });
    if (this.#leaders.size <= TERMS_MAX) return;
    for (const term of this.#leaders.keys()) {
      this.#leaders.delete(term);
      return;
    }
  }

  /** Entries that all servers have compacted need not be remembered. */
  forgetCompacted(): void {
    let lowest = Number.POSITIVE_INFINITY;
    for (const server of this.servers) lowest = Math.min(lowest, server.log.base);
    this.entries.forgetBelow(lowest);
  }
}
