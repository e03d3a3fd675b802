import type { Event } from '@raftlens/events';
import type { Cluster } from '../model/cluster.ts';
import { ElectionTimer } from '../model/election-timer.ts';
import { isVoter } from '../model/quorum.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** Timers of real machines are not exact: a timeout is too short by more than this part of the shortest one. */
const EARLY_PART = 0.05;
/** Nor are busy machines: a server that has not stood after so many times its longest timeout will not. */
const LATE_TIMES = 2;

/**
 * Followers rule 2 by the clock (figure 2; 5.2, 9.3): the election timer starts anew when the current leader is heard, when a vote is
 * granted and when an election starts, and for nothing else; when it has run out, the server stands.
 *
 * A timer that starts anew too often, or too seldom, costs elections and not safety. It is judged only where servers tell their timeouts
 * (Boot), and not of one whose clock the harness has bent.
 */
export class ElectionTimerRule {
  private readonly rule: Rule;
  private readonly cluster: Cluster;

  constructor(book: Rulebook, cluster: Cluster) {
    this.cluster = cluster;
    this.rule = book.rule('election-timer');
  }

  boots(server: ServerModel, event: Event): void {
    const { electionMinMs: min, electionMaxMs: max } = event;
    server.electionTimer = min !== undefined && max !== undefined && min <= max ? new ElectionTimer(min, max, event) : null;
  }

  /** An election timer ran out. */
  timesOut(server: ServerModel, event: Event): void {
    const timer = server.electionTimer;
    if (timer === null) this.rule.skip(`${server.id} does not tell its election timeouts (electionMinMs and electionMaxMs of Boot)`);
    else if (server.clockIsBent) this.rule.skip(`the clock of ${server.id} was bent`);
    else this.ranLongEnough(server, event, timer);
    timer?.start(event, 'it last ran out');
  }

  private ranLongEnough(server: ServerModel, event: Event, timer: ElectionTimer): void {
    this.rule.checked++;
    const ranMs = event.time - timer.certainMs;
    if (ranMs >= timer.minMs * (1 - EARLY_PART)) return;
    this.rule.broken(
      event,
      [timer.certainSeq],
      `the election timer of ${server.id} runs out ${inMs(ranMs)} after ${timer.certainWhy}, although its shortest timeout is ${timer.minMs} ms`,
      `to wait for at least ${timer.minMs} ms from then on`,
    );
  }

  /** Before each line of the server: it may not have let its timer run on for long. */
  runsOn(server: ServerModel, event: Event, timer: ElectionTimer): void {
    const silentMs = event.time - timer.lineMs;
    timer.lineMs = event.time;
    const ranMs = event.time - timer.possibleMs;
    if (ranMs <= timer.maxMs * LATE_TIMES) return;
    // Who said nothing for so long may have been stopped, and who does not tell its term may have heard its leader.
    const isTold = silentMs <= timer.minMs && !server.clockIsBent && server.term >= 0;
    const config = server.config ?? this.cluster.config;
    if (isTold && server.role !== 'leader' && config !== null && isVoter(config, server.id)) this.ranTooLong(server, event, timer, ranMs);
    timer.mayStart(event);
  }

  private ranTooLong(server: ServerModel, event: Event, timer: ElectionTimer, ranMs: number): void {
    this.rule.checked++;
    this.rule.broken(
      event,
      [timer.possibleSeq],
      `for ${inMs(ranMs)} ${server.id} has heard from no leader of its term and granted no vote, and has not stood, although its longest ` +
        `election timeout is ${timer.maxMs} ms`,
      `to stand within ${timer.maxMs} ms after line ${timer.possibleSeq}`,
    );
  }
}

function inMs(ms: number): string {
  return `${Math.round(ms * 10) / 10} ms`;
}
