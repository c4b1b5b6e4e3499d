/**
 * NaNs as the machine has them. The specification lets the bits of a NaN that arithmetic gives be any of several; V8's are
 * the processor's, and the machine's canonical. So in a copy of a module each such result is made canonical.
 */

import { withPayload } from '../decode/encode.ts';
import type { ValueType, WasmFunction, WasmModule } from '../decode/module.ts';
import { codeOf } from '../decode/operators.ts';
import { SECTION } from '../decode/sections.ts';
import { CODE } from '../lower/operators.ts';
import { joined, list, REFERENCE_TYPES, unsigned } from './bytes.ts';

type Float = 'f32' | 'f64';

/** Float operators whose result may be a NaN of any bits, with the type of the result. */
const ARITHMETIC = new Map<number, Float>(
  (['f32', 'f64'] as const).flatMap((type) =>
    ['ceil', 'floor', 'trunc', 'nearest', 'sqrt', 'add', 'sub', 'mul', 'div', 'min', 'max']
      .map((name) => `${type}.${name}`)
      .concat(type === 'f32' ? 'f32.demote_f64' : 'f64.promote_f32')
      .map((name): [number, Float] => [codeOf(name), type]),
  ),
);

/** The canonical NaN as a constant. */
const NAN: Record<Float, readonly number[]> = {
  f32: [codeOf('f32.const'), 0, 0, 0xc0, 0x7f],
  f64: [codeOf('f64.const'), 0, 0, 0, 0, 0, 0, 0xf8, 0x7f],
};

/** Of an operator, the type of the float that it computes; undefined for others. */
export function computedFloat(code: number): Float | undefined {
  return ARITHMETIC.get(code);
}

/** Operators that make the NaN on top of the stack canonical; `local` is one of its type that nothing else uses. */
export function madeCanonical(type: Float, local: number): number[] {
  const get = [CODE.localGet, ...unsigned(local)];
  return [CODE.localTee, ...unsigned(local), ...NAN[type], ...get, ...get, codeOf(`${type}.eq`), CODE.select];
}

/** Encodings of the types that locals are copied with. */
const LOCALS: ReadonlyMap<ValueType, number> = new Map([
  ['i32', 0x7f],
  ['i64', 0x7e],
  ['f32', 0x7d],
  ['f64', 0x7c],
  ['v128', 0x7b],
  ...REFERENCE_TYPES,
]);

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
  const code: number[][] = [list([...own, 'f32' as const, 'f64' as const].map((local) => [1, LOCALS.get(local) ?? 0]))];
  codes.forEach((operator, i) => {
    // The last operator is an end, of one byte.
    code.push(Array.from(bytes.subarray(offsets[i], offsets[i + 1] ?? offsets[i] + 1)));
    const computed = computedFloat(operator);
    if (computed) code.push(madeCanonical(computed, locals.length + (computed === 'f32' ? 0 : 1)));
  });
  return joined(code);
}
