/** Arithmetic by chains of division heads: multiplication, division, and any number into its bytes. */
import type { Linear, LinearLike, Neuron, Variable } from '../graph/graph.ts';
import { fetchAt, floorDivide } from '../graph/lookups.ts';
import type { Opcode } from '../isa/opcodes.ts';
import type { FloatContext } from './floats/fields.ts';
import { nearRoot } from './floats/root.ts';
import { sticky } from './floats/rounding.ts';
import { scales } from './floats/scale.ts';

/** Outweighs any column that is taken off: a multiple of 256, with a quotient that the table still has. */
const LIFT = 256 * 2041;
/** Bytes by which a rest is shifted before a product is taken off. */
export const REST_BYTES = 3;

/**
 * `mul`, schoolbook multiplication in base 256, a column a token; of significands, which have seven bytes, all fourteen bytes
 * and then the high eight; and a product that is taken off a number.
 *
 * Operands: the bytes of both values, and the three bytes of the line so far. Result: neurons of the next byte, 0 to 255.
 * Range: a column is at most 8 · 255², its carry below 2^11, the table's size. Depth: columns in layer 4, chosen in layer 5,
 * and made one with what it is taken off in layer 6, divided in layer 7.
 *
 * The carry into a byte is linear in what the line has already put out: two columns and one byte before are enough. What
 * is left out is less than 1/128, which neither the division nor the nearest byte minds.
 */
export function multiplication(context: FloatContext): Neuron[] {
  const { graph: g, features, line, dispatch, stack } = context;
  const columns = Array.from({ length: 13 }, (_, c) =>
    g.sum(
      `column ${c}`,
      Array.from({ length: c + 1 }, (_, k) => k)
        .filter((k) => (c < 8 ? true : k < 7 && c - k < 7))
        .map((k) => g.neuron(stack.second.bytes[k], stack.top.bytes[c - k])),
    ),
  );
  /** 1 in the token of column c, 1/256 in the next, and so on. */
  const share = (c: number) =>
    g.of(...[0, 1, 2].filter((d) => c + d < 14).map((d) => [1 / 256 ** d, line.at[c + d]] as const));
  const isRest = dispatch.is('rest', (row) => row.circuit === 'mul' && row.variant === 'rest');
  const sum = g.sum('column', ...columns.map((value, c) => g.neuron(share(c), value)));
  const total = g.sum(
    'column with carry',
    g.neuron(g.of([1], [-1, isRest]), sum),
    g.neuron(isRest, g.of([LIFT], [1, dividedBytes(context)], [-1, sum])),
    g.neuron(1, features.byte, -1 / 256),
  );
  const carry = floorDivide(g, 'carry of product', features.table, total, 256);
  const byte = g.of([1, total], [-256, carry]);
  const isMul = dispatch.is('mul', (row) => row.circuit === 'mul');
  const isHigh = dispatch.is('product of significands', (row) => row.circuit === 'mul' && row.variant === 'high');
  return [g.neuron(isMul, byte), ...sticky(context, isHigh, byte)];
}

/**
 * Of the number below the two topmost, shifted: the byte that belongs to a column, and its shares of the two columns before, as
 * a column has them. Operands: the line's bytes so far. Depth: one head behind the stack's, layer 4.
 */
function dividedBytes({ graph: g, features, line, stack }: FloatContext): Linear {
  const { top } = stack;
  // Without a divisor nothing is left either: what is left must not grow.
  const divides = g.sum('divisor is there', g.step(g.of([-1], ...top.bytes.map((byte) => [1, byte] as const))));
  const shares = [0, 1, 2].map((back) => {
    const at = g.of([1, stack.third.position], [-8 - REST_BYTES - back], [1, line.index]);
    const { byte } = fetchAt(g, `byte ${back} before, of third of stack`, at, { byte: features.byte });
    // Below the number there is nothing.
    const isThere = g.of([1, line.atLeast[REST_BYTES + back]], [1, divides], [-1]);
    return g.sum(`share of byte ${back} before`, g.neuron(isThere, byte, 1 / 256 ** back));
  });
  return g.of(...shares.map((each) => [1, each] as const));
}

/** A digit of a quotient of significands; a mean with one. */
const isDigit = (row: Opcode) => row.circuit === 'div' && ['digit', 'mean'].includes(row.variant ?? '');

/** Which division is executed, and the signs of what comes out: flags, 0 or 1. */
function divisionKind({ graph: g, dispatch, stack }: FloatContext) {
  const { top, second } = stack;
  const isEither = dispatch.is('division', (row) => (row.circuit === 'div' && !isDigit(row)) || row.circuit === 'rem');
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
    isDigit: dispatch.is('digit', isDigit),
    isMean: dispatch.is('mean', (row) => row.circuit === 'div' && row.variant === 'mean'),
    negativeQuotient,
    positiveQuotient: g.of([1, isDiv], [-1, negativeQuotient]),
    negativeRemainder,
    positiveRemainder: g.of([1, isRem], [-1, negativeRemainder]),
  };
}

/**
 * `div`, `rem` and `divlu`: long division in base 256, its four digits one after the other, in every token of the line; and
 * the numbers (quotient, remainder, the jump of a `return`, a float's scale) that are put out byte by byte.
 *
 * Operands: the two topmost values as words, with signs; of the long form also the third, a remainder to start from; for the
 * digit of a quotient of significands, of eight bytes, the high word to start from, and 32 leading bits of a divisor. Result:
 * neurons of the next byte, 0 to 255; `byZero` and `overflows`, 1 or more where it traps. Range: divisors below 2^32, a
 * remainder always below its divisor. Depth: a digit a layer, layers 4 to 7, the number in layer 8, its bytes in layers 9 to
 * 11. That a head finds a digit without estimating it is `floorDivide`'s doing.
 */
export function division(context: FloatContext) {
  const { graph: g, dispatch, counters, stack } = context;
  const { top, second, third } = stack;
  const kind = divisionKind(context);
  const { isEither, isSigned, isDivSigned } = kind;
  const leadingBytes = [top.earlier[3], ...top.narrow.slice(0, 3)];
  const leading = g.of(...leadingBytes.map((byte, k) => [256 ** k, byte] as const));
  const divisor = g.sum(
    'divisor',
    g.neuron(isEither, top.word),
    g.neuron(kind.isDigit, g.of([1, leading], [1])),
    // Where there is nothing to divide by, a quotient is of no use, but finite.
    g.neuron(g.of([1, kind.isDigit], ...leadingBytes.map((byte) => [-1, byte] as const)), 2 ** 31),
    g.neuron(g.of([1, top.word], [-(2 ** 32)], [2 ** 31, isSigned]), 1, -2),
  );
  const isNegative = g.of([1, isSigned], [1, second.sign], [-1]);
  const magnitude = magnitudeBytes(context, 'dividend', second.narrow, isEither, isNegative);
  const dividend = magnitude.map((byte, k) =>
    g.of([1, byte], [1, g.sum(`low byte ${k} of dividend`, g.neuron(kind.isDigit, second.earlier[k]))]),
  );
  const start = g.sum(
    'remainder to start from',
    g.neuron(kind.isLong, third.word),
    g.neuron(kind.isDigit, second.word),
  );
  const { quotient, rest } = longDivision(context, start, dividend, divisor);

  const scale = scales(context);
  const near = nearRoot(context);
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
    scale.number,
    g.neuron(kind.isMean, leading, 1 / 4),
    near.number,
  );
  g.bounded(number, 0, 2 ** 32, 'it is reckoned modulo 2^32, but for 2^32 - 0');
  return {
    byZero: g.sum('divides by zero', g.neuron(g.of([1, isEither], [-1, top.anyOfFour]), 1)),
    // Both terms are at most 0, and 0 only for -2^31 (whose magnitude alone has 128 as its high byte) and -1.
    overflows: g.sum('overflows', g.reluIf(isDivSigned, g.of([1, magnitude[3]], [-128], [1, top.word], [2 - 2 ** 32]))),
    result: numberBytes(
      context,
      number,
      g.of([1, isEither], [1, kind.isDigit], [1, isReturn], [1, scale.isScale]),
      near.isRoot,
    ),
  };
}

/** Four digits of a quotient, the high one first, and what is left. */
function longDivision(
  { graph: g, features }: FloatContext,
  start: Variable,
  dividend: readonly Linear[],
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
 * A number as its bytes: neurons of the byte that comes next, where `isNumber` is 1; three bytes higher, where `isRaised` is.
 *
 * Operands: an integer from 0 to 2^32, which means 0. Depth: three heads, one after the other.
 */
function numberBytes(
  { graph: g, features, line }: FloatContext,
  number: Variable,
  isNumber: Linear,
  isRaised: Variable,
): Neuron[] {
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
    ...bytes.map((byte, k) => g.neuron(g.of([1, line.at[k + 3]], [1, isRaised], [-1]), byte)),
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
  { graph: g }: FloatContext,
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
