/**
 * What is put around the operators of a function, so that it tells what it does: the code that calls the import
 * `EVENTS`, which leaves the values on the stack as they are.
 *
 * An event has four words: what tells it (the operator's offset in the original file, or of a call the complement of the
 * function's index), an address or number, and the bits of a value, low half first.
 */
import { EMPTY_BLOCK, type ValueType, type WasmFunction, type WasmModule } from '../decode/module.ts';
import { codeOf, OPERATORS } from '../decode/operators.ts';
import { CODE } from '../lower/operators.ts';
import { encoded, joined, list, REFERENCE_TYPES, signed, unsigned, V128 } from './bytes.ts';
import { type Computed, computedFloat, localType, madeCanonical } from './canonical.ts';

/** The value types that there are probes for. */
const NUMBERS = ['i32', 'i64', 'f32', 'f64', 'v128'] as const;
type Type = (typeof NUMBERS)[number];

/** Encodings of the types. */
const TYPE_CODES: Record<Type, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: V128 };

/** What a store writes, by encoding. */
const STORED = new Map<number, Type>(
  OPERATORS.flatMap(({ code, name, immediates }): [number, Type][] =>
    immediates === 'memory' && /^[if]\d+\.store/.test(name) ? [[code, name.slice(0, 3) as Type]] : [],
  ),
).set(codeOf('v128.store'), 'v128');

/** What takes a lane of a vector to store it. */
const EXTRACTED = new Map<number, { extract: readonly number[]; type: Type }>(
  (['i8x16.extract_lane_u', 'i16x8.extract_lane_u', 'i32x4.extract_lane', 'i64x2.extract_lane'] as const).map(
    (name, i) => [
      codeOf(`v128.store${8 << i}_lane`),
      { extract: encoded(codeOf(name)), type: name.startsWith('i64') ? 'i64' : 'i32' },
    ],
  ),
);
/** The halves of a vector, which the machine has one by one. */
const HALVES = [0, 1].map((lane) => [...encoded(codeOf('i64x2.extract_lane')), lane]);

const I32_CONST = codeOf('i32.const');

/** Numbers of what the copied functions call. */
export interface Numbering {
  /** The import that is told events. */
  readonly events: number;
  /** Number in the copy of a function of the original. */
  functionOf(index: number): number;
  /** Number of the type without parameters that has these results. */
  typeOfResults(results: readonly ValueType[]): number;
}

/**
 * A function's body with probes: its locals and operators, without the length.
 * @throws RangeError for a function that the machine cannot run
 */
export function probedBody(module: WasmModule, fn: WasmFunction, numbering: Numbering): number[] {
  return new Probes(module, fn, numbering).body();
}

/** A body that is never run. */
export const NO_BODY: readonly number[] = [0, CODE.unreachable, CODE.end];

class Probes {
  private readonly module: WasmModule;
  private readonly fn: WasmFunction;
  private readonly numbering: Numbering;
  private readonly params: readonly ValueType[];
  private readonly results: readonly ValueType[];
  /** Locals behind the function's own: an address, a value of each type, the results. */
  private readonly address: number;
  private readonly firstResult: number;
  private readonly code: number[] = [];

  constructor(module: WasmModule, fn: WasmFunction, numbering: Numbering) {
    this.module = module;
    this.fn = fn;
    this.numbering = numbering;
    const { params, results } = module.types[fn.type];
    this.params = params;
    this.results = results;
    this.address = fn.locals.length;
    this.firstResult = this.address + 1 + NUMBERS.length;
  }

  body(): number[] {
    const { fn, code, params, results } = this;
    const own = [...fn.locals.slice(params.length), 'i32', ...NUMBERS, ...results];
    const locals = list(own.map((type) => [1, typeCode(type)]));
    this.event(~fn.index);
    for (const [i, type] of params.entries()) this.passed(~fn.index, i, type, i);
    // Branches out of the function lead to its end: the end of a block, behind which the function returns.
    code.push(CODE.block, ...this.resultType());
    for (let i = 0; i < fn.codes.length; i++) this.operator(i);
    this.returns(fn.offsets[fn.offsets.length - 1]);
    code.push(CODE.end);
    return joined([locals, code]);
  }

  private resultType(): number[] {
    const { results } = this;
    if (results.length === 0) return signed(EMPTY_BLOCK);
    return results.length === 1 ? [typeCode(results[0])] : signed(this.numbering.typeOfResults(results));
  }

  private operator(i: number): void {
    const { fn } = this;
    const code = fn.codes[i];
    const at = fn.offsets[i];
    const stored = STORED.get(code);
    if (stored) this.store(i, stored);
    else if (EXTRACTED.has(code)) this.storeLane(i);
    else if (code === CODE.globalSet) this.globalSet(i);
    else if (code === CODE.if || code === CODE.brIf || code === CODE.brTable) this.branch(i);
    else if (code === CODE.call || code === CODE.returnCall || code === CODE.refFunc) {
      const index = this.numbering.functionOf(fn.immediates[i]);
      this.code.push(...this.module.bytes.subarray(at, at + 1), ...unsigned(index));
    } else {
      if (code === CODE.br) this.event(at);
      if (code === CODE.return) this.returns(at);
      this.copy(i);
      this.canonical(computedFloat(code));
    }
  }

  /** The operator as it is. */
  private copy(i: number): void {
    const { offsets } = this.fn;
    const from = offsets[i];
    // The last operator is an end, of one byte.
    for (const byte of this.module.bytes.subarray(from, offsets[i + 1] ?? from + 1)) this.code.push(byte);
  }

  /** Told when it is done: a trap has stored nothing. */
  private store(i: number, type: Type): void {
    const { address } = this;
    const value = this.valueOf(type);
    this.code.push(CODE.localSet, ...unsigned(value), CODE.localTee, ...unsigned(address), ...this.get(value));
    this.copy(i);
    this.changed(this.fn.offsets[i], this.get(address), type, this.get(value));
  }

  private storeLane(i: number): void {
    const { address, fn } = this;
    const { extract, type } = EXTRACTED.get(fn.codes[i]) as { extract: readonly number[]; type: Type };
    const vector = this.valueOf('v128');
    this.code.push(CODE.localSet, ...unsigned(vector), CODE.localTee, ...unsigned(address), ...this.get(vector));
    this.copy(i);
    const [, lane] = fn.tables[fn.immediates[i]];
    this.event(fn.offsets[i], this.get(address), type, [...this.get(vector), ...extract, lane]);
  }

  private globalSet(i: number): void {
    const { type } = this.module.globals[this.fn.immediates[i]];
    if (isReference(type)) {
      this.copy(i);
      return;
    }
    const value = this.valueOf(type);
    this.code.push(CODE.localTee, ...unsigned(value));
    this.copy(i);
    this.changed(this.fn.offsets[i], undefined, type, this.get(value));
  }

  /** With the condition, or the index into a table. */
  private branch(i: number): void {
    const value = this.valueOf('i32');
    this.code.push(CODE.localSet, ...unsigned(value));
    this.event(this.fn.offsets[i], undefined, 'i32', this.get(value));
    this.code.push(...this.get(value));
    this.copy(i);
  }

  /** With the results, which are on top of the stack, one event each. */
  private returns(at: number): void {
    const { results, firstResult, code } = this;
    for (let i = results.length - 1; i >= 0; i--) code.push(CODE.localSet, ...unsigned(firstResult + i));
    this.event(at);
    for (const [i, type] of results.entries()) this.passed(at, i, type, firstResult + i);
    for (let i = 0; i < results.length; i++) code.push(...this.get(firstResult + i));
  }

  /** The machine's NaNs are canonical: so are those of what it is compared with. */
  private canonical(type: Computed | undefined): void {
    if (type) this.code.push(...madeCanonical(type, this.valueOf(localType(type))));
  }

  /** Tells argument or result `i`, which is in a local; a vector by its lower half and its upper one. */
  private passed(id: number, i: number, type: ValueType, local: number): void {
    const values = type === 'v128' ? HALVES.map((half) => [...this.get(local), ...half]) : [this.get(local)];
    for (const value of values) {
      this.event(id, [I32_CONST, ...signed(i)], type === 'v128' ? 'i64' : type, value);
    }
  }

  /** Tells what is stored or set; of a vector the upper half first, as the machine does it. */
  private changed(id: number, address: readonly number[] | undefined, type: ValueType, value: readonly number[]): void {
    if (type !== 'v128') this.event(id, address, type, value);
    else for (const half of [...HALVES].reverse()) this.event(id, address, 'i64', [...value, ...half]);
  }

  /** Tells an event. `address` and `value` are code that gives them; without, they are 0. */
  private event(id: number, address: readonly number[] = [I32_CONST, 0], type?: ValueType, value?: readonly number[]) {
    const [low, high] = type && value && !isReference(type) ? halves(type, value) : [[], []];
    const { code, numbering } = this;
    code.push(I32_CONST, ...signed(id), ...address);
    for (const half of [low, high]) code.push(...(half.length > 0 ? half : [I32_CONST, 0]));
    code.push(CODE.call, ...unsigned(numbering.events));
  }

  private get(local: number): number[] {
    return [CODE.localGet, ...unsigned(local)];
  }

  /** The local for a value of a type. */
  private valueOf(type: ValueType): number {
    return this.address + 1 + NUMBERS.indexOf(asNumber(type));
  }
}

/** Code for the bits of a value: an i32 for the low half, and one for the high half where there is one. */
function halves(type: ValueType, value: readonly number[]): [number[], number[]] {
  switch (asNumber(type)) {
    case 'i32':
      return [[...value], []];
    case 'f32':
      return [[...value, codeOf('i32.reinterpret_f32')], []];
    case 'i64':
      return wideHalves(value);
    case 'f64':
      return wideHalves([...value, codeOf('i64.reinterpret_f64')]);
    case 'v128':
      throw new RangeError('a vector is told by its halves');
  }
}

function wideHalves(bits: readonly number[]): [number[], number[]] {
  const wrap = codeOf('i32.wrap_i64');
  const shifted = [codeOf('i64.const'), 32, codeOf('i64.shr_u')];
  return [
    [...bits, wrap],
    [...bits, ...shifted, wrap],
  ];
}

/** References are numbered otherwise by the machine than by V8: what they are is not told. */
function isReference(type: ValueType): boolean {
  return REFERENCE_TYPES.has(type);
}

function typeCode(type: ValueType): number {
  return REFERENCE_TYPES.get(type) ?? TYPE_CODES[asNumber(type)];
}

function asNumber(type: ValueType): Type {
  if (!(NUMBERS as readonly string[]).includes(type)) throw new RangeError(`a value of type ${type}`);
  return type as Type;
}
