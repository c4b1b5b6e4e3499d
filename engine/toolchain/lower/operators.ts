/**
 * Which operators of a module become which instructions. Most have a row of the same name in the opcode table; floats
 * travel as the integers of their bits, so their loads, stores and constants are those of integers; what is left is
 * control (see `function.ts`) or a call of a helper function named like the operator.
 */
import { opcodeOfCode } from '../../isa/opcodes.ts';
import { codeOf, OPERATORS, operatorName, operatorOf } from '../decode/operators.ts';
import type { Helpers } from '../helpers/load-helpers.ts';

/** Encodings that the toolchain treats by themselves. */
export const CODE = {
  unreachable: codeOf('unreachable'),
  block: codeOf('block'),
  loop: codeOf('loop'),
  if: codeOf('if'),
  else: codeOf('else'),
  end: codeOf('end'),
  br: codeOf('br'),
  brIf: codeOf('br_if'),
  brTable: codeOf('br_table'),
  return: codeOf('return'),
  call: codeOf('call'),
  callIndirect: codeOf('call_indirect'),
  drop: codeOf('drop'),
  /** Behind the lowering of vectors: the value on top is the upper half of one. */
  vector: codeOf('v128.const'),
  select: codeOf('select', 'none'),
  selectTyped: codeOf('select', 'types'),
  localGet: codeOf('local.get'),
  localSet: codeOf('local.set'),
  localTee: codeOf('local.tee'),
  globalGet: codeOf('global.get'),
  globalSet: codeOf('global.set'),
  memorySize: codeOf('memory.size'),
  memoryGrow: codeOf('memory.grow'),
  memoryCopy: codeOf('memory.copy'),
  memoryFill: codeOf('memory.fill'),
  memoryInit: codeOf('memory.init'),
  dataDrop: codeOf('data.drop'),
  tableGet: codeOf('table.get'),
  tableSet: codeOf('table.set'),
  tableSize: codeOf('table.size'),
  tableGrow: codeOf('table.grow'),
  tableFill: codeOf('table.fill'),
  tableCopy: codeOf('table.copy'),
  tableInit: codeOf('table.init'),
  elemDrop: codeOf('elem.drop'),
  refFunc: codeOf('ref.func'),
  refNull: codeOf('ref.null'),
  refIsNull: codeOf('ref.is_null'),
  returnCall: codeOf('return_call'),
  returnCallIndirect: codeOf('return_call_indirect'),
  try: codeOf('try'),
  catch: codeOf('catch'),
  catchAll: codeOf('catch_all'),
  throw: codeOf('throw'),
  throwRef: codeOf('throw_ref'),
  rethrow: codeOf('rethrow'),
  delegate: codeOf('delegate'),
  tryTable: codeOf('try_table'),
} as const;

/** Operators that open a block, that close one, and that begin another part of it. */
export const OPENING: ReadonlySet<number> = new Set([CODE.block, CODE.loop, CODE.if, CODE.try, CODE.tryTable]);
export const CLOSING: ReadonlySet<number> = new Set([CODE.end, CODE.delegate]);
export const PARTING: ReadonlySet<number> = new Set([CODE.else, CODE.catch, CODE.catchAll]);

const LOWERED: ReadonlySet<number> = new Set([
  CODE.block,
  CODE.loop,
  CODE.try,
  CODE.catch,
  CODE.catchAll,
  CODE.throw,
  CODE.throwRef,
  CODE.rethrow,
  CODE.delegate,
  CODE.tryTable,
  CODE.end,
  CODE.selectTyped,
  CODE.memoryGrow,
  CODE.vector,
  CODE.refFunc,
  CODE.refNull,
  CODE.refIsNull,
  CODE.returnCall,
  CODE.returnCallIndirect,
]);

/** Operators on floats that are operators on integers, by encoding. */
const SAME_BITS: ReadonlyMap<number, number> = new Map(
  ['load', 'store', 'const'].flatMap((name) => [
    [codeOf(`f32.${name}`), codeOf(`i32.${name}`)],
    [codeOf(`f64.${name}`), codeOf(`i64.${name}`)],
  ]),
);

const REINTERPRETATIONS = codesWhere(({ name }) => name.includes('.reinterpret_'));
const ACCESSES = codesWhere(({ immediates }) => immediates === 'memory' || immediates === 'memory-lane');

function codesWhere(has: (operator: (typeof OPERATORS)[number]) => boolean): ReadonlySet<number> {
  return new Set(OPERATORS.filter(has).map(({ code }) => code));
}

/** The integer operator that does the same to the bits of a float, or the operator itself. */
export function integerCode(code: number): number {
  return SAME_BITS.get(code) ?? code;
}

/** A reinterpretation changes no bit: it is no instruction at all. */
export function isReinterpretation(code: number): boolean {
  return REINTERPRETATIONS.has(code);
}

/** Operators on memory: loads, stores, size, grow; and the bulk ones, which are helper functions. */
export function touchesMemory(code: number): boolean {
  return ACCESSES.has(code) || code === CODE.memorySize || code === CODE.memoryGrow || isBulk(code);
}

/** `memory.copy`, `memory.fill` and `memory.init`. */
export function isBulk(code: number): boolean {
  return code === CODE.memoryCopy || code === CODE.memoryFill || code === CODE.memoryInit;
}

/** Name of an operator that is not supported, with the proposal it belongs to: `i32x4.splat (SIMD)`. */
export function unsupportedName(code: number): string {
  const proposal = operatorOf(code)?.proposal;
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
