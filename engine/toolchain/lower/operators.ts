/**
 * Which operators of a module become which instructions. Most have a row of the same name in the opcode table; floats
 * travel as the integers of their bits, so their loads, stores and constants are those of integers; what is left is
 * control (see `lower-function.ts`) or a call of a helper function named like the operator (see `helpers.ts`).
 */
import { codeOf, opcodeOfCode } from '../../isa/opcodes.ts';
import { operatorName } from '../decode/module.ts';
import type { Helpers } from '../helpers/load-helpers.ts';

/** Encodings that the toolchain treats by themselves; those of the specification where the table has no such row. */
export const CODE = {
  unreachable: codeOf('unreachable'),
  block: 0x02,
  loop: 0x03,
  if: codeOf('if'),
  else: codeOf('else'),
  end: 0x0b,
  br: codeOf('br'),
  brIf: codeOf('br_if'),
  brTable: codeOf('br_table'),
  return: codeOf('return'),
  call: codeOf('call'),
  callIndirect: codeOf('call_indirect'),
  select: codeOf('select'),
  selectTyped: 0x1c,
  localGet: codeOf('local.get'),
  localTee: codeOf('local.tee'),
  globalGet: codeOf('global.get'),
  globalSet: codeOf('global.set'),
  memorySize: codeOf('memory.size'),
  memoryGrow: 0x40,
  i64Const: codeOf('i64.const'),
  f32Const: 0x43,
  f64Const: 0x44,
  f32Abs: 0x8b,
  f32Neg: 0x8c,
  f64Abs: 0x99,
  f64Neg: 0x9a,
  refFunc: 0xd2,
  reinterpretFirst: 0xbc,
  reinterpretLast: 0xbf,
} as const;

const LOWERED: ReadonlySet<number> = new Set([
  CODE.block,
  CODE.loop,
  CODE.end,
  CODE.selectTyped,
  CODE.memoryGrow,
  CODE.f32Abs,
  CODE.f32Neg,
  CODE.f64Abs,
  CODE.f64Neg,
]);

/** Operators on floats that are operators on integers, by encoding. */
const SAME_BITS: ReadonlyMap<number, number> = new Map([
  [0x2a, codeOf('i32.load')], // f32.load
  [0x2b, codeOf('i64.load')], // f64.load
  [0x38, codeOf('i32.store')], // f32.store
  [0x39, codeOf('i64.store')], // f64.store
  [CODE.f32Const, codeOf('i32.const')],
  [CODE.f64Const, CODE.i64Const],
]);

/** The integer operator that does the same to the bits of a float, or the operator itself. */
export function integerCode(code: number): number {
  return SAME_BITS.get(code) ?? code;
}

/** A reinterpretation changes no bit: it is no instruction at all. */
export function isReinterpretation(code: number): boolean {
  return code >= CODE.reinterpretFirst && code <= CODE.reinterpretLast;
}

/** Operators by the proposal or part of the specification they come with, for messages. */
const PROPOSALS: readonly (readonly [first: number, last: number, name: string])[] = [
  [0x06, 0x0a, 'exception handling'],
  [0x12, 0x13, 'tail calls'],
  [0x14, 0x15, 'typed function references'],
  [0x18, 0x19, 'exception handling'],
  [0x1f, 0x1f, 'exception handling'],
  [0x25, 0x26, 'reference types'],
  [0xd0, 0xd2, 'reference types'],
  [0xd3, 0xd6, 'typed function references'],
  [0xfb00, 0xfbff, 'garbage collection'],
  [0xfc08, 0xfc09, 'passive data segments'],
  [0xfc0c, 0xfc0d, 'passive element segments'],
  [0xfc0e, 0xfc11, 'reference types'],
  [0xfd000, 0xfdfff, 'SIMD'],
  [0xfe00, 0xfeff, 'threads'],
];

/** Name of an operator that is not supported, with the proposal it belongs to: `i32x4.splat (SIMD)`. */
export function unsupportedName(code: number): string {
  const proposal = PROPOSALS.find(([first, last]) => code >= first && code <= last)?.[2];
  return proposal ? `${operatorName(code)} (${proposal})` : operatorName(code);
}

/** Whether the lowering knows the operator. */
export function isSupported(code: number, helpers: Helpers | undefined): boolean {
  return (
    opcodeOfCode(integerCode(code)) !== undefined ||
    LOWERED.has(code) ||
    isReinterpretation(code) ||
    helpers?.functionOf(operatorName(code)) !== undefined
  );
}
