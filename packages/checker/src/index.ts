export { Checker } from './checker.ts';
export type { CheckerOptions } from './options.ts';
export type { RuleId, RuleText } from './rules.ts';
export { RULES, ruleOf } from './rules.ts';
export type { CheckReport, UncheckedRule, Violation } from './violation.ts';
