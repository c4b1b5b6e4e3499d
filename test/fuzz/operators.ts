/** Every numeric instruction with its types, and constants that are worth meeting. */
import type { NumberType } from '../../engine/isa/program.ts';
import type { Random } from './random.ts';

export const TYPES: readonly NumberType[] = ['i32', 'i64', 'f32', 'f64'];

/** An instruction on values of the stack. */
export interface Operator {
  /** Its text; `canon` in it makes a NaN the canonical one, whose bits are the same everywhere. */
  readonly text: string;
  readonly params: readonly NumberType[];
  readonly result: NumberType;
}

const words = (text: string) => text.split(' ');
const INTEGER_BINARY = words('add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr');
const INTEGER_COMPARE = words('eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u');
const INTEGER_UNARY = words('clz ctz popcnt extend8_s extend16_s');
const FLOAT_BINARY = words('add sub mul div min max');
const FLOAT_UNARY = words('abs neg ceil floor trunc nearest sqrt');
const FLOAT_COMPARE = words('eq ne lt gt le ge');

const operator = (text: string, params: readonly NumberType[], result: NumberType): Operator => ({
  text,
  params,
  result,
});

const integers = (type: 'i32' | 'i64'): Operator[] => [
  ...INTEGER_BINARY.map((name) => operator(`${type}.${name}`, [type, type], type)),
  ...INTEGER_COMPARE.map((name) => operator(`${type}.${name}`, [type, type], 'i32')),
  ...INTEGER_UNARY.map((name) => operator(`${type}.${name}`, [type], type)),
  operator(`${type}.eqz`, [type], 'i32'),
  ...(['f32', 'f64'] as const).flatMap((from) =>
    ['s', 'u'].flatMap((sign) => [
      operator(`${type}.trunc_sat_${from}_${sign}`, [from], type),
      // Traps more often than not: seldom.
      ...(sign === 's' ? [operator(`${type}.trunc_${from}_s`, [from], type)] : []),
    ]),
  ),
];

const floats = (type: 'f32' | 'f64'): Operator[] => [
  ...FLOAT_BINARY.map((name) => operator(`${type}.${name}`, [type, type], type)),
  ...FLOAT_COMPARE.map((name) => operator(`${type}.${name}`, [type, type], 'i32')),
  ...FLOAT_UNARY.map((name) => operator(`${type}.${name}`, [type], type)),
  operator(`call $canon_${type}\n${type}.copysign`, [type, type], type),
  ...(['i32', 'i64'] as const).flatMap((from) =>
    ['s', 'u'].map((sign) => operator(`${type}.convert_${from}_${sign}`, [from], type)),
  ),
];

export const OPERATORS: readonly Operator[] = [
  ...integers('i32'),
  ...integers('i64'),
  ...floats('f32'),
  ...floats('f64'),
  operator('i64.extend32_s', ['i64'], 'i64'),
  operator('i32.wrap_i64', ['i64'], 'i32'),
  operator('i64.extend_i32_s', ['i32'], 'i64'),
  operator('i64.extend_i32_u', ['i32'], 'i64'),
  operator('f64.promote_f32', ['f32'], 'f64'),
  operator('f32.demote_f64', ['f64'], 'f32'),
  operator('f32.reinterpret_i32', ['i32'], 'f32'),
  operator('f64.reinterpret_i64', ['i64'], 'f64'),
  operator('call $canon_f32\ni32.reinterpret_f32', ['f32'], 'i32'),
  operator('call $canon_f64\ni64.reinterpret_f64', ['f64'], 'i64'),
];

export const LOADS: Readonly<Record<NumberType, readonly string[]>> = {
  i32: words('load load8_s load8_u load16_s load16_u'),
  i64: words('load load8_s load8_u load16_s load16_u load32_s load32_u'),
  f32: ['load'],
  f64: ['load'],
};

export const STORES: Readonly<Record<NumberType, readonly string[]>> = {
  i32: words('store store8 store16'),
  i64: words('store store8 store16 store32'),
  f32: ['store'],
  f64: ['store'],
};

const FLOATS = words(
  '0 -0 1 -1 0.5 1.5 2.5 -2.5 inf -inf 1e10 -3e-40 0x1p-126 0x1p-149 16777217 4294967295.5 2147483648',
);

/** A constant: small numbers, edges, numbers of few bits and of all. */
export function constant(random: Random, type: NumberType): string {
  const bits = random.word();
  if (type === 'f32' || type === 'f64') {
    const number = random.once(2) ? random.pick(FLOATS) : `${bits >> (bits & 31)}.${random.below(100)}`;
    return random.once(8) ? `${bits & 0xffff}e${random.below(60) - 30}` : number;
  }
  if (type === 'i32') return `${random.once(2) ? random.below(9) - 2 : bits >> (bits & 31)}`;
  const wide = BigInt.asIntN(64, (BigInt(bits) << 32n) | BigInt(random.word() >>> 0));
  switch (random.below(4)) {
    case 0:
      return `${random.below(9) - 2}`;
    case 1:
      return `${BigInt.asIntN(64, (1n << BigInt(bits & 63)) - BigInt(random.below(3)))}`;
    default:
      return `${wide >> BigInt(bits & 63)}`;
  }
}
