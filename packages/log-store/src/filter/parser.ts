import { isOpcode, OPCODE_NAMES } from '@raftlens/events';
import { type LinearPattern, linearPattern, literalPattern, PatternError } from '@raftlens/patterns';
import { type Comparison, FILTER_WORDS, FilterError, type FilterNode, isFilterWord, type Operator } from './ast.ts';
import { FIELD_NAMES, type FieldSpec, fieldSpec, numberOf } from './fields.ts';
import { type Token, tokensOf } from './lexer.ts';
import { didYouMean } from './suggest.ts';

const DEPTH_MAX = 100;

/** Parses an expression; null for one without words, which selects everything. @throws FilterError */
export function parseExpression(expression: string): FilterNode | null {
  const parser = new FilterParser(expression);
  return parser.parse();
}

/**
 * or := and { "or" and };  and := not { ["and"] not };  not := ("!" | "not") not | primary
 * primary := "(" or ")" | field operator value | "text" | /regex/ | word
 */
class FilterParser {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokensOf(expression);
  }

  parse(): FilterNode | null {
    if (this.#peek().kind === 'end') return null;
    const node = this.#or();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw this.#error(rest.kind === ')' ? 'this ) closes nothing' : `"${rest.text}" cannot stand here`, rest);
    return node;
  }

  #or(): FilterNode {
    let left = this.#and();
    while (this.#accept('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): FilterNode {
    let left = this.#not();
    for (;;) {
      const isWritten = this.#accept('and');
      if (!isWritten && !this.#startsOperand(this.#peek())) return left;
      left = { kind: 'and', left, right: this.#not() };
    }
  }

  #not(): FilterNode {
    if (++this.#depth > DEPTH_MAX) throw this.#error(`more than ${DEPTH_MAX} levels of ( and !`, this.#peek());
    try {
      if (this.#peek().kind === '!' || this.#isKeyword(this.#peek(), 'not')) {
        this.#next++;
        return { kind: 'not', operand: this.#not() };
      }
      return this.#primary();
    } finally {
      this.#depth--;
    }
  }

  #primary(): FilterNode {
    const token = this.#take();
    switch (token.kind) {
      case '(': {
        const inner = this.#or();
        const close = this.#take();
        if (close.kind !== ')') throw this.#error('a ) is missing', close);
        return inner;
      }
      case 'quoted':
        return { kind: 'contains', text: token.text, column: token.column };
      case 'regex':
        return { kind: 'pattern', field: 'msg', pattern: this.#pattern(token), column: token.column };
      case 'word':
        return this.#peek().kind === 'operator' ? this.#comparison(token) : this.#word(token);
      case 'end':
        throw this.#error('something is missing: a field, a word or a (', token);
      case 'operator':
      case ')':
      case ',':
      case '!':
        throw this.#error(`a field or a word must stand before "${token.text}"`, token);
    }
  }

  #word(token: Token): FilterNode {
    const { text, column } = token;
    if (isFilterWord(text)) return { kind: 'word', word: text, column };
    if (isOpcode(text)) return { kind: 'compare', field: 'op', operator: '=', values: [text], column };
    if (fieldSpec(text) !== undefined) throw this.#error(`the field "${text}" needs a comparison, as in ${text}=...`, token);
    throw this.#error(`"${text}" is no word of the filter${didYouMean(text, [...FILTER_WORDS, ...OPCODE_NAMES, ...FIELD_NAMES])}`, token);
  }

  #comparison(field: Token): FilterNode {
    const spec = fieldSpec(field.text);
    if (spec === undefined) throw this.#error(`there is no field "${field.text}"${didYouMean(field.text, FIELD_NAMES)}`, field);
    const operator = this.#take();
    if (operator.kind !== 'operator') throw this.#error('an operator is missing', operator);
    const value = this.#peek();
    if (value.kind === 'regex') {
      if (operator.text !== '~' && operator.text !== '=')
        throw this.#error(`a regular expression goes with ~, not with ${operator.text}`, operator);
      this.#next++;
      return { kind: 'pattern', field: field.text, pattern: this.#pattern(value), column: field.column };
    }
    if (operator.text === '~') return this.#textPattern(field, value);
    const values = this.#values(operator.text);
    this.#checkComparison(field.text, spec, operator, operator.text, values);
    return { kind: 'compare', field: field.text, operator: operator.text, values: values.map((token) => token.text), column: field.column };
  }

  /** `msg~word`: the text itself, not an expression. */
  #textPattern(field: Token, value: Token): FilterNode {
    if (value.kind !== 'word' && value.kind !== 'quoted') throw this.#error('a text or a /regular expression/ is missing after ~', value);
    this.#next++;
    return { kind: 'pattern', field: field.text, pattern: literalPattern(value.text), column: field.column };
  }

  #values(operator: Operator): readonly Token[] {
    const values = [this.#value()];
    while (this.#peek().kind === ',') {
      const comma = this.#take();
      if (operator !== '=' && operator !== '!=') throw this.#error(`a list goes with = and !=, not with ${operator}`, comma);
      values.push(this.#value());
    }
    return values;
  }

  #value(): Token {
    const token = this.#take();
    if (token.kind === 'word' || token.kind === 'quoted') return token;
    throw this.#error('a value is missing', token);
  }

  #checkComparison(field: string, spec: FieldSpec, operator: Token, kind: Comparison['operator'], values: readonly Token[]): void {
    const isOrder = kind !== '=' && kind !== '!=';
    if (isOrder && spec.kind !== 'number') throw this.#error(`"${field}" has no order: use = or !=`, operator);
    for (const value of values) {
      if (spec.kind === 'number' && Number.isNaN(numberOf(field, value.text)))
        throw this.#error(`"${value.text}" is no number, and ${field} is one`, value);
      if (spec.kind === 'flag' && value.text !== 'true' && value.text !== 'false') throw this.#error(`${field} is true or false`, value);
      if (spec.values === undefined || spec.values.includes(value.text)) continue;
      throw this.#error(`there is no ${field} "${value.text}"${didYouMean(value.text, spec.values)}`, value);
    }
  }

  #pattern(token: Token & { kind: 'regex' }): LinearPattern {
    try {
      return linearPattern(token.text, token.flags);
    } catch (error) {
      if (error instanceof PatternError) throw this.#error(error.message, token);
      throw error;
    }
  }

  #startsOperand(token: Token): boolean {
    if (token.kind === 'word') return !this.#isKeyword(token, 'or') && !this.#isKeyword(token, 'and');
    return token.kind === '(' || token.kind === '!' || token.kind === 'quoted' || token.kind === 'regex';
  }

  #isKeyword(token: Token, keyword: string): boolean {
    return token.kind === 'word' && token.text.toLowerCase() === keyword;
  }

  #accept(keyword: string): boolean {
    if (!this.#isKeyword(this.#peek(), keyword)) return false;
    this.#next++;
    return true;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', column: this.#expression.length + 1 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #error(reason: string, token: Token): FilterError {
    return new FilterError(reason, token.column, this.#expression);
  }
}
