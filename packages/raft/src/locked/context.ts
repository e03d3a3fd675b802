import type { Event, EventSink } from '@raftlens/events';
import type { Configuration, ServerId } from '../configuration.ts';
import type { Message } from '../message.ts';
import { isMessage } from '../message-check.ts';
import type { RaftConfig, ServerOptions } from '../options.ts';
import type { RaceDetector } from '../race/detector.ts';
import { electionTimeoutMs } from '../rules/election-timer.ts';
import { type TracedServer, traceLock, traceMessage } from '../trace.ts';
import { Condition } from './condition.ts';
import type { TaskHost } from './host.ts';
import { Lock } from './lock.ts';
import { checkConfiguration, checkFeatures, LOG_MUTATORS, type LockedState, type LockedStatus, stateFrom, statusOfPeer } from './state.ts';
import { Write } from './write.ts';

/** Unwinds a task of a server that was stopped. It never leaves this folder. */
export class Stopped extends Error {}

/**
 * What the tasks of one server share: its state, the lock that guards it, and the ways out of it. Every function that takes a task's name
 * beside a context is called with the lock held by that task, unless it says otherwise.
 */
export class Context {
  readonly id: ServerId;
  readonly config: RaftConfig;
  readonly configuration: Configuration;
  readonly host: TaskHost;
  readonly lock: Lock;
  /** There is something to apply: signalled when the commit index rises and when a snapshot was installed. */
  readonly applyReady: Condition;
  /** What the present critical section has changed and the disk does not have. */
  readonly write = new Write();
  /** Guarded by the lock; watched by the race detector where there is one. */
  readonly state: LockedState;
  /** The same for events, which every task may look at. */
  readonly traced: TracedServer;
  stopped = false;
  readonly #options: ServerOptions;
  readonly #races: RaceDetector | null;
  readonly #raw: LockedState;
  readonly #callers = new Set<() => void>();
  #tasks = 0;

  constructor(options: ServerOptions, host: TaskHost, races: RaceDetector | null) {
    checkFeatures(options);
    this.id = options.id;
    this.config = options.config;
    this.configuration = checkConfiguration(options);
    this.host = host;
    this.#options = options;
    this.#races = races;
    const raw = stateFrom(options);
    this.#raw = raw;
    this.traced = tracedServer(options, raw, host, watchedTrace(options.trace, races));
    this.lock = new Lock('raft', races, (op, lock, task) => this.#traceLock(op, lock, task));
    this.applyReady = new Condition('apply-ready', this.lock);
    this.state = races === null ? raw : races.guard(options.id, raw, this.lock, { decisive: ['term', 'role'], mutators: LOG_MUTATORS });
  }

  get others(): readonly ServerId[] {
    return this.configuration.voters.filter((voter) => voter !== this.id);
  }

  /** A task that carries out what the caller has decided. It may be called with or without the lock; the new task starts without it. */
  spawn(name: string, body: (task: string) => Promise<void>): void {
    const task = this.#nameTask(name);
    const guarded = () => this.#untilStopped(() => body(task));
    void (this.#races === null ? guarded() : this.#races.spawn(`${this.id} ${task}`, guarded));
  }

  /** A task that something from outside has started; gives null when the server is stopped before it has ended. Called without the lock. */
  enter<T>(name: string, body: (task: string) => Promise<T>): Promise<T | null> {
    if (this.stopped) return Promise.resolve(null);
    const task = this.#nameTask(name);
    const guarded = () => this.#untilStopped(() => body(task));
    const result = this.#races === null ? guarded() : this.#races.run(`${this.id} ${task}`, guarded);
    return new Promise((resolve) => {
      // The task of a stopped server may wait for ever for a write that was killed; whoever called it must not.
      const giveUp = () => resolve(null);
      this.#callers.add(giveUp);
      void result.then((value) => {
        this.#callers.delete(giveUp);
        resolve(value);
      });
    });
  }

  /** A critical section: the body runs while the task has the lock. Called without the lock. */
  locked<T>(task: string, body: () => T | Promise<T>): Promise<T> {
    return this.lock.hold(task, () => {
      this.mustRun();
      return body();
    });
  }

  /** Called without the lock. */
  async sleep(ms: number): Promise<void> {
    await this.host.sleep(ms);
    if (this.#races !== null) await this.#races.switchTasks();
    this.mustRun();
  }

  /** The task begins another round of its loop and carries nothing over from the last, which the race detector could not know. */
  nextRound(): void {
    this.#races?.startsAnew();
  }

  /** Ends the task where the server was stopped while it waited. */
  mustRun(): void {
    if (this.stopped) throw new Stopped();
  }

  /** Sends what `sends` has traced and waits for the reply; what is no answer to it is none. Called without the lock, which nobody holds over an RPC. */
  async call(request: Message): Promise<Message | null> {
    const reply = await this.outside(`${request.kind} to ${request.to}`, () => this.host.rpc(request));
    this.mustRun();
    return reply !== null && isMessage(reply) && reply.re === request.id && reply.from === request.to ? reply : null;
  }

  /** Anything outside of the server that takes its time: an RPC or the service. Called without the lock. */
  outside<T>(what: string, body: () => Promise<T>): Promise<T> {
    return this.#races === null ? body() : this.#races.outside(what, body);
  }

  /** The message leaves now: it says what the state is in this critical section. */
  sends<M extends Message>(message: M): M {
    traceMessage(this.traced, 'send', message);
    this.#races?.acts(`${message.kind} to ${message.to}`);
    return message;
  }

  receives(message: Message): void {
    traceMessage(this.traced, 'recv', message);
  }

  nextMessageId(): number {
    return this.#options.nextMessageId();
  }

  /** Draws a new election timeout (figure 2, followers; 5.2). */
  resetElectionTimer(): void {
    const { electionTimeoutMinMs, electionTimeoutMaxMs } = this.config;
    this.state.electionDueMs = this.host.now() + electionTimeoutMs(electionTimeoutMinMs, electionTimeoutMaxMs, this.#options.random());
  }

  /** Ends every task, without the lock: a process that is killed asks nobody. */
  stop(): void {
    this.stopped = true;
    this.applyReady.abandon();
    for (const giveUp of this.#callers) giveUp();
    this.#callers.clear();
  }

  fail(error: unknown): void {
    if (this.stopped) return;
    this.stop();
    this.host.failed(error);
  }

  status(): LockedStatus {
    const { id, term, role, vote, commit, applied, log } = this.traced;
    return {
      id,
      term,
      role,
      vote,
      leader: this.#raw.leader,
      commit,
      applied,
      lastLogIndex: log.lastIndex,
      lastLogTerm: log.lastTerm,
      peers: role === 'leader' ? [...this.#raw.peers].map(([peer, known]) => statusOfPeer(this.#raw, peer, known)) : [],
    };
  }

  #traceLock(op: 'Lock' | 'Unlock' | 'Wait' | 'Signal', lock: string, task: string): void {
    if (!this.stopped) traceLock(this.traced, op, lock, task);
  }

  #nameTask(name: string): string {
    this.#tasks += 1;
    return `${name}#${this.#tasks}`;
  }

  async #untilStopped<T>(body: () => Promise<T>): Promise<T | null> {
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof Stopped)) this.fail(error);
      return null;
    }
  }
}

function watchedTrace(trace: EventSink | undefined, races: RaceDetector | null): EventSink | undefined {
  if (races === null || trace === undefined) return trace;
  return (event: Event) => {
    trace(event);
    races.traced(event);
  };
}

/** The state as events tell of it: the raw one, because to tell is not to decide. */
function tracedServer(options: ServerOptions, raw: LockedState, host: TaskHost, trace: EventSink | undefined): TracedServer {
  return {
    id: options.id,
    boot: options.boot,
    trace,
    reuseEvents: options.reuseEvents ?? false,
    log: raw.log,
    get nowMs() {
      return host.now();
    },
    get term() {
      return raw.term;
    },
    get role() {
      return raw.role;
    },
    get vote() {
      return raw.vote;
    },
    get commit() {
      return raw.commit;
    },
    get applied() {
      return raw.applied;
    },
  };
}
