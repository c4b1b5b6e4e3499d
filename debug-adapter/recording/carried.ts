/**
 * What a later context begins with, token by token: each one repeats a token of the run, the one that wrote what it states.
 * So what a head attends to among them is told as the token of the run that it stands for, and as carried over.
 */
import { EDIT_HEADER, editKindOf } from '../../engine/isa/edit-lines.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { INSTRUCTION_TOKENS, PROGRAM_START } from '../../engine/isa/prompt.ts';
import { HOME, jumpLine } from '../../engine/isa/state-lines.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import type { Role } from '../../engine/trace/byte-steps.ts';
import type { History } from '../../engine/trace/history.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import { byteOf, KIND, KINDS } from '../../engine/trace/notation.ts';

/** What a context is told. */
export interface Stated {
  /** The prompt, and the lines behind it. */
  readonly tokens: Uint16Array;
  /** Tokens of the prompt. */
  readonly prompt: number;
  /** The line of the run that comes next. */
  readonly line: number;
  /** Bytes of input that were read before. */
  readonly read: number;
}

/** Tokens in a row that state one thing: from a position on, with the token of the run that the one at an offset repeats. */
interface Piece {
  readonly from: number;
  readonly tokenOf: (offset: number, role: string) => number;
  /** Of what repeats bytes: the offset of the first, and how many. */
  readonly bytes?: { readonly first: number; readonly count: number };
}

/** Tokens that all contexts begin with: tables and instructions. */
export const sharedBy = ({ ops }: TokenProgram): number => PROGRAM_START + ops.length * INSTRUCTION_TOKENS;

/** The head whose target is the line that set a cell; others attend to the bytes of the value. */
const CELL: Role = 'local or global';
/** Tokens of a jump: its opener, four bytes, its end. */
const JUMP_TOKENS = jumpLine(HOME, HOME).length;

/** See the file's comment. */
export class Carried {
  private readonly pieces: Piece[] = [];
  private readonly history: History;
  private readonly moment: Moment;
  private readonly tokens: Uint16Array;

  constructor(program: TokenProgram, history: History, { tokens, prompt, line, read }: Stated) {
    this.history = history;
    this.moment = history.moment(line);
    this.tokens = tokens;
    this.pieces.push({ from: 0, tokenOf: (offset) => offset });
    this.input(this.facts(sharedBy(program)), prompt, read);
    this.open(prompt);
  }

  /** The token of the run that the one at a position repeats, for the head of a role. */
  tokenOf(position: number, role: string): number {
    const { pieces } = this;
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (pieces[middle].from <= position) low = middle;
      else high = middle - 1;
    }
    return pieces[low].tokenOf(position - pieces[low].from, role);
  }

  /** The positions at which the byte that a token of the run is stands again. */
  repeats(token: number): number[] {
    const { tokens, history } = this;
    const said = history.tokenAt(token);
    const found: number[] = [];
    if (KINDS[said] !== KIND.byte) return found;
    for (const { from, tokenOf, bytes } of this.pieces) {
      const { first, count } = bytes ?? { first: 0, count: 0 };
      for (let at = from + first; at < from + first + count; at++) {
        if (byteOf(tokens[at]) === byteOf(said) && tokenOf(at - from, '') === token) found.push(at);
      }
    }
    return found;
  }

  private word(at: number): number {
    return [3, 2, 1, 0].reduce((sum, i) => sum * 256 + byteOf(this.tokens[at + i]), 0);
  }

  /** Globals and memory. Returns where they end. */
  private facts(from: number): number {
    const { tokens } = this;
    let at = from;
    while (tokens[at] !== TOKEN.close) {
      const place = this.word(at + 1);
      const first = at + EDIT_HEADER;
      let end = first;
      while (tokens[end] !== TOKEN.editCommit) end++;
      if (tokens[at] === TOKEN.global) this.cell(at, place, end - first);
      else this.memory(at, place, end - first);
      at = end + 1;
    }
    return at;
  }

  /** A line that states bytes of memory. */
  private memory(from: number, place: number, count: number): void {
    const { moment } = this;
    const tokenOf = (offset: number) => {
      const byte = Math.min(Math.max(offset - EDIT_HEADER, 0), count - 1);
      const written = moment.memoryWrite(place + byte);
      // A zero between other bytes may be one that nobody wrote.
      return written < 0 ? moment.token - 1 : written;
    };
    this.pieces.push({ from, tokenOf, bytes: { first: EDIT_HEADER, count } });
  }

  /** A line that states a cell. */
  private cell(from: number, cell: number, width: number): void {
    const { value, write } = this.moment.cellWrite(cell) ?? { value: 0, write: 0 };
    // A line that sets a cell has no bytes: it is found by the end of the line before it.
    const set = write === value ? undefined : write - 1;
    const byte = (offset: number) => value + Math.min(Math.max(offset - EDIT_HEADER, 0), width);
    const tokenOf: Piece['tokenOf'] = (offset, role) => (role === CELL ? (set ?? byte(offset)) : byte(offset));
    this.pieces.push({ from, tokenOf, bytes: { first: EDIT_HEADER, count: width } });
  }

  /** From the end of the program to the prompt's. */
  private input(from: number, end: number, read: number): void {
    const { history, tokens } = this;
    const close = history.tokensFrom(0, history.promptLength).lastIndexOf(TOKEN.close);
    this.pieces.push({ from, tokenOf: () => close });
    let number = read;
    for (let at = from + 1; at < end - 1; ) {
      if (tokens[at] === TOKEN.inputEnd) {
        this.pieces.push({ from: at++, tokenOf: () => history.input.end });
        continue;
      }
      let line = at + EDIT_HEADER;
      while (tokens[line] !== TOKEN.editCommit) line++;
      const first = number;
      const count = line - at - EDIT_HEADER;
      const tokenOf = (offset: number) =>
        history.input.tokenOf(first + Math.min(Math.max(offset - EDIT_HEADER, 0), count - 1));
      this.pieces.push({ from: at, tokenOf, bytes: { first: EDIT_HEADER, count } });
      number += count;
      at = line + 1;
    }
    this.pieces.push({ from: end - 1, tokenOf: () => history.promptLength - 1 });
  }

  /** The lines behind the prompt. */
  private open(from: number): void {
    const { history, tokens, moment } = this;
    let at = from;
    if (moment.callDepth > 0) at = this.homeward(at);
    for (let depth = 1; depth <= moment.callDepth; depth++, at += JUMP_TOKENS) {
      const first = history.callWrites.before(depth, moment.token);
      this.pieces.push({ from: at, tokenOf: (offset) => first + offset });
    }
    while (editKindOf(tokens[at]) === 'local') {
      let end = at + EDIT_HEADER;
      while (tokens[end] !== TOKEN.editCommit) end++;
      this.cell(at, this.word(at + 1), end - at - EDIT_HEADER);
      at = end + 1;
    }
    for (let index = 0; index < moment.stackDepth; index++) {
      const value = moment.stackWrite(index);
      const width = moment.widthOf(value);
      const tokenOf = (offset: number) => value + Math.min(Math.max(offset - 1, 0), width);
      this.pieces.push({ from: at, tokenOf, bytes: { first: 1, count: width } });
      at = this.homeward(at + 1 + width + 1);
    }
    this.homeward(at);
  }

  /** A jump that only puts the cursor somewhere is as the end of the run's last line before. */
  private homeward(from: number): number {
    const last = this.moment.token - 1;
    this.pieces.push({ from, tokenOf: () => last });
    return from + JUMP_TOKENS;
  }
}
