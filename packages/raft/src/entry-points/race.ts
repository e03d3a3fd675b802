// The race detector of structure B.
export { RaceDetector, type RaceDetectorOptions } from '../race/detector.ts';
export type { GuardOptions } from '../race/guard.ts';
export { type Access, type RaceKind, type RaceReport, textOfRace } from '../race/report.ts';
export type { Waitable } from '../race/task-record.ts';
