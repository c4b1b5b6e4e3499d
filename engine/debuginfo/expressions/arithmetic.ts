/**
 * C arithmetic on JavaScript values (C17, section 6.3 and 6.5): conversions, the usual arithmetic conversions, and the
 * operators for each representation.
 *
 * Integers of up to 32 bits, pointers and floats are JavaScript numbers; 64-bit integers are bigints. A value is always
 * canonical: in its type's range. Signed overflow wraps, as the code that clang makes for WebAssembly does.
 */
import { PlacedError } from '../../errors.ts';
import { INT, LLONG, UINT, ULLONG, ULONG } from '../types/base-types.ts';
import {
  type BareType,
  type BooleanType,
  bare,
  type EnumType,
  type FloatType,
  type IntegerType,
  type Type,
} from '../types/types.ts';
import type { BinaryOperator } from './syntax/tree.ts';

/** Types that have arithmetic. */
type ArithmeticType = IntegerType | BooleanType | EnumType | FloatType;

/** How a value of a type is held: a number or a bigint; undefined for what has no such value. */
export function representation(type: BareType): 'number' | 'bigint' | undefined {
  if (type.kind === 'pointer') return 'number';
  if (type.kind === 'float' || type.kind === 'boolean') return 'number';
  if (type.kind !== 'integer' && type.kind !== 'enum') return undefined;
  if (type.size > 8) return undefined;
  return type.size === 8 ? 'bigint' : 'number';
}

export function isArithmetic(type: BareType): type is ArithmeticType {
  return type.kind === 'integer' || type.kind === 'boolean' || type.kind === 'enum' || type.kind === 'float';
}

function rank(type: IntegerType): number {
  if (/\blong long\b/.test(type.name) || type.size === 8) return 4;
  if (/\blong\b/.test(type.name)) return 3;
  return type.size >= 4 ? 2 : 1;
}

/** The type after integer promotion; of a bit-field the width decides. */
export function promoted(type: Type, bitWidth?: number): IntegerType | FloatType {
  const plain = bare(type);
  if (plain.kind === 'float') return plain;
  if (plain.kind === 'boolean') return INT;
  if (plain.kind !== 'integer' && plain.kind !== 'enum') return INT;
  const { size, signed } = plain;
  const width = bitWidth ?? size * 8;
  if (width < 32 || (signed && width === 32 && bitWidth !== undefined)) return INT;
  if (plain.kind === 'integer') return width <= 32 && size === 8 ? (signed ? INT : UINT) : plain;
  if (size === 8) return signed ? LLONG : ULLONG;
  return signed ? INT : UINT;
}

/** The common type of the operands of an arithmetic operator (C17, 6.3.1.8), both promoted. */
export function commonType(a: IntegerType | FloatType, b: IntegerType | FloatType): IntegerType | FloatType {
  if (a.kind === 'float' || b.kind === 'float') {
    const size = Math.max(a.kind === 'float' ? a.size : 0, b.kind === 'float' ? b.size : 0);
    return a.kind === 'float' && a.size === size ? a : b;
  }
  const rankA = rank(a);
  const rankB = rank(b);
  if (a.signed === b.signed) return rankA >= rankB ? a : b;
  const [unsignedType, unsignedRank, signedType, signedRank] = a.signed ? [b, rankB, a, rankA] : [a, rankA, b, rankB];
  if (unsignedRank >= signedRank) return unsignedType;
  if (signedType.size > unsignedType.size) return signedType;
  return signedType.size === 8 ? ULLONG : rank(signedType) === 3 ? ULONG : UINT;
}

export type ToNumber = (value: number | bigint) => number;
export type ToBigint = (value: number | bigint) => bigint;

/** Conversion of a value of type `from` to a type held as a number. Throws `PlacedError` where C leaves it undefined. */
export function toNumber(from: BareType, to: BareType, column: number): ToNumber {
  if (to.kind === 'boolean') return (value) => (value === 0 || value === 0n ? 0 : 1);
  if (to.kind === 'float') {
    if (to.size !== 4) return Number;
    if (representation(from) === 'bigint') return (value) => bigintToFloat(value as bigint);
    return (value) => Math.fround(value as number);
  }
  const size = to.kind === 'integer' || to.kind === 'enum' ? to.size : 4;
  const signed = (to.kind === 'integer' || to.kind === 'enum') && to.signed;
  const wrap = wrapper(size, signed);
  if (from.kind === 'float') {
    const limit = 2 ** (size * 8 - (signed ? 1 : 0));
    return (value) => {
      const whole = Math.trunc(value as number);
      if (whole >= (signed ? -limit : 0) && whole < limit) return whole + 0;
      throw new PlacedError(`${value} does not fit the integer type`, { column });
    };
  }
  if (representation(from) === 'bigint') return (value) => wrap(Number(BigInt.asIntN(32, value as bigint)));
  return wrap as ToNumber;
}

/** A number wrapped to an integer type of 1, 2 or 4 bytes. */
export function wrapper(size: number, signed: boolean): (value: number) => number {
  if (size >= 4) return signed ? (value) => value | 0 : (value) => value >>> 0;
  if (size === 2) return signed ? (value) => (value << 16) >> 16 : (value) => value & 0xffff;
  return signed ? (value) => (value << 24) >> 24 : (value) => value & 0xff;
}

/** Conversion to a 64-bit integer. */
export function toBigint(from: BareType, to: IntegerType | EnumType, column: number): ToBigint {
  const wrap = to.signed
    ? (value: bigint): bigint => BigInt.asIntN(64, value)
    : (value: bigint): bigint => BigInt.asUintN(64, value);
  if (from.kind === 'float') {
    return (value) => {
      const whole = Math.trunc(value as number);
      if (Number.isFinite(whole) && wrap(BigInt(whole)) === BigInt(whole)) return BigInt(whole);
      throw new PlacedError(`${value} does not fit the integer type`, { column });
    };
  }
  if (representation(from) === 'bigint') return (value) => wrap(value as bigint);
  return (value) => wrap(BigInt(value));
}

/** Nearest float of a 64-bit integer, rounded once: what does not fit a double first becomes a sticky bit. */
function bigintToFloat(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 1n << 53n) return Math.fround(Number(value));
  const sticky = (magnitude >> 12n) | (magnitude & 0xfffn ? 1n : 0n);
  const rounded = Math.fround(Number(sticky)) * 4096;
  return value < 0n ? -rounded : rounded;
}

/** An arithmetic operator on two numbers of type `type`; division by zero and impossible shifts are errors. */
export function numberOperator(
  operator: BinaryOperator,
  type: IntegerType | FloatType,
  column: number,
): (a: number, b: number) => number {
  const comparison = compareNumbers(operator);
  if (comparison) return comparison;
  if (type.kind === 'float') return floatOperator(operator, type, column);
  const { signed } = type;
  const wrap = wrapper(4, signed);
  switch (operator) {
    case '+':
      return (a, b) => wrap(a + b);
    case '-':
      return (a, b) => wrap(a - b);
    case '*':
      return (a, b) => wrap(Math.imul(a, b));
    case '/':
      return (a, b) => {
        if (b === 0) throw new PlacedError('division by zero', { column });
        if (a === -0x80000000 && b === -1) throw new PlacedError('the quotient overflows', { column });
        return wrap(Math.trunc(a / b));
      };
    case '%':
      return (a, b) => {
        if (b === 0) throw new PlacedError('division by zero', { column });
        return wrap(a % b);
      };
    case '&':
      return (a, b) => wrap(a & b);
    case '|':
      return (a, b) => wrap(a | b);
    case '^':
      return (a, b) => wrap(a ^ b);
    case '<<':
      return (a, b) => wrap(a << shiftCount(b, 32, column));
    default:
      return signed ? (a, b) => a >> shiftCount(b, 32, column) : (a, b) => a >>> shiftCount(b, 32, column);
  }
}

function floatOperator(operator: BinaryOperator, type: FloatType, column: number): (a: number, b: number) => number {
  const round = type.size === 4 ? Math.fround : (value: number): number => value;
  if (operator === '+') return (a, b) => round(a + b);
  if (operator === '-') return (a, b) => round(a - b);
  if (operator === '*') return (a, b) => round(a * b);
  if (operator === '/') return (a, b) => round(a / b);
  throw new PlacedError(`'${operator}' needs integers`, { column });
}

/** Whether an operator compares. */
export function isComparison(operator: BinaryOperator): boolean {
  return /^(?:[<>]=?|[=!]=)$/.test(operator);
}

function compareNumbers(operator: BinaryOperator): ((a: number, b: number) => number) | undefined {
  switch (operator) {
    case '==':
      return (a, b) => (a === b ? 1 : 0);
    case '!=':
      return (a, b) => (a !== b ? 1 : 0);
    case '<':
      return (a, b) => (a < b ? 1 : 0);
    case '>':
      return (a, b) => (a > b ? 1 : 0);
    case '<=':
      return (a, b) => (a <= b ? 1 : 0);
    case '>=':
      return (a, b) => (a >= b ? 1 : 0);
    default:
      return undefined;
  }
}

/** A comparison of two 64-bit integers; undefined for the other operators. */
export function compareBigints(operator: BinaryOperator): ((a: bigint, b: bigint) => number) | undefined {
  // JavaScript compares bigints by the same operators; only the type system needs to be told.
  return compareNumbers(operator) as ((a: unknown, b: unknown) => number) | undefined;
}

/** An arithmetic operator on two 64-bit integers. A shift's count is converted before. */
export function bigintOperator(
  operator: BinaryOperator,
  type: IntegerType,
  column: number,
): (a: bigint, b: bigint) => bigint {
  const wrap = type.signed
    ? (value: bigint): bigint => BigInt.asIntN(64, value)
    : (value: bigint): bigint => BigInt.asUintN(64, value);
  const divisor = (b: bigint): bigint => {
    if (b === 0n) throw new PlacedError('division by zero', { column });
    return b;
  };
  switch (operator) {
    case '+':
      return (a, b) => wrap(a + b);
    case '-':
      return (a, b) => wrap(a - b);
    case '*':
      return (a, b) => wrap(a * b);
    case '/':
      return (a, b) => {
        const quotient = a / divisor(b);
        if (wrap(quotient) !== quotient) throw new PlacedError('the quotient overflows', { column });
        return quotient;
      };
    case '%':
      return (a, b) => a % divisor(b);
    case '&':
      return (a, b) => wrap(a & b);
    case '|':
      return (a, b) => wrap(a | b);
    case '^':
      return (a, b) => wrap(a ^ b);
    case '<<':
      return (a, b) => wrap(a << BigInt(shiftCount(Number(b), 64, column)));
    default:
      return (a, b) => a >> BigInt(shiftCount(Number(b), 64, column));
  }
}

function shiftCount(count: number, width: number, column: number): number {
  if (count >= 0 && count < width) return count;
  throw new PlacedError(`shifting ${width} bits by ${count} is undefined in C`, { column });
}

/** Negation or complement on the promoted type. */
export function negate(type: IntegerType | FloatType): (value: number | bigint) => number | bigint {
  if (type.kind === 'float') return (value) => -value;
  if (type.size === 8) {
    return type.signed
      ? (value) => BigInt.asIntN(64, -(value as bigint))
      : (value) => BigInt.asUintN(64, -(value as bigint));
  }
  const wrap = wrapper(4, type.signed);
  return (value) => wrap(-(value as number));
}

export function complement(type: IntegerType): (value: number | bigint) => number | bigint {
  if (type.size === 8)
    return type.signed ? (value) => ~(value as bigint) : (value) => BigInt.asUintN(64, ~(value as bigint));
  const wrap = wrapper(4, type.signed);
  return (value) => wrap(~(value as number));
}
