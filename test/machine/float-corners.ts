/**
 * Operands on which one weight decides: a byte alone is not zero, a length is one more or less, a distance is the farthest
 * that counts, a remainder is just zero. Random operands do not meet them.
 */
import type { Opcode } from '../../engine/isa/opcodes.ts';
import type { Operands } from './float-operands.ts';

const power = (exponent: number) => 1n << BigInt(exponent);
const upTo = (count: number, from = 0) => Array.from({ length: count - from }, (_, i) => from + i);

/** Bits of the fraction, and the largest exponent. */
const FORMATS = { 4: [23, 255], 8: [52, 2047] } as const;

type Bytes = 4 | 8;

/** A float with these fields. */
const float = (bytes: Bytes, exponent: number, fraction: bigint, negative = false): bigint =>
  (BigInt(exponent) << BigInt(FORMATS[bytes][0])) | fraction | (negative ? power(8 * bytes - 1) : 0n);

/** Fractions of which one byte is 1, or 3, and the others are 0. */
const lone = (bytes: Bytes) => upTo(bytes - 1).flatMap((k) => [power(8 * k), 3n * power(8 * k)]);

/** Fractions of ones, of each length. */
const ones = (bytes: Bytes) => upTo(FORMATS[bytes][0] + 1, 1).map((k) => power(k) - 1n);

/** Subnormal numbers and NaNs of which one byte alone says that they are no zero, no infinity. */
function classes(bytes: Bytes): bigint[] {
  const most = FORMATS[bytes][1];
  return [...lone(bytes).flatMap((byte) => [byte, float(bytes, most, byte)]), infinity(bytes)];
}

const one = (bytes: Bytes) => float(bytes, (FORMATS[bytes][1] - 1) / 2, 0n);
const infinity = (bytes: Bytes) => float(bytes, FORMATS[bytes][1], 0n);

/** Pairs of each with these, on either side. */
function beside(others: readonly bigint[], values: readonly bigint[]): [bigint, bigint][] {
  return values.flatMap((value) =>
    others.flatMap((other): [bigint, bigint][] => [
      [value, other],
      [other, value],
    ]),
  );
}

/** Pairs that differ in one byte, by one, of every pair of signs; what is beside it makes a borrow reach all bytes. */
function neighbours(bytes: Bytes): [bigint, bigint][] {
  const sign = power(8 * bytes - 1);
  const base = float(bytes, 3, BigInt.asUintN(FORMATS[bytes][0], 0x8080808080808080n));
  return upTo(bytes).flatMap((k) => {
    const other = base + power(8 * k);
    return [0n, sign].flatMap((s): [bigint, bigint][] => [
      [base | s, other | s],
      [other | s, base | s],
      [base | s, other | (s ^ sign)],
      [base | s, base | s],
    ]);
  });
}

/** Pairs at every distance of exponents that counts and a few more, of which the lesser has its first bit and its last. */
function apart(bytes: Bytes): [bigint, bigint][] {
  const far = bytes === 8 ? 62 : 60;
  const great = float(bytes, 100, 0n);
  return upTo(far).flatMap((k): [bigint, bigint][] => {
    const small = float(bytes, 100 - k, 1n, k % 2 === 1);
    return k % 3 === 0 ? [[small, great]] : [[great, small]];
  });
}

/** Numbers to be rounded, of every exponent from below one to where all are integers: no bit, the last one, all. */
function rounds(bytes: Bytes): bigint[] {
  const [fraction, most] = FORMATS[bytes];
  const bias = (most - 1) / 2;
  return upTo(fraction + 14).flatMap((k) =>
    [0n, 1n, power(fraction) - 1n, power(fraction - 1)].map((bits, i) =>
      float(bytes, bias - 11 + k, bits, (k + i) % 2 === 1),
    ),
  );
}

const SCALE_ZERO = 2 ** 14;

/** Significands and scales whose packing is at a limit: exponents at both ends, and what is lost of a bit alone. */
function packs(bytes: Bytes): [number, bigint][] {
  const [fraction, most] = FORMATS[bytes];
  const bias = (most - 1) / 2;
  // The scale with which a significand of this length has this exponent.
  const scale = (exponent: number, length: number) => SCALE_ZERO + exponent - bias + 64 - length;
  const ends = [-75, -64, -60, -fraction - 1, -fraction, -fraction + 1, -30, -2, -1, 0, 1, 2, most - 2, most - 1, most];
  const all = [power(64) - 1n, power(63), power(63) | power(63 - fraction)];
  const atEnds = ends.flatMap((exponent) => all.map((digits): [number, bigint] => [scale(exponent, 64), digits]));
  // Halfway, with and without a bit below; odd and even.
  const half = power(62 - fraction);
  const ties = upTo(63 - fraction).flatMap((k) => [power(k), power(k) + half, power(k) + 3n * half]);
  const lost = [half, 3n * half, ...ties].map((digits): [number, bigint] => [scale(bias, 64), power(63) | digits]);
  const bytewise = upTo(8).map((k): [number, bigint] => [scale(bias, 8 * k + 1), power(8 * k)]);
  const long = upTo(65, 1).map((k): [number, bigint] => [scale(k % 2 ? bias : 1 - (k % 20), k), power(k) - 1n]);
  const special = [0, 1, 2, 3, 4, 5, 8].map((kind): [number, bigint] => [kind * 2 ** 16 + scale(bias, 64), power(63)]);
  return [...atEnds, ...lost, ...bytewise, ...long, ...special];
}

/** Factors of a product of 112 bits of which one low byte alone is not 0 besides the high ones. */
function factors(): [bigint, bigint][] {
  return upTo(48, 6).flatMap((k): [bigint, bigint][] => {
    const low = k >> 1;
    return [[power(55) + power(low), power(55) + power(k - low)]];
  });
}

/** Dividends that leave nothing, or all but one, at one of the four digits of a quotient. */
function multiples(): [bigint, bigint][] {
  const divisors = [power(31) + 1n, 0x9a3c71e5n, power(32) - 3n];
  return divisors.flatMap((divisor) =>
    upTo(4).flatMap((digit) =>
      [0xb7n, 0x5ca1n, 0x7e31d5n, 0x61c8e935n].slice(0, 4 - digit).flatMap((quotient) =>
        [0n, 1n].map((less): [bigint, bigint] => {
          const shift = BigInt(8 * digit);
          const below = less ? power(8 * digit) - 1n : 0x5a5a5an & (power(8 * digit) - 1n);
          return [((quotient * divisor - less) << shift) | below, divisor];
        }),
      ),
    ),
  );
}

/** Rests beside a divisor: of one byte alone, and differing in one. */
function rests(): [bigint, bigint][] {
  const divisor = power(55) + 0x80808080808080n;
  return upTo(8).flatMap((k): [bigint, bigint][] => [
    [power(8 * k), divisor],
    [divisor + power(8 * k), divisor],
    [divisor, divisor + power(8 * k)],
  ]);
}

const wide = (pairs: readonly (readonly bigint[])[]): Operands[] =>
  pairs.map((values) => values.map((value) => [value, true] as const));

/** Those of an instruction. */
export function corners({ name, circuit, variant = '', operand, pops, float: isFloat }: Opcode): Operands[] {
  const bytes: Bytes = operand ?? 4;
  const all = (pairs: readonly (readonly bigint[])[]): Operands[] =>
    pairs.map((values) => values.map((value) => [value, bytes === 8] as const));
  if (circuit === 'pack') {
    return packs(name.startsWith('f64') ? 8 : 4).map(([scale, digits]) => [
      [BigInt(scale), false],
      [digits, true],
    ]);
  }
  if (circuit === 'round') return /trunc|nearest/.test(variant) ? all(rounds(bytes).map((value) => [value])) : [];
  if (isFloat && pops === 1)
    return all([...classes(bytes), ...ones(bytes).flatMap((value) => [value, value + 1n])].map((value) => [value]));
  if (circuit === 'compare' && isFloat) {
    if (variant === 'eq') return all(beside([one(bytes)], classes(bytes)));
    return variant === 'lt' ? all(neighbours(bytes)) : [];
  }
  if (circuit === 'extremum') return all([...neighbours(bytes), ...beside([one(bytes)], classes(bytes))]);
  if (circuit === 'scale' && isFloat) {
    const kinds = [0n, infinity(bytes), infinity(bytes) | power(8 * bytes - 1), one(bytes)];
    const pairs = [...beside(kinds, kinds), ...beside(kinds.slice(0, 2), classes(bytes))];
    if (variant === 'sum') return all([...pairs, ...neighbours(bytes)]);
    return all(variant === 'product' ? [...pairs, ...beside([one(bytes)], ones(bytes))] : pairs);
  }
  if (variant === 'greater' || variant === 'lesser') return all([...apart(bytes), ...neighbours(bytes)]);
  switch (name) {
    case 'significand.product':
      return wide(factors());
    case 'significand.digit':
      return wide(multiples().map(([dividend, divisor]) => [dividend, (divisor - 1n) << 24n]));
    case 'significand.mean':
      return wide(multiples().map(([dividend, divisor]) => [dividend, (divisor - 1n) << 24n]));
    case 'significand.tail':
      return wide(rests());
    default:
      return [];
  }
}
