/**
 * The oracle: a plain interpreter of token programs that says which tokens the model must generate.
 *
 * Test code only. It is written from the notation's definition and JavaScript's own arithmetic, and shares nothing
 * with the machine but the opcode names and the vocabulary, so that agreement of the two means something. It runs
 * tens of millions of tokens per second, so it also counts the lines of long programs.
 */

import { LIMITS, PAGE_SIZE } from '../../engine/isa/limits.ts';
import { OPCODES, TRAP_REASONS } from '../../engine/isa/opcodes.ts';
import { type TokenProgram, widthOf } from '../../engine/isa/program.ts';
import { commitText, type EditKind, TOKEN, tokenId } from '../../engine/isa/vocabulary.ts';
import { BASIC } from './handlers.ts';
import { FLOAT } from './handlers-float.ts';
import { WIDE } from './handlers-wide.ts';

/** How a run ended; `budget` when it has not, `input` when it waits for more of it. */
export type End = 'halt' | 'trap' | 'input' | 'budget';

const commit = (depth: number, stores: boolean, branch: boolean, advance: 1 | 2 = 1) =>
  tokenId(commitText({ depth, stores, branch, advance }));
/** Commits of lines that put a result on the stack, by depth change + 2. */
const RESULT = [-2, -1, 0, 1].map((depth) => commit(depth, true, false));
/** Commits of lines without a result, by depth change + 2. */
const SILENT = [-2, -1, 0].map((depth) => commit(depth, false, false));
const CONSTANT_WIDE = commit(1, true, false, 2);
export const JUMP = commit(0, false, true);
export const JUMP_POP = commit(-1, false, true);

/** Two views of eight bytes, to make a bigint of two words and back. */
const wide = new BigInt64Array(1);
const halves = new Int32Array(wide.buffer);

const CHUNK = 1 << 16;

/** Runs one token program on one input. Everything public is the state before the next line. */
export class Interpreter {
  readonly program: TokenProgram;
  input: Uint8Array;
  /** Whether the input ends behind what there is of it. */
  inputEnds = true;
  cursor = 1;
  /** Values on the operand stack: their low four bytes, their high ones, how many bytes they have; and how many. */
  stack = new Int32Array(1024);
  stackHigh = new Int32Array(1024);
  stackWidth = new Uint8Array(1024);
  depth = 0;
  callDepth = 0;
  /** Cursor behind the call that made the frame of call depth d (d >= 1). */
  readonly returns = new Int32Array(LIMITS.callDepth + 1);
  /** Globals in 0.., locals of call depth d from d * stride. */
  cells = new Int32Array(1024);
  cellsHigh = new Int32Array(1024);
  /** Bytes of the value in each cell; 0 where none was written, which reads as zero of any width. */
  cellsWidth = new Uint8Array(1024);
  /** Memory as far as it was ever touched; what lies beyond reads as zero. */
  memory = new Uint8Array(0);
  inputRead = 0;
  output: number[] = [];
  /** Lines executed, the one that halts or traps included. */
  lines = 0;
  end: End = 'budget';
  /** Index into TRAP_REASONS, or -1. */
  trapReason = -1;
  /** Cursor of each executed line, if recorded. */
  readonly cursors: number[] | undefined;

  private readonly record: boolean;
  private buffer = new Uint16Array(CHUNK);
  private filled = 0;
  private flushed = 0;
  private readonly pagesCell: number;

  /** `record`: keep the tokens (for `trace`); `cursors`: keep each line's cursor. */
  constructor(program: TokenProgram, input: Uint8Array = new Uint8Array(), record = true, cursors = false) {
    this.program = program;
    this.input = input;
    this.record = record;
    this.cursors = cursors ? [] : undefined;
    this.pagesCell = program.globals.find(({ name }) => name === '$pages')?.cell ?? -1;
    this.reserveCells(program.stride);
    for (const { cell, type, initial, high } of program.globals) {
      this.reserveCells(cell + 1);
      this.cells[cell] = initial;
      this.cellsHigh[cell] = high ?? 0;
      this.cellsWidth[cell] = widthOf(type);
    }
    for (const { address, bytes } of program.data) {
      this.reserveMemory(address + bytes.length);
      this.memory.set(bytes, address);
    }
  }

  /** Number of tokens generated so far. */
  get tokens(): number {
    return this.flushed + this.filled;
  }

  /** The tokens generated so far. @throws RangeError unless recording. */
  get trace(): Uint16Array {
    if (!this.record) throw new RangeError('this interpreter does not record');
    return this.buffer.subarray(0, this.filled);
  }

  /** The program's exit code, if it halted and has one. */
  get exitCode(): number | undefined {
    return this.end === 'halt' && this.program.exitCode ? this.stack[this.depth - 1] : undefined;
  }

  /** Name of the trap, if it trapped. */
  get trap(): string | undefined {
    return TRAP_REASONS[this.trapReason];
  }

  /** Output as text, a character per byte. */
  get outputText(): string {
    return Buffer.from(this.output).toString('latin1');
  }

  /** Gives more input to a run that may have been waiting for it, with the tokens by which a host says so. */
  give(bytes: Uint8Array, ends: boolean): void {
    if (bytes.length > 0) {
      this.emit(TOKEN.input);
      this.bytes(this.input.length);
      while (this.filled + bytes.length + 16 > this.buffer.length) this.makeRoom();
      for (const byte of bytes) this.emit(TOKEN.byte + byte);
      this.emit(TOKEN.editCommit);
    }
    if (ends) this.emit(TOKEN.inputEnd);
    this.input = Uint8Array.of(...this.input, ...bytes);
    this.inputEnds = ends;
    if (this.end === 'input') this.end = 'budget';
  }

  /** Runs whole lines until the program ends or at least `maxTokens` tokens exist. */
  run(maxTokens = Number.POSITIVE_INFINITY): End {
    while (this.end === 'budget' && this.flushed + this.filled < maxTokens) this.step();
    return this.end;
  }

  /** Executes one line. */
  step(): void {
    const { ops, imms } = this.program;
    if (this.cursor < 1 || this.cursor >= ops.length) throw new RangeError(`cursor ${this.cursor} outside the program`);
    this.lines++;
    this.cursors?.push(this.cursor);
    if (this.filled > this.buffer.length - 32) this.makeRoom();
    HANDLERS[ops[this.cursor]](this, imms[this.cursor]);
  }

  /** Takes a value of four bytes. @throws RangeError when there is none, or one of eight bytes. */
  pop(): number {
    this.expect(4);
    return this.stack[--this.depth];
  }

  /** Takes a value of eight bytes. */
  popWide(): bigint {
    this.expect(8);
    this.depth--;
    halves[0] = this.stack[this.depth];
    halves[1] = this.stackHigh[this.depth];
    return wide[0];
  }

  /** Takes a value of any width. */
  discard(): void {
    this.expect(0);
    this.depth--;
  }

  push(value: number): void {
    this.pushWords(value, 0, 4);
  }

  pushWide(value: bigint): void {
    wide[0] = value;
    this.pushWords(halves[0], halves[1], 8);
  }

  private pushWords(low: number, high: number, width: number): void {
    if (this.depth === this.stack.length) {
      this.stack = grown(this.stack, this.depth + 1);
      this.stackHigh = grown(this.stackHigh, this.depth + 1);
      this.stackWidth = grown(this.stackWidth, this.depth + 1);
    }
    this.stack[this.depth] = low;
    this.stackHigh[this.depth] = high;
    this.stackWidth[this.depth++] = width;
  }

  /** The machine reads bytes where the instruction expects them: a value of another width would be a wrong digit. */
  private expect(width: number): void {
    if (this.depth === 0) throw new RangeError(`operand stack empty at cursor ${this.cursor}`);
    if (width > 0 && this.stackWidth[this.depth - 1] !== width) {
      throw new RangeError(`a value of ${width} bytes expected at cursor ${this.cursor}`);
    }
  }

  /** Puts the value of a cell, which must have this many bytes, with the commit of a result. */
  getCell(cell: number, width: 4 | 8): void {
    const has = this.cellsWidth[cell];
    if (has !== 0 && has !== width) throw new RangeError(`a cell of ${has} bytes read at cursor ${this.cursor}`);
    this.bytes(this.cells[cell]);
    if (width === 8) this.bytes(this.cellsHigh[cell]);
    this.emit(RESULT[3]);
    this.pushWords(this.cells[cell], this.cellsHigh[cell], width);
    this.cursor++;
  }

  /** Copies the top of the stack, of whatever width, into a cell. */
  setCell(cell: number): void {
    this.expect(0);
    this.cells[cell] = this.stack[this.depth - 1];
    this.cellsHigh[cell] = this.stackHigh[this.depth - 1];
    this.cellsWidth[cell] = this.stackWidth[this.depth - 1];
  }

  /** A line of a host's that states what is somewhere, and executes nothing. */
  edit(kind: EditKind, place: number, bytes: readonly number[]): void {
    if (this.filled + bytes.length > this.buffer.length - 16) this.makeRoom();
    this.emit(tokenId(`edit(${kind})`));
    this.bytes(place);
    for (const byte of bytes) this.emit(TOKEN.byte + byte);
    this.emit(kind === 'stack' ? TOKEN.editStackCommit : TOKEN.editCommit);
    this.lines++;
    if (kind === 'memory') {
      this.reserveMemory(place + bytes.length);
      this.memory.set(bytes, place);
      return;
    }
    const [low, high] = new Int32Array(Uint8Array.from([...bytes, 0, 0, 0, 0]).buffer, 0, 2);
    const [at, values, highs, widths] =
      kind === 'stack'
        ? [place - 1, this.stack, this.stackHigh, this.stackWidth]
        : [place, this.cells, this.cellsHigh, this.cellsWidth];
    values[at] = low;
    highs[at] = bytes.length === 8 ? high : 0;
    widths[at] = bytes.length;
  }

  emit(token: number): void {
    this.buffer[this.filled++] = token;
  }

  /** `count` byte tokens, little endian. */
  bytes(value: number, count = 4): void {
    for (let i = 0; i < count; i++) this.emit(TOKEN.byte + ((value >>> (8 * i)) & 0xff));
  }

  /** A line that gives `value`: four bytes and a commit; the operands are already popped. */
  result(value: number, pops: number): void {
    this.bytes(value);
    this.emit(RESULT[3 - pops]);
    this.push(value);
    this.cursor++;
  }

  /** The same for a value of eight bytes. */
  resultWide(value: bigint, pops: number): void {
    this.bytesWide(value);
    this.emit(RESULT[3 - pops]);
    this.pushWide(value);
    this.cursor++;
  }

  bytesWide(value: bigint): void {
    wide[0] = value;
    const high = halves[1];
    this.bytes(halves[0]);
    this.bytes(high);
  }

  /** A constant of eight bytes: it takes two instructions. */
  constantWide(low: number): void {
    const high = this.program.imms[this.cursor + 1];
    this.bytes(low);
    this.bytes(high);
    this.emit(CONSTANT_WIDE);
    this.pushWords(low, high, 8);
    this.cursor += 2;
  }

  /** The end of a line whose bytes are already put out, and pushed as a value. */
  ended(pops: number): void {
    this.emit(RESULT[3 - pops]);
    this.cursor++;
  }

  /** A line's end without a result, `pops` operands taken. */
  silent(pops: number): void {
    this.emit(SILENT[2 - pops]);
    this.cursor++;
  }

  /** A taken branch by `jump` instructions, relative to the next one. */
  branch(jump: number, commitToken: number): void {
    this.emit(TOKEN.branchTaken);
    this.bytes(jump);
    this.emit(commitToken);
    this.cursor += 1 + (jump | 0);
  }

  stop(reason: number): void {
    this.emit(TOKEN.trap + reason);
    this.trapReason = reason;
    this.end = 'trap';
  }

  /** Address of an access, or -1 after trapping. `address` and `offset` count as unsigned and may exceed 2^32. */
  bounded(address: number, offset: number, access: number): number {
    const start = (address >>> 0) + (offset >>> 0);
    const pages = this.pagesCell < 0 ? this.program.pages : this.cells[this.pagesCell] >>> 0;
    if (start + access > pages * PAGE_SIZE) {
      this.stop(3);
      return -1;
    }
    if (start + access > this.memory.length) this.reserveMemory(start + access);
    return start;
  }

  call(imm: number): void {
    const { stride } = this.program;
    if (this.callDepth >= LIMITS.callDepth || (this.callDepth + 2) * stride > LIMITS.cells) {
      this.stop(6);
      return;
    }
    this.callDepth++;
    this.reserveCells((this.callDepth + 1) * stride);
    for (const cells of [this.cells, this.cellsHigh, this.cellsWidth]) {
      cells.fill(0, this.callDepth * stride, (this.callDepth + 1) * stride);
    }
    this.returns[this.callDepth] = this.cursor + 1;
    this.branch(imm, TOKEN.callCommit);
  }

  /** Index of local `index` of the current frame in `cells`. */
  cell(index: number): number {
    return this.callDepth * this.program.stride + index;
  }

  private reserveCells(count: number): void {
    if (count <= this.cells.length) return;
    this.cells = grown(this.cells, count);
    this.cellsHigh = grown(this.cellsHigh, count);
    this.cellsWidth = grown(this.cellsWidth, count);
  }

  private reserveMemory(length: number): void {
    if (length <= this.memory.length) return;
    const memory = new Uint8Array(Math.max(length, 2 * this.memory.length));
    memory.set(this.memory);
    this.memory = memory;
  }

  private makeRoom(): void {
    if (!this.record) {
      this.flushed += this.filled;
      this.filled = 0;
      return;
    }
    const buffer = new Uint16Array(2 * this.buffer.length);
    buffer.set(this.buffer);
    this.buffer = buffer;
  }
}

function grown<T extends Int32Array | Uint8Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}

/** Executes one line of its instruction. */
export type Handler = (m: Interpreter, imm: number) => void;

const HANDLERS: readonly Handler[] = OPCODES.map(({ name }) => {
  const handler = BASIC[name] ?? WIDE[name] ?? FLOAT[name];
  if (!handler) throw new RangeError(`the oracle has no ${name}`);
  return handler;
});

/** The first `maxTokens` tokens that the model must generate for `program` on `input`. */
export function expectedTrace(
  program: TokenProgram,
  input: Uint8Array = new Uint8Array(),
  maxTokens = Number.POSITIVE_INFINITY,
): Uint16Array {
  const interpreter = new Interpreter(program, input);
  interpreter.run(maxTokens);
  const { trace } = interpreter;
  return trace.length > maxTokens ? trace.subarray(0, maxTokens) : trace;
}
