/**
 * NaNs as the machine has them. The specification lets the bits of a NaN that arithmetic gives be any of several; V8's are
 * the processor's, and the machine's canonical. So in a copy of a module each such result is made canonical.
 */

import { withPayload } from '../decode/encode.ts';
import type { ValueType, WasmFunction, WasmModule } from '../decode/module.ts';
import { codeOf } from '../decode/operators.ts';
import { SECTION } from '../decode/sections.ts';
import { CODE } from '../lower/operators.ts';
import { encoded, joined, list, REFERENCE_TYPES, unsigned, V128 } from './bytes.ts';

type Float = 'f32' | 'f64';
type Vector = 'f32x4' | 'f64x2';
/** What is computed: a float, or a vector of them. */
export type Computed = Float | Vector;

const OPERATIONS = ['ceil', 'floor', 'trunc', 'nearest', 'sqrt', 'add', 'sub', 'mul', 'div', 'min', 'max'];

/** Float operators whose result may be a NaN of any bits, with the type of the result. */
const ARITHMETIC = new Map<number, Computed>(
  Object.entries({
    f32: 'f32.demote_f64',
    f64: 'f64.promote_f32',
    f32x4: 'f32x4.demote_f64x2_zero',
    f64x2: 'f64x2.promote_low_f32x4',
  } satisfies Record<Computed, string>).flatMap(([type, conversion]) =>
    [...OPERATIONS.map((name) => `${type}.${name}`), conversion].map((name): [number, Computed] => [
      codeOf(name),
      type as Computed,
    ]),
  ),
);

/** The canonical NaN as a constant. */
const NAN_BYTES: Record<Float, readonly number[]> = {
  f32: [0, 0, 0xc0, 0x7f],
  f64: [0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
};
const VECTOR = encoded(codeOf('v128.const'));
const NAN: Record<Computed, readonly number[]> = {
  f32: [codeOf('f32.const'), ...NAN_BYTES.f32],
  f64: [codeOf('f64.const'), ...NAN_BYTES.f64],
  f32x4: [...VECTOR, ...Array.from({ length: 4 }, () => NAN_BYTES.f32).flat()],
  f64x2: [...VECTOR, ...NAN_BYTES.f64, ...NAN_BYTES.f64],
};
/** Of the two values below, the first where the third says that a value equals itself. */
const CHOICE: Record<Computed, readonly number[]> = {
  f32: [CODE.select],
  f64: [CODE.select],
  f32x4: encoded(codeOf('v128.bitselect')),
  f64x2: encoded(codeOf('v128.bitselect')),
};

/** Of an operator, the type of the float, or of the vector of them, that it computes; undefined for others. */
export function computedFloat(code: number): Computed | undefined {
  return ARITHMETIC.get(code);
}

/** Operators that make the NaN on top of the stack canonical; `local` is one of its type that nothing else uses. */
export function madeCanonical(type: Computed, local: number): number[] {
  const get = [CODE.localGet, ...unsigned(local)];
  return [
    CODE.localTee,
    ...unsigned(local),
    ...NAN[type],
    ...get,
    ...get,
    ...encoded(codeOf(`${type}.eq`)),
    ...CHOICE[type],
  ];
}

/** Encodings of the types that locals are copied with. */
const LOCALS: ReadonlyMap<ValueType, number> = new Map<ValueType, number>([
  ['i32', 0x7f],
  ['i64', 0x7e],
  ['f32', 0x7d],
  ['f64', 0x7c],
  ['v128', V128],
  ...(REFERENCE_TYPES as ReadonlyMap<ValueType, number>),
]);

/** Types of the locals that what is computed is put into. */
const SCRATCH = ['f32', 'f64', 'v128'] as const;

/** The type of the local for what is computed. */
export function localType(computed: Computed): (typeof SCRATCH)[number] {
  return computed === 'f32' || computed === 'f64' ? computed : 'v128';
}

/** A copy of the module whose arithmetic gives canonical NaNs. */
export function withCanonicalNans(module: WasmModule): Uint8Array {
  const section = module.sections.find(({ id }) => id === SECTION.code);
  if (!section || !module.functions.some(computes)) return module.bytes;
  const bodies = module.functions.map((fn) => {
    const body = canonicalBody(module, fn);
    return joined([unsigned(body.length), body]);
  });
  return withPayload(module.bytes, section, Uint8Array.from(list(bodies)));
}

function computes({ codes }: WasmFunction): boolean {
  return codes.some((code) => ARITHMETIC.has(code));
}

function canonicalBody({ bytes, types }: WasmModule, { type, locals, codes, offsets }: WasmFunction): number[] {
  const own = locals.slice(types[type].params.length);
  const code: number[][] = [list([...own, ...SCRATCH].map((local) => [1, LOCALS.get(local) ?? 0]))];
  codes.forEach((operator, i) => {
    // The last operator is an end, of one byte.
    code.push(Array.from(bytes.subarray(offsets[i], offsets[i + 1] ?? offsets[i] + 1)));
    const computed = computedFloat(operator);
    if (computed) code.push(madeCanonical(computed, locals.length + SCRATCH.indexOf(localType(computed))));
  });
  return joined(code);
}
