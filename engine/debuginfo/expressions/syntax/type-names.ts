/**
 * Type names (C17, section 6.7.7), which casts and sizeof need.
 *
 * `(name)` is a cast or a parenthesis depending on what `name` is, so the scope is asked which names are types.
 */
import { PlacedError } from '../../../errors.ts';
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
} from '../../types/base-types.ts';
import { type Type, VOID } from '../../types/types.ts';
import type { Token, TokenStream } from './lexer.ts';

/** Which names are types. */
export interface TypeScope {
  typedef(name: string): Type | undefined;
  tag(kind: 'struct' | 'union' | 'enum', name: string): Type | undefined;
}

/** Words that only types begin with. */
export const TYPE_WORDS: ReadonlySet<string> = new Set(
  'void char short int long signed unsigned float double _Bool struct union enum const volatile restrict _Atomic'.split(
    ' ',
  ),
);

/** A declarator in parentheses is read twice, so each level doubles the work. */
const DECLARATOR_LIMIT = 8;

export class TypeNameParser {
  private readonly tokens: TokenStream;
  private readonly scope: TypeScope;
  private declarators = 0;

  constructor(tokens: TokenStream, scope: TypeScope) {
    this.tokens = tokens;
    this.scope = scope;
  }

  private startsType(token: Token): boolean {
    if (token.kind !== 'name') return false;
    return TYPE_WORDS.has(token.text) || this.scope.typedef(token.text) !== undefined;
  }

  /** `( type-name )` if that is what comes next, and nothing read otherwise. */
  parenthesised(): Type | undefined {
    if (!this.tokens.is('(') || !this.startsType(this.tokens.following)) return undefined;
    this.tokens.at++;
    const type = this.typeName();
    this.tokens.expect(')');
    return type;
  }

  /** A type name. Throws `PlacedError` where there is none. */
  typeName(): Type {
    if (!this.startsType(this.tokens.token)) this.tokens.fail(`a type is expected before ${this.tokens.shown()}`);
    return this.declarator(this.specifiers());
  }

  private specifiers(): Type {
    const words: string[] = [];
    const qualifiers = new Set<'const' | 'volatile' | 'restrict' | '_Atomic'>();
    const { column } = this.tokens.token;
    let type: Type | undefined;
    for (;;) {
      const { token } = this.tokens;
      if (token.kind !== 'name') break;
      const { text } = token;
      if (text === 'const' || text === 'volatile' || text === 'restrict' || text === '_Atomic') qualifiers.add(text);
      else if (text === 'struct' || text === 'union' || text === 'enum') {
        this.tokens.at++;
        const tag: Token = this.tokens.token;
        if (tag.kind !== 'name') this.tokens.fail(`the tag of a ${text} is expected before ${this.tokens.shown()}`);
        type = this.scope.tag(text, tag.text);
        if (!type) this.tokens.fail(`the program has no ${text} ${tag.text}`);
      } else if (TYPE_WORDS.has(text)) words.push(text);
      else {
        const named = type === undefined && words.length === 0 ? this.scope.typedef(text) : undefined;
        if (!named) break;
        type = named;
      }
      this.tokens.at++;
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
    while (this.tokens.is('*')) {
      this.tokens.at++;
      type = { kind: 'pointer', to: type, size: 4, reference: false };
      for (;;) {
        const { token } = this.tokens;
        const text = token.kind === 'name' ? token.text : '';
        if (text !== 'const' && text !== 'volatile' && text !== 'restrict') break;
        this.tokens.at++;
        type = { kind: 'qualified', qualifier: text, to: type };
      }
    }
    const next = this.tokens.following;
    const nested =
      this.tokens.is('(') && next.kind === 'operator' && (next.text === '*' || next.text === '(' || next.text === '[');
    if (!nested) return this.suffixes(type);
    // The part in parentheses applies to what its suffixes make of the type: read it twice, the second time knowing.
    this.tokens.at++;
    const inside = this.tokens.at;
    if (++this.declarators > DECLARATOR_LIMIT) this.tokens.fail('the type is nested too deeply');
    this.declarator(VOID);
    this.tokens.expect(')');
    const whole = this.suffixes(type);
    const end = this.tokens.at;
    this.tokens.at = inside;
    const result = this.declarator(whole);
    this.declarators--;
    this.tokens.at = end;
    return result;
  }

  private suffixes(base: Type): Type {
    if (this.tokens.accept('[')) {
      const { token } = this.tokens;
      let count: number | undefined;
      if (token.kind === 'integer') {
        count = Number(token.value);
        this.tokens.at++;
      }
      this.tokens.expect(']');
      return { kind: 'array', element: this.suffixes(base), count, countAt: undefined };
    }
    if (!this.tokens.accept('(')) return base;
    const parameters: Type[] = [];
    let variadic = false;
    if (!this.tokens.accept(')')) {
      do {
        if (this.tokens.accept('...')) variadic = true;
        else if (this.startsType(this.tokens.token)) parameters.push(this.typeName());
        else this.tokens.fail(`a type is expected before ${this.tokens.shown()}`);
      } while (this.tokens.accept(','));
      this.tokens.expect(')');
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
