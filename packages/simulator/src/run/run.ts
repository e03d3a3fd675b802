import { Checker, type Violation } from '@raftlens/checker';
import type { EventSink } from '@raftlens/events';
import type { RaftConfig } from '@raftlens/raft';
import type { RaftCore } from '@raftlens/raft/core';
import * as realCore from '@raftlens/raft/core';
import { Choices } from '../cluster/choices.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Trace } from '../cluster/trace.ts';
import { World } from '../cluster/world.ts';
import { TapeDeck } from '../engine/tape-deck.ts';
import { type TimeLimits, VirtualTime } from '../engine/virtual-time.ts';
import { type Action, checkNumbers } from '../protocol/act.ts';
import { assert } from '../protocol/assert.ts';
import type { Failure } from '../protocol/failure.ts';
import { RELIABLE } from '../protocol/network-model.ts';
import type { Plan } from '../protocol/plan.ts';
import type { StructureFactory, StructureName } from '../protocol/structure.ts';
import type { Tape } from '../protocol/tape.ts';
import { scenarioNamed, scenarioOfPlan } from '../scenarios/registry.ts';
import type { Scenario, Setup } from '../scenarios/scenario.ts';
import { LOCKED_CONFIG, structureFactory } from '../server/factory.ts';
import { LogService } from '../service/log-service.ts';
import { checkServers, playActions } from './play.ts';

export type { StructureName } from '../protocol/structure.ts';

export interface RunOptions {
  /** Any text; the same text gives the same run. */
  readonly seed: string;
  /** The core to run; a patched one, perhaps. */
  readonly core?: RaftCore;
  readonly structure?: StructureName;
  /** Is given every event, as it happens. */
  readonly trace?: EventSink;
  /** False leaves the checkers out; the scenario's own checks remain. */
  readonly check?: boolean;
  /** False lets the run go on after a violation, to see what else breaks because of it. */
  readonly stopAtViolation?: boolean;
  /** On top of the scenario's configuration. */
  readonly config?: Partial<RaftConfig>;
  /** Keeps what was done and drawn, for replaying and shrinking: see `recording` of the outcome. */
  readonly record?: boolean;
  /** Does what the plan says, with the draws of its tape: its actions in place of the script, unless only the script can judge. */
  readonly plan?: Plan;
  readonly limits?: Partial<TimeLimits>;
  /** The run ends as failed, of kind 'virtual-limit', after so many events. */
  readonly eventsMax?: number;
  /** Shuffles the tasks of structure B and looks for races between them; a race fails the run. */
  readonly race?: boolean;
}

/** What was done to the cluster and what was drawn. */
export interface Recording {
  /** What the scenario drew for the run; null where it draws nothing. */
  readonly setup: Setup | null;
  readonly actions: readonly Action[];
  readonly tape: Tape;
}

export interface RunOutcome {
  readonly scenario: string;
  readonly seed: string;
  readonly structure: StructureName;
  readonly outcome: 'pass' | 'fail';
  readonly failure: Failure | null;
  /** What the checkers found, first things first. */
  readonly violations: readonly Violation[];
  readonly virtualMs: number;
  /** Things that happened in virtual time: deliveries, timers, wake-ups. */
  readonly steps: number;
  /** Events that were traced and checked. */
  readonly events: number;
  /** Sixteen hexadecimal digits over all events: equal for equal runs. */
  readonly traceHash: string;
  /** The hash after every 512 events. */
  readonly checkpoints: readonly string[];
  readonly recording: Recording | null;
}

const DEFAULT_VIRTUAL_MS = 600_000;
const DEFAULT_REAL_MS = 60_000;

/**
 * Runs a scenario once. The outcome is a function of the code, the scenario, the options and the seed. A scenario that fails gives an
 * outcome that says so; only a mistake of the caller throws (SimulatorError).
 */
export async function runScenario(nameOrScenario: string | Scenario, options: RunOptions): Promise<RunOutcome> {
  const scenario = typeof nameOrScenario === 'string' ? named(nameOrScenario, options.plan) : nameOrScenario;
  const structure = options.structure ?? options.plan?.structure ?? 'state-machine';
  const { plan } = options;
  const checker = options.check === false ? null : new Checker({ isWhole: true });
  const time = new VirtualTime();
  const deck = new TapeDeck({
    seed: `${options.seed} ${scenario.seededAs ?? scenario.name}`,
    play: options.plan?.tape,
    record: options.record,
  });
  const trace = new Trace(time, {
    checker,
    sink: options.trace,
    stopAtViolation: options.stopAtViolation ?? true,
    eventsMax: options.eventsMax ?? Number.POSITIVE_INFINITY,
  });
  const setup = plan?.setup ?? scenario.vary?.(new Choices(deck.draws('setup'))) ?? {};
  const servers = Math.min(scenario.servers, setup.servers ?? scenario.servers);
  if (plan !== undefined) checkServers(plan, servers);
  const core = options.core ?? realCore;
  const races =
    (options.race ?? plan?.failure?.kind === 'race') ? { time, draws: deck.draws('race'), stacks: options.trace !== undefined } : null;
  const factory = structureFactory(core, structure, scenario, races);
  const world = new World(time, deck, trace, worldOptions(scenario, { ...setup, servers }, options, structure, factory));
  const { budget } = scenario;
  trace.harness({ op: 'TestBegin', name: scenario.name, seed: options.seed, ...(budget === undefined ? {} : { budget }) });
  const network = setup.network ?? scenario.network ?? RELIABLE;
  checkNumbers('network', network);
  world.network.model = network;
  world.start();
  await time.run(() => play(scenario, new Cluster(world), plan), {
    virtualMs: options.limits?.virtualMs ?? scenario.limitMs ?? DEFAULT_VIRTUAL_MS,
    realMs: options.limits?.realMs ?? DEFAULT_REAL_MS,
  });
  const drawn = scenario.vary === undefined && plan?.setup === undefined ? null : setup;
  return outcomeOf(scenario, options, structure, { time, deck, trace, world, checker, drawn });
}

function named(name: string, plan: Plan | undefined): Scenario {
  return plan?.scenario === name ? scenarioOfPlan(plan) : scenarioNamed(name);
}

async function play(scenario: Scenario, cluster: Cluster, plan: Plan | undefined): Promise<void> {
  const judge = scenario.prepare?.(cluster);
  if (plan?.by === 'actions') await playActions(cluster, plan);
  else await scenario.run(cluster);
  await judge?.();
}

function worldOptions(
  scenario: Scenario,
  setup: Setup & { readonly servers: number },
  options: RunOptions,
  structure: StructureName,
  factory: StructureFactory,
): ConstructorParameters<typeof World>[3] {
  const every = setup.snapshotEvery ?? scenario.snapshotEvery ?? 0;
  const core = options.core ?? realCore;
  return {
    servers: setup.servers,
    // Structure B has no spare servers, which only a membership change could bring in.
    voters: structure === 'locked' ? setup.servers : Math.min(setup.servers, setup.voters ?? scenario.voters ?? setup.servers),
    config: { ...core.labConfig, ...scenario.config, ...setup.config, ...(structure === 'locked' ? LOCKED_CONFIG : {}), ...options.config },
    core,
    factory,
    service: scenario.service ?? ((made: World) => new LogService(made.log, every, setup.snapshotBytes ?? 0)),
    recording: options.record ?? false,
  };
}

interface RunParts {
  readonly time: VirtualTime;
  readonly deck: TapeDeck;
  readonly trace: Trace;
  readonly world: World;
  readonly checker: Checker | null;
  readonly drawn: Setup | null;
}

function outcomeOf(scenario: Scenario, options: RunOptions, structure: StructureName, parts: RunParts): RunOutcome {
  const { time, deck, trace, world, checker } = parts;
  // What the trace says after this is about the run, not of it.
  const traceHash = trace.digest();
  const events = trace.events;
  const violations = checker?.violations ?? [];
  assert(time.ended, 'a run has ended before it is judged');
  const failure = time.failure;
  trace.verdict(scenario.name, failure, violations);
  return {
    scenario: scenario.name,
    seed: options.seed,
    structure,
    outcome: failure === null ? 'pass' : 'fail',
    failure,
    violations,
    virtualMs: time.nowMs,
    steps: time.steps,
    events,
    traceHash,
    checkpoints: trace.checkpoints,
    recording: world.actions === null ? null : { setup: parts.drawn, actions: world.actions, tape: deck.recorded() },
  };
}
