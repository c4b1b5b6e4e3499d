/** Token programs: what the toolchain makes of a wasm module, and what the debugger needs to lead back from it. */
import { OPCODES } from './opcodes.ts';

/** Types of values, as the module declares them. Floats travel as the integers of their bits. */
export type NumberType = 'i32' | 'i64' | 'f32' | 'f64';

/** References are numbers of four bytes to the machine, 0 for none. */
export type ReferenceType = 'funcref' | 'externref';
export type ValueType = NumberType | ReferenceType;

/** What a value of the type is to the machine. */
export function numberType(type: ValueType): NumberType {
  return isReference(type) ? 'i32' : type;
}

export function isReference(type: ValueType): type is ReferenceType {
  return type === 'funcref' || type === 'externref';
}

/** Bytes of a value. */
export function widthOf(type: ValueType): 4 | 8 {
  return type === 'i64' || type === 'f64' ? 8 : 4;
}

/** A function of the program, for the debugger and for messages. */
export interface ProgramFunction {
  /** Index in the wasm module's function space; -1 for rows the toolchain added (start stub, call tables). */
  readonly index: number;
  readonly name: string;
  /** Cursor of its first instruction (the prologue that takes the arguments) and one past its last. */
  readonly start: number;
  readonly end: number;
  /** Cursor of its first instruction after the prologue. */
  readonly body: number;
  /** Types of its wasm locals, parameters first. */
  readonly locals: readonly NumberType[];
  readonly params: number;
  readonly results: number;
  readonly localNames: readonly string[];
  /** Of a function with vectors, which are two numbers each: for each local of the module its number, and its upper half's or -1. */
  readonly numbers?: { readonly low: readonly number[]; readonly high: readonly number[] };
}

/** A wasm global (or a cell the toolchain added, whose name starts with `$`): cell `index` of frame 0. */
export interface ProgramGlobal {
  readonly name: string;
  readonly cell: number;
  readonly type: NumberType;
  /** Of a reference, which is an i32 here. */
  readonly reference?: ReferenceType;
  /** The value's bits as an unsigned number; of a value of eight bytes the low four, with `high` the others. */
  readonly initial: number;
  readonly high?: number;
  readonly mutable: boolean;
  /** Index in the module's global space; undefined for a cell that the toolchain added. */
  readonly index?: number;
  /** Of a vector, which is two of eight bytes, one behind the other: which half of it this is. */
  readonly half?: 'low' | 'high';
  /** Names under which the module exports it. */
  readonly exports?: readonly string[];
}

/**
 * An exported function that can be called from outside: with its arguments on the stack, at `cursor` stands a call of
 * it with a `halt` behind, which leaves its results on the stack.
 */
export interface ProgramEntry {
  readonly name: string;
  readonly cursor: number;
  /** Cursor of the end behind it. */
  readonly halt: number;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** One of several memories: the machine's pages from `base` up to, not including, the one that is in cell `end`. */
export interface ProgramMemory {
  readonly base: number;
  readonly end: number;
}

/** An instruction that executes where `memory.grow` is refused though the module allows more than the machine has. */
export interface ProgramRefusal {
  readonly cursor: number;
  /** Local that holds by how many pages memory was to grow. */
  readonly delta: number;
  readonly memory: ProgramMemory;
  /** Pages that the machine has for this memory, and that the module allows it. */
  readonly limit: number;
  readonly allowed: number;
}

/** Addresses by index, of tables and segments that instructions use: at the end of the machine's memory. */
export interface StoredPlaces {
  readonly tables: ReadonlyMap<number, number>;
  readonly elements: ReadonlyMap<number, number>;
  readonly data: ReadonlyMap<number, number>;
  /** How many pages these are. */
  readonly pages: number;
}

/** Initial bytes of memory. */
export interface DataSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** The ends of a program that nothing caught an exception of: one for each tag, in rows of their own. */
export interface Uncaught {
  /** The cell that says which tag was thrown, 0 for none: what sets it throws or catches. */
  readonly cell: number;
  /** The rows, from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  /** By cursor of the trap, what was written to standard error, without the end of the line. */
  readonly texts: ReadonlyMap<number, string>;
}

/** A program as the model reads it, with what the debugger needs to lead back to wasm and C. */
export interface TokenProgram {
  /** Row of OPCODES per instruction; instruction 0 is `frame`. */
  readonly ops: Uint16Array;
  /** Immediate per instruction, as an unsigned 32-bit number (a jump is two's complement). */
  readonly imms: Uint32Array;
  /** Cells of a call frame: local i at call depth d is cell d·stride + i; globals are cells of depth 0. */
  readonly stride: number;
  readonly globals: readonly ProgramGlobal[];
  readonly data: readonly DataSegment[];
  /** Pages of memory at the start; the current number is in global `$pages`. */
  readonly pages: number;
  /** Offset in the wasm file of the operator each instruction stands for; -1 where there is none. */
  readonly offsets: Int32Array;
  /** Offset in the wasm file where the code section's payload starts (DWARF counts from there). */
  readonly codeSection: number;
  /** Sorted by start; every instruction but `frame` lies in one. */
  readonly functions: readonly ProgramFunction[];
  /** True when what is on top of the stack at `halt` is the exit code. */
  readonly exitCode: boolean;
  /** Exported functions, where they were asked for. */
  readonly entries?: readonly ProgramEntry[];
  /** Where tables and segments lie, if there are any that instructions use. */
  readonly stored?: StoredPlaces;
  /** Where the memories of linked modules lie, if there are several. */
  readonly memories?: readonly ProgramMemory[];
  /** Where the limit of memory is the machine's and not the module's. */
  readonly refusals?: readonly ProgramRefusal[];
  /** Cursors of the writes that are for standard error; all others are for standard output. */
  readonly errorWrites?: readonly number[];
  /** Address of the list of the program's files, if it has a file system (`toolchain/given-files.ts`). */
  readonly files?: number;
  /** By cursor of a trap that the toolchain added, why it is there, if that is none of the machine's reasons. */
  readonly endings?: ReadonlyMap<number, string>;
  /** How the program ends when nothing catches what it throws, if it throws. */
  readonly uncaught?: Uncaught;
}

/** What of a program decides what it does, apart from its data and input: its instructions and their frame. */
export type ProgramCode = Pick<TokenProgram, 'ops' | 'imms' | 'stride'>;

/** Cell of `$pages`, the current number of memory pages: the machine traps beyond it. The toolchain puts it first. */
export const PAGES_CELL = 0;

/** The function that holds the instruction at `cursor`, or undefined. O(log n). */
export function functionAt(program: TokenProgram, cursor: number): ProgramFunction | undefined {
  let low = 0;
  let high = program.functions.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const candidate = program.functions[middle];
    if (cursor < candidate.start) high = middle - 1;
    else if (cursor >= candidate.end) low = middle + 1;
    else return candidate;
  }
  return undefined;
}

/** Target of the jump whose relative immediate is `imm` at `cursor`. */
export function jumpTarget(cursor: number, imm: number): number {
  return cursor + 1 + (imm | 0);
}

/** One instruction as text: `i32.const 3`, `br +4`. */
export function instructionText(program: TokenProgram, cursor: number): string {
  const opcode = OPCODES[program.ops[cursor]];
  const imm = program.imms[cursor];
  switch (opcode.immediate) {
    case 'none':
      return opcode.name;
    case 'value':
      if (opcode.advance === 2) return `${opcode.name} ${wideValue(imm, program.imms[cursor + 1])}`;
      return `${opcode.name} ${imm | 0}`;
    case 'jump':
      return `${opcode.name} ${(imm | 0) >= 0 ? '+' : ''}${imm | 0}`;
    case 'offset':
      return imm === 0 ? opcode.name : `${opcode.name} offset=${imm}`;
    default:
      return `${opcode.name} ${imm}`;
  }
}

/** The signed number of eight bytes with these halves. */
function wideValue(low: number, high: number): bigint {
  return (BigInt(high | 0) << 32n) | BigInt(low >>> 0);
}
