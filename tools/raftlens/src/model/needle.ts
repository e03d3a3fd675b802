import { type LinearPattern, linearPattern } from '@raftlens/patterns';

/**
 * What a search looks for: `re:...` is a regular expression, anything else plain text.
 *
 * @throws PatternError for an expression that is none
 */
export function needleOf(search: string): string | LinearPattern {
  return search.startsWith('re:') ? linearPattern(search.slice(3)) : search;
}
