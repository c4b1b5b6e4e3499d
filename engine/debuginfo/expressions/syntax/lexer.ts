/**
 * C expressions as tokens (C17, section 6.4), `@` of debuggers, and `::` of C++. Columns count from 1 within the expression's text.
 */
import { PlacedError } from '../../../errors.ts';
import {
  CHAR_TYPES,
  DOUBLE,
  FLOAT,
  INT,
  LLONG,
  LONG,
  LONG_DOUBLE,
  UINT,
  ULLONG,
  ULONG,
} from '../../types/base-types.ts';
import type { FloatType, IntegerType } from '../../types/types.ts';
import { literalBytes } from './text-literals.ts';

export type Token =
  | { kind: 'name'; text: string; column: number }
  | { kind: 'operator'; text: string; column: number }
  | { kind: 'integer'; value: bigint; type: IntegerType; text: string; column: number }
  | { kind: 'float'; value: number; type: FloatType; text: string; column: number }
  | { kind: 'string'; bytes: Uint8Array; text: string; column: number }
  | { kind: 'end'; text: string; column: number };

const OPERATORS =
  /^(?:<<=|>>=|\.\.\.|::|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|\/=|%=|&=|\|=|\^=|[-+*/%&|^~!<>=?:,.;()[\]{}@])/;
/**
 * C++'s have those of namespaces and classes in front. Wasm names may have dots: one before a digit cannot be a member's, so
 * it is the name's.
 */
const NAME = /^[A-Za-z_$][\w$]*(?:::[A-Za-z_$][\w$]*|\.\d[\w$]*)*/;
const NUMBER = /^(?:\d|\.\d)(?:[eEpP][+-]|[\w.])*/;

/** Splits an expression into tokens, the last of kind `end`. Throws `PlacedError` with the column. */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(text.slice(at))![0].length;
    const rest = text.slice(at);
    const column = at + 1;
    if (rest === '') {
      tokens.push({ kind: 'end', text: 'the end', column });
      return tokens;
    }
    const name = NAME.exec(rest)?.[0];
    const number = NUMBER.exec(rest)?.[0];
    if (name !== undefined) {
      if (/^['"]/.test(rest.slice(name.length)) && /^(?:L|u|U|u8)$/.test(name)) {
        throw new PlacedError('wide and Unicode literals are not evaluated', { column });
      }
      tokens.push({ kind: 'name', text: name, column });
      at += name.length;
    } else if (number !== undefined) {
      tokens.push(numberToken(number, column));
      at += number.length;
    } else if (rest[0] === "'" || rest[0] === '"') {
      const literal = /^(["'])(?:\\.|(?!\1)[^\\])*\1/su.exec(rest)?.[0];
      if (literal === undefined) throw new PlacedError(`the ${rest[0]} has no partner`, { column });
      tokens.push(rest[0] === '"' ? stringToken(literal, column) : characterToken(literal, column));
      at += literal.length;
    } else {
      const operator = OPERATORS.exec(rest)?.[0];
      if (operator === undefined) throw new PlacedError(`${JSON.stringify(rest[0])} is not part of C`, { column });
      tokens.push({ kind: 'operator', text: operator, column });
      at += operator.length;
    }
  }
}

function numberToken(text: string, column: number): Token {
  const isHex = /^0[xX]/.test(text);
  const isFloat = isHex ? /[.pP]/.test(text) : /[.eE]/.test(text) && !/^0[bB]/.test(text);
  return isFloat ? floatToken(text, column) : integerToken(text, column);
}

function integerToken(text: string, column: number): Token {
  const parts = /^(0[xX][\da-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)([uU]?(?:l|L|ll|LL)?|(?:l|L|ll|LL)[uU])$/.exec(text);
  if (!parts) throw new PlacedError(`${text} is not a number in C`, { column });
  const digits = parts[1];
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  const suffix = parts[2].toLowerCase();
  const decimal = /^[1-9]/.test(digits);
  // The first type of the list that the suffix and the base allow and that holds the value (C17, 6.4.4.1).
  const candidates = [INT, UINT, LONG, ULONG, LLONG, ULLONG].filter((type) => {
    if (suffix.includes('u') && type.signed) return false;
    if (!suffix.includes('u') && decimal && !type.signed) return false;
    if (suffix.includes('ll')) return type === LLONG || type === ULLONG;
    return !suffix.includes('l') || (type !== INT && type !== UINT);
  });
  const type = candidates.find(({ size, signed }) => value < 1n << BigInt(size * 8 - (signed ? 1 : 0)));
  if (!type) throw new PlacedError(`${text} is too large for any integer type`, { column });
  return { kind: 'integer', value, type, text, column };
}

function floatToken(text: string, column: number): Token {
  const decimal = /^((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([fFlL]?)$/.exec(text);
  const hexadecimal = /^0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)([fFlL]?)$/.exec(text);
  let value: number;
  if (decimal) value = Number(decimal[1]);
  else if (hexadecimal && hexadecimal[1] + hexadecimal[2] !== '') {
    const [, whole, fraction, exponent] = hexadecimal;
    value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  } else throw new PlacedError(`${text} is not a number in C`, { column });
  const suffix = (decimal?.[2] ?? hexadecimal?.[4] ?? '').toLowerCase();
  const type = suffix === 'f' ? FLOAT : suffix === 'l' ? LONG_DOUBLE : DOUBLE;
  return { kind: 'float', value: type === FLOAT ? Math.fround(value) : value, type, text, column };
}

/** A character constant has type int and, as `char` is signed here, a value from -128 to 127. */
function characterToken(text: string, column: number): Token {
  const bytes = literalBytes(text.slice(1, -1));
  if (bytes?.length !== 1) throw new PlacedError(`${text} is not one character of one byte`, { column });
  const value = BigInt(CHAR_TYPES.plain.signed ? (bytes[0] << 24) >> 24 : bytes[0]);
  return { kind: 'integer', value, type: INT, text, column };
}

function stringToken(text: string, column: number): Token {
  const bytes = literalBytes(text.slice(1, -1));
  if (!bytes) throw new PlacedError(`${text} has an escape that is not one of C's`, { column });
  return { kind: 'string', bytes, text, column };
}

/** Longer expressions are refused: their trees are as deep as they are long. */
const TOKEN_LIMIT = 3000;

/** The tokens of one expression with a place in them: what the parsers of expressions and of type names share. */
export class TokenStream {
  /** Index of the token that is next. */
  at = 0;
  private readonly tokens: Token[];

  /** Throws `PlacedError` for text that is not tokens of C, or too many. */
  constructor(text: string) {
    this.tokens = lex(text);
    if (this.tokens.length > TOKEN_LIMIT) throw new PlacedError('the expression is too long', { column: 1 });
  }

  get token(): Token {
    return this.tokens[this.at];
  }

  /** The token behind the next one; the last of all is its own. */
  get following(): Token {
    return this.ahead(1);
  }

  /** The token so many behind the next one, or the last. */
  ahead(count: number): Token {
    return this.tokens[Math.min(this.at + count, this.tokens.length - 1)];
  }

  is(operator: string): boolean {
    return this.token.kind === 'operator' && this.token.text === operator;
  }

  accept(operator: string): boolean {
    if (!this.is(operator)) return false;
    this.at++;
    return true;
  }

  expect(operator: string): void {
    if (!this.accept(operator)) this.fail(`'${operator}' is expected before ${this.shown()}`);
  }

  /** The next token in words. */
  shown(): string {
    return this.token.kind === 'end' ? 'the end' : `'${this.token.text}'`;
  }

  /** Throws `PlacedError` that points at the next token. */
  fail(message: string): never {
    throw new PlacedError(message, { column: this.token.column });
  }
}
