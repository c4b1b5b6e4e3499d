/**
 * Which byte of the input each line that reads took: the n-th of those lines took the n-th byte. Found when it is
 * first asked for, and kept up as the trace grows.
 */
import { OPCODES } from '../isa/opcodes.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import type { History } from './history.ts';

/** See the file's comment. */
export class InputLog {
  /** Token of the prompt with the first byte of the input. */
  readonly start: number;
  private readonly history: History;
  private readonly marks: Uint8Array;
  /** Lines that read, ascending; and up to where they were looked for. */
  private readonly lines: number[] = [];
  private seen = 0;

  constructor(history: History) {
    this.history = history;
    this.marks = Uint8Array.from(history.program.ops, (op) => Number(OPCODES[op].circuit === 'read'));
    let start = history.promptLength - 1;
    while (start > 0 && history.tokenAt(start - 1) !== TOKEN.close) start--;
    this.start = start;
  }

  /** Token of the prompt that a line which reads took; at the input's end that is `run`. */
  tokenOf(line: number): number {
    const { history, lines } = this;
    this.catchUp();
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (lines[middle] < line) low = middle + 1;
      else high = middle;
    }
    return Math.min(this.start + low, history.promptLength - 1);
  }

  /** The line that took a byte of the input, by its token in the prompt; undefined while none has. */
  lineOf(token: number): number | undefined {
    this.catchUp();
    return this.lines[token - this.start];
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
