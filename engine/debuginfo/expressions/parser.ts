/**
 * C expressions as trees (C17, section 6.5, without assignments and calls) by precedence climbing; and type names
 * (section 6.7.7), which casts and sizeof need.
 *
 * `(name)` is a cast or a parenthesis depending on what `name` is, so the parser asks the scope which names are types.
 */
import { PlacedError } from '../../errors.ts';
import {
  BOOL,
  CHAR_TYPES,
  DOUBLE,
  FLOAT,
  INT,
  LLONG,
  LONG,
  LONG_DOUBLE,
  SHORT,
  UINT,
  ULLONG,
  ULONG,
  USHORT,
} from '../types/base-types.ts';
import { type FloatType, type IntegerType, type Type, VOID } from '../types/types.ts';
import { lex, type Token } from './lexer.ts';

/** An expression. `column` is where an error about this node points. */
export type Expression =
  | { kind: 'integer'; value: bigint; type: IntegerType; column: number }
  | { kind: 'float'; value: number; type: FloatType; column: number }
  | { kind: 'name'; name: string; column: number }
  | { kind: 'unary'; operator: '*' | '&' | '!' | '~' | '-' | '+'; operand: Expression; column: number }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression; column: number }
  | { kind: 'logical'; operator: '&&' | '||'; left: Expression; right: Expression; column: number }
  | { kind: 'conditional'; test: Expression; then: Expression; otherwise: Expression; column: number }
  | { kind: 'comma'; left: Expression; right: Expression; column: number }
  | { kind: 'cast'; type: Type; operand: Expression; column: number }
  | { kind: 'sizeofType'; type: Type; column: number }
  | { kind: 'sizeof'; operand: Expression; column: number }
  | { kind: 'member'; record: Expression; name: string; arrow: boolean; column: number }
  | { kind: 'index'; array: Expression; index: Expression; column: number };

export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '>'
  | '<='
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|';

/** Which names are types where the expression is evaluated. */
export interface TypeNames {
  typedef(name: string): Type | undefined;
  tag(kind: 'struct' | 'union' | 'enum', name: string): Type | undefined;
}

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
const TYPE_WORDS = new Set(
  'void char short int long signed unsigned float double _Bool struct union enum const volatile restrict _Atomic'.split(
    ' ',
  ),
);
/** Parentheses and operators nested deeper than this are refused, before the stack overflows. */
const DEPTH_LIMIT = 400;
/** A declarator in parentheses is read twice, so each level doubles the work. */
const DECLARATOR_LIMIT = 8;
/** Longer expressions are refused: their trees are as deep as they are long. */
const TOKEN_LIMIT = 3000;

/** Parses a whole expression. Throws `PlacedError` with the column. */
export function parseExpression(text: string, names: TypeNames): Expression {
  const tokens = lex(text);
  if (tokens.length > TOKEN_LIMIT) throw new PlacedError('the expression is too long', { column: 1 });
  const parser = new Parser(tokens, names);
  const tree = parser.comma();
  parser.expectEnd();
  return tree;
}

class Parser {
  private readonly tokens: Token[];
  private readonly names: TypeNames;
  private at = 0;
  private depth = 0;
  private declarators = 0;

  constructor(tokens: Token[], names: TypeNames) {
    this.tokens = tokens;
    this.names = names;
  }

  private get token(): Token {
    return this.tokens[this.at];
  }

  private is(operator: string): boolean {
    return this.token.kind === 'operator' && this.token.text === operator;
  }

  private accept(operator: string): boolean {
    if (!this.is(operator)) return false;
    this.at++;
    return true;
  }

  private expect(operator: string): void {
    if (!this.accept(operator)) this.fail(`'${operator}' is expected before ${this.shown()}`);
  }

  private shown(): string {
    return this.token.kind === 'end' ? 'the end' : `'${this.token.text}'`;
  }

  private fail(message: string): never {
    throw new PlacedError(message, { column: this.token.column });
  }

  expectEnd(): void {
    if (this.token.kind === 'end') return;
    if (this.token.kind === 'operator' && ASSIGNMENTS.has(this.token.text)) this.fail('assignments are not evaluated');
    this.fail(`${this.shown()} does not belong here`);
  }

  comma(): Expression {
    let left = this.conditional();
    while (this.is(',')) {
      const { column } = this.token;
      this.at++;
      left = { kind: 'comma', left, right: this.conditional(), column };
    }
    return left;
  }

  private conditional(): Expression {
    const test = this.binary(1);
    if (!this.is('?')) return test;
    const { column } = this.token;
    this.at++;
    this.enter();
    const then = this.comma();
    this.expect(':');
    const otherwise = this.conditional();
    this.depth--;
    return { kind: 'conditional', test, then, otherwise, column };
  }

  private enter(): void {
    if (++this.depth > DEPTH_LIMIT) this.fail('the expression is nested too deeply');
  }

  private binary(lowest: number): Expression {
    let left = this.unary();
    for (;;) {
      const { text: operator, column, kind } = this.token;
      const precedence = kind === 'operator' ? PRECEDENCE[operator] : undefined;
      if (precedence === undefined || precedence < lowest) return left;
      this.at++;
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
    const { token } = this;
    const { column } = token;
    if (token.kind === 'name' && token.text === 'sizeof') {
      this.at++;
      const type = this.parenthesisedType();
      if (type) return { kind: 'sizeofType', type, column };
      return { kind: 'sizeof', operand: this.unary(), column };
    }
    if (token.kind !== 'operator') return this.postfix();
    if (token.text === '++' || token.text === '--') this.fail('assignments are not evaluated');
    if (token.text === '(') {
      const type = this.parenthesisedType();
      if (!type) return this.postfix();
      if (this.is('{')) this.fail('compound literals are not evaluated');
      return { kind: 'cast', type, operand: this.unary(), column };
    }
    if (/^[*&!~+-]$/.test(token.text)) {
      this.at++;
      return { kind: 'unary', operator: token.text as '*', operand: this.unary(), column };
    }
    return this.postfix();
  }

  private postfix(): Expression {
    let left = this.primary();
    for (;;) {
      const { token } = this;
      const { column } = token;
      if (token.kind !== 'operator') return left;
      if (token.text === '(') this.fail('calls are not evaluated');
      if (token.text === '++' || token.text === '--') this.fail('assignments are not evaluated');
      if (token.text === '[') {
        this.at++;
        left = { kind: 'index', array: left, index: this.comma(), column };
        this.expect(']');
      } else if (token.text === '.' || token.text === '->') {
        this.at++;
        if (this.token.kind !== 'name') this.fail(`the name of a member is expected before ${this.shown()}`);
        left = { kind: 'member', record: left, name: this.token.text, arrow: token.text === '->', column };
        this.at++;
      } else {
        return left;
      }
    }
  }

  private primary(): Expression {
    const { token } = this;
    const { column } = token;
    this.at++;
    if (token.kind === 'integer') return { kind: 'integer', value: token.value, type: token.type, column };
    if (token.kind === 'float') return { kind: 'float', value: token.value, type: token.type, column };
    if (token.kind === 'name') {
      if (!TYPE_WORDS.has(token.text)) return { kind: 'name', name: token.text, column };
      this.at--;
      this.fail(`an expression is expected before ${this.shown()}`);
    }
    if (token.kind === 'operator' && token.text === '(') {
      const inner = this.comma();
      this.expect(')');
      return inner;
    }
    this.at--;
    if (token.kind === 'string') this.fail('string literals are not evaluated: they have no address here');
    return this.fail(`an expression is expected before ${this.shown()}`);
  }

  private startsType(token: Token): boolean {
    if (token.kind !== 'name') return false;
    return TYPE_WORDS.has(token.text) || this.names.typedef(token.text) !== undefined;
  }

  /** `( type-name )` if that is what comes next, and nothing read otherwise. */
  private parenthesisedType(): Type | undefined {
    if (!this.is('(') || !this.startsType(this.tokens[this.at + 1])) return undefined;
    this.at++;
    const type = this.typeName();
    this.expect(')');
    return type;
  }

  private typeName(): Type {
    return this.declarator(this.specifiers());
  }

  private specifiers(): Type {
    const words: string[] = [];
    const qualifiers = new Set<'const' | 'volatile' | 'restrict' | '_Atomic'>();
    const { column } = this.token;
    let type: Type | undefined;
    for (;;) {
      const { token } = this;
      if (token.kind !== 'name') break;
      const { text } = token;
      if (text === 'const' || text === 'volatile' || text === 'restrict' || text === '_Atomic') qualifiers.add(text);
      else if (text === 'struct' || text === 'union' || text === 'enum') {
        this.at++;
        const tag: Token = this.token;
        if (tag.kind !== 'name') this.fail(`the tag of a ${text} is expected before ${this.shown()}`);
        type = this.names.tag(text, tag.text);
        if (!type) this.fail(`the program has no ${text} ${tag.text}`);
      } else if (TYPE_WORDS.has(text)) words.push(text);
      else {
        const named = type === undefined && words.length === 0 ? this.names.typedef(text) : undefined;
        if (!named) break;
        type = named;
      }
      this.at++;
    }
    if (type && words.length > 0) throw new PlacedError(`'${words[0]}' does not belong to this type`, { column });
    type ??= basicType(words);
    if (!type) throw new PlacedError(`'${words.join(' ')}' is not a type`, { column });
    for (const qualifier of qualifiers) type = { kind: 'qualified', qualifier, to: type };
    return type;
  }

  /** An abstract declarator, applied to the type in front of it. */
  private declarator(base: Type): Type {
    let type = base;
    while (this.is('*')) {
      this.at++;
      type = { kind: 'pointer', to: type, size: 4, reference: false };
      for (;;) {
        const { token } = this;
        const text = token.kind === 'name' ? token.text : '';
        if (text !== 'const' && text !== 'volatile' && text !== 'restrict') break;
        this.at++;
        type = { kind: 'qualified', qualifier: text, to: type };
      }
    }
    const next = this.tokens[this.at + 1];
    const nested =
      this.is('(') && next.kind === 'operator' && (next.text === '*' || next.text === '(' || next.text === '[');
    if (!nested) return this.suffixes(type);
    // The part in parentheses applies to what its suffixes make of the type: read it twice, the second time knowing.
    this.at++;
    const inside = this.at;
    if (++this.declarators > DECLARATOR_LIMIT) this.fail('the type is nested too deeply');
    this.declarator(VOID);
    this.expect(')');
    const whole = this.suffixes(type);
    const end = this.at;
    this.at = inside;
    const result = this.declarator(whole);
    this.declarators--;
    this.at = end;
    return result;
  }

  private suffixes(base: Type): Type {
    if (this.accept('[')) {
      const { token } = this;
      let count: number | undefined;
      if (token.kind === 'integer') {
        count = Number(token.value);
        this.at++;
      }
      this.expect(']');
      return { kind: 'array', element: this.suffixes(base), count, countAt: undefined };
    }
    if (!this.accept('(')) return base;
    const parameters: Type[] = [];
    let variadic = false;
    if (!this.accept(')')) {
      do {
        if (this.accept('...')) variadic = true;
        else if (this.startsType(this.token)) parameters.push(this.typeName());
        else this.fail(`a type is expected before ${this.shown()}`);
      } while (this.accept(','));
      this.expect(')');
    }
    const none = parameters.length === 1 && parameters[0].kind === 'void';
    return { kind: 'function', returns: base, parameters: none ? [] : parameters, variadic, prototyped: true };
  }
}

/** The type that words like `unsigned long int` name, in any order. */
function basicType(words: string[]): Type | undefined {
  const key = [...words].sort().join(' ');
  return BASIC_TYPES[key];
}

const BASIC_TYPES: Record<string, Type> = {};
for (const [names, type] of [
  [['void'], VOID],
  [['char'], CHAR_TYPES.plain],
  [['signed char'], CHAR_TYPES.signed],
  [['unsigned char'], CHAR_TYPES.unsigned],
  [['short', 'short int', 'signed short', 'signed short int'], SHORT],
  [['unsigned short', 'unsigned short int'], USHORT],
  [['int', 'signed', 'signed int'], INT],
  [['unsigned', 'unsigned int'], UINT],
  [['long', 'long int', 'signed long', 'signed long int'], LONG],
  [['unsigned long', 'unsigned long int'], ULONG],
  [['long long', 'long long int', 'signed long long', 'signed long long int'], LLONG],
  [['unsigned long long', 'unsigned long long int'], ULLONG],
  [['float'], FLOAT],
  [['double'], DOUBLE],
  [['long double'], LONG_DOUBLE],
  [['_Bool'], BOOL],
] satisfies [string[], Type][]) {
  for (const name of names) BASIC_TYPES[name.split(' ').sort().join(' ')] = type;
}
