/**
 * All calls of a recording in the order in which they began, flat: 16 bytes for each. It is made by going once over the
 * depths of the lines, and goes on where it stopped when there are more: a line is never looked at twice.
 *
 * Rows of the toolchain are no calls (the start, jumps into tables of functions, functions that stand for an operator):
 * what they do belongs to the call around them.
 */
import type { ProgramFunction, TokenProgram } from '../../../engine/isa/program.ts';
import { enlarged } from '../../../engine/trace/line-table.ts';
import type { Pace, Work } from '../../recording/pace.ts';

/** What is known of lines. */
export interface Lines {
  cursorOf(line: number): number;
  /** Calls of the machine that are open before a line. */
  depthOf(line: number): number;
  /** The first line from `from` up to but not including `to` with another depth; `to` for none. */
  firstOtherDepth(depth: number, from: number, to: number): number;
}

/** Lines looked at between two looks at the clock. */
const BATCH = 1 << 17;

/** Rows that lead from an indirect call to the function: a jump into the table, and one out of it. */
const TABLE_ROWS = 2;

/** No call. */
export const NONE = -1;

/** See the file's comment. */
export class CallIndex {
  count = 0;
  /** Per call: its first line, and the one behind its last, 0 while it is open. */
  starts = new Uint32Array(1024);
  ends = new Uint32Array(1024);
  /** Calls of the machine that are open in it; from 1. */
  depths = new Uint16Array(1024);
  /** Its number in `functions`. */
  functions = new Uint16Array(1024);
  /** The call around it, plus 1; 0 for the outermost. */
  private around = new Uint32Array(1024);
  /** The functions that were called, in the order of their first calls. */
  readonly called: ProgramFunction[] = [];
  private readonly lines: Lines;
  /** Per instruction: the number of its function in the program, -1 for rows of the toolchain. */
  private readonly owners: Int32Array;
  private readonly program: TokenProgram;
  private readonly numbers = new Map<number, number>();
  private looked = 0;
  private depth = 0;
  private innermost = NONE;
  /** The first line of a call of which it is not known yet what it calls. */
  private pending = NONE;

  constructor(program: TokenProgram, lines: Lines) {
    this.program = program;
    this.lines = lines;
    this.owners = new Int32Array(program.ops.length).fill(NONE);
    program.functions.forEach(({ index, start, end }, number) => {
      if (index >= 0) this.owners.fill(number, start, end);
    });
  }

  /** Looks at all lines before `line`. */
  *upTo(line: number, pace: Pace): Work {
    while (this.looked < line) {
      const end = Math.min(this.looked + BATCH, line);
      for (let at = this.looked; at < end; at = this.next(at + 1, end)) this.look(at);
      this.looked = end;
      if (pace.due()) yield;
    }
  }

  /** The innermost call at a line; NONE where none is open. */
  at(line: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] <= line) low = middle + 1;
      else high = middle;
    }
    let call = low - 1;
    while (call !== NONE && this.ends[call] !== 0 && this.ends[call] <= line) call = this.callerOf(call);
    return call;
  }

  /** The call around a call, or NONE. */
  callerOf(call: number): number {
    return this.around[call] - 1;
  }

  /** The next line from `from` on that has something to tell. */
  private next(from: number, to: number): number {
    return this.pending === NONE ? this.lines.firstOtherDepth(this.depth, from, to) : from;
  }

  private look(line: number): void {
    const depth = this.lines.depthOf(line);
    if (depth < this.depth) {
      this.pending = NONE;
      while (this.innermost !== NONE && this.depths[this.innermost] > depth) {
        this.ends[this.innermost] = line;
        this.innermost = this.callerOf(this.innermost);
      }
    } else if (depth > this.depth) {
      this.pending = line;
    }
    this.depth = depth;
    if (this.pending === NONE) return;
    const owner = this.owners[this.lines.cursorOf(line)];
    if (owner !== NONE) this.open(this.pending, owner);
    if (owner !== NONE || line - this.pending >= TABLE_ROWS) this.pending = NONE;
  }

  private open(start: number, owner: number): void {
    if (this.count === this.starts.length) this.enlarge();
    const call = this.count++;
    this.starts[call] = start;
    this.depths[call] = this.depth;
    this.functions[call] = this.numberOf(owner);
    this.around[call] = this.innermost + 1;
    this.innermost = call;
  }

  private numberOf(owner: number): number {
    let number = this.numbers.get(owner);
    if (number === undefined) {
      number = this.called.length;
      this.numbers.set(owner, number);
      this.called.push(this.program.functions[owner]);
    }
    return number;
  }

  private enlarge(): void {
    const size = 2 * this.count;
    this.starts = enlarged(this.starts, new Uint32Array(size));
    this.ends = enlarged(this.ends, new Uint32Array(size));
    this.depths = enlarged(this.depths, new Uint16Array(size));
    this.functions = enlarged(this.functions, new Uint16Array(size));
    this.around = enlarged(this.around, new Uint32Array(size));
  }
}
