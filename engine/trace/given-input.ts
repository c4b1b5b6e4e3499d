/**
 * The program's input as it was given: in the prompt, and by lines of a host in the middle of the trace. Each line says
 * the number of its first byte; bytes are numbered on from line to line.
 */
import { TOKEN } from '../isa/vocabulary.ts';
import { byteOf } from './notation.ts';

/** Bytes of one line: tokens `first` up to but not including `end` are the bytes from `number` on. */
interface InputLine {
  readonly number: number;
  readonly first: number;
  readonly end: number;
}

/** Tokens before the first byte of a line: its opener and four bytes of a number. */
const HEADER = 5;

/** See the file's comment. */
export class GivenInput {
  /** The token that says that no more will come; -1 while more may. */
  end = -1;
  private lines: InputLine[] = [];

  /** Bytes that were given. */
  get count(): number {
    const last = this.lines.at(-1);
    return last ? last.number + last.end - last.first : 0;
  }

  /** Takes the line of input whose opener, or lone `input_end`, stands at `start` and whose last token is `at`. */
  add(tokens: ArrayLike<number>, start: number, at: number): void {
    if (tokens[at] === TOKEN.inputEnd) {
      this.end = at;
      return;
    }
    let number = 0;
    for (let i = HEADER - 1; i > 0; i--) number = 256 * number + byteOf(tokens[start + i]);
    this.lines.push({ number, first: start + HEADER, end: at });
  }

  /** Becomes what another one was before a token. */
  takeOver(other: GivenInput, before: number): void {
    this.lines = other.lines.filter(({ first }) => first < before);
    this.end = other.end < before ? other.end : -1;
  }

  /** The token of a byte; -1 where it was not given. */
  tokenOf(number: number): number {
    const line = this.lines.find((each) => number >= each.number && number < each.number + each.end - each.first);
    return line ? line.first + number - line.number : -1;
  }

  /** The number of the byte that a token is; -1 for other tokens. */
  numberOf(token: number): number {
    const line = this.lines.find(({ first, end }) => token >= first && token < end);
    return line ? line.number + token - line.first : -1;
  }
}
