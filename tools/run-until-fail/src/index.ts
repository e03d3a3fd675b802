/** The parts of run-until-fail that other programs may use: its report and the counting behind it. */
export { outcomeOf, type Report, totalOf } from './report/report.ts';
export { boundWithoutFailures, passesToBeSure, wilsonInterval } from './results/confidence.ts';
export type { FailureGroup } from './results/failure-groups.ts';
export { maskVolatile, signatureOf } from './results/signature.ts';
export type { RunTally } from './results/tally.ts';
export type { FailureReason, Run, RunResult, RunVerdict, TestCase } from './run.ts';
