/** Operators on floats, operands for them, and the comparison with V8. */
import assert from 'node:assert/strict';
import { toBits } from '../oracle/invoke.ts';
import { type Operator, randomNumbers, type Sides } from './operators.ts';

const FLOATS = ['f32', 'f64'];
const UNARY = ['abs', 'neg', 'ceil', 'floor', 'trunc', 'nearest', 'sqrt'];
const BINARY = ['add', 'sub', 'mul', 'div', 'min', 'max', 'copysign'];
const COMPARISONS = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'];

/** Every operator on floats. */
export const OPERATORS: readonly Operator[] = [
  ...FLOATS.flatMap((type) => [
    ...UNARY.map((name) => ({ name: `${type}.${name}`, params: [type], result: type })),
    ...BINARY.map((name) => ({ name: `${type}.${name}`, params: [type, type], result: type })),
    ...COMPARISONS.map((name) => ({ name: `${type}.${name}`, params: [type, type], result: 'i32' })),
    ...['i32', 'i64'].flatMap((integer) =>
      ['s', 'u'].flatMap((sign) => [
        { name: `${integer}.trunc_${type}_${sign}`, params: [type], result: integer },
        { name: `${integer}.trunc_sat_${type}_${sign}`, params: [type], result: integer },
        { name: `${type}.convert_${integer}_${sign}`, params: [integer], result: type },
      ]),
    ),
  ]),
  { name: 'f64.promote_f32', params: ['f32'], result: 'f64' },
  { name: 'f32.demote_f64', params: ['f64'], result: 'f32' },
];

const bits32 = (value: number) => toBits('f32', value);
const bits64 = (value: number) => toBits('f64', value);

/** Where rules change: zeros, subnormals, halves, limits of integers and of the formats, infinities, NaNs. */
const LIMITS = [
  ...[0, 0.5, 1, 1.5, 2, 2.5, 3, 0.49999999999999994, 0.9999999999999999, 1e-300, 2 ** -126, 2 ** -149, 2 ** -150],
  ...[2 ** -1022, 2 ** -1074, 2 ** 23, 2 ** 23 + 0.5, 2 ** 24 + 1, 2 ** 52 + 0.5, 2 ** 53 + 1, 3.4028234663852886e38],
  ...[3.4028235677973366e38, Number.MAX_VALUE, Number.POSITIVE_INFINITY, 2 ** 31, 2 ** 31 - 1, 2 ** 31 - 0.5],
  ...[2 ** 32, 2 ** 32 - 1, 2 ** 32 - 0.5, 2 ** 63, 2 ** 63 - 1024, 2 ** 64, 2 ** 64 - 2048, Math.PI, 1 / 3, 1e10],
];
const both = LIMITS.flatMap((value) => [value, -value]);
const NANS32 = [0x7fc00000, -0x400000, 0x7f800001, 0x7fffffff, -1];
const NANS64 = [0x7ff8000000000000n, -0x8000000000000n, 0x7ff0000000000001n, 0x7fffffffffffffffn, -1n];
/** Operands by type: those limits, NaNs, and integers beside what floats can tell apart. */
export const EDGES: Record<string, readonly (number | bigint)[]> = {
  f32: [...new Set([...both.map(bits32), ...NANS32, 0x7fffff, 0x800001, 0x3f800001, 0x3f7fffff])],
  f64: [...new Set([...both.map(bits64), ...NANS64, 0xfffffffffffffn, 0x10000000000001n, 0x3ff0000000000001n])],
  i32: [0, 1, -1, 2, 16777217, 33554435, 0x7fffffff, -0x80000000, 0x7fffff80, 0x7fffffbf, 0x7fffffc0],
  i64: [
    0n,
    1n,
    -1n,
    16777217n,
    2n ** 53n + 1n,
    2n ** 53n + 3n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    2n ** 62n + 2n ** 38n,
    2n ** 63n - 513n,
    -(2n ** 10n),
    -(2n ** 11n) + 1n,
    0x7fffff4000000001n,
    0x8000004000000001n - 2n ** 64n,
  ],
};

const isNaN32 = (bits: number) => (bits & 0x7fffffff) > 0x7f800000;
const isNaN64 = (bits: bigint) => (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n;

/** What may be compared: any NaN that the specification allows is the canonical one, as ours must be. */
function normal(type: string, value: number | bigint | string): number | bigint | string {
  if (type === 'f32' && typeof value === 'number' && isNaN32(value)) return 0x7fc00000;
  if (type === 'f64' && typeof value === 'bigint' && isNaN64(value)) return 0x7ff8000000000000n;
  return value;
}

/** V8's result as ours is to be: operators that compute make the canonical NaN, and no other. */
export function canonical({ name, result }: Operator, value: number | bigint): number | bigint {
  return /abs|neg|copysign/.test(name) ? value : (normal(result, value) as number | bigint);
}

/** Random operands. */
export class Operands {
  private readonly word: () => number;

  constructor(seed: number) {
    this.word = randomNumbers(seed);
  }

  /** Bits of an operand of this type, of one sort or the other. */
  next(type: string): number | bigint {
    return this.word() & 0x100 ? this.spread(type) : this.sparse(type);
  }

  private wide(): bigint {
    return (BigInt(this.word()) << 32n) | BigInt(this.word() >>> 0);
  }

  /** Random bits; every other time with an exponent near the one, so that operands meet. */
  private spread(type: string): number | bigint {
    switch (type) {
      case 'i32':
        return this.word() >> (this.word() & 31);
      case 'i64':
        return BigInt.asIntN(64, this.wide() >> BigInt(this.word() & 63));
      case 'f32':
        if (this.word() & 1) return this.word();
        return (this.word() & -0x7f800001) | ((120 + (this.word() & 15)) << 23);
      default:
        if (this.word() & 1) return BigInt.asIntN(64, this.wide());
        return BigInt.asIntN(64, (this.wide() & -0x7ff0000000000001n) | (BigInt(1000 + (this.word() & 63)) << 52n));
    }
  }

  /** Significands with few ones make ties and exact results. */
  private sparse(type: string): number | bigint {
    if (type === 'f32')
      return (
        (this.word() & -0x800000 & this.word()) | (((this.word() & 3) << 21) ^ ((this.word() & 3) << 0)) | (120 << 23)
      );
    if (type === 'f64')
      return BigInt.asIntN(
        64,
        (BigInt(this.word() & -0x100000) << 32n) | BigInt(this.word() & 7) | (BigInt(this.word() & 3) << 50n),
      );
    return this.spread(type);
  }
}

/** Calls an operator in V8 and in the oracle. @throws AssertionError if the bits differ, but for which NaN it is: ours is the canonical one */
export function assertSame(sides: Sides, { name, params, result }: Operator, args: readonly (number | bigint)[]): void {
  let expected = sides.native(name, args);
  let ours = sides.oracle(name, args);
  // V8 does not say which of the two reasons for not converting it met: the operand does.
  if (expected === 'invalid conversion to integer' && ours === 'integer overflow') {
    assert.ok(params[0] === 'f32' ? !isNaN32(args[0] as number) : !isNaN64(args[0] as bigint));
    expected = ours;
  }
  const text = () => `${name} ${args.map((arg) => `0x${BigInt.asUintN(64, BigInt(arg)).toString(16)}`)}`;
  if (!/abs|neg|copysign/.test(name)) {
    if (typeof ours !== 'string' && normal(result, expected) === normal(result, ours)) {
      assert.equal(normal(result, ours), ours, `${text()}: a NaN that is not canonical`);
    }
    [expected, ours] = [normal(result, expected), normal(result, ours)];
  }
  if (ours !== expected) assert.equal(ours, expected, text());
}
