import type { Event } from '@raftlens/events';
import type { ClusterState } from './cluster-state.ts';
import type { LogFacts } from './log-facts.ts';
import type { ServerModel } from './server-model.ts';

/** Servers of which stray lines are told, so that a hostile log cannot fill the memory. */
const NOTICES_MAX = 50;

interface StrayServer {
  readonly node: string;
  readonly why: string;
  /** The first of the lines. */
  readonly seq: number;
  lines: number;
}

/**
 * Lines of instances that have ended. A harness that kills a server within its process stops its threads only when they next look, so that
 * the killed instance may write after the next one has started. What it writes is no step of the next one, and nobody acts on it: it is
 * counted and not judged.
 */
export class Strays {
  readonly #facts: LogFacts;
  readonly #found = new Map<string, StrayServer>();
  /** The servers of clusters that have ended. */
  readonly #ended = new Set<string>();

  constructor(facts: LogFacts) {
    this.#facts = facts;
  }

  isStray(server: ServerModel, event: Event): boolean {
    if (event.op === 'Boot') return false;
    const why = this.#whyStray(server, event);
    if (why === null) return false;
    this.#count(server.id, why, event);
    return true;
  }

  /** The servers of `cluster` are those of an earlier test from now on. */
  clusterEnds(cluster: ClusterState): void {
    for (const { id } of cluster.servers) this.#ended.add(id);
  }

  /** What was left out, in a sentence for each instance. */
  notices(): string[] {
    return [...this.#found.values()].map(({ node, why, seq, lines }) => {
      const count = lines === 1 ? `line ${seq}` : `${lines} lines from line ${seq} on`;
      return `${count}: ${node} writes although ${why}: not judged`;
    });
  }

  #whyStray(server: ServerModel, { boot }: Event): string | null {
    if (server.bootSeq === 0) {
      return this.#facts.writesBoots && this.#ended.has(server.id) ? 'it was started for an earlier test' : null;
    }
    if (boot === 0) return null;
    if (boot < server.boot) return `its boot ${server.boot} has started since (boot ${boot} writes)`;
    const isKilled = boot === server.boot && !server.up && this.#facts.writesBoots;
    return isKilled ? `the harness has crashed its boot ${boot}` : null;
  }

  #count(node: string, why: string, { seq }: Event): void {
    const key = `${node} ${why}`;
    const stray = this.#found.get(key);
    if (stray !== undefined) stray.lines++;
    else if (this.#found.size < NOTICES_MAX) this.#found.set(key, { node, why, seq, lines: 1 });
  }
}
