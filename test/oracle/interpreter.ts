/**
 * The oracle: a plain interpreter of token programs that says which tokens the model must generate.
 *
 * Test code only. It is written from the notation's definition and JavaScript's own arithmetic, and shares nothing
 * with the machine but the opcode names and the vocabulary, so that agreement of the two means something. It runs
 * tens of millions of tokens per second, so it also counts the lines of long programs.
 */
import { OPCODES, TRAP_REASONS } from '../../engine/isa/opcodes.ts';
import { LIMITS, PAGE_SIZE, type TokenProgram } from '../../engine/isa/program.ts';
import { commitText, TOKEN, tokenId } from '../../engine/isa/vocabulary.ts';

/** How a run ended; `budget` when it has not. */
export type End = 'halt' | 'trap' | 'budget';

const commit = (depth: number, stores: boolean, branch: boolean) => tokenId(commitText({ depth, stores, branch }));
/** Commits of lines that put a result on the stack, by depth change + 2. */
const RESULT = [-2, -1, 0, 1].map((depth) => commit(depth, true, false));
/** Commits of lines without a result, by depth change + 2. */
const SILENT = [-2, -1, 0].map((depth) => commit(depth, false, false));
const JUMP = commit(0, false, true);
const JUMP_POP = commit(-1, false, true);

const CHUNK = 1 << 16;

/** Runs one token program on one input. Everything public is the state before the next line. */
export class Interpreter {
  readonly program: TokenProgram;
  readonly input: Uint8Array;
  cursor = 1;
  /** Values on the operand stack, and how many. */
  stack = new Int32Array(1024);
  depth = 0;
  callDepth = 0;
  /** Cursor behind the call that made the frame of call depth d (d >= 1). */
  readonly returns = new Int32Array(LIMITS.callDepth + 1);
  /** Globals in 0.., locals of call depth d from d * stride. */
  cells = new Int32Array(1024);
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
    for (const { cell, initial } of program.globals) {
      this.reserveCells(cell + 1);
      this.cells[cell] = initial;
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
    if (this.filled > this.buffer.length - 8) this.makeRoom();
    HANDLERS[ops[this.cursor]](this, imms[this.cursor]);
  }

  pop(): number {
    if (this.depth === 0) throw new RangeError(`operand stack empty at cursor ${this.cursor}`);
    return this.stack[--this.depth];
  }

  top(): number {
    if (this.depth === 0) throw new RangeError(`operand stack empty at cursor ${this.cursor}`);
    return this.stack[this.depth - 1];
  }

  push(value: number): void {
    if (this.depth === this.stack.length) this.stack = grown(this.stack, this.depth + 1);
    this.stack[this.depth++] = value;
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
    this.cells.fill(0, this.callDepth * stride, (this.callDepth + 1) * stride);
    this.returns[this.callDepth] = this.cursor + 1;
    this.branch(imm, TOKEN.callCommit);
  }

  /** Index of local `index` of the current frame in `cells`. */
  cell(index: number): number {
    return this.callDepth * this.program.stride + index;
  }

  private reserveCells(count: number): void {
    if (count > this.cells.length) this.cells = grown(this.cells, count);
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

function grown(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}

type Handler = (m: Interpreter, imm: number) => void;

const unary =
  (f: (a: number) => number): Handler =>
  (m) =>
    m.result(f(m.pop()) | 0, 1);

const binary =
  (f: (a: number, b: number) => number): Handler =>
  (m) => {
    const b = m.pop();
    const a = m.pop();
    m.result(f(a, b) | 0, 2);
  };

const compare = (f: (a: number, b: number) => boolean): Handler => binary((a, b) => (f(a, b) ? 1 : 0));
const compareUnsigned = (f: (a: number, b: number) => boolean): Handler =>
  binary((a, b) => (f(a >>> 0, b >>> 0) ? 1 : 0));

const divide =
  (signed: boolean, overflows: boolean, f: (a: number, b: number) => number): Handler =>
  (m) => {
    const b = m.pop();
    const a = m.pop();
    if (b === 0) m.stop(1);
    else if (overflows && a === -0x80000000 && b === -1) m.stop(2);
    else m.result((signed ? f(a, b) : f(a >>> 0, b >>> 0)) | 0, 2);
  };

/** Bytes of a + b (or a - b), each marked when a carry (or borrow) leaves it. */
const marked =
  (sign: 1 | -1): Handler =>
  (m) => {
    const b = m.pop();
    const a = m.pop();
    let carry = 0;
    for (let shift = 0; shift < 32; shift += 8) {
      const sum = ((a >>> shift) & 0xff) + sign * (((b >>> shift) & 0xff) + carry);
      carry = sum < 0 || sum > 0xff ? 1 : 0;
      m.emit((carry ? TOKEN.carryByte : TOKEN.byte) + (sum & 0xff));
    }
    m.emit(RESULT[1]);
    m.push((a + sign * b) | 0);
    m.cursor++;
  };

const load =
  (access: number, unused: number): Handler =>
  (m, imm) => {
    const start = m.bounded(m.pop(), imm, access);
    if (start < 0) return;
    let value = 0;
    for (let i = access - 1; i >= 0; i--) value = (value << 8) | m.memory[start + i];
    m.result((value << unused) >> unused, 1);
  };

const store =
  (access: number): Handler =>
  (m, imm) => {
    const value = m.pop();
    const start = m.bounded(m.pop(), imm, access);
    if (start < 0) return;
    for (let i = 0; i < access; i++) m.memory[start + i] = value >>> (8 * i);
    m.bytes(value, access);
    m.silent(2);
  };

const jumpIf =
  (condition: (value: number) => boolean): Handler =>
  (m, imm) => {
    if (condition(m.pop())) m.branch(imm, JUMP_POP);
    else m.silent(1);
  };

const jump: Handler = (m, imm) => m.branch(imm, JUMP);
const getCell =
  (index: (m: Interpreter, imm: number) => number): Handler =>
  (m, imm) =>
    m.result(m.cells[index(m, imm)], 0);
const local = (m: Interpreter, imm: number) => m.cell(imm);
const global = (_: Interpreter, imm: number) => imm;

const BY_NAME: Record<string, Handler> = {
  unreachable: (m) => m.stop(0),
  nop: (m) => m.silent(0),
  if: jumpIf((value) => value === 0),
  else: jump,
  br: jump,
  br_if: jumpIf((value) => value !== 0),
  br_table: (m, imm) => m.branch(Math.min(m.pop() >>> 0, imm), JUMP_POP),
  return: (m) => {
    const to = m.returns[m.callDepth--];
    m.branch(to - m.cursor - 1, TOKEN.returnCommit);
  },
  call: (m, imm) => m.call(imm),
  call_indirect: (m, imm) => m.call(imm),
  halt: (m) => {
    m.emit(TOKEN.halt);
    m.end = 'halt';
  },
  trap: (m, imm) => m.stop(imm),
  frame: (m) => {
    throw new RangeError(`frame executed at cursor ${m.cursor}`);
  },
  drop: (m) => {
    m.pop();
    m.silent(1);
  },
  select: (m) => {
    const condition = m.pop();
    const second = m.pop();
    const first = m.pop();
    m.result(condition ? first : second, 3);
  },
  'local.get': getCell(local),
  'local.set': (m, imm) => {
    m.cells[m.cell(imm)] = m.pop();
    m.silent(1);
  },
  'local.tee': (m, imm) => {
    m.cells[m.cell(imm)] = m.top();
    m.silent(0);
  },
  'global.get': getCell(global),
  'global.set': (m, imm) => {
    m.cells[imm] = m.pop();
    m.silent(1);
  },
  'i32.load': load(4, 0),
  'i32.load8_s': load(1, 24),
  'i32.load8_u': load(1, 0),
  'i32.load16_s': load(2, 16),
  'i32.load16_u': load(2, 0),
  'i32.store': store(4),
  'i32.store8': store(1),
  'i32.store16': store(2),
  'memory.size': getCell(global),
  'i32.const': (m, imm) => m.result(imm | 0, 0),
  'i32.eqz': unary((a) => (a === 0 ? 1 : 0)),
  'i32.eq': compare((a, b) => a === b),
  'i32.ne': compare((a, b) => a !== b),
  'i32.lt_s': compare((a, b) => a < b),
  'i32.lt_u': compareUnsigned((a, b) => a < b),
  'i32.gt_s': compare((a, b) => a > b),
  'i32.gt_u': compareUnsigned((a, b) => a > b),
  'i32.le_s': compare((a, b) => a <= b),
  'i32.le_u': compareUnsigned((a, b) => a <= b),
  'i32.ge_s': compare((a, b) => a >= b),
  'i32.ge_u': compareUnsigned((a, b) => a >= b),
  'i32.clz': unary(Math.clz32),
  'i32.ctz': unary((a) => (a === 0 ? 32 : 31 - Math.clz32(a & -a))),
  'i32.popcnt': unary((a) => {
    let count = 0;
    for (let rest = a; rest !== 0; rest &= rest - 1) count++;
    return count;
  }),
  'i32.add': marked(1),
  'i32.sub': marked(-1),
  'i32.mul': binary(Math.imul),
  'i32.div_s': divide(true, true, (a, b) => Math.trunc(a / b)),
  'i32.div_u': divide(false, false, (a, b) => Math.floor(a / b)),
  'i32.rem_s': divide(true, false, (a, b) => a % b),
  'i32.rem_u': divide(false, false, (a, b) => a % b),
  'i32.and': binary((a, b) => a & b),
  'i32.or': binary((a, b) => a | b),
  'i32.xor': binary((a, b) => a ^ b),
  'i32.shl': binary((a, b) => a << (b & 31)),
  'i32.shr_s': binary((a, b) => a >> (b & 31)),
  'i32.shr_u': binary((a, b) => a >>> (b & 31)),
  'i32.rotl': binary((a, b) => (a << (b & 31)) | (a >>> (-b & 31))),
  'i32.rotr': binary((a, b) => (a >>> (b & 31)) | (a << (-b & 31))),
  'i32.extend8_s': unary((a) => (a << 24) >> 24),
  'i32.extend16_s': unary((a) => (a << 16) >> 16),
  read_byte: (m) => {
    if (m.inputRead < m.input.length) {
      const value = m.input[m.inputRead++];
      m.bytes(value);
      m.emit(TOKEN.readCommit);
      m.push(value);
      m.cursor++;
    } else {
      m.result(-1, 0);
    }
  },
  write_byte: (m) => {
    const value = m.pop() & 0xff;
    m.output.push(value);
    m.emit(TOKEN.out + value);
    m.cursor++;
  },
};

const HANDLERS: readonly Handler[] = OPCODES.map(({ name }) => {
  const handler = BY_NAME[name];
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
