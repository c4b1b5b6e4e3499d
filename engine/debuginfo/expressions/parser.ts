/**
 * C expressions as trees (C17, section 6.5, without assignments and calls) by precedence climbing.
 */

import { TokenStream } from './lexer.ts';
import type { TypeScope } from './scope.ts';
import type { BinaryOperator, Expression, UnaryOperator } from './tree.ts';
import { TYPE_WORDS, TypeNameParser } from './type-names.ts';

const PRECEDENCE: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

const ASSIGNMENTS = new Set(['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|=', '++', '--']);

/** Parentheses and operators nested deeper than this are refused, before the stack overflows. */
const DEPTH_LIMIT = 400;

/** Parses a whole expression. Throws `PlacedError` with the column. */
export function parseExpression(text: string, scope: TypeScope): Expression {
  const tokens = new TokenStream(text);
  const tree = new Parser(tokens, scope).comma();
  if (tokens.token.kind === 'end') return tree;
  if (tokens.token.kind === 'operator' && ASSIGNMENTS.has(tokens.token.text))
    tokens.fail('assignments are not evaluated');
  return tokens.fail(`${tokens.shown()} does not belong here`);
}

class Parser {
  private readonly tokens: TokenStream;
  private readonly types: TypeNameParser;
  private depth = 0;

  constructor(tokens: TokenStream, scope: TypeScope) {
    this.tokens = tokens;
    this.types = new TypeNameParser(tokens, scope);
  }

  comma(): Expression {
    let left = this.conditional();
    while (this.tokens.is(',')) {
      const { column } = this.tokens.token;
      this.tokens.at++;
      left = { kind: 'comma', left, right: this.conditional(), column };
    }
    return left;
  }

  private conditional(): Expression {
    const test = this.binary(1);
    if (!this.tokens.is('?')) return test;
    const { column } = this.tokens.token;
    this.tokens.at++;
    this.enter();
    const then = this.comma();
    this.tokens.expect(':');
    const otherwise = this.conditional();
    this.depth--;
    return { kind: 'conditional', test, then, otherwise, column };
  }

  private enter(): void {
    if (++this.depth > DEPTH_LIMIT) this.tokens.fail('the expression is nested too deeply');
  }

  private binary(lowest: number): Expression {
    let left = this.unary();
    for (;;) {
      const { text: operator, column, kind } = this.tokens.token;
      const precedence = kind === 'operator' ? PRECEDENCE[operator] : undefined;
      if (precedence === undefined || precedence < lowest) return left;
      this.tokens.at++;
      const right = this.binary(precedence + 1);
      left =
        operator === '&&' || operator === '||'
          ? { kind: 'logical', operator, left, right, column }
          : { kind: 'binary', operator: operator as BinaryOperator, left, right, column };
    }
  }

  private unary(): Expression {
    this.enter();
    const expression = this.unaryInside();
    this.depth--;
    return expression;
  }

  private unaryInside(): Expression {
    const { token } = this.tokens;
    const { column } = token;
    if (token.kind === 'name' && token.text === 'sizeof') {
      this.tokens.at++;
      const type = this.types.parenthesised();
      if (type) return { kind: 'sizeofType', type, column };
      return { kind: 'sizeof', operand: this.unary(), column };
    }
    if (token.kind !== 'operator') return this.postfix();
    if (token.text === '++' || token.text === '--') this.tokens.fail('assignments are not evaluated');
    if (token.text === '(') {
      const type = this.types.parenthesised();
      if (!type) return this.postfix();
      if (this.tokens.is('{')) this.tokens.fail('compound literals are not evaluated');
      return { kind: 'cast', type, operand: this.unary(), column };
    }
    if (/^[*&!~+-]$/.test(token.text)) {
      this.tokens.at++;
      return { kind: 'unary', operator: token.text as UnaryOperator, operand: this.unary(), column };
    }
    return this.postfix();
  }

  private postfix(): Expression {
    let left = this.primary();
    for (;;) {
      const { token } = this.tokens;
      const { column } = token;
      if (token.kind !== 'operator') return left;
      if (token.text === '(') this.tokens.fail('calls are not evaluated');
      if (token.text === '++' || token.text === '--') this.tokens.fail('assignments are not evaluated');
      if (token.text === '[') {
        this.tokens.at++;
        left = { kind: 'index', array: left, index: this.comma(), column };
        this.tokens.expect(']');
      } else if (token.text === '.' || token.text === '->') {
        this.tokens.at++;
        if (this.tokens.token.kind !== 'name')
          this.tokens.fail(`the name of a member is expected before ${this.tokens.shown()}`);
        left = { kind: 'member', record: left, name: this.tokens.token.text, arrow: token.text === '->', column };
        this.tokens.at++;
      } else {
        return left;
      }
    }
  }

  private primary(): Expression {
    const { token } = this.tokens;
    const { column } = token;
    this.tokens.at++;
    if (token.kind === 'integer') return { kind: 'integer', value: token.value, type: token.type, column };
    if (token.kind === 'float') return { kind: 'float', value: token.value, type: token.type, column };
    if (token.kind === 'name') {
      if (!TYPE_WORDS.has(token.text)) return { kind: 'name', name: token.text, column };
      this.tokens.at--;
      this.tokens.fail(`an expression is expected before ${this.tokens.shown()}`);
    }
    if (token.kind === 'operator' && token.text === '(') {
      const inner = this.comma();
      this.tokens.expect(')');
      return inner;
    }
    this.tokens.at--;
    if (token.kind === 'string') this.tokens.fail('string literals are not evaluated: they have no address here');
    return this.tokens.fail(`an expression is expected before ${this.tokens.shown()}`);
  }
}
