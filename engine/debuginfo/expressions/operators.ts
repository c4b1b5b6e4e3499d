/**
 * Compiled operators on numbers (C17, section 6.5.3 to 6.5.14): which conversions the operands need, then the operation
 * on what they become.
 */
import { PlacedError } from '../../errors.ts';
import { INT } from '../types/base-types.ts';
import { bare, type FloatType, type IntegerType, spellType } from '../types/types.ts';
import {
  bigintOperator,
  commonType,
  compareBigints,
  complement,
  isArithmetic,
  isComparison,
  negate,
  numberOperator,
  promoted,
  representation,
} from './arithmetic.ts';
import { bigintAs, type Code, type NumberGetter, noValue, numberAs } from './code.ts';
import type { BinaryOperator } from './syntax/tree.ts';

/** `+`, `-` or `~` on a number. */
export function signOperator(operator: '+' | '-' | '~', code: Code, column: number): Code {
  const type = promoted(code.type, code.bits?.width);
  if (!isArithmetic(bare(code.type))) return noValue(code);
  if (operator === '~') {
    if (type.kind === 'float') throw new PlacedError("'~' needs an integer", { column });
    return mapped(code, type, complement(type), column);
  }
  return mapped(code, type, operator === '-' ? negate(type) : (value) => value, column);
}

/** A binary operator on two numbers, with the conversions of C. */
export function arithmetic(operator: BinaryOperator, left: Code, right: Code, column: number): Code {
  const a = bare(left.type);
  const b = bare(right.type);
  if (!isArithmetic(a)) return noValue(left);
  if (!isArithmetic(b)) return noValue(right);
  const promotedLeft = promoted(a, left.bits?.width);
  const promotedRight = promoted(b, right.bits?.width);
  if (a.kind !== 'float' && !representation(a)) return tooWide(left);
  if (b.kind !== 'float' && !representation(b)) return tooWide(right);
  const isShift = operator === '<<' || operator === '>>';
  const type = isShift ? promotedLeft : commonType(promotedLeft, promotedRight);
  if (type.kind === 'float' || promotedRight.kind === 'float') {
    if (/^(?:%|&|\||\^|<<|>>)$/.test(operator)) throw new PlacedError(`'${operator}' needs integers`, { column });
  }
  // The count of a shift keeps its own type: a count of 2^32 in 64 bits must not become 0.
  const rightType = isShift ? promotedRight : type;
  const result = isComparison(operator) ? INT : type;
  if (type.kind === 'integer' && type.size === 8) {
    return bigintBinary(operator, left, right, { type, rightType, result, isShift }, column);
  }
  const x = numberAs(left, type);
  const y =
    rightType.size === 8 && rightType.kind === 'integer' ? countOf(right, rightType) : numberAs(right, rightType);
  const apply = numberOperator(operator, type, column);
  return { type: result, column, number: (state) => apply(x(state), y(state)) };
}

function bigintBinary(
  operator: BinaryOperator,
  left: Code,
  right: Code,
  types: { type: IntegerType; rightType: IntegerType | FloatType; result: IntegerType | FloatType; isShift: boolean },
  column: number,
): Code {
  const { type, result } = types;
  const x = bigintAs(left, type);
  if (types.isShift) {
    const count = countOf(right, types.rightType as IntegerType);
    const apply = bigintOperator(operator, type, column);
    return { type, column, bigint: (state) => apply(x(state), BigInt(count(state))) };
  }
  const y = bigintAs(right, type);
  const compare = compareBigints(operator);
  if (compare) return { type: result, column, number: (state) => compare(x(state), y(state)) };
  const apply = bigintOperator(operator, type, column);
  return { type, column, bigint: (state) => apply(x(state), y(state)) };
}

function mapped(
  code: Code,
  type: IntegerType | FloatType,
  apply: (value: number | bigint) => number | bigint,
  column: number,
): Code {
  if (type.kind === 'integer' && type.size === 8) {
    const value = bigintAs(code, type);
    return { type, column, bigint: (state) => apply(value(state)) as bigint };
  }
  if (!representation(type)) return tooWide(code);
  const value = numberAs(code, type);
  return { type, column, number: (state) => apply(value(state)) as number };
}

/** The count of a shift as a number: large counts stay large (and are then refused). */
function countOf(code: Code, type: IntegerType): NumberGetter {
  if (type.size !== 8) return numberAs(code, type);
  const count = bigintAs(code, type);
  return (state) => Number(count(state));
}

function tooWide(code: Code): never {
  throw new PlacedError(`arithmetic on ${spellType(code.type)} is not evaluated`, { column: code.column });
}
