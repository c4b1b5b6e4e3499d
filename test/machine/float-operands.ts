/** Operands for instructions on floats and for their parts: where rules change, and random ones near them. */
import type { Opcode } from '../../engine/isa/opcodes.ts';
import { random, randomOf } from './against-oracle.ts';

export type Operands = readonly (readonly [value: bigint, wide: boolean])[];

const pick = <T>(from: readonly T[]): T => from[random() % from.length];
const power = (exponent: number) => 1n << BigInt(exponent);

/** Formats by bytes: bits of the fraction, and the largest exponent. */
const FORMATS = { 4: [23, 255], 8: [52, 2047] } as const;

/** Where rules change: zero, subnormal numbers, one and its neighbours, integers, infinity, NaNs. */
export function edges(bytes: 4 | 8): bigint[] {
  const [fraction, most] = FORMATS[bytes];
  const bias = (most - 1) / 2;
  const exponent = (e: number) => BigInt(e) << BigInt(fraction);
  const magnitudes = [
    0n,
    1n,
    exponent(1) - 1n,
    exponent(1),
    exponent(bias - 1),
    exponent(bias - 1) + 1n,
    exponent(bias) - 1n,
    exponent(bias),
    exponent(bias) | (1n << BigInt(fraction - 1)),
    exponent(bias + fraction) + 1n,
    exponent(most) - 1n,
    exponent(most),
    exponent(most) + 1n,
  ];
  return magnitudes.flatMap((magnitude) => [magnitude, magnitude | power(8 * bytes - 1)]);
}

/** Random bits, every other time with an exponent near that of one. */
function float(bytes: 4 | 8): bigint {
  const [fraction, most] = FORMATS[bytes];
  const bits = BigInt.asUintN(8 * bytes, (BigInt(random()) << 32n) | BigInt(random()));
  if (random() & 0x10000) return bits;
  const near = BigInt((most - 1) / 2 + (random() % 64) - 32);
  return (bits & ~(BigInt(most) << BigInt(fraction))) | (near << BigInt(fraction));
}

/** Scales of every class, and of exponents around the limits of the formats. */
function scale(): bigint {
  const exponent = pick([0, 63, -1023, -1074, -1100, 1023, 1087, -127, -149, -170, 127, 191]) + (random() % 64) - 32;
  return BigInt(pick([0, 0, 0, 0, 0x10000, 0x40000, 0x50000]) + 2 ** 14 + exponent) | (BigInt(random() & 1) << 31n);
}

const significand = () =>
  pick([randomOf(true), 0n, 1n, power(63), power(55) - 1n, power(62) + power(9), -1n, float(8)]);

/** Operands that an instruction is made for. */
export function operands({ name, circuit, variant, float: isFloat, operand, pops }: Opcode): Operands {
  const bytes = operand ?? 4;
  const raised = () => (float(8) & (power(52) - 1n) & -8n) * 8n + power(55);
  if (isFloat) return Array.from({ length: pops }, () => [float(bytes), bytes === 8] as const);
  if (circuit === 'pack') {
    return [
      [scale(), false],
      [significand(), true],
    ];
  }
  const wide = (...values: bigint[]): Operands => values.map((value) => [value, true] as const);
  if (name === 'significand.product') return wide(raised(), pick([raised(), power(55), 0n]));
  if (name === 'significand.near_root') return wide(raised() << BigInt(5 + (random() & 1)));
  if (name === 'significand.mean') return wide(raised() << BigInt(5 + (random() & 1)), (raised() >> 26n) << 26n);
  if (name === 'significand.digit')
    return wide(pick([BigInt.asUintN(63, randomOf(true)), 0n]), pick([raised(), raised(), 0n]));
  if (name === 'significand.rest') return wide(randomOf(true), pick([randomOf(true), -1n]), pick([raised(), -1n, 0n]));
  if (variant === 'tail') {
    const g = raised();
    return wide(pick([0n, 1n, g - 1n, g, g + 1n, randomOf(true)]), g);
  }
  return wide(...Array.from({ length: pops }, significand));
}
