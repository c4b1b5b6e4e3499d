/**
 * A program with another beginning: it calls one of its functions and halts, with the result on the operand stack.
 *
 *     1    br → n                         instead of the program's own beginning
 *     …                                   the program as it was: its jumps are relative, and nothing has moved
 *     n    i32.const 05 00 00 00          the arguments
 *          call → the function
 *          halt
 *
 * So whoever generates behind its prompt makes the call, from the first argument to the last token of the result.
 */
import { opcodeIndex } from './opcodes.ts';
import { type NumberType, type ProgramFunction, type TokenProgram, widthOf } from './program.ts';

/** A value by its bits. */
export interface PassedValue {
  readonly type: NumberType;
  readonly bits: number | bigint;
}

/** A program that makes a call. */
export interface CallingProgram {
  readonly program: TokenProgram;
  /** The instruction behind the call: where it halts if the function has returned. */
  readonly halt: number;
}

/** Where every program begins. */
const BEGINNING = 1;

/** `program`, calling `fn` with `args` in the order of its parameters. */
export function callingProgram(
  program: TokenProgram,
  fn: ProgramFunction,
  args: readonly PassedValue[],
): CallingProgram {
  const start = program.ops.length;
  const ops = [...program.ops];
  const imms = [...program.imms];
  const add = (name: string, imm = 0) => {
    ops.push(opcodeIndex(name));
    imms.push(imm >>> 0);
  };
  ops[BEGINNING] = opcodeIndex('br');
  imms[BEGINNING] = start - BEGINNING - 1;
  for (const { type, bits } of args) {
    const value = BigInt.asUintN(64, BigInt(bits));
    add(widthOf(type) === 8 ? 'i64.const' : 'i32.const', Number(value & 0xffff_ffffn));
    if (widthOf(type) === 8) add('i64.high', Number(value >> 32n));
  }
  add('call', fn.start - ops.length - 1);
  const halt = ops.length;
  add('halt');
  const stub: ProgramFunction = {
    index: -1,
    name: 'the call',
    start,
    end: ops.length,
    body: start,
    locals: [],
    params: 0,
    results: 0,
    localNames: [],
  };
  const offsets = new Int32Array(ops.length).fill(-1);
  offsets.set(program.offsets);
  return {
    program: {
      ...program,
      ops: Uint16Array.from(ops),
      imms: Uint32Array.from(imms),
      offsets,
      functions: [...program.functions, stub],
    },
    halt,
  };
}
