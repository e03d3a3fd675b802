// Structure B: many tasks and one lock. It needs async-mutex and Node's AsyncLocalStorage, which the rest of the package does without.
export type { PersistEffect } from '../effect.ts';
export { Condition } from '../locked/condition.ts';
export type { TaskHost } from '../locked/host.ts';
export { Lock, LockError, type LockTrace, type LockWatcher } from '../locked/lock.ts';
export { LockedServer } from '../locked/locked-server.ts';
export type { LockedStatus } from '../locked/state.ts';
export type { LostEntriesNotice, Notice, TransferEndedNotice, TransferGivenUpNotice } from '../notice.ts';
export type { PeerStatus, ProgressState } from '../progress.ts';
export type { Proposed } from '../proposed.ts';
