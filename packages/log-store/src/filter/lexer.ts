import { FilterError, type Operator } from './ast.ts';

export type Token =
  | { readonly kind: 'word' | 'quoted'; readonly text: string; readonly column: number }
  | { readonly kind: 'regex'; readonly text: string; readonly flags: string; readonly column: number }
  | { readonly kind: 'operator'; readonly text: Operator | '~'; readonly column: number }
  | { readonly kind: '(' | ')' | '!' | ',' | 'end'; readonly text: string; readonly column: number };

const SPACE = /\s*/y;
const OPERATOR = /!=|!~|<=|>=|=~|==|[=<>~]/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const REGEX = /\/((?:[^/\\]|\\.)*)\/([a-z]*)/y;
/** A word ends at white space and at what means something to the language. */
const WORD = /[^\s()!<>=~,"]+/y;
const PUNCTUATION = /[()!,]/y;

/** Splits an expression into its tokens, the last of which is `end`. */
export function tokensOf(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(expression);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SPACE);
    const column = at + 1;
    if (at >= expression.length) {
      tokens.push({ kind: 'end', text: '', column });
      return tokens;
    }
    tokens.push(nextToken(take, expression, column));
  }
}

function nextToken(take: (pattern: RegExp) => RegExpExecArray | null, expression: string, column: number): Token {
  const operator = take(OPERATOR)?.[0];
  if (operator !== undefined) return { kind: 'operator', text: canonical(operator, expression, column), column };
  const punctuation = take(PUNCTUATION)?.[0];
  if (punctuation === '(' || punctuation === ')' || punctuation === '!' || punctuation === ',') {
    return { kind: punctuation, text: punctuation, column };
  }
  const quoted = take(QUOTED);
  if (quoted !== null) return { kind: 'quoted', text: (quoted[1] ?? '').replace(/\\(.)/g, '$1'), column };
  const regex = take(REGEX);
  if (regex !== null) return { kind: 'regex', text: regex[1] ?? '', flags: regex[2] ?? '', column };
  const first = expression[column - 1];
  if (first === '"') throw new FilterError('the text is not closed: a second " is missing', column, expression);
  if (first === '/') throw new FilterError('the regular expression is not closed: a second / is missing', column, expression);
  const word = take(WORD)?.[0];
  if (word === undefined) throw new FilterError('this character means nothing here', column, expression);
  return { kind: 'word', text: word, column };
}

function canonical(operator: string, expression: string, column: number): Operator | '~' {
  switch (operator) {
    case '=':
    case '==':
      return '=';
    case '~':
    case '=~':
      return '~';
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return operator;
    default:
      throw new FilterError(`there is no operator ${operator}: write !(field~/.../)`, column, expression);
  }
}
