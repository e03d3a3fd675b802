import type { Event } from '@raftlens/events';
import type { ElectionSteps } from './election-steps.ts';
import { ElectionTimer } from './election-timer.ts';
import { Leadership } from './leadership.ts';
import type { LogSteps } from './log-steps.ts';
import type { LostState } from './lost-state.ts';
import { roleAfter } from './role-after.ts';
import type { ServerModel } from './server-model.ts';
import type { Asks } from './step.ts';
import type { StepRecord } from './step-record.ts';

/** The steps that a start sets off. */
interface StepsOfStarts {
  readonly log: LogSteps;
  readonly elections: ElectionSteps;
  readonly lostState: LostState;
}

/** Where the story of a server begins: with its start, or in its middle. */
export class Starts {
  readonly #step: StepRecord;
  readonly #asks: Asks;
  readonly #log: LogSteps;
  readonly #elections: ElectionSteps;
  readonly #lostState: LostState;

  constructor(step: StepRecord, asks: Asks, { log, elections, lostState }: StepsOfStarts) {
    this.#step = step;
    this.#asks = asks;
    this.#log = log;
    this.#elections = elections;
    this.#lostState = lostState;
  }

  /** A Boot line. */
  boots(server: ServerModel, event: Event, isAfterGap: boolean): void {
    const commitBefore = server.bootSeq === 0 || isAfterGap ? -1 : server.commit;
    this.#step.cluster.facts.writesBoots = true;
    if (isAfterGap) server.durable.forget();
    server.forgetVolatile();
    this.#log.boot(server, event);
    server.starts(event);
    server.roleKnown = true;
    server.enteredTerm = -2;
    // With leases a server that has just started ignores candidates: it may have confirmed one that it has forgotten (thesis 6.4.1).
    server.justStarted = true;
    server.commit = event.commit ?? event.snapshotIndex ?? -1;
    server.applied = event.applied ?? event.snapshotIndex ?? -1;
    server.commitBound = Math.max(0, server.commit);
    this.#step.from = commitBefore;
    this.#asks.boot(this.#step);
    this.#lostState.boots(server, event);
    const { term } = server;
    this.#step.cluster.committed.told(term, event.durableCommit ?? event.snapshotIndex ?? 0, server.id, event.seq);
    const { electionMinMs: min, electionMaxMs: max } = event;
    server.electionTimer = min !== undefined && max !== undefined && min <= max ? new ElectionTimer(min, max, event) : null;
    server.heartbeatMs = event.heartbeatMs ?? 0;
    this.#step.progress.boots(event);
    this.#log.durableAtBoot(server, event);
    const config = this.#step.cluster.configs.told(event);
    if (config === null) return;
    server.config = config;
    server.tellsConfigs = true;
    if (event.boot === 1 && event.snapshotIndex === 0) this.#step.cluster.configs.remember(server, config);
  }

  /**
   * The first line of a server that has no Boot line: what it says is where the story starts, and what it does not say is not known,
   * which is something else than wrong. A step is judged only from the second on.
   */
  adopts(server: ServerModel, event: Event): void {
    server.starts(event);
    this.#goesOn(server, event);
    this.#step.progress.boots(event);
  }

  /** The next line of a server of which lines before this one are missing: the story begins again. */
  resumes(server: ServerModel, event: Event): void {
    server.resumes(event);
    this.#goesOn(server, event);
  }

  #goesOn(server: ServerModel, event: Event): void {
    server.forgetVolatile();
    server.durable.forget();
    server.missesWhatCameBefore(event);
    this.#adoptIndexes(server, event);
    const isLogSame = this.#log.goesOn(server, event);
    if (!isLogSame) {
      server.config = null;
      server.configBefore = null;
    }
    this.#adoptRole(server, event);
  }

  /** A line tells the state after its own step: where it is that step which sets an index, the one before is not known. */
  #adoptIndexes(server: ServerModel, { op, commit = -1, applied = -1 }: Event): void {
    const isInstalled = op === 'SnapshotInstalled';
    server.commit = isInstalled ? -1 : commit;
    server.applied = isInstalled ? -1 : applied;
    if (op === 'Apply' && applied >= 0) server.applied--;
    server.commitBound = Math.max(0, server.commit);
  }

  #adoptRole(server: ServerModel, event: Event): void {
    const role = roleAfter(event);
    server.roleKnown = role === undefined && event.role !== undefined;
    if (role === 'candidate') {
      // The term begins with this line, so that all of it is told; nothing is known of the one before.
      server.enteredTerm = -2;
      server.term = -1;
      server.vote = null;
    }
    // A line that converts the server is a step: it is followed as one, out of a role that is not known.
    if (event.role === undefined || role !== undefined) return;
    server.role = event.role;
    if (event.role === 'candidate') server.candidacies.set(server.term, { last: -1, lastTerm: -1, seq: event.seq });
    if (event.role !== 'leader' || server.term < 0) return;
    server.leadership = new Leadership(server.term, event.seq, event.last ?? Number.POSITIVE_INFINITY);
    server.led.set(server.term, event.seq);
    this.#elections.elected(server, event);
  }
}
