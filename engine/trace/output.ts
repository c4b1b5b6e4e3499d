/**
 * What a program writes, read from its trace: each `out(..)` line is a byte, and the instruction that the line executed
 * says whether it is for standard output or for standard error.
 */
import { opcodeIndex } from '../isa/opcodes.ts';
import type { TokenProgram } from '../isa/program.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import type { History } from './history.ts';
import { KIND, KINDS } from './notation.ts';

/** The two outputs of a program. */
export const STREAMS = ['output', 'errors'] as const;
export type Stream = (typeof STREAMS)[number];

/** Reads a history's output, line by line. */
export class OutputReader {
  private readonly history: History;
  /** Per instruction: 0, or one more than the index into STREAMS of what it writes to. */
  private readonly marks: Uint8Array;

  constructor(history: History) {
    this.history = history;
    this.marks = writeMarks(history.program);
  }

  /** Gives each byte that the lines from `from` up to but not including `to` wrote, in order. */
  read(from: number, to: number, give: (byte: number, stream: Stream, line: number) => void): void {
    const { history, marks } = this;
    for (let line = history.firstMarked(marks, from, to); line >= 0; line = history.firstMarked(marks, line + 1, to)) {
      const token = history.tokenAt(history.firstToken(line));
      // A host's line can stand on any instruction.
      if (KINDS[token] !== KIND.out) continue;
      give(token - TOKEN.out, STREAMS[marks[history.cursorOf(line)] - 1], line);
    }
  }
}

function writeMarks({ ops, errorWrites = [] }: TokenProgram): Uint8Array {
  const write = opcodeIndex('write_byte');
  const marks = Uint8Array.from(ops, (op) => (op === write ? 1 + STREAMS.indexOf('output') : 0));
  for (const cursor of errorWrites) marks[cursor] = 1 + STREAMS.indexOf('errors');
  return marks;
}
