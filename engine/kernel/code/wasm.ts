/**
 * A small emitter of WebAssembly's binary format: as much of it as the kernel needs.
 * (WebAssembly core specification 2.0, chapter 5; instruction names are the specification's.)
 */

export const I32 = 0x7f;
export const F64 = 0x7c;
const VOID = 0x40;

/** Instructions without immediates. */
export const OP = {
  unreachable: 0x00,
  else: 0x05,
  end: 0x0b,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  i32_eqz: 0x45,
  i32_eq: 0x46,
  i32_ne: 0x47,
  i32_lt_s: 0x48,
  i32_lt_u: 0x49,
  i32_gt_s: 0x4a,
  i32_ge_s: 0x4e,
  f64_eq: 0x61,
  f64_ne: 0x62,
  f64_lt: 0x63,
  f64_gt: 0x64,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i32_mul: 0x6c,
  i32_and: 0x71,
  i32_or: 0x72,
  i32_xor: 0x73,
  i32_shl: 0x74,
  i32_shr_u: 0x76,
  f64_abs: 0x99,
  f64_neg: 0x9a,
  f64_floor: 0x9c,
  f64_add: 0xa0,
  f64_sub: 0xa1,
  f64_mul: 0xa2,
  f64_div: 0xa3,
  i32_wrap_i64: 0xa7,
  f64_convert_i32_s: 0xb7,
  f64_convert_i32_u: 0xb8,
} as const;

/** Loads and stores: opcode and alignment (log2). */
export const MEMORY = {
  i32_load: [0x28, 2],
  f64_load: [0x2b, 3],
  i32_load8_s: [0x2c, 0],
  i32_load8_u: [0x2d, 0],
  i32_load16_s: [0x2e, 1],
  i32_load16_u: [0x2f, 1],
  i32_store: [0x36, 2],
  f64_store: [0x39, 3],
  i32_store16: [0x3b, 1],
} as const;

const float = new DataView(new ArrayBuffer(8));

/** Bytes being written. */
export class Bytes {
  readonly bytes: number[] = [];

  u(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.bytes.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.bytes.push(rest);
    return this;
  }

  s(value: number): this {
    let rest = value | 0;
    for (;;) {
      const byte = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && !(byte & 0x40)) || (rest === -1 && byte & 0x40)) {
        this.bytes.push(byte);
        return this;
      }
      this.bytes.push(byte | 0x80);
    }
  }

  name(text: string): this {
    this.u(text.length);
    for (let i = 0; i < text.length; i++) this.bytes.push(text.charCodeAt(i));
    return this;
  }

  all(bytes: readonly number[]): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }
}

/** The body of one function. Locals are numbered behind the parameters. */
export class Code extends Bytes {
  private readonly locals: number[] = [];
  private readonly parameters: number;

  constructor(parameters: number) {
    super();
    this.parameters = parameters;
  }

  local(type: typeof I32 | typeof F64): number {
    return this.parameters + this.locals.push(type) - 1;
  }

  op(...opcodes: number[]): this {
    for (const opcode of opcodes) this.bytes.push(opcode);
    return this;
  }

  get(local: number): this {
    this.bytes.push(0x20);
    return this.u(local);
  }

  set(local: number): this {
    this.bytes.push(0x21);
    return this.u(local);
  }

  tee(local: number): this {
    this.bytes.push(0x22);
    return this.u(local);
  }

  i32(value: number): this {
    this.bytes.push(0x41);
    return this.s(value);
  }

  f64(value: number): this {
    this.bytes.push(0x44);
    float.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.bytes.push(float.getUint8(i));
    return this;
  }

  /** A load or store; the address on the stack plus `offset`. */
  mem([opcode, align]: readonly [number, number], offset = 0): this {
    this.bytes.push(opcode);
    return this.u(align).u(offset);
  }

  call(f: number): this {
    this.bytes.push(0x10);
    return this.u(f);
  }

  callIndirect(type: number, table: number): this {
    this.bytes.push(0x11);
    return this.u(type).u(table);
  }

  block(type = VOID): this {
    return this.op(0x02, type);
  }

  loop(type = VOID): this {
    return this.op(0x03, type);
  }

  if(type = VOID): this {
    return this.op(0x04, type);
  }

  br(depth: number): this {
    this.bytes.push(0x0c);
    return this.u(depth);
  }

  brIf(depth: number): this {
    this.bytes.push(0x0d);
    return this.u(depth);
  }

  /** i32.trunc_sat_f64_s: never traps; NaN is 0. */
  toI32(): this {
    return this.op(0xfc, 0x02);
  }

  /** i64.trunc_sat_f64_s. */
  toI64(): this {
    return this.op(0xfc, 0x06);
  }

  /** The function's entry of the code section. */
  entry(): number[] {
    const body = new Bytes();
    body.u(this.locals.length);
    for (const type of this.locals) body.u(1).bytes.push(type);
    body.all(this.bytes).bytes.push(OP.end);
    return new Bytes().u(body.bytes.length).all(body.bytes).bytes;
  }
}

export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

interface ModuleParts {
  readonly types: readonly FunctionType[];
  /** Imported tables, from module "k". */
  readonly tables: readonly string[];
  /** Imported functions, from module "k"; they come first in the index space. */
  readonly imports: readonly { readonly name: string; readonly type: number }[];
  readonly functions: readonly { readonly name?: string; readonly type: number; readonly code: Code }[];
  /** Functions that are put into the last table, by slot. */
  readonly elements?: ReadonlyMap<number, number>;
}

/** Segments of elements for the slots of a table: one for each stretch of slots. */
function segments(elements: ReadonlyMap<number, number>, table: number): Bytes {
  const stretches: { readonly start: number; readonly functions: number[] }[] = [];
  for (const [slot, f] of [...elements].sort(([a], [b]) => a - b)) {
    const last = stretches.at(-1);
    if (last && last.start + last.functions.length === slot) last.functions.push(f);
    else stretches.push({ start: slot, functions: [f] });
  }
  const content = new Bytes().u(stretches.length);
  for (const { start, functions } of stretches) {
    // Active, of a table by its number, functions by theirs.
    content.u(2).u(table).all([0x41]).s(start).all([OP.end, 0]).u(functions.length);
    for (const f of functions) content.u(f);
  }
  return content;
}

/** A module that also imports the memory `k.memory`. */
export function moduleBytes({ types, tables, imports, functions, elements }: ModuleParts): Uint8Array {
  const out = new Bytes();
  out.all([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const section = (id: number, content: Bytes) => out.u(id).u(content.bytes.length).all(content.bytes);
  const signatures = new Bytes().u(types.length);
  for (const { parameters, results } of types) {
    signatures.all([0x60]).u(parameters.length).all(parameters).u(results.length).all(results);
  }
  section(1, signatures);
  const imported = new Bytes().u(1 + tables.length + imports.length);
  imported.name('k').name('memory').all([2, 0]).u(1);
  for (const name of tables) imported.name('k').name(name).all([1, 0x70, 0]).u(1);
  for (const { name, type } of imports) imported.name('k').name(name).all([0]).u(type);
  section(2, imported);
  const declared = new Bytes().u(functions.length);
  for (const { type } of functions) declared.u(type);
  section(3, declared);
  const named = functions.flatMap(({ name }, i) => (name === undefined ? [] : [{ name, index: imports.length + i }]));
  const exported = new Bytes().u(named.length);
  for (const { name, index } of named) exported.name(name).all([0]).u(index);
  section(7, exported);
  if (elements) section(9, segments(elements, tables.length - 1));
  const code = new Bytes().u(functions.length);
  for (const { code: body } of functions) code.all(body.entry());
  section(10, code);
  return Uint8Array.from(out.bytes);
}
