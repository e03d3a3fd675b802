export { cumulative, type Distribution, distributionOf, meanMs, percentileMs, trialsOf } from './distribution.ts';
export { type Curve, plotSvg } from './plot.ts';
export { brokenRules, type SweepOptions, type SweptRange, sweep } from './sweep.ts';
export { labelOf, parseRange, RANDOMNESS_SWEEP, SCALE_SWEEP, type TimeoutRange } from './timeout-range.ts';
export { electionMs, type TrialOptions } from './trial.ts';
