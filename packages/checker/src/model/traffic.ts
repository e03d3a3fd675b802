import type { Event, Opcode } from '@raftlens/events';
import { type MessageBudget, readBudget } from '../budget.ts';

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

/** Too many requests: how many, since which line, and within which time. */
interface Excess {
  readonly requests: number;
  readonly firstSeq: number;
  readonly ms: number;
}

/** Counts the requests that the servers send while the cluster is idle, and until there is a leader. */
export class Traffic {
  readonly #given: MessageBudget | undefined;
  budget: MessageBudget;
  /** False where the test has told a budget that is none. */
  isReadable = true;
  /** What the latest request was too much for. */
  tooManyIdle: Excess | null = null;
  tooManyToElect: Excess | null = null;
  /** The times and lines of the latest requests since the cluster was last busy, in a ring; and how many they are. */
  readonly #times: number[] = [];
  readonly #seqs: number[] = [];
  #idleRequests = 0;
  #requests = 0;
  #firstSeq = 0;
  #hasLed = false;

  constructor(given: MessageBudget | undefined) {
    this.#given = given;
    this.budget = given ?? {};
  }

  /** A test begins with a budget of its own, unless the user has given one. */
  begins(event: Event): void {
    this.#idleRequests = 0;
    this.#requests = 0;
    this.#hasLed = false;
    if (this.#given !== undefined) return;
    const budget = event.budget === undefined ? {} : readBudget(event.budget);
    this.isReadable = budget !== null;
    this.budget = budget ?? {};
  }

  /** Lines are missing, and among them may be the one that ended the time that is counted. */
  missesLines(): void {
    this.#idleRequests = 0;
    this.#hasLed = true;
  }

  /** Whether there is a budget at all. */
  get isCounting(): boolean {
    return this.budget.idle !== undefined || this.budget.election !== undefined;
  }

  /** Whether the line is a request that a budget counts. */
  takes(event: Event): boolean {
    if (event.dir === 'send' && !event.op.endsWith('Reply')) {
      this.#request(event);
      return true;
    }
    if (BUSY.has(event.op)) this.#busy(event);
    return false;
  }

  #busy(event: Event): void {
    this.#idleRequests = 0;
    if (event.op === 'BecomeLeader') this.#hasLed = true;
  }

  #request(event: Event): void {
    const { idle, election } = this.budget;
    this.tooManyIdle = idle === undefined ? null : this.#whileIdle(event, idle);
    this.tooManyToElect = null;
    if (election === undefined || this.#hasLed) return;
    this.#requests++;
    if (this.#requests === 1) this.#firstSeq = event.seq;
    if (this.#requests === election + 1) this.tooManyToElect = { requests: this.#requests, firstSeq: this.#firstSeq, ms: 0 };
  }

  #whileIdle(event: Event, idle: number): Excess | null {
    // The oldest one that is kept was sent `idle` requests ago.
    const slot = this.#idleRequests % idle;
    const [oldestMs = 0, oldestSeq = 0] = [this.#times[slot], this.#seqs[slot]];
    this.#times[slot] = event.time;
    this.#seqs[slot] = event.seq;
    this.#idleRequests++;
    if (this.#idleRequests <= idle || event.time - oldestMs >= SECOND_MS) return null;
    this.#idleRequests = 0;
    return { requests: idle + 1, firstSeq: oldestSeq, ms: Math.round(event.time - oldestMs) };
  }
}
