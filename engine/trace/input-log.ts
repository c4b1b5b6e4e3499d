/**
 * Which byte of the input each line that reads took: the n-th of those lines took the n-th byte. Found when it is
 * first asked for, and kept up as the trace grows.
 */
import { OPCODES } from '../isa/opcodes.ts';
import type { History } from './history.ts';

/** See the file's comment. */
export class InputLog {
  private readonly history: History;
  private readonly marks: Uint8Array;
  /** Lines that read, ascending; and up to where they were looked for. */
  private readonly lines: number[] = [];
  private seen = 0;

  constructor(history: History) {
    this.history = history;
    this.marks = Uint8Array.from(history.program.ops, (op) => Number(OPCODES[op].circuit === 'read'));
  }

  /** Token of the byte that a line which reads took; at the input's end the one that says so. */
  tokenOf(line: number): number {
    const { lines } = this;
    const { input } = this.history;
    this.catchUp();
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (lines[middle] < line) low = middle + 1;
      else high = middle;
    }
    const token = input.tokenOf(low);
    return token < 0 ? input.end : token;
  }

  /** The line that took a byte of the input, by its token; undefined while none has. */
  lineOf(token: number): number | undefined {
    this.catchUp();
    return this.lines[this.history.input.numberOf(token)];
  }

  private catchUp(): void {
    const { history, lines } = this;
    for (;;) {
      const next = history.firstMarked(this.marks, this.seen, history.lines);
      this.seen = next < 0 ? history.lines : next + 1;
      if (next < 0) return;
      lines.push(next);
    }
  }
}
