/** The one place where a stranger's regular expression is compiled: whatever it is, matching takes time that is linear in the text. */
export { PatternError, type PatternErrorCode } from './error.ts';
export { type LinearPattern, linearPattern, literalPattern, type PatternMatch } from './linear-pattern.ts';
