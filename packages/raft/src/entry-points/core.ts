// What a simulator runs of this package. The bug zoo builds copies of the core from this file with a bug planted in them: what may differ
// between a copy and the real core has to come in through here.
export { labConfig } from '../config.ts';
export { LockedServer } from '../locked/locked-server.ts';
export { RaceDetector } from '../race/detector.ts';
export { textOfRace } from '../race/report.ts';
export { givenUpAs, isOwnEntry, isRetry } from '../rules/client.ts';
export { StateMachine } from '../state-machine/state-machine.ts';

/** The real core or a copy of it. */
export type RaftCore = typeof import('./core.ts');
