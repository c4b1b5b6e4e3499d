/**
 * The operators of WebAssembly: encodings, names and what follows each in the bytes, proposals included whose operators
 * are only read to be named. Those that the machine has stand in the opcode table (isa/opcodes.ts), with their encodings;
 * here are the others.
 */
import { OPCODES } from '../../isa/opcodes.ts';

/** What stands behind an operator's encoding. */
export type Immediates =
  | 'none'
  | 'index' // of a local, function, segment, label ...
  | 'two' // indices
  | 'memory' // alignment, which may announce the number of a memory, and offset
  | 'block' // type of a block
  | 'labels' // of br_table
  | 'catches' // of try_table, behind a block's type
  | 'heap' // a heap type
  | 'cast' // flags, a label and two heap types
  | 'types' // of a select
  | 'lane' // a byte
  | 'memory-lane' // both
  | 'vector' // sixteen bytes
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64';

export interface Operator {
  /** A byte; behind a prefix 0xfb, 0xfc or 0xfe the number there: 0xfc0a is `memory.copy`; 0xfd000 is `v128.load`. */
  readonly code: number;
  /** As the specification's text format spells it. */
  readonly name: string;
  readonly immediates: Immediates;
  /** The proposal or part of the specification that it comes with, if the machine has nothing of it. */
  readonly proposal?: string;
}

/** Prefixes, and how far their operators' numbers are shifted up: SIMD has more than a byte can count. */
export const PREFIX_BITS: ReadonlyMap<number, number> = new Map([
  [0xfb, 8],
  [0xfc, 8],
  [0xfd, 12],
  [0xfe, 8],
]);

/** Encodings that follow one another from the first on; `-` stands for one that nobody has. */
type Family = readonly [first: number, immediates: Immediates, names: string, proposal?: string];

/** Without the proposal, where all of a table are of one. */
type Plain = readonly [first: number, immediates: Immediates, names: string];

/** Each name with each ending. */
const each = (names: string, ...endings: string[]) =>
  names
    .split(' ')
    .flatMap((name) => endings.map((ending) => name + ending))
    .join(' ');

const COMPARED = 'eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u';
const prefixed = (prefix: string, names: string) =>
  names.replace(/\S+/g, (name) => (name === '-' ? name : prefix + name));

const BASE: readonly Family[] = [
  [0x02, 'block', 'block loop'],
  [0x06, 'block', 'try', 'exception handling'],
  [0x07, 'index', 'catch throw rethrow', 'exception handling'],
  [0x0a, 'none', 'throw_ref', 'exception handling'],
  [0x0b, 'none', 'end'],
  [0x12, 'index', 'return_call'],
  [0x13, 'two', 'return_call_indirect'],
  [0x14, 'index', 'call_ref return_call_ref', 'typed function references'],
  [0x18, 'index', 'delegate', 'exception handling'],
  [0x19, 'none', 'catch_all', 'exception handling'],
  [0x1c, 'types', 'select'],
  [0x1f, 'catches', 'try_table', 'exception handling'],
  [0x25, 'index', 'table.get table.set'],
  [0x2a, 'memory', 'f32.load f64.load'],
  [0x38, 'memory', 'f32.store f64.store'],
  [0x40, 'index', 'memory.grow'],
  [0x43, 'f32', 'f32.const'],
  [0x44, 'f64', 'f64.const'],
  [0x7f, 'none', prefixed('i64.', 'div_s div_u rem_s rem_u')],
  [0x8d, 'none', prefixed('f32.', 'ceil floor trunc nearest sqrt add sub mul div')],
  [0x9b, 'none', prefixed('f64.', 'ceil floor trunc nearest sqrt add sub mul div')],
  [0xa8, 'none', each('i32.trunc_f32 i32.trunc_f64', '_s', '_u')],
  [0xae, 'none', each('i64.trunc_f32 i64.trunc_f64 f32.convert_i32 f32.convert_i64', '_s', '_u')],
  [0xb6, 'none', 'f32.demote_f64'],
  [0xb7, 'none', each('f64.convert_i32 f64.convert_i64', '_s', '_u')],
  [0xbb, 'none', 'f64.promote_f32'],
  [0xbc, 'none', 'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64'],
  [0xd0, 'heap', 'ref.null'],
  [0xd1, 'none', 'ref.is_null'],
  [0xd2, 'index', 'ref.func'],
  [0xd3, 'none', 'ref.eq ref.as_non_null', 'typed function references'],
  [0xd5, 'index', 'br_on_null br_on_non_null', 'typed function references'],
];

const GARBAGE_COLLECTION: readonly Plain[] = [
  [0xfb00, 'index', 'struct.new struct.new_default'],
  [0xfb02, 'two', 'struct.get struct.get_s struct.get_u struct.set'],
  [0xfb06, 'index', 'array.new array.new_default'],
  [0xfb08, 'two', 'array.new_fixed array.new_data array.new_elem'],
  [0xfb0b, 'index', 'array.get array.get_s array.get_u array.set'],
  [0xfb0f, 'none', 'array.len'],
  [0xfb10, 'index', 'array.fill'],
  [0xfb11, 'two', 'array.copy array.init_data array.init_elem'],
  [0xfb14, 'heap', 'ref.test ref.test ref.cast ref.cast'],
  [0xfb18, 'cast', 'br_on_cast br_on_cast_fail'],
  [0xfb1a, 'none', 'any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u'],
];

const CONVERSIONS_AND_BULK: readonly Family[] = [
  [0xfc00, 'none', each(each('i32.trunc_sat i64.trunc_sat', '_f32', '_f64'), '_s', '_u')],
  [0xfc08, 'two', 'memory.init'],
  [0xfc09, 'index', 'data.drop'],
  [0xfc0a, 'two', 'memory.copy'],
  [0xfc0b, 'index', 'memory.fill'],
  [0xfc0c, 'two', 'table.init'],
  [0xfc0d, 'index', 'elem.drop'],
  [0xfc0e, 'two', 'table.copy'],
  [0xfc0f, 'index', 'table.grow table.size table.fill'],
];

const SIMD: readonly Plain[] = [
  [0xfd000, 'memory', `v128.load ${each('v128.load8x8 v128.load16x4 v128.load32x2', '_s', '_u')}`],
  [0xfd007, 'memory', `${each('v128.load', '8_splat', '16_splat', '32_splat', '64_splat')} v128.store`],
  [0xfd00c, 'vector', 'v128.const i8x16.shuffle'],
  [0xfd00e, 'none', `i8x16.swizzle ${each('i8x16 i16x8 i32x4 i64x2 f32x4 f64x2', '.splat')}`],
  [0xfd015, 'lane', each('i8x16 i16x8', '.extract_lane_s', '.extract_lane_u', '.replace_lane')],
  [0xfd01b, 'lane', each('i32x4 i64x2 f32x4 f64x2', '.extract_lane', '.replace_lane')],
  [0xfd023, 'none', prefixed('i8x16.', COMPARED)],
  [0xfd02d, 'none', prefixed('i16x8.', COMPARED)],
  [0xfd037, 'none', prefixed('i32x4.', COMPARED)],
  [0xfd041, 'none', prefixed('f32x4.', 'eq ne lt gt le ge')],
  [0xfd047, 'none', prefixed('f64x2.', 'eq ne lt gt le ge')],
  [0xfd04d, 'none', prefixed('v128.', 'not and andnot or xor bitselect any_true')],
  [0xfd054, 'memory-lane', each('v128.load v128.store', '8_lane', '16_lane', '32_lane', '64_lane')],
  [0xfd05c, 'memory', 'v128.load32_zero v128.load64_zero'],
  [0xfd05e, 'none', 'f32x4.demote_f64x2_zero f64x2.promote_low_f32x4'],
  [0xfd060, 'none', prefixed('i8x16.', 'abs neg popcnt all_true bitmask narrow_i16x8_s narrow_i16x8_u')],
  [0xfd067, 'none', prefixed('f32x4.', 'ceil floor trunc nearest')],
  [0xfd06b, 'none', prefixed('i8x16.', 'shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u')],
  [0xfd074, 'none', 'f64x2.ceil f64x2.floor'],
  [0xfd076, 'none', prefixed('i8x16.', 'min_s min_u max_s max_u')],
  [0xfd07a, 'none', 'f64x2.trunc i8x16.avgr_u'],
  [0xfd07c, 'none', each('i16x8.extadd_pairwise_i8x16 i32x4.extadd_pairwise_i16x8', '_s', '_u')],
  [0xfd080, 'none', prefixed('i16x8.', 'abs neg q15mulr_sat_s all_true bitmask narrow_i32x4_s narrow_i32x4_u')],
  [0xfd087, 'none', prefixed('i16x8.extend_', 'low_i8x16_s high_i8x16_s low_i8x16_u high_i8x16_u')],
  [0xfd08b, 'none', prefixed('i16x8.', 'shl shr_s shr_u add add_sat_s add_sat_u sub sub_sat_s sub_sat_u')],
  [0xfd094, 'none', `f64x2.nearest ${prefixed('i16x8.', 'mul min_s min_u max_s max_u - avgr_u')}`],
  [0xfd09c, 'none', prefixed('i16x8.extmul_', 'low_i8x16_s high_i8x16_s low_i8x16_u high_i8x16_u')],
  [0xfd0a0, 'none', prefixed('i32x4.', 'abs neg - all_true bitmask')],
  [0xfd0a7, 'none', prefixed('i32x4.extend_', 'low_i16x8_s high_i16x8_s low_i16x8_u high_i16x8_u')],
  [0xfd0ab, 'none', prefixed('i32x4.', 'shl shr_s shr_u add - - sub - - - mul min_s min_u max_s max_u dot_i16x8_s')],
  [0xfd0bc, 'none', prefixed('i32x4.extmul_', 'low_i16x8_s high_i16x8_s low_i16x8_u high_i16x8_u')],
  [0xfd0c0, 'none', prefixed('i64x2.', 'abs neg - all_true bitmask')],
  [0xfd0c7, 'none', prefixed('i64x2.extend_', 'low_i32x4_s high_i32x4_s low_i32x4_u high_i32x4_u')],
  [0xfd0cb, 'none', prefixed('i64x2.', 'shl shr_s shr_u add - - sub - - - mul eq ne lt_s gt_s le_s ge_s')],
  [0xfd0dc, 'none', prefixed('i64x2.extmul_', 'low_i32x4_s high_i32x4_s low_i32x4_u high_i32x4_u')],
  [0xfd0e0, 'none', prefixed('f32x4.', 'abs neg - sqrt add sub mul div min max pmin pmax')],
  [0xfd0ec, 'none', prefixed('f64x2.', 'abs neg - sqrt add sub mul div min max pmin pmax')],
  [0xfd0f8, 'none', each('i32x4.trunc_sat_f32x4 f32x4.convert_i32x4', '_s', '_u')],
  [0xfd0fc, 'none', 'i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero'],
  [0xfd0fe, 'none', each('f64x2.convert_low_i32x4', '_s', '_u')],
  [0xfd100, 'none', 'i8x16.relaxed_swizzle i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u'],
  [0xfd103, 'none', 'i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero'],
  [0xfd105, 'none', each('f32x4.relaxed f64x2.relaxed', '_madd', '_nmadd')],
  [0xfd109, 'none', each('i8x16 i16x8 i32x4 i64x2', '.relaxed_laneselect')],
  [0xfd10d, 'none', each('f32x4.relaxed f64x2.relaxed', '_min', '_max')],
  [0xfd111, 'none', 'i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s i32x4.relaxed_dot_i8x16_i7x16_add_s'],
];

/** A read-modify-write operator in the widths that there are. */
const atomic = (name: string) =>
  `i32.atomic.rmw.${name} i64.atomic.rmw.${name} i32.atomic.rmw8.${name}_u i32.atomic.rmw16.${name}_u ` +
  `i64.atomic.rmw8.${name}_u i64.atomic.rmw16.${name}_u i64.atomic.rmw32.${name}_u`;

const THREADS: readonly Plain[] = [
  [0xfe00, 'memory', 'memory.atomic.notify memory.atomic.wait32 memory.atomic.wait64'],
  [0xfe03, 'lane', 'atomic.fence'],
  [0xfe10, 'memory', 'i32.atomic.load i64.atomic.load i32.atomic.load8_u i32.atomic.load16_u'],
  [0xfe14, 'memory', 'i64.atomic.load8_u i64.atomic.load16_u i64.atomic.load32_u'],
  [0xfe17, 'memory', 'i32.atomic.store i64.atomic.store i32.atomic.store8 i32.atomic.store16'],
  [0xfe1b, 'memory', 'i64.atomic.store8 i64.atomic.store16 i64.atomic.store32'],
  [0xfe1e, 'memory', 'add sub and or xor xchg cmpxchg'.split(' ').map(atomic).join(' ')],
];

/** What follows the machine's own instructions, where it is not what their rows say. */
const OWN: Readonly<Record<string, Immediates>> = {
  if: 'block',
  else: 'none',
  br: 'index',
  br_if: 'index',
  br_table: 'labels',
  call: 'index',
  call_indirect: 'two',
  'memory.size': 'index',
  'i32.const': 'i32',
  'i64.const': 'i64',
};

const own = OPCODES.flatMap(({ code, name, immediate }): Operator[] => {
  if (code === undefined) return [];
  const immediates = OWN[name] ?? (immediate === 'offset' ? 'memory' : immediate === 'cell' ? 'index' : 'none');
  return [{ code, name, immediates }];
});

const others = [
  ...BASE,
  ...CONVERSIONS_AND_BULK,
  ...GARBAGE_COLLECTION.map((family) => [...family, 'garbage collection'] as const),
  ...SIMD.map((family) => [...family, 'SIMD'] as const),
  ...THREADS.map((family) => [...family, 'threads'] as const),
].flatMap(([first, immediates, names, proposal]) =>
  names
    .split(' ')
    .flatMap((name, i): Operator[] => (name === '-' ? [] : [{ code: first + i, name, immediates, proposal }])),
);

/** All operators, the machine's own first. */
export const OPERATORS: readonly Operator[] = [...own, ...others];

const BY_CODE = new Map(OPERATORS.map((operator) => [operator.code, operator]));

/** The operator of an encoding, or undefined. */
export function operatorOf(code: number): Operator | undefined {
  return BY_CODE.get(code);
}

/** The specification's name of an operator. */
export function operatorName(code: number): string {
  return BY_CODE.get(code)?.name ?? `operator 0x${code.toString(16)}`;
}

/**
 * Encoding of the operator of a name; `immediates` tells apart those that share one.
 * @throws RangeError if there is none: callers pass literal names
 */
export function codeOf(name: string, immediates?: Immediates): number {
  const found = OPERATORS.find(
    (operator) => operator.name === name && (immediates === undefined || operator.immediates === immediates),
  );
  if (!found) throw new RangeError(`no operator named ${name}`);
  return found.code;
}
