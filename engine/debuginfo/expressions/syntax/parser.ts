/**
 * C expressions as trees (C17, section 6.5, without assignments) by precedence climbing, with what debuggers
 * add: `p@4`, four objects in a row, format suffixes: `flags,x`, `p,4`, and C++'s `::count`, the global.
 */

import { TokenStream } from './lexer.ts';
import { type Parsed, suffixFollows, withSuffixes } from './suffixes.ts';
import type { BinaryOperator, Designator, Expression, InitialiserList, UnaryOperator } from './tree.ts';
import { TYPE_WORDS, TypeNameParser, type TypeScope } from './type-names.ts';

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
  '@': 9,
  '+': 10,
  '-': 10,
  '*': 11,
  '/': 11,
  '%': 11,
};

const ASSIGNMENTS = new Set(['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|=', '++', '--']);

const NO_ASSIGNMENT = 'assignments are made in the console, one at a time';

/** Words that ask about a type, as a standard or a compiler spells them. */
const KEYWORDS: ReadonlyMap<string, 'offsetof' | 'alignof'> = new Map([
  ['offsetof', 'offsetof'],
  ['__builtin_offsetof', 'offsetof'],
  ['_Alignof', 'alignof'],
  ['alignof', 'alignof'],
  ['__alignof__', 'alignof'],
]);

/** Parentheses and operators nested deeper than this are refused, before the stack overflows. */
const DEPTH_LIMIT = 400;

/** Parses a whole expression. Throws `PlacedError` with the column. */
export function parseExpression(text: string, scope: TypeScope): Parsed {
  const tokens = new TokenStream(text);
  const parser = new Parser(tokens, scope);
  const tree = parser.comma();
  const parsed = withSuffixes(tree, tokens, text);
  if (tokens.token.kind === 'end') return parsed;
  if (tokens.token.kind === 'operator' && ASSIGNMENTS.has(tokens.token.text)) tokens.fail(NO_ASSIGNMENT);
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
    while (this.tokens.is(',') && !(this.depth === 0 && suffixFollows(this.tokens))) {
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
      if (operator === '@') left = { kind: 'span', start: left, count: right, column };
      else
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
      const start = this.tokens.at;
      const type = this.types.parenthesised();
      if (type && !this.tokens.is('{')) return { kind: 'sizeofType', type, column };
      this.tokens.at = start;
      return { kind: 'sizeof', operand: this.unary(), column };
    }
    if (token.kind !== 'operator') return this.postfix();
    if (token.text === '++' || token.text === '--') this.tokens.fail(NO_ASSIGNMENT);
    if (token.text === '(') {
      const start = this.tokens.at;
      const type = this.types.parenthesised();
      if (!type || this.tokens.is('{')) {
        this.tokens.at = start;
        return this.postfix();
      }
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
      if (token.text === '++' || token.text === '--') this.tokens.fail(NO_ASSIGNMENT);
      if (token.text === '[') {
        this.tokens.at++;
        left = { kind: 'index', array: left, index: this.comma(), column };
        this.tokens.expect(']');
      } else if (token.text === '(') {
        left = { kind: 'call', callee: left, arguments: this.callArguments(), column };
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

  private callArguments(): Expression[] {
    const found: Expression[] = [];
    this.enter();
    this.tokens.expect('(');
    while (!this.tokens.is(')')) {
      found.push(this.conditional());
      if (!this.tokens.accept(',')) break;
    }
    this.tokens.expect(')');
    this.depth--;
    return found;
  }

  private primary(): Expression {
    const { token } = this.tokens;
    const { column } = token;
    const keyword = token.kind === 'name' ? KEYWORDS.get(token.text) : undefined;
    if (keyword && this.tokens.following.text === '(') return this.typeQuestion(keyword);
    const type = this.types.parenthesised();
    if (type) return { kind: 'compound', type, list: this.initialisers(), column };
    this.tokens.at++;
    if (token.kind === 'integer') return { kind: 'integer', value: token.value, type: token.type, column };
    if (token.kind === 'float') return { kind: 'float', value: token.value, type: token.type, column };
    if (token.kind === 'name') {
      if (!TYPE_WORDS.has(token.text)) return { kind: 'name', name: token.text, column };
      this.tokens.at--;
      this.tokens.fail(`an expression is expected before ${this.tokens.shown()}`);
    }
    if (token.kind === 'operator' && token.text === '::') return this.globalName(column);
    if (token.kind === 'string') return { kind: 'string', bytes: this.strings(token.bytes), column };
    if (token.kind === 'operator' && token.text === '(') {
      this.depth++;
      const inner = this.comma();
      this.depth--;
      this.tokens.expect(')');
      return inner;
    }
    this.tokens.at--;
    return this.tokens.fail(`an expression is expected before ${this.tokens.shown()}`);
  }

  /** `::name`: what the name means outside of all functions. */
  private globalName(column: number): Expression {
    const { token } = this.tokens;
    if (token.kind !== 'name') this.tokens.fail(`a name is expected before ${this.tokens.shown()}`);
    this.tokens.at++;
    return { kind: 'name', name: `::${token.text}`, column };
  }

  /** Literals side by side are one. */
  private strings(first: Uint8Array): Uint8Array {
    const bytes = [...first];
    for (let { token } = this.tokens; token.kind === 'string'; token = this.tokens.token) {
      bytes.push(...token.bytes);
      this.tokens.at++;
    }
    return Uint8Array.from(bytes);
  }

  /** `offsetof(type, member)` or `_Alignof(type)`. */
  private typeQuestion(kind: 'offsetof' | 'alignof'): Expression {
    const { column } = this.tokens.token;
    this.tokens.at += 2;
    const type = this.types.typeName();
    if (kind === 'alignof') {
      this.tokens.expect(')');
      return { kind, type, column };
    }
    this.tokens.expect(',');
    const path: Designator[] = [this.memberName()];
    path.push(...this.designators());
    this.tokens.expect(')');
    return { kind, type, path, column };
  }

  private memberName(): Designator {
    const { token } = this.tokens;
    if (token.kind !== 'name') this.tokens.fail(`the name of a member is expected before ${this.tokens.shown()}`);
    this.tokens.at++;
    return { kind: 'member', name: token.text, column: token.column };
  }

  private designators(): Designator[] {
    const path: Designator[] = [];
    for (;;) {
      if (this.tokens.accept('.')) path.push(this.memberName());
      else if (this.tokens.accept('[')) {
        path.push({ kind: 'element', index: this.conditional() });
        this.tokens.expect(']');
      } else return path;
    }
  }

  private initialisers(): InitialiserList {
    const { column } = this.tokens.token;
    const items: InitialiserList['items'] = [];
    this.enter();
    this.tokens.expect('{');
    while (!this.tokens.is('}')) {
      const path = this.designators();
      if (path.length > 0) this.tokens.expect('=');
      items.push({ path, value: this.tokens.is('{') ? this.initialisers() : this.conditional() });
      if (!this.tokens.accept(',')) break;
    }
    this.tokens.expect('}');
    this.depth--;
    return { kind: 'list', items, column };
  }
}
