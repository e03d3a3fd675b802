import type { LinearPattern } from '@raftlens/patterns';

/** What the language can say about one row. Columns count characters of the expression from 1. */
export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly left: FilterNode; readonly right: FilterNode }
  | { readonly kind: 'not'; readonly operand: FilterNode }
  | Comparison
  | { readonly kind: 'pattern'; readonly field: string; readonly pattern: LinearPattern; readonly column: number }
  | { readonly kind: 'contains'; readonly text: string; readonly column: number }
  | { readonly kind: 'word'; readonly word: FilterWord; readonly column: number };

export interface Comparison {
  readonly kind: 'compare';
  readonly field: string;
  readonly operator: Operator;
  /** Several only for "=" and "!=": any of them. */
  readonly values: readonly string[];
  readonly column: number;
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** `heartbeat`: an AppendEntries without entries, or its reply. `lost`: a message that nobody received. */
export const FILTER_WORDS = ['heartbeat', 'message', 'step', 'lost', 'unmatched', 'election'] as const;
export type FilterWord = (typeof FILTER_WORDS)[number];

export function isFilterWord(word: string): word is FilterWord {
  return FILTER_WORDS.some((known) => known === word);
}

/** A mistake in an expression: what is wrong, and at which character, from 1. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
  readonly code = 'BAD_FILTER';
  readonly column: number;
  readonly reason: string;

  constructor(reason: string, column: number, expression: string) {
    super(`${reason} (column ${column} of the filter${quoted(expression)})`);
    this.reason = reason;
    this.column = column;
  }
}

const QUOTED_MAX = 80;

/** The expression, where it is short enough to count columns in. */
function quoted(expression: string): string {
  return expression.length <= QUOTED_MAX ? ` ${expression}` : '';
}
