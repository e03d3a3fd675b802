import type { RE2JS } from 're2js';
import { isBounded } from './bounded.ts';
import { engine } from './engine.ts';
import { PatternError } from './error.ts';

/** A regular expression whose time is linear in the text, whatever both are. */
export interface LinearPattern {
  /** As it was given. */
  readonly source: string;
  readonly flags: string;
  test(text: string): boolean;
  /** The first match at or after the character `from`, or null. */
  exec(text: string, from?: number): PatternMatch | null;
}

export interface PatternMatch {
  /** Where the match starts, in UTF-16 units of the text. */
  readonly index: number;
  /** The matched text, and then its groups; undefined for a group that took no part. */
  readonly groups: readonly [string, ...(string | undefined)[]];
  /** The groups that have names. */
  readonly named: Readonly<Record<string, string | undefined>>;
}

const SOURCE_CHARS_MAX = 4096;
/** Instructions of the linear engine: the time for one character of the text grows with them. */
const PROGRAM_MAX = 1024;
const FLAGS = /^(?!.*(.).*\1)[ims]*$/;

/**
 * Compiles the pattern of a stranger: a filter, an option, a file of formats. Syntax as in JavaScript, without what no engine
 * matches in linear time: lookahead, lookbehind, backreferences.
 *
 * @param flags any of `i` (ignores case), `m` (^ and $ at each line) and `s` (a dot matches newlines, too)
 * @throws PatternError BAD_PATTERN or UNSUPPORTED_PATTERN
 */
export function linearPattern(source: string, flags = ''): LinearPattern {
  if (!FLAGS.test(flags)) throw new PatternError('BAD_PATTERN', `the flags of a pattern are i, m and s, each once at most, not "${flags}"`);
  if (source.length > SOURCE_CHARS_MAX) throw tooLarge();
  if (isBounded(source, flags)) {
    const native = nativeOf(source, flags);
    if (native !== null) return native;
  }
  return linearOf(source, flags);
}

/** The pattern that matches a text itself. */
export function literalPattern(text: string): LinearPattern {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new NativePattern(escaped, '', new RegExp(escaped, 'g'));
}

function nativeOf(source: string, flags: string): LinearPattern | null {
  try {
    return new NativePattern(source, flags, new RegExp(source, `${flags}g`));
  } catch {
    // The other engine says what is wrong.
    return null;
  }
}

class NativePattern implements LinearPattern {
  readonly source: string;
  readonly flags: string;
  readonly #expression: RegExp;

  constructor(source: string, flags: string, expression: RegExp) {
    this.source = source;
    this.flags = flags;
    this.#expression = expression;
  }

  test(text: string): boolean {
    this.#expression.lastIndex = 0;
    return this.#expression.test(text);
  }

  exec(text: string, from = 0): PatternMatch | null {
    this.#expression.lastIndex = from;
    const match = this.#expression.exec(text);
    return match === null ? null : { index: match.index, groups: [match[0], ...match.slice(1)], named: match.groups ?? {} };
  }
}

function linearOf(source: string, flags: string): LinearPattern {
  // The engine would take it for a letter that is escaped.
  if (NAMED_BACKREFERENCE.test(source)) throw new PatternError('UNSUPPORTED_PATTERN', NO_BACKREFERENCE);
  let pattern: RE2JS;
  try {
    pattern = engine().compile(engine().translateRegExp(source), engineFlags(flags));
  } catch (error) {
    throw refusal(source, error);
  }
  if (pattern.programSize() > PROGRAM_MAX) throw tooLarge();
  return new EnginePattern(source, flags, pattern);
}

class EnginePattern implements LinearPattern {
  readonly source: string;
  readonly flags: string;
  readonly #pattern: RE2JS;

  constructor(source: string, flags: string, pattern: RE2JS) {
    this.source = source;
    this.flags = flags;
    this.#pattern = pattern;
  }

  test(text: string): boolean {
    return this.#pattern.test(text);
  }

  exec(text: string, from = 0): PatternMatch | null {
    const matcher = this.#pattern.matcher(text);
    if (from > text.length || !matcher.find(from)) return null;
    const groups = Array.from({ length: matcher.groupCount() }, (_, i) => matcher.group(i + 1) ?? undefined);
    const named = Object.entries(matcher.getNamedGroups()).map(([name, value]) => [name, value ?? undefined] as const);
    return { index: matcher.start(), groups: [matcher.group() ?? '', ...groups], named: Object.fromEntries(named) };
  }
}

function engineFlags(flags: string): number {
  const { CASE_INSENSITIVE, MULTILINE, DOTALL } = engine();
  return (flags.includes('i') ? CASE_INSENSITIVE : 0) | (flags.includes('m') ? MULTILINE : 0) | (flags.includes('s') ? DOTALL : 0);
}

function tooLarge(): PatternError {
  return new PatternError('UNSUPPORTED_PATTERN', 'the pattern is too large: write fewer or smaller repeats');
}

const LINEAR_ONLY = 'since patterns are matched in linear time';

const NO_BACKREFERENCE = `a backreference is not supported, ${LINEAR_ONLY}`;
const NAMED_BACKREFERENCE = /(?<!\\)(?:\\\\)*\\k</;

/** What JavaScript knows and the linear engine does not, by the text that the engine complains of. */
const UNSUPPORTED: readonly (readonly [RegExp, string])[] = [
  [/^\(\?[=!]/, `lookahead, (?=...) or (?!...), is not supported, ${LINEAR_ONLY}`],
  [/^\(\?<[=!]/, `lookbehind, (?<=...) or (?<!...), is not supported, ${LINEAR_ONLY}`],
  [/^\\[1-9]/, NO_BACKREFERENCE],
  [/^\(\?>|^[*+?}]\+/, `a possessive repeat or an atomic group is not supported, ${LINEAR_ONLY}`],
  [/^\{\d/, 'a repeat of more than 1000 is not supported'],
];

/** A pattern that JavaScript does not take either is explained in its words, any other by what the linear engine complains of. */
function refusal(source: string, cause: unknown): PatternError {
  const problem = problemOf(source);
  if (problem !== null) return new PatternError('BAD_PATTERN', problem, { cause });
  const text = cause instanceof Error ? cause.message : String(cause);
  const [, what = text, where = ''] = /^error parsing regexp: ([^`]*?)(?:: `(.*)`)?$/s.exec(text) ?? [];
  const known = UNSUPPORTED.find(([pattern]) => pattern.test(where));
  return new PatternError('UNSUPPORTED_PATTERN', known?.[1] ?? `${what}${where === '' ? '' : ` at ${where}`}`, { cause });
}

/** What JavaScript says against the pattern, or null. */
function problemOf(source: string): string | null {
  try {
    new RegExp(source);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
