/**
 * Misuse of memory: what C leaves undefined and a machine does all the same. An access by code of C, or by a library's
 * function on its behalf, is held against what the recording says of the memory: who gave it out, who took it back, and
 * whether anybody ever wrote to it.
 *
 * What the library does by itself is its own affair. A value counts as never written if none of its bytes was: the
 * padding of structs is copied along. Static storage counts as written.
 */
import { OPCODES } from '../../engine/isa/opcodes.ts';
import type { ProgramFunction } from '../../engine/isa/program.ts';
import { LIBRARY_ACCESSES, RELEASERS } from '../../engine/toolchain/library-functions.ts';
import { RED_ZONE } from '../../engine/trace/addresses.ts';
import type { History } from '../../engine/trace/history.ts';
import { Allocations, argumentsOf, type Block } from '../recording/allocations.ts';
import { type CodeMap, NO_LINE } from '../recording/code-map.ts';
import { StackArrays } from './stack-arrays.ts';

/** One misuse. */
export interface Misuse {
  /** The trace line that does it. */
  readonly line: number;
  readonly kind: MisuseKind;
  /** What happens, without a full stop. */
  readonly text: string;
  /** The block of the heap that it is about. */
  readonly block?: Block;
}

export type MisuseKind =
  | 'null pointer'
  | 'use after free'
  | 'double free'
  | 'invalid free'
  | 'out of bounds'
  | 'never written';

/** An access to memory. */
interface Access {
  readonly line: number;
  readonly address: number;
  readonly bytes: number;
  readonly writes: boolean;
}

/** Addresses below this one are in no object: compilers leave them out, so that null points to nothing. */
const NULL_END = 1024;

/** Lines behind a load in which it shows that it was a part of a copy, or of a change of some bits. */
const AHEAD = 16;

const ACCESS = 1;
const LIBRARY = 2;

/** See the file's comment. */
export class MisuseFinder {
  /** Per instruction: whether it accesses memory, or begins a function of the library that does. */
  readonly marks: Uint8Array;
  private readonly history: History;
  private readonly code: CodeMap;
  private readonly allocations: Allocations;
  private readonly arrays: StackArrays;
  private readonly functions = new Map<number, ProgramFunction>();
  private readonly stackPointer: { readonly cell: number; readonly initial: number } | undefined;

  constructor(code: CodeMap, history: History) {
    const { program } = code;
    this.history = history;
    this.code = code;
    this.allocations = new Allocations(program, history);
    this.arrays = new StackArrays(code, history);
    this.stackPointer = program.globals.find(({ name }) => name === '__stack_pointer');
    this.marks = Uint8Array.from(program.ops, (op, cursor) => {
      const { circuit } = OPCODES[op];
      return (circuit === 'load' || circuit === 'store') && code.lineKeys[cursor] !== NO_LINE ? ACCESS : 0;
    });
    for (const fn of program.functions) {
      if (!LIBRARY_ACCESSES.has(fn.name) && !RELEASERS.has(fn.name)) continue;
      this.marks[fn.start] = LIBRARY;
      this.functions.set(fn.start, fn);
    }
  }

  /** What is wrong with what a marked line does, or with the call that it is the first line of. */
  at(line: number): Misuse | undefined {
    const fn = this.functions.get(this.history.cursorOf(line));
    if (fn) return this.ofCall(fn, line);
    const access = this.accessAt(line);
    return this.ofAddress(access) ?? this.ofArray(access) ?? (access.writes ? undefined : this.ofContents(access));
  }

  private accessAt(line: number): Access {
    const { history } = this;
    const cursor = history.cursorOf(line);
    const { circuit, access = 0 } = OPCODES[history.program.ops[cursor]];
    const writes = circuit === 'store';
    const address = history.word(this.addressOperand(line, writes)) + history.program.imms[cursor];
    return { line, address, bytes: access, writes };
  }

  /** First token of the address that a load or store is given. */
  private addressOperand(line: number, writes: boolean): number {
    const { history } = this;
    return history.stackWrites.before(history.stackDepthOf(line) - (writes ? 2 : 1), history.firstToken(line));
  }

  /** Of a call by code of C: what the library calls is its own affair. */
  private ofCall(fn: ProgramFunction, first: number): Misuse | undefined {
    const { history } = this;
    const line = history.moment(first).callLine(history.depthOf(first));
    if (this.code.lineKeys[history.cursorOf(line)] === NO_LINE) return undefined;
    const args = argumentsOf(history, fn, first);
    if (RELEASERS.has(fn.name)) return this.ofRelease(line, args[0]);
    for (const { from, bytes, writes } of LIBRARY_ACCESSES.get(fn.name) ?? []) {
      if (args[bytes] === 0) continue;
      const access = { line, address: args[from], bytes: args[bytes], writes };
      const found = this.ofAddress(access);
      if (found) return found;
    }
    return undefined;
  }

  private ofRelease(line: number, address: number): Misuse | undefined {
    if (address === 0) return undefined;
    const block = this.allocations.near(address, line);
    if (!block) return undefined;
    const what = `the block at ${hex(block.address)}`;
    if (address !== block.address) {
      return { line, kind: 'invalid free', text: `${hex(address)} is freed, which is not where ${what} begins`, block };
    }
    if (isFreed(block, line)) return { line, kind: 'double free', text: `${what} is freed a second time`, block };
    return undefined;
  }

  private ofAddress(access: Access): Misuse | undefined {
    const { line, address, bytes } = access;
    const what = whatHappens(access);
    if (address < NULL_END && !this.isOnStack(address, line)) return { line, kind: 'null pointer', text: what };
    const block = this.allocations.holding(address, line) ?? this.allocations.near(address, line);
    if (!block) return undefined;
    if (isFreed(block, line)) return { line, kind: 'use after free', text: what, block };
    const offset = address - block.address;
    if (offset >= 0 && offset + bytes <= block.size) return undefined;
    const where = offset < 0 ? 'before the beginning of a block' : 'behind the end of a block';
    return { line, kind: 'out of bounds', text: `${what}, ${where}`, block };
  }

  /** Of an access that is meant for an array of the function. */
  private ofArray(access: Access): Misuse | undefined {
    const { line, address, bytes, writes } = access;
    const array = this.arrays.meant(line, this.addressOperand(line, writes));
    if (!array || (address >= array.address && address + bytes <= array.address + array.size)) return undefined;
    const text = `${whatHappens(access)}, outside of the array "${array.name}" (${array.size} bytes at ${hex(array.address)})`;
    return { line, kind: 'out of bounds', text };
  }

  /** Of a load: whether anything was ever there. */
  private ofContents(access: Access): Misuse | undefined {
    const { line, address } = access;
    const { history } = this;
    const block = this.allocations.holding(address, line);
    // The frame that it is in is that of the innermost call, or older: so mostly this is all that need be asked.
    const call = history.callWrites.before(history.depthOf(line), history.firstToken(line));
    if (!block && this.isWritten(access, call)) return undefined;
    const since = block ? block.since : this.stackSince(access);
    if (since === undefined || since === 0 || this.isWritten(access, history.firstToken(since))) return undefined;
    if (this.isPassing(access)) return undefined;
    const text = `${whatHappens(access)} that nothing was ever written to`;
    return { line, kind: 'never written', text, ...(block && { block }) };
  }

  /** Whether any byte was written from a token on. */
  private isWritten({ line, address, bytes }: Access, first: number): boolean {
    const { history } = this;
    const last = history.firstToken(line);
    for (let at = address; at < address + bytes; at++) {
      const write = history.memoryWrites.before(at, last);
      if (write >= 0 && write >= first) return true;
    }
    return false;
  }

  /** The first line of the open call whose part of C's stack holds what is loaded; undefined for addresses elsewhere. */
  private stackSince({ line, address }: Access): number | undefined {
    if (!this.isOnStack(address, line) || !this.stackPointer) return undefined;
    const moment = this.history.moment(line);
    for (let depth = moment.callDepth; depth > 0; depth--) {
      const first = moment.callLine(depth) + 1;
      if (address < this.history.moment(first).cell(this.stackPointer.cell)) return first;
    }
    return undefined;
  }

  private isOnStack(address: number, line: number): boolean {
    if (!this.stackPointer || address >= this.stackPointer.initial) return false;
    const low = this.history.moment(line).cell(this.stackPointer.cell) - RED_ZONE;
    return address >= low;
  }

  /**
   * Whether a load only passes on what is there: eight bytes that are stored as they are (a struct is copied), or a word of
   * which some bits are changed (a bit-field).
   */
  private isPassing({ line, address, bytes }: Access): boolean {
    const { history, code } = this;
    const key = code.lineKeys[history.cursorOf(line)];
    const depth = history.depthOf(line);
    let isMasked = false;
    for (let at = line + 1; at < Math.min(line + AHEAD, history.lines); at++) {
      const cursor = history.cursorOf(at);
      if (history.depthOf(at) !== depth || code.lineKeys[cursor] !== key) return false;
      const { circuit, access } = OPCODES[history.program.ops[cursor]];
      if (circuit === 'and') isMasked = true;
      if (circuit !== 'store' || access !== bytes) continue;
      return bytes === 8 || (isMasked && this.accessAt(at).address === address);
    }
    return false;
  }
}

function isFreed({ freed }: Block, line: number): boolean {
  return freed !== undefined && freed < line;
}

function whatHappens({ address, bytes, writes }: Access): string {
  const how = bytes === 1 ? 'byte is' : 'bytes are';
  return `${bytes} ${how} ${writes ? 'written to' : 'read from'} ${hex(address)}`;
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
