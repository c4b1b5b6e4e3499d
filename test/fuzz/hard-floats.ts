/**
 * Operands of operators on floats where a result is hard to get right: halfway between two floats or next to it, subnormal,
 * at the edge of infinity, cancelled to its last bits, a limit of integers, zeros of both signs, NaNs of every payload.
 */
import { EDGES, Operands } from '../toolchain/float-cases.ts';
import type { Operator } from '../toolchain/operators.ts';
import { Random } from './random.ts';

/** A format of floats: bytes, bits of the fraction, and the largest exponent. */
interface Format {
  readonly type: string;
  readonly fraction: number;
  readonly most: number;
}

const F32: Format = { type: 'f32', fraction: 23, most: 255 };
const F64: Format = { type: 'f64', fraction: 52, most: 2047 };
const formatOf = (type: string) => (type === 'f32' ? F32 : F64);

const power = (exponent: number) => 1n << BigInt(exponent);
const lengthOf = (n: bigint) => n.toString(2).length;

/** Exponent of the last bit of a subnormal number. */
const finest = ({ fraction, most }: Format) => 1 - (most - 1) / 2 - fraction;

/** Bits of the float nearest to n·2^exponent, ties to even; n is not negative. */
export function nearest(format: Format, n: bigint, exponent: number): bigint {
  if (n === 0n) return 0n;
  const { fraction, most } = format;
  const unit = Math.max(exponent + lengthOf(n) - fraction - 1, finest(format));
  const lost = unit - exponent;
  let digits = lost > 0 ? n >> BigInt(lost) : n << BigInt(-lost);
  if (lost > 0) {
    const rest = n - (digits << BigInt(lost));
    const half = power(lost - 1);
    if (rest > half || (rest === half && digits & 1n)) digits++;
  }
  // The leading bit of a normal number counts as one in its exponent.
  const bits = (BigInt(unit - finest(format)) << BigInt(fraction)) + digits;
  const infinity = BigInt(most) << BigInt(fraction);
  return bits > infinity ? infinity : bits;
}

/** A magnitude with a sign, as an operand is given: a number of four bytes, a bigint of eight. */
function signed({ type }: Format, bits: bigint, negative: boolean): number | bigint {
  const width = type === 'f32' ? 32 : 64;
  const magnitude = BigInt.asUintN(width - 1, bits);
  const all = negative ? magnitude | power(width - 1) : magnitude;
  return width === 32 ? Number(BigInt.asIntN(32, all)) : BigInt.asIntN(64, all);
}

/** Makes operands. The same seed makes the same. */
export class HardOperands {
  private readonly random: Random;
  private readonly plain: Operands;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.plain = new Operands(seed);
  }

  /** Operands for an operator: every other time hard ones, else edges or random ones. */
  of({ name, params }: Operator): (number | bigint)[] {
    const { random } = this;
    const some = (type: string) => (random.once(3) ? random.pick(EDGES[type]) : this.plain.next(type));
    if (random.once(2)) return params.map(some);
    const [type, base] = [params[0], name.split('.')[1]];
    if (type[0] === 'i') return [this.integerBesideTie(type, formatOf(name.slice(0, 3)))];
    const format = formatOf(type);
    const made = this.hard(base, format).slice(0, params.length);
    // A root of what is negative is no number.
    return made.map((bits) => signed(format, bits, random.once(base === 'sqrt' ? 8 : 2)));
  }

  /** Magnitudes of two operands. */
  private hard(base: string, format: Format): [bigint, bigint] {
    const { random } = this;
    switch (base) {
      case 'mul':
        return this.product(format);
      case 'div':
        return this.quotient(format);
      case 'add':
      case 'sub':
        return this.terms(format);
      case 'sqrt':
        return [this.square(format), 0n];
      case 'demote_f64':
        return [this.besideTie(format, F32), 0n];
    }
    if (/^trunc_/.test(base)) return [this.limit(format), 0n];
    if (/^(ceil|floor|trunc|nearest)$/.test(base)) return [this.half(format), 0n];
    const a = this.anything(format);
    return [a, random.once(4) ? this.anything(format) : this.near(a)];
  }

  private bits(count: number): bigint {
    const { random } = this;
    return BigInt.asUintN(count, (BigInt(random.word()) << 32n) | BigInt(random.word() >>> 0));
  }

  /** A number of so many bits, the first and the last of which are ones. */
  private odd(count: number): bigint {
    return this.bits(count) | power(count - 1) | 1n;
  }

  /** A few more or less. */
  private near(bits: bigint): bigint {
    const moved = bits + BigInt(this.random.below(5) - 2);
    return moved < 0n ? bits : moved;
  }

  /** A magnitude of any class. */
  private anything({ fraction, most }: Format): bigint {
    const { random } = this;
    const exponent = random.pick([0, 0, 1, most - 1, most, most, random.below(most + 1)]);
    return (BigInt(exponent) << BigInt(fraction)) | random.pick([0n, 1n, this.bits(fraction)]);
  }

  /** Exponent of a result's leading bit: ordinary, subnormal or just above, or at the edge of infinity. */
  private target(format: Format): number {
    const { random } = this;
    const [low, high] = [finest(format), (format.most - 1) / 2];
    switch (random.below(4)) {
      case 0:
        return low - 2 + random.below(format.fraction + 4);
      case 1:
        return high - 1 + random.below(3);
      default:
        return random.below(64) - 32;
    }
  }

  /** What lies halfway between two floats whose leading bit has this exponent: digits, and the exponent of the last. */
  private tie(format: Format, leading: number): [bigint, number] {
    const count = Math.max(1, Math.min(format.fraction + 1, leading - finest(format) + 1));
    return [this.odd(count + 1), leading - count];
  }

  /** Two factors of what is halfway exactly, or of what is as near to it as two floats come. */
  private product(format: Format): [bigint, bigint] {
    const { random } = this;
    const leading = this.target(format);
    // Half of the exponent each, give or take some, so that both are normal.
    const of = Math.floor(leading / 2) + random.below(9) - 4;
    if (random.once(2)) {
      const count = 2 + random.below(format.fraction - 1);
      const [a, b] = [this.odd(count), this.odd(format.fraction + 2 - count)];
      return [nearest(format, a, of - lengthOf(a)), nearest(format, b, leading - of - lengthOf(b) + 2)];
    }
    const [digits, last] = this.tie(format, leading);
    const a = this.odd(format.fraction + 1);
    const b = (digits << 128n) / a;
    return [this.near(nearest(format, a, of)), this.near(nearest(format, b, last - of - 128))];
  }

  /** A dividend that is a divisor times what is halfway, rounded. */
  private quotient(format: Format): [bigint, bigint] {
    const leading = this.target(format);
    const [digits, last] = this.tie(format, leading);
    const b = this.odd(1 + this.random.below(format.fraction + 1));
    const of = -Math.floor(leading / 2) - lengthOf(b);
    return [this.near(nearest(format, digits * b, last + of)), nearest(format, b, of)];
  }

  /** Two terms: nearly the same, or the second about half of the last place of the first. */
  private terms(format: Format): [bigint, bigint] {
    const { random } = this;
    const leading = this.target(format);
    const a = nearest(format, this.odd(format.fraction + 1), leading - format.fraction);
    if (random.once(2)) return [a, this.near(a)];
    const count = 1 + random.below(format.fraction + 1);
    const b = random.pick([power(count - 1), power(count) - 1n, power(count - 1) + 1n, this.odd(count)]);
    const shift = random.pick([1, 1, 2, random.below(format.fraction + 4)]);
    return [a, nearest(format, b, leading - format.fraction - count - shift + 1)];
  }

  /** The square of a float, or of what is halfway between two. */
  private square(format: Format): bigint {
    const { random } = this;
    if (random.once(8)) return this.anything(format);
    const root = this.odd(random.pick([format.fraction + 2, format.fraction + 1, 1 + random.below(format.fraction)]));
    const even = 2 * Math.floor(this.target(format) / 2);
    return this.near(nearest(format, root * root, even - 2 * lengthOf(root)));
  }

  /** An integer and a half, or next to it. */
  private half(format: Format): bigint {
    const n = 2n * this.bits(1 + this.random.below(format.fraction)) + BigInt(this.random.below(2));
    return this.near(nearest(format, n, -1));
  }

  /** A power of two that is a limit of integers, or next to it. */
  private limit(format: Format): bigint {
    const { random } = this;
    if (random.once(2)) return this.half(format);
    return this.near(nearest(format, 1n, random.pick([0, -1, 31, 32, 63, 64])));
  }

  /** A float that in a smaller format is halfway between two others, or next to it. */
  private besideTie(from: Format, to: Format): bigint {
    const [digits, last] = this.tie(to, this.target(to));
    return this.near(nearest(from, digits, last));
  }

  /** An integer that is halfway between two floats, or next to it. */
  private integerBesideTie(type: string, format: Format): number | bigint {
    const width = type === 'i32' ? 32 : 64;
    const n = this.odd(Math.min(width, format.fraction + 2));
    const shifted = this.near(n << BigInt(this.random.below(width - lengthOf(n) + 1)));
    const value = this.random.once(2) ? shifted : -shifted;
    return width === 32 ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value);
  }
}
