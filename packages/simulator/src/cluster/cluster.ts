import type { LogEntry } from '@raftlens/raft';
import { type LabCheck, ScenarioError } from '../protocol/failure.ts';
import * as agreement from './agreement.ts';
import { ClusterControl } from './control.ts';
import * as leadership from './leadership.ts';
import { wholenessOf } from './wholeness.ts';

/**
 * The cluster as a scenario's script sees it: what may be done to it, and the labs' checks. A check that does not hold throws and
 * fails the run.
 */
export class Cluster extends ClusterControl {
  /** Exactly one leader among the connected servers, within about 5 s; gives its number. */
  checkOneLeader(): Promise<number> {
    return this.#checked({ check: 'one-leader', command: '', expected: 0 }, () => leadership.checkOneLeader(this));
  }

  /** No connected server believes that it leads. */
  checkNoLeader(): Promise<void> {
    return this.#checked({ check: 'no-leader', command: '', expected: 0 }, async () => leadership.checkNoLeader(this));
  }

  /** The term that all connected servers are in. */
  checkTerms(): number {
    return leadership.checkTerms(this);
  }

  /** Proposes until `expected` servers have applied the command: within 2 s an attempt and 10 s in all. Gives its index. */
  one(command: string, expected: number, retry = true): Promise<number> {
    return this.#checked({ check: 'one', command, expected }, () => agreement.one(this, command, expected, retry));
  }

  /** Waits until `expected` servers applied the index; null when the term moved on from `startTerm` meanwhile. */
  waitApplied(index: number, expected: number, startTerm: number | null): Promise<LogEntry | null> {
    return agreement.waitApplied(this, index, expected, startTerm);
  }

  /** A check that fails says what it was and in what state it began. A plan can then repeat it. */
  async #checked<T>(what: Pick<LabCheck, 'check' | 'command' | 'expected'>, body: () => Promise<T>): Promise<T> {
    const atUs = this.world.time.nowUs;
    const state = wholenessOf(this.world);
    try {
      return await body();
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError)) throw thrown;
      throw new ScenarioError(thrown.failure.kind, thrown.message, {
        ...(thrown.failure.about === undefined ? {} : { about: thrown.failure.about }),
        check: { ...what, atUs, ...state },
      });
    }
  }
}
