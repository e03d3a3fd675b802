import { type LinearPattern, linearPattern, PatternError, type PatternMatch } from '@raftlens/patterns';
import { type Groups, groupsOf, NO_GROUPS } from './path.ts';

/** A pattern of a format: whether it matches, what its named groups find, and all that it finds in a text. */
export interface FormatPattern {
  test(text: string): boolean;
  /** The named groups of the first match, `NO_GROUPS` for a pattern that has none; null for no match. */
  groups(text: string): Groups | null;
  /** The first group of each match, or the whole of it. */
  all(text: string): string[];
  /** The named groups of each match. */
  allGroups(text: string): Groups[];
}

/** @param flags `s` where a dot is to match newlines too */
export type Compile = (source: string, flags?: 's') => FormatPattern;

/** Of a list that a line tells, no more than that: looking for the next item may cost as much as the whole text. */
const ITEMS_MAX = 1024;

/**
 * How the patterns of a format are compiled. Those of the built-in ones are written for V8, so that their time is linear in a line (a test
 * holds them to it). Those that a user's file brought are a stranger's: the linear engine takes them.
 */
export function compilerOf(ownPatterns: readonly string[] = []): Compile {
  const own = new Set(ownPatterns);
  return (source, flags) => (own.has(source) ? ofStranger(source, flags) : ofFormat(source, flags));
}

function ofFormat(source: string, flags = ''): FormatPattern {
  const pattern = new RegExp(source, flags);
  const everywhere = new RegExp(source, `${flags}g`);
  return {
    test: (text) => pattern.test(text),
    groups: (text) => {
      const match = pattern.exec(text);
      return match === null ? null : (match.groups ?? NO_GROUPS);
    },
    all: (text) => Array.from(text.matchAll(everywhere), (match) => match[1] ?? match[0]),
    allGroups: (text) => Array.from(text.matchAll(everywhere), (match) => match.groups ?? NO_GROUPS),
  };
}

/** @throws Error that names the pattern */
function linear(source: string, flags: string): LinearPattern {
  try {
    return linearPattern(source, flags);
  } catch (error) {
    if (error instanceof PatternError) throw new Error(`the pattern ${source}: ${error.message}`, { cause: error });
    throw error;
  }
}

function ofStranger(source: string, flags = ''): FormatPattern {
  const pattern = linear(source, flags);
  return {
    test: (text) => pattern.test(text),
    groups: (text) => {
      const match = pattern.exec(text);
      return match === null ? null : groupsOf(match.named);
    },
    all: (text) => matchesOf(pattern, text).map(({ groups: [whole, first] }) => first ?? whole),
    allGroups: (text) => matchesOf(pattern, text).map(({ named }) => groupsOf(named)),
  };
}

function matchesOf(pattern: LinearPattern, text: string): PatternMatch[] {
  const found: PatternMatch[] = [];
  let match = pattern.exec(text);
  while (match !== null && found.length < ITEMS_MAX) {
    found.push(match);
    match = pattern.exec(text, match.index + Math.max(1, match.groups[0].length));
  }
  return found;
}
