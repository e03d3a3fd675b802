import { Configs } from './configs.ts';
import { EntryTable } from './entry-table.ts';
import type { LogFacts } from './log-facts.ts';
import type { ConfigModel } from './server-model.ts';
import { ServerModel } from './server-model.ts';

/** Every server of the log, and the entries that they share. */
export class Cluster {
  readonly entries = new EntryTable();
  private readonly byId = new Map<string, ServerModel>();
  readonly servers: ServerModel[] = [];
  /** The configuration of servers that tell of none, where the checker was told one. */
  config: ConfigModel | null = null;
  readonly configs = new Configs();
  readonly facts: LogFacts;
  private latest: ServerModel | null = null;

  constructor(facts: LogFacts) {
    this.facts = facts;
  }

  /** The server of that name; it is made when it is first met. */
  server(id: string): ServerModel {
    if (this.latest !== null && this.latest.id === id) return this.latest;
    let server = this.byId.get(id);
    if (server === undefined) {
      server = new ServerModel(id, this.facts);
      this.byId.set(id, server);
      this.servers.push(server);
    }
    this.latest = server;
    return server;
  }

  find(id: string): ServerModel | null {
    return this.byId.get(id) ?? null;
  }

  /** Entries that all servers have compacted need not be remembered. */
  forgetCompacted(): void {
    let lowest = Number.POSITIVE_INFINITY;
    for (const server of this.servers) lowest = Math.min(lowest, server.log.base);
    this.entries.forgetBelow(lowest);
  }
}
