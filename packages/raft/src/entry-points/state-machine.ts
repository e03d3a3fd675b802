// Structure A: one server as a synchronous state machine, and what it gives its host to do.
export type { ApplyEffect, Effect, NoticeEffect, PersistEffect, ReadEffect, RestoreEffect, SendEffect } from '../effect.ts';
export type { LostEntriesNotice, Notice, TransferEndedNotice, TransferGivenUpNotice } from '../notice.ts';
export { perform, type SynchronousHost } from '../perform.ts';
export type { PeerStatus, ProgressState } from '../progress.ts';
export type { Proposed } from '../proposed.ts';
export type { ConfigurationChange } from '../rules/membership.ts';
export type { SnapshotOutcome } from '../state-machine/host-reports.ts';
export { StateMachine, type Status } from '../state-machine/state-machine.ts';
