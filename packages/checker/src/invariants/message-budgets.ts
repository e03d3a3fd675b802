import type { Event, Opcode } from '@raftlens/events';
import { type MessageBudget, readBudget } from '../budget.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

const SECOND_MS = 1000;

/** Lines beside which a cluster is not idle. Messages, timers and what a leader notes of its peers go on in any. */
const BUSY: ReadonlySet<Opcode> = new Set<Opcode>([
  'Boot',
  'BecomeFollower',
  'BecomePreCandidate',
  'BecomeCandidate',
  'BecomeLeader',
  'Start',
  'Append',
  'Truncate',
  'Commit',
  'Apply',
  'SnapshotTaken',
  'SnapshotInstalled',
  'ConfigChange',
  'ReadStart',
  'TransferLeader',
  'Invoke',
  'TestBegin',
  'TestEnd',
  'Crash',
  'Partition',
  'Heal',
  'Fault',
]);

/**
 * Message budget (5.2): an idle leader sends heartbeats and nothing else, and an election takes a round of requests or a few. How many are
 * too many only the user or the test can say: by an option, or by the line TestBegin.
 */
export class MessageBudgets {
  private readonly rule: Rule;
  private readonly given: MessageBudget | undefined;
  private budget: MessageBudget;
  /** The times and lines of the latest requests since the cluster was last busy, in a ring; and how many they are. */
  private times: number[] = [];
  private seqs: number[] = [];
  private idleRequests = 0;
  private requests = 0;
  private firstSeq = 0;
  private hasLed = false;

  constructor(book: Rulebook, given: MessageBudget | undefined) {
    this.rule = book.rule('message-budget');
    this.given = given;
    this.budget = given ?? {};
  }

  observe(event: Event): void {
    if (event.op === 'TestBegin') this.begins(event);
    if (this.budget.idle === undefined && this.budget.election === undefined) return;
    if (event.dir === 'send' && !event.op.endsWith('Reply')) this.request(event);
    else if (BUSY.has(event.op)) this.busy(event);
  }

  /** A test begins with a budget of its own, unless the user has given one. */
  private begins(event: Event): void {
    this.idleRequests = 0;
    this.requests = 0;
    this.hasLed = false;
    if (this.given !== undefined) return;
    const budget = event.budget === undefined ? {} : readBudget(event.budget);
    if (budget === null) this.rule.skip(`line ${event.seq} gives a budget that is none: ${event.budget}`);
    this.budget = budget ?? {};
  }

  private busy(event: Event): void {
    this.idleRequests = 0;
    if (event.op === 'BecomeLeader') this.hasLed = true;
  }

  private request(event: Event): void {
    this.rule.checked++;
    const { idle, election } = this.budget;
    if (idle !== undefined) this.whileIdle(event, idle);
    if (election === undefined || this.hasLed) return;
    this.requests++;
    if (this.requests === 1) this.firstSeq = event.seq;
    if (this.requests !== election + 1) return;
    this.rule.broken(
      event,
      [this.firstSeq],
      `${this.requests} requests were sent, and there is no leader yet`,
      `${election} requests at most`,
    );
  }

  private whileIdle(event: Event, idle: number): void {
    // The oldest one that is kept was sent `idle` requests ago.
    const slot = this.idleRequests % idle;
    const [oldestMs = 0, oldestSeq = 0] = [this.times[slot], this.seqs[slot]];
    this.times[slot] = event.time;
    this.seqs[slot] = event.seq;
    this.idleRequests++;
    if (this.idleRequests <= idle || event.time - oldestMs >= SECOND_MS) return;
    this.idleRequests = 0;
    const inMs = Math.round(event.time - oldestMs);
    this.rule.broken(
      event,
      [oldestSeq],
      `${idle + 1} requests were sent within ${inMs} ms of an idle cluster`,
      `${idle} in a second at most`,
    );
  }
}
