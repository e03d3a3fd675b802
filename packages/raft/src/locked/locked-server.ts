import type { Command } from '../entry.ts';
import { ContractError } from '../errors.ts';
import type { Message } from '../message.ts';
import { checkMessage } from '../message-check.ts';
import type { ServerOptions } from '../options.ts';
import type { Proposed } from '../proposed.ts';
import type { RaceDetector } from '../race/detector.ts';
import { traceBoot } from '../trace.ts';
import { runApplier } from './applier.ts';
import { Context } from './context.ts';
import { campaignNow, runTicker } from './elections.ts';
import type { TaskHost } from './host.ts';
import { onRequest } from './receivers.ts';
import { startCommand } from './replication.ts';
import { takeSnapshot } from './snapshots.ts';
import type { LockedStatus } from './state.ts';

/**
 * Structure B of lecture 10: many tasks and one lock, in the labs' shape. A ticker, a task for each RPC, the handlers of the peers' RPCs,
 * the callers of `start`, and one applier share the state; whoever touches it holds the lock, and nobody holds it over an RPC or a
 * call of the service. It carries figure 2, persistence and snapshots over the same rules as `StateMachine`.
 */
export class LockedServer {
  readonly #context: Context;

  /**
   * Starts the server: its ticker and its applier run from now on.
   *
   * @param races watches every access to the state and shuffles the tasks; null costs nothing.
   * @throws ContractError `BAD_DURABLE_STATE`, `BAD_OPTIONS`.
   */
  constructor(options: ServerOptions, host: TaskHost, races: RaceDetector | null = null) {
    const context = new Context(options, host, races);
    this.#context = context;
    traceBoot(context.traced, context.configuration, options.durable.snapshot?.term ?? 0, context.config);
    void context.enter('boot', async (task) => {
      await context.locked(task, () => context.resetElectionTimer());
      context.spawn('ticker', (own) => runTicker(context, own));
      context.spawn('applier', (own) => runApplier(context, own));
    });
  }

  /** The labs' Start. Resolves as soon as the command is durable in the leader's log; null from anybody but a leader. */
  start(command: Command): Promise<Proposed | null> {
    const context = this.#context;
    return context.enter('start', (task) => context.locked(task, () => startCommand(context, task, command)));
  }

  /**
   * A request of a peer has arrived; resolves with the reply that leaves now, or with null when the server was stopped.
   *
   * @throws ContractError `NOT_A_MESSAGE` for what cannot be proved to be a message, `WRONG_RECEIVER` for one to somebody else.
   */
  handle(request: Message): Promise<Message | null> {
    const context = this.#context;
    checkMessage(context.id, request);
    if (request.to !== context.id) {
      throw new ContractError('WRONG_RECEIVER', `${context.id}: ${request.kind} from ${request.from} is addressed to ${request.to}`);
    }
    return context.enter(`${request.kind} of ${request.from}`, (task) => context.locked(task, () => onRequest(context, task, request)));
  }

  /** The labs' Snapshot: see `takeSnapshot`. May be called from within the service's `apply`. */
  async snapshot(index: number, data: Uint8Array): Promise<void> {
    const context = this.#context;
    await context.enter('snapshot', (task) => context.locked(task, () => takeSnapshot(context, index, data)));
  }

  /** Stands for election now; resolves with whether it does. A leader does not, nor a server that was stopped. */
  async campaign(): Promise<boolean> {
    const context = this.#context;
    return (await context.enter('campaign', (task) => context.locked(task, () => campaignNow(context, task)))) ?? false;
  }

  /** For eyes and tests, without the lock: it may show a step whose write is still under way. */
  status(): LockedStatus {
    return this.#context.status();
  }

  /** The labs' Kill: nothing comes out of this server any more, and all its tasks end. */
  stop(): void {
    this.#context.stop();
  }
}
