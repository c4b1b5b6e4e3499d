/** Arithmetic by chains of division heads: multiplication, shifts, division, and any number into its bytes. */
import type { Linear, LinearLike, Neuron, Variable } from '../graph/graph.ts';
import { fetchAt, floorDivide, tableAt } from '../graph/lookups.ts';
import type { CircuitContext } from './ending.ts';
import { BYTES } from './line.ts';

/**
 * `mul`, schoolbook multiplication in base 256, a column a token.
 *
 * Operands: the bytes of both values, and the three bytes of the line so far. Result: neurons of the next byte, 0 to 255.
 * Range: a column is at most 8 · 255², its carry below 2^11, the table's size. Depth: columns in layer 4, chosen in layer 5,
 * divided in layer 6.
 *
 * The carry into a byte is linear in what the line has already put out: two columns and one byte before are enough. What
 * is left out is less than 1/128, which neither the division nor the nearest byte minds.
 */
export function multiplication({ graph: g, features, line, dispatch, stack }: CircuitContext): Neuron[] {
  const column = BYTES.map((c) =>
    g.sum(
      `column ${c}`,
      Array.from({ length: c + 1 }, (_, k) => g.neuron(stack.second.bytes[k], stack.top.bytes[c - k])),
    ),
  );
  /** 1 in the token of column c, 1/256 in the next, and so on. */
  const share = (c: number) =>
    g.of(
      [1, line.at[c]],
      ...(c < 7 ? [[1 / 256, line.at[c + 1]] as const] : []),
      ...(c < 6 ? [[1 / 256 ** 2, line.at[c + 2]] as const] : []),
    );
  const total = g.sum(
    'column with carry',
    ...column.map((value, c) => g.neuron(share(c), value)),
    g.neuron(1, features.byte, -1 / 256),
  );
  const carry = floorDivide(g, 'carry of product', features.table, total, 256);
  const isMul = dispatch.is('mul', (row) => row.circuit === 'mul');
  return [g.neuron(isMul, g.of([1, total], [-256, carry]))];
}

/**
 * Shifts and rotations. Every one is to the left: a right shift by s of n bits is one by n - s that reads n bits higher.
 *
 * Operands: the low byte of the stack's top, which says how far; the bytes of the value below. Result: neurons of the next
 * byte, 0 to 255. Depth: how far in layer 4, two neighbouring bytes in layer 5, divided in layer 6: a byte of the result is
 * the low part of one, times a power of two, and the high part of the one below.
 */
export function shifting(context: CircuitContext): Neuron[] {
  const { graph: g, features, dispatch, stack } = context;
  const isRight = dispatch.is('right shift', (row) => row.variant === 'right');
  const isEither = dispatch.is('shift or rotation', (row) => row.circuit === 'shift' || row.circuit === 'rotate');
  const isWide = dispatch.is(
    'shift of eight bytes',
    (row) => row.operand === 8 && ['shift', 'rotate'].includes(row.circuit),
  );
  const index = g.of([1, stack.top.bytes[0]], [256, isRight], [512, isWide]);
  const by = tableAt(g, 'shift amount', features.table, index, {
    factor: features.shiftFactor,
    offset: features.shiftOffset,
  });
  const upper = shiftedByte(context, 'upper byte of shift', by, isWide, 0);
  const lower = shiftedByte(context, 'lower byte of shift', by, isWide, 1);
  const over = floorDivide(g, 'bits shifted out', features.table, upper, 256);
  const into = floorDivide(g, 'bits shifted in', features.table, lower, 256);
  return [g.neuron(isEither, g.of([1, upper], [-256, over], [1, into]))];
}

/** A byte of the value that is shifted, `back` below the one that the shift reads first, times the power of two. */
function shiftedByte(
  { graph: g, features, line, dispatch, stack }: CircuitContext,
  name: string,
  by: { readonly factor: Variable; readonly offset: Variable },
  isWide: Variable,
  back: number,
): Variable {
  const isShift = dispatch.is('shift', (row) => row.circuit === 'shift');
  const isSigned = dispatch.is('signed shift', (row) => row.circuit === 'shift' && row.signed === true);
  const at = g.of([1, line.index], [1, by.offset], [-back]);
  // At 0 or more where the byte lies below the value, or above it.
  const low = g.of([-1, at], [-1]);
  const high = g.of([1, at], [-4], [-4, isWide]);
  const wrap = g.sum(
    `${name} wraps`,
    g.step(low, 4),
    g.stepIf(isWide, low, 4),
    g.step(high, -4),
    g.stepIf(isWide, high, -4),
  );
  const gone = g.sum(
    `${name} is outside`,
    g.reluIf(isShift, g.of([1, low], [1])),
    g.reluIf(isShift, g.of([1, high], [1])),
  );
  const fill = g.sum(`${name} is sign`, g.stepIf(g.of([1, isSigned], [1, stack.second.sign], [-1]), high));
  const position = g.of([1, stack.second.position], [-4], [-4, isWide], [1, at], [1, wrap]);
  const byte = fetchAt(g, name, position, { byte: features.byte }).byte;
  return g.sum(`${name}, shifted`, g.neuron(g.of([1, byte], [-256, gone]), by.factor), g.neuron(fill, by.factor, 255));
}

/** Which division is executed, and the signs of what comes out: flags, 0 or 1. */
function divisionKind({ graph: g, dispatch, stack }: CircuitContext) {
  const { top, second } = stack;
  const isEither = dispatch.is('division', (row) => row.circuit === 'div' || row.circuit === 'rem');
  const isSigned = dispatch.is(
    'signed division',
    (row) => (row.circuit === 'div' || row.circuit === 'rem') && row.signed === true,
  );
  const isDiv = dispatch.is('quotient', (row) => row.circuit === 'div');
  const isDivSigned = dispatch.is('signed quotient', (row) => row.circuit === 'div' && row.signed === true);
  const isRem = dispatch.is('remainder', (row) => row.circuit === 'rem');
  const isRemSigned = dispatch.is('signed remainder', (row) => row.circuit === 'rem' && row.signed === true);
  const isLong = dispatch.is('long division', (row) => row.circuit === 'div' && row.variant === 'long');
  const negativeQuotient = g.sum(
    'quotient is negative',
    g.neuron(g.of([1, isDivSigned], [1, second.sign], [-1, top.sign], [-1]), 1),
    g.neuron(g.of([1, isDivSigned], [1, top.sign], [-1, second.sign], [-1]), 1),
  );
  const negativeRemainder = g.sum('remainder is negative', g.neuron(g.of([1, isRemSigned], [1, second.sign], [-1]), 1));
  return {
    isEither,
    isSigned,
    isDivSigned,
    isLong,
    negativeQuotient,
    positiveQuotient: g.of([1, isDiv], [-1, negativeQuotient]),
    negativeRemainder,
    positiveRemainder: g.of([1, isRem], [-1, negativeRemainder]),
  };
}

/**
 * `div`, `rem` and `divlu`: long division in base 256, its four digits one after the other, in every token of the line; and
 * the numbers (quotient, remainder, the jump of a `return`) that are put out byte by byte.
 *
 * Operands: the two topmost values as words, with signs; of the long form also the third, a remainder to start from. Result:
 * neurons of the next byte, 0 to 255; `byZero` and `overflows`, 1 or more where it traps. Range: divisors below 2^32, a
 * remainder always below its divisor. Depth: a digit a layer, layers 4 to 7, the number in layer 8, its bytes in layers 9 to
 * 11. That a head finds a digit without estimating it is `floorDivide`'s doing.
 */
export function division(context: CircuitContext) {
  const { graph: g, dispatch, counters, stack } = context;
  const { top, second, third } = stack;
  const kind = divisionKind(context);
  const { isEither, isSigned, isDivSigned } = kind;
  const divisor = g.sum(
    'divisor',
    g.neuron(isEither, top.word),
    g.neuron(g.of([1, top.word], [-(2 ** 32)], [2 ** 31, isSigned]), 1, -2),
  );
  const isNegative = g.of([1, isSigned], [1, second.sign], [-1]);
  const dividend = magnitudeBytes(context, 'dividend', second.narrow, isEither, isNegative);
  const start = g.sum('remainder to start from', g.neuron(kind.isLong, third.word));
  const { quotient, rest } = longDivision(context, start, dividend, divisor);

  const isReturn = dispatch.is('return', (row) => row.circuit === 'return');
  const back = g.of([1, stack.frame.returnTo], [-1, counters.cursor.value], [-1]);
  const isBackwards = g.sum('returns backwards', g.stepIf(isReturn, g.of([-1, back], [-1])));
  const number = g.sum(
    'number put out',
    g.neuron(kind.positiveQuotient, quotient),
    g.neuron(kind.negativeQuotient, g.of([2 ** 32], [-1, quotient])),
    g.neuron(kind.positiveRemainder, rest),
    g.neuron(kind.negativeRemainder, g.of([2 ** 32], [-1, rest])),
    g.neuron(isReturn, back),
    g.neuron(isBackwards, 2 ** 32),
  );
  g.bounded(number, 0, 2 ** 32, 'it is reckoned modulo 2^32, but for 2^32 - 0');
  return {
    byZero: g.sum('divides by zero', g.neuron(g.of([1, isEither], [-1, top.anyOfFour]), 1)),
    // Both terms are at most 0, and 0 only for -2^31 (whose magnitude alone has 128 as its high byte) and -1.
    overflows: g.sum('overflows', g.reluIf(isDivSigned, g.of([1, dividend[3]], [-128], [1, top.word], [2 - 2 ** 32]))),
    result: numberBytes(context, number, g.of([1, isEither], [1, isReturn])),
  };
}

/** Four digits of a quotient, the high one first, and what is left. */
function longDivision(
  { graph: g, features }: CircuitContext,
  start: Variable,
  dividend: readonly Variable[],
  divisor: Variable,
): { quotient: Linear; rest: Variable } {
  let rest = start;
  const digits: Variable[] = [];
  for (const k of [3, 2, 1, 0]) {
    const next = g.of([256, rest], [1, dividend[k]]);
    digits[k] = floorDivide(g, `quotient digit ${k}`, features.byteTable, next, divisor);
    // A variable of its own: as a sum of all products so far, its terms would reach 2^64 and leave a small rest.
    rest = g.sum(`remainder after digit ${k}`, g.neuron(1, next), g.neuron(digits[k], divisor, -1));
    g.bounded(rest, 0, 2 ** 32 - 1, 'a remainder is below its divisor; without one it is the digits so far');
  }
  return { quotient: g.of(...digits.map((digit, k) => [256 ** k, digit] as const)), rest };
}

/**
 * A number as its bytes: neurons of the byte that comes next, where `isNumber` is 1.
 *
 * Operands: an integer from 0 to 2^32, which means 0. Depth: three heads, one after the other.
 */
function numberBytes({ graph: g, features, line }: CircuitContext, number: Variable, isNumber: Linear): Neuron[] {
  let below: LinearLike = number;
  const bytes: LinearLike[] = [];
  for (const k of [3, 2, 1]) {
    const byte = floorDivide(g, `byte ${k} of number`, features.table, below, 256 ** k);
    below = g.of([1, below], [-(256 ** k), byte]);
    g.bounded(below, 0, 256 ** k - 1, 'what a division leaves is below the divisor');
    bytes[k] = byte;
  }
  bytes[0] = below;
  const chosen = (k: number) => g.of([1, line.at[k]], [1, isNumber], [-1]);
  return [
    ...bytes.map((byte, k) => g.neuron(chosen(k), byte)),
    // 2^32 - 0 is 0.
    g.neuron(g.of([1, bytes[3]], [-256], [1, chosen(3)]), -256),
  ];
}

/**
 * Bytes of the magnitude of a number of four bytes, where `flag` is 1; `negative` is 1 where it is below zero. Minus
 * x is the complement of x plus one, and the one carries on through the low bytes that are 0.
 *
 * Operands: bytes, 0 to 255. Result: bytes, 0 to 255; 0 where the flag is. Depth: a layer of neurons.
 */
function magnitudeBytes(
  { graph: g }: CircuitContext,
  name: string,
  bytes: readonly LinearLike[],
  flag: LinearLike,
  negative: LinearLike,
): Variable[] {
  /** 1 where the number is negative and its bytes below byte k are all 0: the carry into byte k. */
  const carry = (k: number, coefficient: number) =>
    g.neuron(g.of([1, negative], ...bytes.slice(0, k).map((byte) => [-1, byte] as const)), 1, coefficient);
  return bytes.map((byte, k) =>
    g.sum(
      `${name}: byte ${k}`,
      g.neuron(flag, byte),
      g.neuron(negative, g.of([255], [-2, byte])),
      carry(k, 1),
      // Below zero, the highest byte is not 0: nothing is carried out of it.
      ...(k < bytes.length - 1 ? [carry(k + 1, -256)] : []),
    ),
  );
}
