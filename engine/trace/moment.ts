/**
 * The machine before one line of a trace: stack, cells, memory and open calls, each with the tokens that wrote it.
 *
 * A value is as it was generated. Four bytes are read as an unsigned number; eight as a bigint, or their low half.
 */
import { PAGE_SIZE } from '../isa/limits.ts';
import { byteOf, KIND, KINDS } from './notation.ts';
import type { TraceRecord } from './record.ts';

/** A cell's value: the first token of its bytes, and the first token of the line that put it there. */
export interface CellWrite {
  readonly value: number;
  /** The same as `value` for edits, and for initial values, which the prompt states. */
  readonly write: number;
}

/** Reads of one moment. */
export class Moment {
  /** The line that comes next. */
  readonly line: number;
  /** Its first token: what counts was written before it. */
  readonly token: number;
  /** Values on the whole operand stack. */
  readonly stackDepth: number;
  /** Calls that are open. */
  readonly callDepth: number;
  private readonly history: TraceRecord;
  private openCalls: readonly number[] | undefined;

  constructor(history: TraceRecord, line: number) {
    this.history = history;
    this.line = line;
    this.token = history.firstToken(line);
    this.stackDepth = history.stackDepthOf(line);
    this.callDepth = history.depthOf(line);
  }

  /** Value `index` of the operand stack, from the bottom; its low half if it is eight bytes wide. */
  stack(index: number): number {
    return this.low(this.stackWrite(index));
  }

  /** Value `index` of the operand stack with all its bytes: a bigint if they are eight. */
  stackBits(index: number): number | bigint {
    const value = this.stackWrite(index);
    return value >= 0 && this.history.widthAt(value) === 8 ? this.wide(value) : this.low(value);
  }

  /** First token of the stack's value `index`; -1 where nothing was put. */
  stackWrite(index: number): number {
    return this.history.stackWrites.before(index, this.token);
  }

  /** Cell of a local or global (see TokenProgram), or its low half. */
  cell(index: number): number {
    return this.low(this.cellWrite(index)?.value ?? -1);
  }

  /** A cell that is eight bytes wide. */
  wideCell(index: number): bigint {
    const found = this.cellWrite(index);
    if (!found) return 0n;
    return this.history.widthAt(found.value) === 8 ? this.wide(found.value) : BigInt(this.low(found.value));
  }

  /** Where a cell's value comes from; undefined for locals that nothing was put into since their call: they are 0. */
  cellWrite(index: number): CellWrite | undefined {
    const { history } = this;
    const write = history.cellWrites.before(index, this.token);
    const depth = Math.floor(index / history.program.stride);
    if (depth > 0 && write < history.callWrites.before(depth, this.token)) return undefined;
    if (write >= 0) {
      // A line that sets a cell has no bytes of its own; an edit has.
      if (KINDS[history.tokenAt(write)] === KIND.byte) return { value: write, write };
      const top = history.stackDepthOf(history.lineOfToken(write)) - 1;
      return { value: history.stackWrites.before(top, write), write };
    }
    const initial = depth > 0 ? -1 : history.facts.cell(index);
    return initial < 0 ? undefined : { value: initial, write: initial };
  }

  /** Bytes of the value that begins at a token. */
  widthOf(value: number): number {
    return this.history.widthAt(value);
  }

  /** Bytes of memory at the moment; of several, up to the end of the last. */
  get memorySize(): number {
    const { program } = this.history;
    // Of several, cell 0 has the end of the one that was accessed last.
    if (program.memories) return PAGE_SIZE * Math.max(...program.memories.map(({ end }) => this.cell(end)));
    const pages = program.globals.find(({ name }) => name === '$pages');
    return PAGE_SIZE * (pages ? this.cell(pages.cell) : program.pages);
  }

  /** Bytes of memory; fewer where it ends. */
  memory(address: number, length: number): Uint8Array {
    return this.bytes(address, Math.max(0, Math.min(length, this.memorySize - address)));
  }

  /** Bytes that were put at an address, wherever memory ends; zeros where none were. */
  bytes(address: number, length: number): Uint8Array {
    const { history, token } = this;
    const bytes = new Uint8Array(length);
    history.facts.fill(bytes, address);
    const { memoryWrites } = history;
    for (let at = memoryWrites.next(address); at < address + length; at = memoryWrites.next(at + 1)) {
      const write = memoryWrites.before(at, token);
      if (write >= 0) bytes[at - address] = byteOf(history.tokenAt(write));
    }
    return bytes;
  }

  /** The token that holds the byte at an address; -1 for bytes that nothing was ever put into: they are 0. */
  memoryWrite(address: number): number {
    const write = this.history.memoryWrites.before(address, this.token);
    return write < 0 ? this.history.facts.byte(address) : write;
  }

  /** Lines of the calls that are open, outermost first. */
  get calls(): readonly number[] {
    this.openCalls ??= Array.from({ length: this.callDepth }, (_, i) => this.callLine(i + 1));
    return this.openCalls;
  }

  /** The line that made the open call of a depth (from 1). */
  callLine(depth: number): number {
    return this.history.lineOfToken(this.history.callWrites.before(depth, this.token));
  }

  private low(value: number): number {
    return value < 0 ? 0 : this.history.word(value);
  }

  private wide(value: number): bigint {
    return (BigInt(this.history.word(value + 4)) << 32n) | BigInt(this.history.word(value));
  }
}
