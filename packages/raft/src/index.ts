export {
  ConfigError,
  type ConfigProblem,
  type ConfigRule,
  checkConfig,
  electionTimeBoundMs,
  findConfigProblems,
  labNetwork,
  loneCandidateChance,
  type NetworkModel,
} from './check-config.ts';
export { decodeMessage } from './codec/decode.ts';
export { encodeMessage } from './codec/encode.ts';
export { MessageError } from './codec/error.ts';
export { type Command, digestOfCommand } from './command.ts';
export { defaultConfig, labConfig } from './config.ts';
export { type Configuration, configurationOf, isJoint, isVoter, membersOf, type ServerId } from './configuration.ts';
export type { DurableState, Snapshot } from './durable-state.ts';
export type { ApplyEffect, Effect, NoticeEffect, PersistEffect, ReadEffect, RestoreEffect, SendEffect } from './effect.ts';
export { createEntry, type EntryKind, type LogEntry } from './entry.ts';
export { type ContractCode, ContractError, InvariantError } from './errors.ts';
export { EventRecord } from './event-record.ts';
export { Condition } from './locked/condition.ts';
export type { TaskHost } from './locked/host.ts';
export { Lock, LockError, type LockTrace, type LockWatcher } from './locked/lock.ts';
export { LockedServer } from './locked/locked-server.ts';
export type { Started } from './locked/replication.ts';
export type { LockedStatus } from './locked/state.ts';
export type {
  AppendEntriesReply,
  AppendEntriesRequest,
  InstallSnapshotReply,
  InstallSnapshotRequest,
  Message,
  MessageKind,
  ProposeRequest,
  ReadIndexReply,
  ReadIndexRequest,
  TimeoutNowRequest,
  VoteReply,
  VoteRequest,
} from './message.ts';
export { messageBytes } from './message.ts';
export type { LostEntriesNotice, Notice, TransferGivenUpNotice } from './notice.ts';
export type { RaftConfig, Random, ServerOptions } from './options.ts';
export { perform, type SynchronousHost } from './perform.ts';
export type { ProgressState } from './progress.ts';
export { RaceDetector, type RaceDetectorOptions } from './race/detector.ts';
export type { GuardOptions } from './race/guard.ts';
export { type Access, type RaceKind, type RaceReport, textOfRace } from './race/report.ts';
export type { Waitable } from './race/task-record.ts';
export { type ClientOutcome, givenUpAs, isOwnEntry, isRetry } from './rules/client.ts';
export type { ConfigurationChange } from './rules/membership.ts';
export type { Proposed } from './state-machine/proposals.ts';
export { type PeerStatus, StateMachine, type Status } from './state-machine/state-machine.ts';
export { messageEvent } from './trace.ts';

/** What a copy of this package gives: the bug zoo loads patched ones. */
export type RaftCore = typeof import('./index.ts');
