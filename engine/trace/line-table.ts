/**
 * What is kept of each line of a trace, flat: its first token, its instruction, and the depths of calls and of the operand
 * stack before it (14 bytes). There is an entry for the line behind the last too: where it will begin.
 */

/** See the file's comment. */
export class LineTable {
  /** Complete lines. */
  count = 0;
  first = new Uint32Array(1024);
  /** 0 for lines that execute nothing. */
  cursors = new Uint32Array(1024);
  callDepths = new Uint16Array(1024);
  stackDepths = new Uint32Array(1024);

  /** `first`: the first token behind the prompt. A program begins at its instruction 1. */
  constructor(first: number) {
    this.first[0] = first;
    this.cursors[0] = 1;
  }

  /** Bytes taken. */
  get bytes(): number {
    const { first, cursors, callDepths, stackDepths } = this;
    return first.byteLength + cursors.byteLength + callDepths.byteLength + stackDepths.byteLength;
  }

  /** Instruction that a line executes, or stands before; defined for the line behind the last too. */
  cursorOf(line: number): number {
    let executed = line;
    while (this.cursors[executed] === 0 && executed < this.count) executed++;
    return this.cursors[executed];
  }

  /** The line that a token belongs to; -1 for tokens of the prompt. */
  lineOfToken(token: number): number {
    let low = 0;
    let high = this.count + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.first[middle] <= token) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The first line from `from` up to but not including `to` that executes a marked instruction; -1 for none. */
  firstMarked(marks: Uint8Array, from: number, to: number): number {
    const { cursors } = this;
    for (let line = from; line < to; line++) if (marks[cursors[line]] !== 0 && cursors[line] !== 0) return line;
    return -1;
  }

  /** The last line from `from` up to but not including `to` that executes a marked instruction; -1 for none. */
  lastMarked(marks: Uint8Array, from: number, to: number): number {
    const { cursors } = this;
    for (let line = to - 1; line >= from; line--) if (marks[cursors[line]] !== 0 && cursors[line] !== 0) return line;
    return -1;
  }

  /** The first line from `from` up to but not including `to` before which fewer calls than `depth` are open; -1 for none. */
  firstShallower(depth: number, from: number, to: number): number {
    const { callDepths } = this;
    for (let line = from; line < to; line++) if (callDepths[line] < depth) return line;
    return -1;
  }

  /** The first line from `from` up to but not including `to` before which another number of calls is open; `to` for none. */
  firstOtherDepth(depth: number, from: number, to: number): number {
    const { callDepths } = this;
    for (let line = from; line < to; line++) if (callDepths[line] !== depth) return line;
    return to;
  }

  /** A line is complete; the one behind it begins at token `first`. */
  add(first: number, cursor: number, callDepth: number, stackDepth: number): void {
    const line = ++this.count;
    if (line === this.first.length) {
      const size = Math.ceil(1.5 * line);
      this.first = enlarged(this.first, new Uint32Array(size));
      this.cursors = enlarged(this.cursors, new Uint32Array(size));
      this.callDepths = enlarged(this.callDepths, new Uint16Array(size));
      this.stackDepths = enlarged(this.stackDepths, new Uint32Array(size));
    }
    this.first[line] = first;
    this.cursors[line] = cursor;
    this.callDepths[line] = callDepth;
    this.stackDepths[line] = stackDepth;
  }

  /** A table of its own of the lines before `line`, which stands behind the last there. */
  before(line: number): LineTable {
    const copy = new LineTable(this.first[0]);
    const size = line + 1;
    copy.count = line;
    copy.first = this.first.slice(0, size);
    copy.cursors = this.cursors.slice(0, size);
    copy.callDepths = this.callDepths.slice(0, size);
    copy.stackDepths = this.stackDepths.slice(0, size);
    // A line that executes nothing here leads to one that does, and that is not there.
    copy.cursors[line] = this.cursorOf(line);
    return copy;
  }
}

/** The numbers of one array at the beginning of a larger one. */
export function enlarged<T extends Uint16Array | Uint32Array>(array: T, larger: T): T {
  larger.set(array);
  return larger;
}
