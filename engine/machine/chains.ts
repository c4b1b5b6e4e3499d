/** Arithmetic by chains of division heads: multiplication, shifts, division, and any number into its bytes. */
import type { Graph, LinearLike, Neuron } from '../graph/graph.ts';
import { fetchAt } from '../graph/lookups.ts';
import type { Dispatch } from './dispatch.ts';
import { BYTES, type Line } from './line.ts';
import type { Stack } from './storage.ts';
import { floorDivide, type TokenFeatures, tableAt } from './tokens.ts';

/**
 * The carry into a byte is linear in what the line has already put out: two columns and one byte before are enough. What
 * is left out is less than 1/128, which neither the division nor the nearest byte minds.
 */
export function multiplication(g: Graph, f: TokenFeatures, line: Line, d: Dispatch, s: Stack): Neuron[] {
  const column = BYTES.map((c) =>
    g.sum(
      `column ${c}`,
      Array.from({ length: c + 1 }, (_, k) => g.neuron(s.second.bytes[k], s.top.bytes[c - k])),
    ),
  );
  const total = g.sum(
    'column with carry',
    ...column.map((value, c) =>
      g.neuron(
        g.of(
          [1, line.at[c]],
          ...(c < 7 ? [[1 / 256, line.at[c + 1]] as const] : []),
          ...(c < 6 ? [[1 / 65536, line.at[c + 2]] as const] : []),
        ),
        value,
      ),
    ),
    g.neuron(1, f.byte, -1 / 256),
  );
  const carry = floorDivide(g, f, 'carry of product', total, 256);
  return [
    g.neuron(
      d.is('mul', (row) => row.circuit === 'mul'),
      g.of([1, total], [-256, carry]),
    ),
  ];
}

/** Every shift is one to the left; a right shift by s of n bits is one by n - s that reads n bits higher. */
export function shifting(g: Graph, f: TokenFeatures, line: Line, d: Dispatch, s: Stack): Neuron[] {
  const isRight = d.is('right shift', (row) => row.variant === 'right');
  const isShift = d.is('shift', (row) => row.circuit === 'shift');
  const isEither = d.is('shift or rotation', (row) => row.circuit === 'shift' || row.circuit === 'rotate');
  const isSigned = d.is('signed shift', (row) => row.circuit === 'shift' && row.signed === true);
  const isWide = d.is('shift of eight bytes', (row) => row.operand === 8 && ['shift', 'rotate'].includes(row.circuit));
  const table = tableAt(g, f, 'shift amount', g.of([1, s.top.bytes[0]], [256, isRight], [512, isWide]), {
    factor: f.shiftFactor,
    offset: f.shiftOffset,
  });
  const part = (name: string, back: number) => {
    const at = g.of([1, line.index], [1, table.offset], [-back]);
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
    const fill = g.sum(`${name} is sign`, g.stepIf(g.of([1, isSigned], [1, s.second.sign], [-1]), high));
    const byte = fetchAt(g, name, g.of([1, s.second.position], [-4], [-4, isWide], [1, at], [1, wrap]), {
      byte: f.byte,
    }).byte;
    return g.sum(
      `${name}, shifted`,
      g.neuron(g.of([1, byte], [-256, gone]), table.factor),
      g.neuron(fill, table.factor, 255),
    );
  };
  const upper = part('upper byte of shift', 0);
  const lower = part('lower byte of shift', 1);
  const over = floorDivide(g, f, 'bits shifted out', upper, 256);
  const into = floorDivide(g, f, 'bits shifted in', lower, 256);
  return [g.neuron(isEither, g.of([1, upper], [-256, over], [1, into]))];
}

/**
 * Division, and the numbers (quotient, remainder, return jump) that are put out byte by byte.
 *
 * Long division in base 256, the four digits one after the other; the long form starts from a remainder instead of 0.
 */
export function division(g: Graph, f: TokenFeatures, line: Line, d: Dispatch, s: Stack) {
  const isEither = d.is('division', (row) => row.circuit === 'div' || row.circuit === 'rem');
  const isSigned = d.is(
    'signed division',
    (row) => (row.circuit === 'div' || row.circuit === 'rem') && row.signed === true,
  );
  const isDiv = d.is('quotient', (row) => row.circuit === 'div');
  const isDivSigned = d.is('signed quotient', (row) => row.circuit === 'div' && row.signed === true);
  const isRem = d.is('remainder', (row) => row.circuit === 'rem');
  const isRemSigned = d.is('signed remainder', (row) => row.circuit === 'rem' && row.signed === true);
  const isLong = d.is('long division', (row) => row.circuit === 'div' && row.variant === 'long');
  const negativeQuotient = g.sum(
    'quotient is negative',
    g.neuron(g.of([1, isDivSigned], [1, s.second.sign], [-1, s.top.sign], [-1]), 1),
    g.neuron(g.of([1, isDivSigned], [1, s.top.sign], [-1, s.second.sign], [-1]), 1),
  );
  const negativeRemainder = g.sum(
    'remainder is negative',
    g.neuron(g.of([1, isRemSigned], [1, s.second.sign], [-1]), 1),
  );
  const positiveQuotient = g.of([1, isDiv], [-1, negativeQuotient]);
  const positiveRemainder = g.of([1, isRem], [-1, negativeRemainder]);

  const divisor = g.sum(
    'divisor',
    g.neuron(isEither, s.top.word),
    g.neuron(g.of([1, s.top.word], [-(2 ** 32)], [2 ** 31, isSigned]), 1, -2),
  );
  const dividend = magnitudeBytes(
    g,
    'dividend',
    s.second.narrow,
    isEither,
    g.of([1, isSigned], [1, s.second.sign], [-1]),
  );
  let rest = g.linear(g.sum('remainder to start from', g.neuron(isLong, s.third.word)));
  const digits: ReturnType<typeof floorDivide>[] = [];
  for (const k of [3, 2, 1, 0]) {
    const next = g.of([256, rest], [1, dividend[k]]);
    digits[k] = floorDivide(g, f, `quotient digit ${k}`, next, divisor, 'byte');
    // A variable of its own: as a sum of all products so far, its terms would reach 2^64 and leave a small rest.
    rest = g.linear(g.sum(`remainder after digit ${k}`, g.neuron(1, next), g.neuron(digits[k], divisor, -1)));
  }
  const quotient = g.of(...digits.map((digit, k) => [256 ** k, digit] as const));

  const isReturn = d.is('return', (row) => row.circuit === 'return');
  const back = g.of([1, s.frame.returnTo], [-1, line.cursor.value], [-1]);
  const isBackwards = g.sum('returns backwards', g.stepIf(isReturn, g.of([-1, back], [-1])));
  const number = g.sum(
    'number put out',
    g.neuron(positiveQuotient, quotient),
    g.neuron(negativeQuotient, g.of([2 ** 32], [-1, quotient])),
    g.neuron(positiveRemainder, rest),
    g.neuron(negativeRemainder, g.of([2 ** 32], [-1, rest])),
    g.neuron(isReturn, back),
    g.neuron(isBackwards, 2 ** 32),
  );
  const isNumber = g.of([1, isEither], [1, isReturn]);
  const n3 = floorDivide(g, f, 'byte 3 of number', number, 2 ** 24);
  const below3 = g.of([1, number], [-(2 ** 24), n3]);
  const n2 = floorDivide(g, f, 'byte 2 of number', below3, 2 ** 16);
  const below2 = g.of([1, below3], [-(2 ** 16), n2]);
  const n1 = floorDivide(g, f, 'byte 1 of number', below2, 2 ** 8);
  const n0 = g.of([1, below2], [-256, n1]);
  const chosen = (k: number) => g.of([1, line.at[k]], [1, isNumber], [-1]);
  return {
    byZero: g.sum('divides by zero', g.neuron(g.of([1, isEither], [-1, s.top.anyOfFour]), 1)),
    // Both terms are at most 0, and 0 only for -2^31 (whose magnitude alone has 128 as its high byte) and -1.
    overflows: g.sum(
      'overflows',
      g.reluIf(isDivSigned, g.of([1, dividend[3]], [-128], [1, s.top.word], [2 - 2 ** 32])),
    ),
    result: [
      ...[n0, n1, n2, n3].map((byte, k) => g.neuron(chosen(k), byte)),
      // 2^32 - 0 is 0.
      g.neuron(g.of([1, n3], [-256], [1, chosen(3)]), -256),
    ],
  };
}

/**
 * Bytes of the magnitude of a number of four bytes, where `flag` is 1; `negative` is 1 where it is below zero. Minus
 * x is the complement of x plus one, and the one carries on through the low bytes that are 0.
 */
function magnitudeBytes(g: Graph, name: string, bytes: readonly LinearLike[], flag: LinearLike, negative: LinearLike) {
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
