// What a host needs to run a server. The rest is in entry-points/, by subject: each is a subpath of the package, and whole, so that most
// of what is here is there too. Nothing here loads a dependency.
export type { Command } from './command.ts';
export { defaultConfig, labConfig } from './config.ts';
export { type Configuration, configurationOf, type ServerId } from './configuration.ts';
export type { DurableState, Snapshot } from './durable-state.ts';
export type { Effect } from './effect.ts';
export { createEntry, type LogEntry } from './entry.ts';
export { type ContractCode, ContractError, InvariantError } from './errors.ts';
export type { Message } from './message.ts';
export type { RaftConfig, Random, ServerOptions } from './options.ts';
export { perform, type SynchronousHost } from './perform.ts';
export { StateMachine, type Status } from './state-machine/state-machine.ts';
