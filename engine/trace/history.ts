/**
 * Tokens to lines to machine state at any line: bookkeeping over what the model generated.
 *
 * It computes nothing that the model computes. Values are read from the bytes the model said; a `local.set` leads to
 * the token where its value was generated; cursor and depths are the sums of what the lines' ends say. The one number
 * that is made of two is the address of a store, operand plus offset: it says under which key its bytes are found.
 *
 * What is kept per line is flat (first token, instruction, call depth, stack depth: 14 bytes), and per write 4 to 8
 * bytes (write-log.ts). That is about 6 bytes per token with the token itself, and up to twice that while arrays grow.
 */
import { PlacedError } from '../errors.ts';
import { EDIT_HEADER, editKindOf } from '../isa/edit-lines.ts';
import { OPCODES, TRAP_REASONS } from '../isa/opcodes.ts';
import type { TokenProgram } from '../isa/program.ts';
import { TOKEN, tokenId, VOCABULARY } from '../isa/vocabulary.ts';
import type { Steps } from '../steps.ts';
import type { GivenInput } from './given-input.ts';
import { enlarged, LineTable } from './line-table.ts';
import { Moment } from './moment.ts';
import { ADVANCE, byteOf, DEPTH_CHANGE, KIND, KINDS, lineNumber, lineText, STORES } from './notation.ts';
import { PromptFacts } from './prompt-facts.ts';
import type { TraceRecord } from './record.ts';
import { WriteLog } from './write-log.ts';

/** How a program ended, and the line that ended it. */
export interface End {
  readonly line: number;
  readonly kind: 'halt' | 'trap';
  /** Exit code; 0 for a trap. */
  readonly code: number;
  /** Of a trap. */
  readonly reason?: string;
}

/** What an instruction writes besides the stack. */
const SETS_LOCAL = 1;
const SETS_GLOBAL = 2;
const STORES_BYTES = 3;

/** Bytes that stand on the stack, by those of the line: the last eight of a long line, the last four of a shorter one. */
const valueBytes = (count: number) => (count < 8 ? 4 : 8);
/** Tokens of the longest line but for results that take more bytes: `branch_taken` or eight bytes, and an end. */
const MOST_TOKENS = 9;

/** How much more room a copy has than it needs: it is to go on. */
const SPARE = 1.125;

/** Opens lines of a host that push or jump, where the bytes of another line would be those of the instruction there. */
const EDIT_STACK = tokenId('edit(stack)');

/** See the file's comment. Read-only but for `append` and `appendGiven`. */
export class History implements TraceRecord {
  readonly program: TokenProgram;
  readonly promptLength: number;
  /** What the prompt says of cells and memory. */
  readonly facts: PromptFacts;
  /** Per key, the first token of each value that was put there. Slots count from the bottom of the stack. */
  readonly stackWrites = new WriteLog();
  /** Per cell, the first token of each line that set it; of an edit, of its value. */
  readonly cellWrites = new WriteLog();
  /** Per address, each byte that was stored there. */
  readonly memoryWrites = new WriteLog();
  /** Per call depth d >= 1, the first token of each call that led there. */
  readonly callWrites = new WriteLog();
  /** Whether the last line says that a byte of input is wanted that was not given. */
  wantsInput = false;
  /** The line that ended the program, once it is there. */
  end: End | undefined;

  /** Tokens, the prompt included; more room than is used. */
  private tokens: Uint16Array;
  private length: number;
  private table: LineTable;
  /** Whether what is appended is a host's: it executes nothing. */
  private given = false;
  /** Per instruction: what it writes. */
  private readonly writes: Uint8Array;

  /** `prompt`: the tokens that the model is given. */
  constructor(program: TokenProgram, prompt: ArrayLike<number>) {
    this.program = program;
    this.promptLength = prompt.length;
    this.facts = new PromptFacts(prompt);
    this.tokens = new Uint16Array(Math.max(2 * prompt.length, 1 << 16));
    this.tokens.set(prompt);
    this.length = prompt.length;
    this.table = new LineTable(prompt.length);
    this.writes = Uint8Array.from(program.ops, (op) => {
      const { circuit, variant } = OPCODES[op];
      if (circuit === 'store') return STORES_BYTES;
      if (circuit !== 'cell-set') return 0;
      return variant === 'local' ? SETS_LOCAL : SETS_GLOBAL;
    });
  }

  /** The input that was given so far. */
  get input(): GivenInput {
    return this.facts.input;
  }

  /** Complete lines. */
  get lines(): number {
    return this.table.count;
  }

  /** Tokens in all, the prompt included. */
  get tokenCount(): number {
    return this.length;
  }

  /** Bytes that tokens, lines and writes take. */
  get bytes(): number {
    const { tokens, table, stackWrites, cellWrites, memoryWrites, callWrites } = this;
    const logs = [stackWrites, cellWrites, memoryWrites, callWrites];
    return logs.reduce((total, { bytes }) => total + bytes, tokens.byteLength + table.bytes);
  }

  tokenAt(index: number): number {
    return this.tokens[index];
  }

  /** The tokens from an index on, up to but not including `to`: a copy. */
  tokensFrom(index: number, to: number): Uint16Array {
    return this.tokens.slice(index, to);
  }

  /** Index of a line's first token; of the line behind the last, where its first stands or will stand. */
  firstToken(line: number): number {
    return line <= this.lines ? this.table.first[line] : this.length;
  }

  /** Instruction that a line executes, or stands before; defined for the line behind the last too, like the depths. */
  cursorOf(line: number): number {
    return this.table.cursorOf(line);
  }

  /** Whether a line executes an instruction: edits and lines of input do not. */
  executes(line: number): boolean {
    return this.table.cursors[line] !== 0;
  }

  /** Calls that are open before a line. */
  depthOf(line: number): number {
    return this.table.callDepths[line];
  }

  /** Values on the operand stack before a line. */
  stackDepthOf(line: number): number {
    return this.table.stackDepths[line];
  }

  /** The line that a token belongs to; -1 for tokens of the prompt. */
  lineOfToken(token: number): number {
    return this.table.lineOfToken(token);
  }

  /**
   * A history of its own of the lines before `line`, which nothing has followed: made by copying arrays, and not by
   * reading the tokens again. Yields between them, since those of a long trace are large.
   */
  *before(line: number): Steps<History> {
    const length = this.firstToken(line);
    const copy = new History(this.program, this.tokensFrom(0, this.promptLength));
    copy.tokens = enlarged(this.tokens.subarray(0, length), new Uint16Array(Math.ceil(SPARE * length)));
    copy.length = length;
    yield;
    copy.table = this.table.before(line);
    yield;
    for (const log of ['stackWrites', 'cellWrites', 'memoryWrites', 'callWrites'] as const) {
      copy[log].takeOver(this[log], length);
      yield;
    }
    copy.input.takeOver(this.input, length);
    copy.wantsInput = this.tokens[length - 1] === TOKEN.needInput;
    return copy;
  }

  /** The first line in which another history of the same prompt differs; of the shorter one, the line behind its last. */
  firstDifference(other: History): number {
    const length = Math.min(this.length, other.length);
    let at = this.promptLength;
    while (at < length && this.tokens[at] === other.tokens[at]) at++;
    return this.lineOfToken(at);
  }

  /** The machine before a line. */
  moment(line: number): Moment {
    return new Moment(this, line);
  }

  /** First token of the value that a complete line puts on the stack: of the last of its bytes. */
  valueOf(line: number): number {
    const end = this.firstToken(line + 1) - 1;
    return end - valueBytes(end - this.firstToken(line));
  }

  /** A line in the trace's notation. */
  text(line: number): string {
    return lineText(this.tokens, this.firstToken(line), this.firstToken(line + 1));
  }

  /** See `LineTable`. */
  firstMarked(marks: Uint8Array, from: number, to: number): number {
    return this.table.firstMarked(marks, from, to);
  }

  lastMarked(marks: Uint8Array, from: number, to: number): number {
    return this.table.lastMarked(marks, from, to);
  }

  firstShallower(depth: number, from: number, to: number): number {
    return this.table.firstShallower(depth, from, to);
  }

  firstOtherDepth(depth: number, from: number, to: number): number {
    return this.table.firstOtherDepth(depth, from, to);
  }

  /** The four bytes from a token on, as an unsigned number. */
  word(token: number): number {
    const { tokens } = this;
    const low = byteOf(tokens[token]) | (byteOf(tokens[token + 1]) << 8) | (byteOf(tokens[token + 2]) << 16);
    return (low | (byteOf(tokens[token + 3]) << 24)) >>> 0;
  }

  /** Byte tokens from a token on: how wide the value is that begins there. */
  widthAt(token: number): number {
    let end = token;
    while (KINDS[this.tokens[end]] === KIND.byte) end++;
    return end - token;
  }

  /**
   * Appends what the model generated.
   * @throws PlacedError at a token that makes no sense where it stands: the lines before it are there, and stay
   */
  append(tokens: ArrayLike<number>): void {
    if (this.length + tokens.length > this.tokens.length) {
      const size = Math.max(this.length + tokens.length, Math.ceil(1.5 * this.tokens.length));
      this.tokens = enlarged(this.tokens, new Uint16Array(size));
    }
    this.tokens.set(tokens, this.length);
    let at = this.length;
    this.length += tokens.length;
    const all = this.tokens;
    for (; at < this.length; at++) if (KINDS[all[at]] !== KIND.byte) this.readEnd(at);
    const isEdit = this.given && editKindOf(all[this.table.first[this.lines]]) !== undefined;
    const most = Math.max(MOST_TOKENS, this.resultBytes(this.table.cursors[this.lines]) + 1);
    if (!isEdit && this.length - this.table.first[this.lines] > most)
      this.refuse(this.length - 1, 'a line does not end');
  }

  /**
   * Appends lines that a host states and the model only reads: edits, input, values that it puts on the stack or drops, and
   * jumps. They execute nothing, so they write nothing but the stack and what an edit says; the trace goes on behind its end.
   * @throws PlacedError as `append`
   */
  appendGiven(tokens: ArrayLike<number>): void {
    this.end = undefined;
    this.wantsInput = false;
    this.given = true;
    try {
      this.append(tokens);
    } finally {
      this.given = false;
    }
  }

  /** Token `at` is no byte: it ends the line, or opens a branch. */
  private readEnd(at: number): void {
    const { table } = this;
    const token = this.tokens[at];
    const kind = KINDS[token];
    const line = table.count;
    const start = table.first[line];
    const opener = this.tokens[start];
    const pushes = opener === EDIT_STACK && STORES[token] !== 0;
    const isJump = opener === TOKEN.branchTaken || (opener === EDIT_STACK && this.given && !pushes);
    if (at === start && (isJump || (this.given && (token === TOKEN.input || editKindOf(token) !== undefined)))) return;
    if (kind < KIND.commit || this.end) this.refuse(at, `"${VOCABULARY[token]}" cannot stand here`);
    const cursor = table.cursors[line];
    const stackDepth = table.stackDepths[line];
    if (kind === KIND.edit) {
      if (token === TOKEN.needInput || token === TOKEN.inputEnd || this.tokens[start] === TOKEN.input)
        this.readInput(start, at);
      else this.edit(start, at);
      return;
    }
    if (kind >= KIND.halt) {
      this.finish(line, token, stackDepth);
      table.add(at + 1, cursor, table.callDepths[line], stackDepth);
      return;
    }
    const depth = stackDepth + DEPTH_CHANGE[token];
    if (depth < 0) this.refuse(at, 'more is taken from the operand stack than there is');
    if (isJump ? at - start !== 5 : STORES[token] && !this.isResult(at - start - Number(pushes), cursor)) {
      this.refuse(at, `"${VOCABULARY[token]}" stands behind ${at - start} tokens`);
    }
    if (!this.given) this.record(cursor, line, start, at);
    if (STORES[token]) this.stackWrites.add(depth - 1, at - valueBytes(at - start));
    let callDepth = table.callDepths[line];
    if (kind === KIND.call) {
      callDepth++;
      this.callWrites.add(callDepth, start);
    } else if (kind === KIND.return) {
      callDepth--;
    }
    const to = cursor + ADVANCE[token] + (isJump ? this.word(start + 1) | 0 : 0);
    if (to < 1 || to >= this.program.ops.length) this.refuse(at, `there is no instruction ${to} to go on with`);
    if (callDepth < 0) this.refuse(at, 'a return without a call');
    table.add(at + 1, to, callDepth, depth);
  }

  /** A line that says something of the input; the machine stays where it is. */
  private readInput(start: number, at: number): void {
    const token = this.tokens[at];
    const isLine = token === TOKEN.editCommit && this.tokens[start] === TOKEN.input && at - start > 5;
    const isWord = at === start && token === (this.given ? TOKEN.inputEnd : TOKEN.needInput);
    if (!isLine && !isWord) this.refuse(at, `"${VOCABULARY[token]}" cannot stand here`);
    if (this.given) this.input.add(this.tokens, start, at);
    this.wantsInput = !this.given;
    this.stay(at);
  }

  /** An edit: what it says was written by it, and the machine stays where it is. */
  private edit(start: number, at: number): void {
    const line = this.lines;
    const token = this.tokens[at];
    const kind = this.given ? editKindOf(this.tokens[start]) : undefined;
    const count = at - start - EDIT_HEADER;
    const isValue = kind === 'memory' ? count > 0 : count === 4 || count === 8;
    const place = this.word(start + 1);
    const isThere = kind !== 'stack' || (place > 0 && place <= this.table.stackDepths[line]);
    if (!isValue || !isThere || (kind === 'stack') !== (token === TOKEN.editStackCommit)) {
      this.refuse(at, `"${VOCABULARY[token]}" cannot stand here`);
    }
    const value = start + EDIT_HEADER;
    if (kind === 'stack') this.stackWrites.add(place - 1, value);
    else if (kind !== 'memory') this.cellWrites.add(place, value);
    else for (let i = 0; i < count; i++) this.memoryWrites.add(place + i, value + i);
    this.stay(at);
  }

  /** The line that token `at` ends executes nothing: the machine stays where it is. */
  private stay(at: number): void {
    const { table } = this;
    const line = table.count;
    table.add(at + 1, table.cursors[line], table.callDepths[line], table.stackDepths[line]);
    table.cursors[line] = 0;
  }

  /** Bytes of the line of an instruction that gives a result. */
  private resultBytes(cursor: number): number {
    return OPCODES[this.program.ops[cursor]].bytes;
  }

  /** Whether so many bytes can be put on the stack: by a host, of a value; else by an instruction. */
  private isResult(count: number, cursor: number): boolean {
    return this.given ? count === 4 || count === 8 : count === this.resultBytes(cursor);
  }

  /** Keeps what the instruction writes besides the stack. */
  private record(cursor: number, line: number, start: number, end: number): void {
    const writes = this.writes[cursor];
    if (writes === 0) return;
    const { program } = this;
    const imm = program.imms[cursor];
    if (writes === STORES_BYTES) {
      const address = this.stackWrites.last(this.table.stackDepths[line] - 2);
      if (address < 0) this.refuse(end, 'a store without an address');
      const target = this.word(address) + imm;
      for (let at = start; at < end; at++) this.memoryWrites.add(target + at - start, at);
    } else {
      this.cellWrites.add(writes === SETS_LOCAL ? this.table.callDepths[line] * program.stride + imm : imm, start);
    }
  }

  private finish(line: number, token: number, stackDepth: number): void {
    if (token === TOKEN.halt) {
      const value = this.program.exitCode && stackDepth > 0 ? this.stackWrites.last(stackDepth - 1) : -1;
      this.end = { line, kind: 'halt', code: value < 0 ? 0 : this.word(value) | 0 };
    } else {
      const reason = this.program.endings?.get(this.cursorOf(line)) ?? TRAP_REASONS[token - TOKEN.trap];
      this.end = { line, kind: 'trap', code: 0, reason };
    }
  }

  /** What follows cannot be read. The tokens up to `at` stay, for people to look at. */
  private refuse(at: number, what: string): never {
    this.length = at + 1;
    const line = this.lines;
    throw new PlacedError(`What the model says is no trace: ${what}, in line ${lineNumber(line)}`, { token: at });
  }
}
