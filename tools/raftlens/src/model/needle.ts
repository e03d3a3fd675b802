/**
 * What a search looks for: `re:...` is a regular expression, anything else plain text.
 *
 * @throws SyntaxError for an expression that is none
 */
export function needleOf(search: string): string | RegExp {
  return search.startsWith('re:') ? new RegExp(search.slice(3)) : search;
}
