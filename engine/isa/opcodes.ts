/**
 * The opcode table: one row per instruction that a token program can hold.
 *
 * It drives the vocabulary (one token per row), the machine's dispatch and circuits, the toolchain's checks, the
 * disassembly, hover texts and the tests. Names and encodings are those of the WebAssembly specification; rows
 * without `code` exist only in token programs. Adding an instruction is adding a row and, if it is new, a circuit.
 */

/** What the four immediate bytes of an instruction mean. */
export type Immediate =
  | 'none'
  | 'value' // i32.const, i64.const: the constant (of the latter, the four low bytes)
  | 'high' // i64.high: the four high bytes of the constant before it
  | 'offset' // load and store: the static offset
  | 'cell' // local or global index
  | 'jump' // relative jump in instructions, from the next one
  | 'count' // br_table: number of table entries before the default
  | 'reason' // trap: which reason (index into TRAP_REASONS)
  | 'stride'; // frame: cells per call frame

/** Which circuit of the machine computes result byte i. */
export type Circuit =
  | 'none'
  | 'const'
  | 'cell-get'
  | 'cell-set'
  | 'load'
  | 'store'
  | 'select'
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'rem'
  | 'and'
  | 'or'
  | 'xor'
  | 'shift'
  | 'rotate'
  | 'compare'
  | 'eqz'
  | 'clz'
  | 'ctz'
  | 'popcnt'
  | 'extend'
  | 'sign'
  | 'extremum'
  | 'scale'
  | 'significand'
  | 'round'
  | 'pack'
  | 'root'
  | 'branch'
  | 'return'
  | 'read'
  | 'write'
  | 'halt'
  | 'trap';

/** One row of the table. */
export interface Opcode {
  /** Name as in the specification's text format; also the text of its token. */
  readonly name: string;
  /** Binary encoding in a wasm module; undefined for instructions of token programs only. */
  readonly code?: number;
  readonly immediate: Immediate;
  /** Operands taken from and results put on the operand stack (of the machine, per executed line). */
  readonly pops: number;
  readonly pushes: number;
  /** Bytes of the values it computes with, 4 (the default) or 8; addresses and conditions always have four. */
  readonly operand?: 4 | 8;
  /**
   * Bytes that its trace line holds before the commit; a taken branch holds four all the same. Of a result the last eight,
   * or four where there are less, are the value: what stands before them is a number's lower bytes, on the way to it.
   */
  readonly bytes: number;
  /** Takes the bits of its operands for those of floats. */
  readonly float?: true;
  /** Instructions from this one to the next, if not 1: a constant of eight bytes takes two. */
  readonly advance?: 2;
  readonly circuit: Circuit;
  /** Bytes that it touches in memory, or that a sign extension keeps. */
  readonly access?: number;
  /** Signed variant: of a comparison, division, right shift, load or extension. */
  readonly signed?: boolean;
  /** Comparison, shift direction, or condition of a branch, where one circuit serves several rows. */
  readonly variant?: string;
  /** One sentence for hovers and documentation. */
  readonly doc: string;
}

type Row = Omit<Opcode, 'name'>;

const binary = (code: number, circuit: Circuit, doc: string, more: Partial<Row> = {}): Row => ({
  code,
  immediate: 'none',
  pops: 2,
  pushes: 1,
  bytes: 4,
  circuit,
  doc,
  ...more,
});

const unary = (code: number, circuit: Circuit, doc: string, more: Partial<Row> = {}): Row =>
  binary(code, circuit, doc, { pops: 1, ...more });

const compare = (code: number, variant: string, signed: boolean, doc: string): Row =>
  binary(code, 'compare', doc, { variant, signed });

const load = (code: number, access: number, signed: boolean, doc: string, bytes = 4): Row => ({
  code,
  immediate: 'offset',
  pops: 1,
  pushes: 1,
  bytes,
  circuit: 'load',
  access,
  signed,
  doc,
});

const store = (code: number, access: number, doc: string, operand?: 8): Row => ({
  code,
  immediate: 'offset',
  pops: 2,
  pushes: 0,
  operand,
  bytes: access,
  circuit: 'store',
  access,
  doc,
});

/** Eight-byte operands and result; and eight-byte operands with a result of four bytes. */
const WIDE = { operand: 8, bytes: 8 } as const;
const NARROW = { operand: 8, bytes: 4 } as const;

const wideCompare = (code: number, variant: string, signed: boolean, doc: string): Row =>
  binary(code, 'compare', doc, { variant, signed, operand: 8 });

const silent = (pops: number, pushes: number, circuit: Circuit, immediate: Immediate, doc: string): Row => ({
  immediate,
  pops,
  pushes,
  bytes: 0,
  circuit,
  doc,
});

/** The same for floats of four bytes and of eight. */
const FLOAT = { f32: { float: true }, f64: { float: true, operand: 8 } } as const;
type FloatType = keyof typeof FLOAT;

/** Rows of instructions that are WebAssembly's own: `first` is the encoding of `f32.abs`, `f32.eq` and so on. */
const floatRows = (type: FloatType): Record<string, Row> => {
  const wide = type === 'f64';
  const value = { ...FLOAT[type], bytes: wide ? 8 : 4 };
  const comparison = (code: number, variant: string, doc: string): [string, Row] => [
    `${type}.${variant}`,
    binary(code + (wide ? 6 : 0), 'compare', `Gives 1 if ${doc}, else 0; 0 if one is no number.`, {
      ...FLOAT[type],
      variant,
    }),
  ];
  const code = (ofSingle: number) => ofSingle + (wide ? 14 : 0);
  return Object.fromEntries([
    comparison(0x5b, 'eq', 'the floats are equal'),
    [
      `${type}.ne`,
      binary(wide ? 0x62 : 0x5c, 'compare', 'Gives 1 if the floats differ or one is no number, else 0.', {
        ...FLOAT[type],
        variant: 'ne',
      }),
    ],
    comparison(0x5d, 'lt', 'the first float is less than the second'),
    comparison(0x5e, 'gt', 'the first float is greater than the second'),
    comparison(0x5f, 'le', 'the first float is at most the second'),
    comparison(0x60, 'ge', 'the first float is at least the second'),
    [`${type}.abs`, unary(code(0x8b), 'sign', 'The float without its sign.', { ...value, variant: 'abs' })],
    [`${type}.neg`, unary(code(0x8c), 'sign', 'The float with the other sign.', { ...value, variant: 'neg' })],
    [
      `${type}.min`,
      binary(code(0x96), 'extremum', 'The lesser float; -0 is less than 0.', { ...value, variant: 'min' }),
    ],
    [
      `${type}.max`,
      binary(code(0x97), 'extremum', 'The greater float; 0 is greater than -0.', { ...value, variant: 'max' }),
    ],
    [
      `${type}.copysign`,
      binary(code(0x98), 'sign', 'The first float with the sign of the second.', { ...value, variant: 'copysign' }),
    ],
  ]);
};

/**
 * Rows of the parts that float arithmetic is made of, for the toolchain's helpers (docs/floats.md). A *scale* is a number of
 * four bytes: exponent, class and sign of what comes out; a *significand* is an integer of eight bytes.
 */
const floatParts = (type: FloatType): Record<string, Row> => {
  const from = { ...FLOAT[type], code: undefined };
  const part = (name: string, circuit: Circuit, variant: string, pops: 1 | 2, bytes: number, doc: string) => [
    `${type}.${name}`,
    { ...binary(0, circuit, doc, { ...from, pops, bytes, variant }) },
  ];
  return Object.fromEntries([
    part('scale', 'scale', 'one', 1, 4, 'Scale of the float.'),
    part('scale_sum', 'scale', 'sum', 2, 4, 'Scale of the sum of two floats.'),
    part('scale_product', 'scale', 'product', 2, 4, 'Scale of the product of two floats.'),
    part('scale_root', 'scale', 'root', 1, 4, 'Scale of the square root of the float.'),
    part('scale_quotient', 'scale', 'quotient', 2, 4, 'Scale of the quotient of two floats.'),
    part('significand', 'significand', 'one', 1, 8, 'Significand of the float, its leading bit at bit 55.'),
    part(
      'greater',
      'significand',
      'greater',
      2,
      8,
      'Significand of the float that is greater without signs, at bit 62.',
    ),
    part(
      'radicand',
      'significand',
      'radicand',
      1,
      8,
      'Significand of the float at bit 60, at bit 61 if its exponent is odd.',
    ),
    part(
      'lesser',
      'significand',
      'lesser',
      2,
      14,
      'Significand of the float that is less without signs, beside the other: bit 63 says that the signs differ, the low byte is 0 only if all below is.',
    ),
    ...['trunc', 'floor', 'ceil', 'nearest'].map((variant) =>
      part(
        `round_${variant}`,
        'round',
        variant,
        1,
        9,
        `Magnitude of the float as an integer, rounded as by ${variant}.`,
      ),
    ),
    [
      `${type}.pack`,
      {
        ...silent(
          2,
          1,
          'pack',
          'none',
          'Takes a scale and a significand: gives the float, rounded to nearest, ties to even.',
        ),
        operand: 8,
        bytes: type === 'f64' ? 9 : 5,
      },
    ],
  ]);
};

const ROWS: Record<string, Row> = {
  // Control. Branches are lines `branch_taken`, four bytes of relative jump, commit; untaken they are a bare commit.
  unreachable: { code: 0x00, ...silent(0, 0, 'trap', 'none', 'Traps: execution ends with trap(unreachable).') },
  nop: { code: 0x01, ...silent(0, 0, 'none', 'none', 'Does nothing.') },
  if: {
    code: 0x04,
    ...silent(1, 0, 'branch', 'jump', 'Takes a condition; jumps to the else branch (or the end) when it is zero.'),
    variant: 'zero',
  },
  else: {
    code: 0x05,
    ...silent(0, 0, 'branch', 'jump', 'Ends the then branch: jumps behind the end of the if.'),
    variant: 'always',
  },
  br: { code: 0x0c, ...silent(0, 0, 'branch', 'jump', 'Jumps to the label.'), variant: 'always' },
  br_if: {
    code: 0x0d,
    ...silent(1, 0, 'branch', 'jump', 'Takes a condition; jumps to the label when it is not zero.'),
    variant: 'nonzero',
  },
  br_table: {
    code: 0x0e,
    ...silent(
      1,
      0,
      'branch',
      'count',
      'Takes an index and jumps onto that row of the br lines behind it (the last is the default).',
    ),
    variant: 'table',
  },
  return: {
    code: 0x0f,
    ...silent(0, 0, 'return', 'none', 'Leaves the function: jumps behind the call that made this frame.'),
  },
  call: {
    code: 0x10,
    ...silent(0, 0, 'branch', 'jump', 'Calls a function: its arguments are on the operand stack.'),
    variant: 'call',
  },
  call_indirect: {
    code: 0x11,
    ...silent(
      0,
      0,
      'branch',
      'jump',
      'Calls through the table: jumps to the rows of its type, which check the index on the stack.',
    ),
    variant: 'call',
  },
  halt: silent(0, 0, 'halt', 'none', 'Ends the program; what is on top of the stack is its exit code.'),
  trap: silent(
    0,
    0,
    'trap',
    'reason',
    'Ends the program with a trap whose reason the toolchain knew (a row of a call table).',
  ),
  frame: silent(
    0,
    0,
    'none',
    'stride',
    'Line 0 of every token program, never executed: how many cells a call frame has.',
  ),

  // Parametric.
  drop: { code: 0x1a, ...silent(1, 0, 'none', 'none', 'Takes a value and forgets it.') },
  select: {
    code: 0x1b,
    ...silent(
      3,
      1,
      'select',
      'none',
      'Takes a condition and two values; gives the first if the condition is not zero.',
    ),
    bytes: 4,
  },
  'select.i64': {
    ...silent(3, 1, 'select', 'none', 'Selects between two values of eight bytes.'),
    ...WIDE,
  },

  // Variables. A set writes no bytes: the cell points at the token where the value was computed.
  'local.get': {
    code: 0x20,
    ...silent(0, 1, 'cell-get', 'cell', 'Gives the value of a local variable.'),
    bytes: 4,
    variant: 'local',
  },
  'local.get.i64': {
    ...silent(0, 1, 'cell-get', 'cell', 'Gives the value of a local variable of eight bytes.'),
    bytes: 8,
    variant: 'local',
  },
  'local.set': {
    code: 0x21,
    ...silent(1, 0, 'cell-set', 'cell', 'Takes a value into a local variable.'),
    variant: 'local',
  },
  'local.tee': {
    code: 0x22,
    ...silent(0, 0, 'cell-set', 'cell', 'Copies the top of the stack into a local variable.'),
    variant: 'local',
  },
  'global.get': {
    code: 0x23,
    ...silent(0, 1, 'cell-get', 'cell', 'Gives the value of a global variable.'),
    bytes: 4,
    variant: 'global',
  },
  'global.get.i64': {
    ...silent(0, 1, 'cell-get', 'cell', 'Gives the value of a global variable of eight bytes.'),
    bytes: 8,
    variant: 'global',
  },
  'global.set': {
    code: 0x24,
    ...silent(1, 0, 'cell-set', 'cell', 'Takes a value into a global variable.'),
    variant: 'global',
  },

  // Memory.
  'i32.load': load(0x28, 4, false, 'Loads four bytes.'),
  'i32.load8_s': load(0x2c, 1, true, 'Loads a byte and extends its sign.'),
  'i32.load8_u': load(0x2d, 1, false, 'Loads a byte and extends with zeros.'),
  'i32.load16_s': load(0x2e, 2, true, 'Loads two bytes and extends their sign.'),
  'i32.load16_u': load(0x2f, 2, false, 'Loads two bytes and extends with zeros.'),
  'i64.load': load(0x29, 8, false, 'Loads eight bytes.', 8),
  'i64.load8_s': load(0x30, 1, true, 'Loads a byte and extends its sign to eight bytes.', 8),
  'i64.load8_u': load(0x31, 1, false, 'Loads a byte and extends with zeros to eight bytes.', 8),
  'i64.load16_s': load(0x32, 2, true, 'Loads two bytes and extends their sign to eight bytes.', 8),
  'i64.load16_u': load(0x33, 2, false, 'Loads two bytes and extends with zeros to eight bytes.', 8),
  'i64.load32_s': load(0x34, 4, true, 'Loads four bytes and extends their sign to eight bytes.', 8),
  'i64.load32_u': load(0x35, 4, false, 'Loads four bytes and extends with zeros to eight bytes.', 8),
  'i32.store': store(0x36, 4, 'Stores four bytes.'),
  'i32.store8': store(0x3a, 1, 'Stores the low byte.'),
  'i32.store16': store(0x3b, 2, 'Stores the two low bytes.'),
  'i64.store': store(0x37, 8, 'Stores eight bytes.', 8),
  'i64.store8': store(0x3c, 1, 'Stores the low byte.', 8),
  'i64.store16': store(0x3d, 2, 'Stores the two low bytes.', 8),
  'i64.store32': store(0x3e, 4, 'Stores the four low bytes.', 8),
  'memory.size': {
    code: 0x3f,
    ...silent(0, 1, 'cell-get', 'cell', 'Gives the size of memory in pages of 64 KiB (kept in a cell of its own).'),
    bytes: 4,
    variant: 'global',
  },

  // Numeric.
  'i32.const': { code: 0x41, ...silent(0, 1, 'const', 'value', 'Gives a constant.'), bytes: 4 },
  'i32.eqz': unary(0x45, 'eqz', 'Gives 1 if the value is zero, else 0.'),
  'i32.eq': compare(0x46, 'eq', false, 'Gives 1 if the values are equal, else 0.'),
  'i32.ne': compare(0x47, 'ne', false, 'Gives 1 if the values differ, else 0.'),
  'i32.lt_s': compare(0x48, 'lt', true, 'Gives 1 if the first is less than the second, as signed numbers.'),
  'i32.lt_u': compare(0x49, 'lt', false, 'Gives 1 if the first is less than the second, as unsigned numbers.'),
  'i32.gt_s': compare(0x4a, 'gt', true, 'Gives 1 if the first is greater than the second, as signed numbers.'),
  'i32.gt_u': compare(0x4b, 'gt', false, 'Gives 1 if the first is greater than the second, as unsigned numbers.'),
  'i32.le_s': compare(0x4c, 'le', true, 'Gives 1 if the first is at most the second, as signed numbers.'),
  'i32.le_u': compare(0x4d, 'le', false, 'Gives 1 if the first is at most the second, as unsigned numbers.'),
  'i32.ge_s': compare(0x4e, 'ge', true, 'Gives 1 if the first is at least the second, as signed numbers.'),
  'i32.ge_u': compare(0x4f, 'ge', false, 'Gives 1 if the first is at least the second, as unsigned numbers.'),
  'i32.clz': unary(0x67, 'clz', 'Counts leading zero bits.'),
  'i32.ctz': unary(0x68, 'ctz', 'Counts trailing zero bits.'),
  'i32.popcnt': unary(0x69, 'popcnt', 'Counts one bits.'),
  'i32.add': binary(0x6a, 'add', 'Adds modulo 2^32.'),
  'i32.sub': binary(0x6b, 'sub', 'Subtracts modulo 2^32.'),
  'i32.mul': binary(0x6c, 'mul', 'Multiplies modulo 2^32.'),
  'i32.div_s': binary(0x6d, 'div', 'Divides signed numbers, rounding toward zero.', { signed: true }),
  'i32.div_u': binary(0x6e, 'div', 'Divides unsigned numbers, rounding toward zero.'),
  'i32.rem_s': binary(0x6f, 'rem', 'Remainder of signed numbers, with the sign of the first.', { signed: true }),
  'i32.rem_u': binary(0x70, 'rem', 'Remainder of unsigned numbers.'),
  'i32.and': binary(0x71, 'and', 'Bitwise and.'),
  'i32.or': binary(0x72, 'or', 'Bitwise or.'),
  'i32.xor': binary(0x73, 'xor', 'Bitwise exclusive or.'),
  'i32.shl': binary(0x74, 'shift', 'Shifts left.', { variant: 'left' }),
  'i32.shr_s': binary(0x75, 'shift', 'Shifts right, keeping the sign.', { variant: 'right', signed: true }),
  'i32.shr_u': binary(0x76, 'shift', 'Shifts right, filling with zeros.', { variant: 'right' }),
  'i32.rotl': binary(0x77, 'rotate', 'Rotates left.', { variant: 'left' }),
  'i32.rotr': binary(0x78, 'rotate', 'Rotates right.', { variant: 'right' }),
  'i32.extend8_s': unary(0xc0, 'extend', 'Extends the sign of the low byte.', { access: 1, signed: true }),
  'i32.extend16_s': unary(0xc1, 'extend', 'Extends the sign of the two low bytes.', { access: 2, signed: true }),

  // The same with eight bytes. A comparison gives four.
  'i64.const': {
    code: 0x42,
    ...silent(
      0,
      1,
      'const',
      'value',
      'Gives a constant of eight bytes: the low four here, the others in the instruction behind it.',
    ),
    bytes: 8,
    advance: 2,
  },
  'i64.high': silent(0, 0, 'none', 'high', 'High four bytes of the constant before it; never executed.'),
  'i64.eqz': unary(0x50, 'eqz', 'Gives 1 if the value is zero, else 0.', NARROW),
  'i64.eq': wideCompare(0x51, 'eq', false, 'Gives 1 if the values are equal, else 0.'),
  'i64.ne': wideCompare(0x52, 'ne', false, 'Gives 1 if the values differ, else 0.'),
  'i64.lt_s': wideCompare(0x53, 'lt', true, 'Gives 1 if the first is less than the second, as signed numbers.'),
  'i64.lt_u': wideCompare(0x54, 'lt', false, 'Gives 1 if the first is less than the second, as unsigned numbers.'),
  'i64.gt_s': wideCompare(0x55, 'gt', true, 'Gives 1 if the first is greater than the second, as signed numbers.'),
  'i64.gt_u': wideCompare(0x56, 'gt', false, 'Gives 1 if the first is greater than the second, as unsigned numbers.'),
  'i64.le_s': wideCompare(0x57, 'le', true, 'Gives 1 if the first is at most the second, as signed numbers.'),
  'i64.le_u': wideCompare(0x58, 'le', false, 'Gives 1 if the first is at most the second, as unsigned numbers.'),
  'i64.ge_s': wideCompare(0x59, 'ge', true, 'Gives 1 if the first is at least the second, as signed numbers.'),
  'i64.ge_u': wideCompare(0x5a, 'ge', false, 'Gives 1 if the first is at least the second, as unsigned numbers.'),
  'i64.clz': unary(0x79, 'clz', 'Counts leading zero bits.', WIDE),
  'i64.ctz': unary(0x7a, 'ctz', 'Counts trailing zero bits.', WIDE),
  'i64.popcnt': unary(0x7b, 'popcnt', 'Counts one bits.', WIDE),
  'i64.add': binary(0x7c, 'add', 'Adds modulo 2^64.', WIDE),
  'i64.sub': binary(0x7d, 'sub', 'Subtracts modulo 2^64.', WIDE),
  'i64.mul': binary(0x7e, 'mul', 'Multiplies modulo 2^64.', WIDE),
  'i64.and': binary(0x83, 'and', 'Bitwise and.', WIDE),
  'i64.or': binary(0x84, 'or', 'Bitwise or.', WIDE),
  'i64.xor': binary(0x85, 'xor', 'Bitwise exclusive or.', WIDE),
  'i64.shl': binary(0x86, 'shift', 'Shifts left.', { ...WIDE, variant: 'left' }),
  'i64.shr_s': binary(0x87, 'shift', 'Shifts right, keeping the sign.', { ...WIDE, variant: 'right', signed: true }),
  'i64.shr_u': binary(0x88, 'shift', 'Shifts right, filling with zeros.', { ...WIDE, variant: 'right' }),
  'i64.rotl': binary(0x89, 'rotate', 'Rotates left.', { ...WIDE, variant: 'left' }),
  'i64.rotr': binary(0x8a, 'rotate', 'Rotates right.', { ...WIDE, variant: 'right' }),
  'i64.extend8_s': unary(0xc2, 'extend', 'Extends the sign of the low byte.', { ...WIDE, access: 1, signed: true }),
  'i64.extend16_s': unary(0xc3, 'extend', 'Extends the sign of the two low bytes.', {
    ...WIDE,
    access: 2,
    signed: true,
  }),
  'i64.extend32_s': unary(0xc4, 'extend', 'Extends the sign of the four low bytes.', {
    ...WIDE,
    access: 4,
    signed: true,
  }),
  'i32.wrap_i64': unary(0xa7, 'extend', 'Keeps the four low bytes of eight.', { ...NARROW, access: 4 }),
  'i64.extend_i32_s': unary(0xac, 'extend', 'Makes eight bytes of four by their sign.', {
    bytes: 8,
    access: 4,
    signed: true,
  }),
  'i64.extend_i32_u': unary(0xad, 'extend', 'Makes eight bytes of four with zeros.', { bytes: 8, access: 4 }),
  divlu: {
    ...silent(
      3,
      1,
      'div',
      'none',
      'Takes r, d and b, with r < b: gives the quotient of r·2^32 + d by b, unsigned. A step of 64-bit division.',
    ),
    bytes: 4,
    variant: 'long',
  },

  // Floats: what is one line, and the parts that the rest is made of.
  ...floatRows('f32'),
  ...floatRows('f64'),
  ...floatParts('f32'),
  ...floatParts('f64'),
  'scale.integer': {
    ...silent(1, 1, 'scale', 'none', 'Scale of an integer of eight bytes as a float, by its sign.'),
    operand: 8,
    bytes: 4,
    variant: 'integer',
  },
  'significand.product': {
    ...silent(
      2,
      1,
      'mul',
      'none',
      'High eight of the fourteen bytes of a product; the low one is 0 only if all below is.',
    ),
    operand: 8,
    bytes: 14,
    variant: 'high',
  },
  'significand.sum': {
    ...silent(2, 1, 'add', 'none', 'Adds the second without its highest bit, or takes it off where that bit is set.'),
    ...WIDE,
    variant: 'signed',
  },
  'significand.signed': {
    ...silent(2, 1, 'sub', 'none', 'The first, or its negative where the second is negative.'),
    ...WIDE,
    variant: 'signed',
  },
  'significand.digit': {
    ...silent(
      2,
      1,
      'div',
      'none',
      'Quotient of r by g without its low 24 bits and one more: a digit of a long division.',
    ),
    ...WIDE,
    variant: 'digit',
  },
  'significand.near_root': {
    ...silent(1, 1, 'root', 'none', 'Square root of a radicand, its leading bit at bit 55, right to twenty bits.'),
    ...WIDE,
  },
  'significand.mean': {
    ...silent(2, 1, 'div', 'none', 'Takes a radicand and a near root: gives its mean with their quotient, of 31 bits.'),
    ...WIDE,
    variant: 'mean',
  },
  'significand.rest': {
    ...silent(3, 1, 'mul', 'none', 'Takes r, q and g: gives r·2^24 - q·g, what a digit of a long division leaves.'),
    ...WIDE,
    variant: 'rest',
  },
  'significand.tail': {
    ...silent(2, 1, 'compare', 'none', 'Says what a rest is beside g: 0 if it is 0, 1 below g, 2 if it is g, 3 above.'),
    ...WIDE,
    variant: 'tail',
  },

  // The outside world: the two functions a program may import from `stepformer`.
  read_byte: { ...silent(0, 1, 'read', 'none', 'Gives the next byte of the input, or -1 at its end.'), bytes: 4 },
  write_byte: silent(1, 0, 'write', 'none', 'Takes a value and puts its low byte out.'),
};

/** All rows; an opcode's index here is its number in token programs (`TokenProgram.ops`). */
export const OPCODES: readonly Opcode[] = Object.entries(ROWS).map(([name, row]) => ({ name, ...row }));

const BY_NAME = new Map(OPCODES.map((opcode, index) => [opcode.name, index]));
const BY_CODE = new Map(OPCODES.flatMap((opcode, index) => (opcode.code === undefined ? [] : [[opcode.code, index]])));

/** Index of the row named `name`. @throws RangeError if there is none: callers pass literal names. */
export function opcodeIndex(name: string): number {
  const index = BY_NAME.get(name);
  if (index === undefined) throw new RangeError(`no opcode named ${name}`);
  return index;
}

/** Row of a name, or undefined. */
export function opcodeNamed(name: string): Opcode | undefined {
  const index = BY_NAME.get(name);
  return index === undefined ? undefined : OPCODES[index];
}

/** Index of the row whose binary encoding is `code`, or undefined. */
export function opcodeOfCode(code: number): number | undefined {
  return BY_CODE.get(code);
}

/** Why a program can trap; names as the specification's tests spell them. Order is the reason's number. */
export const TRAP_REASONS = [
  'unreachable',
  'integer divide by zero',
  'integer overflow',
  'out of bounds memory access',
  'undefined element',
  'indirect call type mismatch',
  'call stack exhausted',
  'invalid conversion to integer',
] as const;

export type TrapReason = (typeof TRAP_REASONS)[number];

/** The number of a reason: the immediate of a `trap` that names it. */
export function trapNumber(reason: TrapReason): number {
  return TRAP_REASONS.indexOf(reason);
}
