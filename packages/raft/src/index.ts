export type { Configuration, ServerId } from './configuration.ts';
export type { DurableState, Snapshot } from './durable-state.ts';
export type { ApplyEffect, Effect, PersistEffect, ReadEffect, RestoreEffect, SendEffect } from './effect.ts';
export type { Command, EntryKind, LogEntry } from './entry.ts';
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
export type { RaftConfig, Random, ServerOptions } from './options.ts';
