/** Every operator on floats, which are helper functions: bits like V8's for edge and random operands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadHelpers } from '../../engine/toolchain/helpers/load-helpers.ts';
import { toBits } from '../oracle/invoke.ts';
import { type Operator, randomNumbers, Sides } from './operators.ts';

const NUMBERS = ['i32', 'i64', 'f32', 'f64'];
const FLOATS = ['f32', 'f64'];
const UNARY = ['abs', 'neg', 'ceil', 'floor', 'trunc', 'nearest', 'sqrt'];
const BINARY = ['add', 'sub', 'mul', 'div', 'min', 'max', 'copysign'];
const COMPARISONS = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'];

const OPERATORS: readonly Operator[] = [
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

const random = randomNumbers(754);
const word = () => random();
const wide = () => (BigInt(random()) << 32n) | BigInt(random() >>> 0);
const pick = <T>(from: readonly T[]) => from[(random() >>> 1) % from.length];

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
const EDGES: Record<string, readonly (number | bigint)[]> = {
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

/** Random bits; every other time with an exponent near the one, so that operands meet. */
function operand(type: string): number | bigint {
  switch (type) {
    case 'i32':
      return word() >> (word() & 31);
    case 'i64':
      return BigInt.asIntN(64, wide() >> BigInt(word() & 63));
    case 'f32':
      if (word() & 1) return word();
      return (word() & -0x7f800001) | ((120 + (word() & 15)) << 23);
    default:
      if (word() & 1) return BigInt.asIntN(64, wide());
      return BigInt.asIntN(64, (wide() & -0x7ff0000000000001n) | (BigInt(1000 + (word() & 63)) << 52n));
  }
}

/** Significands with few ones make ties and exact results. */
function sparse(type: string): number | bigint {
  if (type === 'f32') return (word() & -0x800000 & word()) | (((word() & 3) << 21) ^ ((word() & 3) << 0)) | (120 << 23);
  if (type === 'f64')
    return BigInt.asIntN(64, (BigInt(word() & -0x100000) << 32n) | BigInt(word() & 7) | (BigInt(word() & 3) << 50n));
  return operand(type);
}

const isNaN32 = (bits: number) => (bits & 0x7fffffff) > 0x7f800000;
const isNaN64 = (bits: bigint) => (bits & 0x7fffffffffffffffn) > 0x7ff0000000000000n;

/** What may be compared: any NaN that the specification allows is the canonical one, as ours must be. */
function normal(type: string, value: number | bigint | string): number | bigint | string {
  if (type === 'f32' && typeof value === 'number' && isNaN32(value)) return 0x7fc00000;
  if (type === 'f64' && typeof value === 'bigint' && isNaN64(value)) return 0x7ff8000000000000n;
  return value;
}

test('every operator on floats has the bits that V8 has', async (context) => {
  const sides = await Sides.of(OPERATORS);
  const lines: string[] = [];
  for (const { name, params, result } of OPERATORS) {
    const cases: (number | bigint)[][] = [];
    const [first, second] = params.map((type) => EDGES[type]);
    // All pairs for the operators that compute, a third of them for those that compare.
    const step = /add|mul|div/.test(name) || !second ? 1 : 3;
    for (const [i, a] of first.entries()) {
      for (const [j, b] of (second ?? [0]).entries()) if ((i + j) % step === 0) cases.push(second ? [a, b] : [a]);
    }
    for (let i = 0; i < 700; i++) cases.push(params.map(operand));
    for (let i = 0; i < 400; i++) cases.push(params.map((type) => pick([operand, sparse])(type)));
    const keepsNaN = /abs|neg|copysign/.test(name);
    let most = 0;
    let sum = 0;
    for (const args of cases) {
      let expected = sides.native(name, args);
      let ours = sides.oracle(name, args);
      most = Math.max(most, sides.ours.lines);
      sum += sides.ours.lines;
      // V8 does not say which of the two reasons for not converting it met: the operand does.
      if (expected === 'invalid conversion to integer' && ours === 'integer overflow') {
        assert.ok(params[0] === 'f32' ? !isNaN32(args[0] as number) : !isNaN64(args[0] as bigint));
        expected = ours;
      }
      const text = () => `${name} ${args.map((arg) => `0x${BigInt.asUintN(64, BigInt(arg)).toString(16)}`)}`;
      if (!keepsNaN) {
        if (typeof ours !== 'string' && normal(result, expected) === normal(result, ours)) {
          assert.equal(normal(result, ours), ours, `${text()}: a NaN that is not canonical`);
        }
        [expected, ours] = [normal(result, expected), normal(result, ours)];
      }
      assert.equal(ours, expected, text());
    }
    lines.push(`${name}: ${Math.round(sum / cases.length)} lines on average, at most ${most}`);
  }
  for (const line of lines) context.diagnostic(line);
});

test('every helper is a float operator, a division, a copy of memory or a function of WASI', async () => {
  const { names } = await loadHelpers();
  const known = new Set(OPERATORS.map(({ name }) => name));
  for (const name of names) {
    const [type] = name.split('.');
    if (NUMBERS.includes(type) && !/^i64\.(div|rem)_/.test(name)) assert.ok(known.has(name), name);
  }
});
