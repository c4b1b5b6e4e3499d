/**
 * What the prompt states besides instructions: initial values of cells (`global` lines) and of memory (`data` lines),
 * as the tokens that hold them; and the input that it gives.
 */
import { OPCODES } from '../isa/opcodes.ts';
import { INSTRUCTION_TOKENS, PROGRAM_START } from '../isa/prompt.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import { GivenInput } from './given-input.ts';
import { byteOf } from './notation.ts';

/** Bytes that the prompt puts into memory at `address`: tokens `first` up to but not including `end`. */
interface Segment {
  readonly address: number;
  readonly first: number;
  readonly end: number;
}

const isOpcode = (token: number) => token >= TOKEN.opcode && token < TOKEN.opcode + OPCODES.length;

/** See the file's comment. */
export class PromptFacts {
  /** The input, that of the prompt at first: more may be added. */
  readonly input = new GivenInput();
  /** Per cell with an initial value: its first byte. */
  private readonly cells = new Map<number, number>();
  private readonly segments: Segment[] = [];
  private readonly prompt: ArrayLike<number>;

  constructor(prompt: ArrayLike<number>) {
    this.prompt = prompt;
    const word = (at: number) =>
      (byteOf(prompt[at]) |
        (byteOf(prompt[at + 1]) << 8) |
        (byteOf(prompt[at + 2]) << 16) |
        (byteOf(prompt[at + 3]) << 24)) >>>
      0;
    // A model that knows the program by heart has no instructions in its prompt, but it may have more than one `{`.
    let at = PROGRAM_START;
    while (prompt[at] === TOKEN.open) at++;
    while (isOpcode(prompt[at])) at += INSTRUCTION_TOKENS;
    while (at < prompt.length && prompt[at] !== TOKEN.close) {
      const opening = prompt[at];
      const address = word(at + 1);
      const first = at + 5;
      let end = first;
      while (end < prompt.length && prompt[end] !== TOKEN.editCommit) end++;
      if (opening === TOKEN.data) this.segments.push({ address, first, end });
      else this.cells.set(address, first);
      at = end + 1;
    }
    this.readInput(at + 1);
  }

  /** The lines from `at` on, up to `run`. */
  private readInput(at: number): void {
    const { prompt } = this;
    for (let start = at; start < prompt.length && prompt[start] !== TOKEN.run; ) {
      let end = start;
      while (end < prompt.length && prompt[end] !== TOKEN.editCommit && prompt[end] !== TOKEN.inputEnd) end++;
      this.input.add(prompt, start, end);
      start = end + 1;
    }
  }

  /** First byte token of a cell's initial value; -1 for none. */
  cell(cell: number): number {
    return this.cells.get(cell) ?? -1;
  }

  /** Token of the byte at an address; -1 where the prompt says nothing. Later lines hide earlier ones. */
  byte(address: number): number {
    for (let i = this.segments.length - 1; i >= 0; i--) {
      const { address: start, first, end } = this.segments[i];
      if (address >= start && address < start + end - first) return first + address - start;
    }
    return -1;
  }

  /** Puts what the prompt says of memory from `address` on into `bytes`. */
  fill(bytes: Uint8Array, address: number): void {
    for (const { address: start, first, end } of this.segments) {
      const from = Math.max(start, address);
      const to = Math.min(start + end - first, address + bytes.length);
      for (let at = from; at < to; at++) bytes[at - address] = byteOf(this.prompt[first + at - start]);
    }
  }
}
