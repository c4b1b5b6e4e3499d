/**
 * The trace held against a run of the same module in V8, line by line: stores, sets of globals, calls with their
 * arguments, returns with their results, branches, output and the end. What the first difference is, is all that can be
 * said: behind it everything differs.
 *
 * V8 is an oracle, asked for by whoever doubts the model. Its values are told beside the model's and go nowhere else.
 */
import { editKindOf } from '../isa/edit-lines.ts';
import { OPCODES } from '../isa/opcodes.ts';
import {
  functionAt,
  jumpTarget,
  type NumberType,
  type ProgramFunction,
  type TokenProgram,
  widthOf,
} from '../isa/program.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import type { WasmModule } from '../toolchain/decode/module.ts';
import { hasHost } from '../toolchain/host/given.ts';
import { takesArguments } from '../toolchain/input.ts';
import { instrument } from '../toolchain/instrument/instrument.ts';
import { OUTPUT_EVENT } from '../toolchain/native/event-chunks.ts';
import { EventStream, type StreamEnd } from '../toolchain/native/event-stream.ts';
import { sameTrap } from '../toolchain/native/native.ts';
import type { End, History } from '../trace/history.ts';
import { byteOf, KIND, KINDS, lineNumber } from '../trace/notation.ts';
import { UNCAUGHT, uncaughtText } from '../trace/uncaught.ts';
import { MARK, type Site, Sites } from './sites.ts';
import { type Bits, eventText, exitText, outputText, storeText, trapText, valueText } from './wording.ts';

/** Where model and V8 part. */
export interface Difference {
  /** The trace line that does something else. */
  readonly line: number;
  /** "the model stored 7 at 0x1234, V8 stored 8 at 0x1234" */
  readonly text: string;
}

/** Reason of a trap by which each of the two may end on its own: how many calls there is room for is their own affair. */
const NO_ROOM = 'call stack exhausted';

/** See the file's comment. Its thread lives until `close`. */
export class Comparison {
  /** The first difference, once it was come to. */
  difference: Difference | undefined;
  /** Why nothing more is compared, if it is not for a difference; a sentence. */
  ended: string | undefined;
  private readonly program: TokenProgram;
  private readonly history: History;
  private readonly sites: Sites;
  private readonly stream: EventStream;
  private seen = 0;
  /** Bytes of input that V8 was given, and whether it knows the end. */
  private given = 0;
  private inputEnds = false;

  /** @param module what the program of the history was lowered from */
  constructor(module: WasmModule, history: History) {
    const { program } = history;
    this.program = program;
    this.history = history;
    this.sites = new Sites(program, module);
    this.stream = new EventStream(
      instrument(module, program),
      takesArguments(module),
      hasHost(module) ? module.bytes : undefined,
    );
  }

  /** Ends V8's run. */
  close(): void {
    this.stream.close();
  }

  /** Compares the complete lines before `to` that were not compared yet. */
  upTo(to: number): void {
    const { history, sites } = this;
    const end = Math.min(to, history.lines);
    for (; this.seen < end && !this.difference && !this.ended; this.seen++) {
      const line = this.seen;
      if (!history.executes(line)) {
        this.pass(line);
        continue;
      }
      const cursor = history.cursorOf(line);
      const mark = sites.marks[cursor];
      const isLast = history.end?.line === line;
      if (mark === 0 && !isLast) continue;
      this.feed();
      const text = this.differs(line, cursor, mark, isLast);
      if (text !== undefined && !this.gaveUp()) this.difference = { line, text };
    }
  }

  /** A line that executes nothing: what an edit says, V8 does not know. */
  private pass(line: number): void {
    const { history } = this;
    const token = history.tokenAt(history.firstToken(line));
    if (token === TOKEN.input || editKindOf(token) === undefined) return;
    this.ended = `V8 is compared with up to the edit before line ${lineNumber(line)} of the trace: it does not know of edits.`;
  }

  /** Gives V8 the input that the program was given meanwhile. */
  private feed(): void {
    const { history, given } = this;
    const { input } = history;
    const ends = input.end >= 0;
    if (input.count === given && ends === this.inputEnds) return;
    const bytes = Uint8Array.from({ length: input.count - given }, (_, i) =>
      byteOf(history.tokenAt(input.tokenOf(given + i))),
    );
    this.given = input.count;
    this.inputEnds = ends;
    this.stream.give(bytes, ends);
  }

  /** Whether V8 has nothing to say for reasons of its own. */
  private gaveUp(): boolean {
    if (this.stream.any) return false;
    const { end } = this.stream;
    this.ended = reasonOf(end);
    return this.ended !== undefined;
  }

  private differs(line: number, cursor: number, mark: number, isLast: boolean): string | undefined {
    const fn = functionAt(this.program, cursor);
    if (mark & MARK.entry && fn && this.isEntry(line, fn)) {
      const text = this.entry(line, fn);
      if (text !== undefined) return text;
    }
    if (isLast) return this.last(fn, this.history.end as End);
    if (mark & MARK.output) return this.output(line);
    const site = this.sites.at(this.program.offsets[cursor]);
    if (!site || (mark & ~MARK.entry) === 0) return undefined;
    if (mark & MARK.store) return this.store(line, cursor, site);
    if (mark & MARK.global) return this.globalSet(line, cursor, site);
    if (mark & MARK.returns && fn) return this.returns(line, cursor, fn);
    return this.branch(line, cursor, mark);
  }

  /** Whether the next event is told by `id`. */
  private is(id: number): boolean {
    return this.stream.any && this.stream.id === id;
  }

  /** Both sides of a difference. */
  private parted(model: string): string {
    return `the model ${model}, V8 ${eventText(this.stream, this.sites)}`;
  }

  /** Whether the first instruction of a function is come to by a call: a loop may begin there, too. */
  private isEntry(line: number, { start, end }: ProgramFunction): boolean {
    const { history } = this;
    let before = line - 1;
    while (before >= 0 && !history.executes(before)) before--;
    if (before < 0 || history.depthOf(before) !== history.depthOf(line)) return true;
    const cursor = history.cursorOf(before);
    return cursor < start || cursor >= end;
  }

  private entry(line: number, fn: ProgramFunction): string | undefined {
    const { stream, history } = this;
    if (!this.is(~fn.index)) return this.parted(`called ${fn.name}`);
    stream.skip();
    const base = history.stackDepthOf(line) - fn.params;
    for (let i = 0; i < fn.params; i++) {
      const type = fn.locals[i];
      const said = this.operand(line, base + i, type);
      if (!this.is(~fn.index) || !same(said, stream, widthOf(type))) {
        const model = `called ${fn.name} with ${valueText(type, said)} as argument ${i + 1}`;
        return `the model ${model}, V8 with ${valueText(type, stream)}`;
      }
      stream.skip();
    }
    return undefined;
  }

  private returns(line: number, cursor: number, fn: ProgramFunction): string | undefined {
    const { stream, history } = this;
    const id = this.program.offsets[cursor];
    if (!this.is(id)) return this.parted(`returned from ${fn.name}`);
    stream.skip();
    const results = this.sites.resultsOf(fn.index);
    const base = history.stackDepthOf(line) - results.length;
    for (const [i, type] of results.entries()) {
      const said = this.operand(line, base + i, type);
      if (!this.is(id) || !same(said, stream, widthOf(type))) {
        return `the model returned ${valueText(type, said)} from ${fn.name}, V8 returned ${valueText(type, stream)}`;
      }
      stream.skip();
    }
    const call = history.moment(line).callLine(history.depthOf(line));
    return this.goesTo(line, cursor, history.cursorOf(call) + 1);
  }

  private store(line: number, cursor: number, { type, immediate }: Site): string | undefined {
    const { stream, history, program } = this;
    const { access = 4 } = OPCODES[program.ops[cursor]];
    const first = history.firstToken(line);
    const address = this.operand(line, history.stackDepthOf(line) - 2, 'i32').low;
    const said = this.bits(first, access);
    const shown: NumberType = access < widthOf(type) ? 'i32' : type;
    const isThere = this.is(program.offsets[cursor]);
    if (isThere && stream.address === (address | 0) && same(said, stream, access)) {
      stream.skip();
      return undefined;
    }
    const model = storeText(valueText(shown, said), address, immediate);
    if (!isThere) return this.parted(model);
    const mask = access < 4 ? 2 ** (8 * access) - 1 : -1;
    const other = { low: stream.low & mask, high: stream.high };
    return `the model ${model}, V8 ${storeText(valueText(shown, other), stream.address, immediate)}`;
  }

  private globalSet(line: number, cursor: number, { type }: Site): string | undefined {
    const { stream, history, program } = this;
    const said = this.operand(line, history.stackDepthOf(line) - 1, type);
    const isThere = this.is(program.offsets[cursor]);
    if (isThere && same(said, stream, widthOf(type))) {
      stream.skip();
      return undefined;
    }
    const name = program.globals[program.imms[cursor]]?.name ?? 'a global variable';
    const model = `set ${name} to ${valueText(type, said)}`;
    return isThere ? `the model ${model}, V8 to ${valueText(type, stream)}` : this.parted(model);
  }

  private branch(line: number, cursor: number, mark: number): string | undefined {
    const { stream, program } = this;
    if (!this.is(program.offsets[cursor])) return this.parted(mark & MARK.jump ? 'jumped' : 'came to a branch');
    const expected = this.target(cursor, mark & MARK.jump ? 1 : stream.low);
    stream.skip();
    return this.goesTo(line, cursor, expected);
  }

  /** Whether the line behind `line` executes what V8 does. */
  private goesTo(line: number, cursor: number, expected: number): string | undefined {
    const to = this.history.cursorOf(line + 1);
    if (to === expected) return undefined;
    const went = (target: number) => (target === cursor + 1 ? 'went on' : `branched to instruction ${target}`);
    return `the model ${went(to)}, V8 ${went(expected)}`;
  }

  /** Where a branch leads with this condition. */
  private target(cursor: number, condition: number): number {
    const { ops, imms } = this.program;
    const imm = imms[cursor];
    const { name } = OPCODES[ops[cursor]];
    if (name === 'br_table') return cursor + 1 + Math.min(condition >>> 0, imm);
    return (condition === 0) === (name === 'if') ? jumpTarget(cursor, imm) : cursor + 1;
  }

  private output(line: number): string | undefined {
    const { stream, history, program } = this;
    const token = history.tokenAt(history.firstToken(line));
    const byte = KINDS[token] === KIND.out ? token - TOKEN.out : -1;
    const isStandard = !program.errorWrites?.includes(history.cursorOf(line));
    const isThere = this.is(OUTPUT_EVENT);
    if (isThere && stream.address === byte && (stream.low === 1) === isStandard) {
      stream.skip();
      return undefined;
    }
    return this.parted(byte < 0 ? 'wrote nothing' : outputText(byte, isStandard));
  }

  private last(fn: ProgramFunction | undefined, end: End): string | undefined {
    const { stream } = this;
    if (end.kind === 'trap' && end.reason === NO_ROOM) return undefined;
    // The library's exit function keeps its code somewhere before V8 ends, the machine has it on the stack.
    if (end.kind === 'halt' && fn && fn.index >= 0) while (stream.any) stream.skip();
    const native = stream.any ? undefined : stream.end;
    const isUncaught = uncaughtText(end, this.history) !== undefined;
    const reason = isUncaught ? UNCAUGHT : (end.reason ?? 'unknown');
    const model = end.kind === 'halt' ? exitText(end.code) : trapText(reason);
    const isSame =
      native?.kind === 'halt'
        ? end.kind === 'halt' && native.code === end.code
        : native?.kind === 'trap' && end.kind === 'trap' && sameTrap(reason, native.reason);
    return isSame ? undefined : this.parted(model);
  }

  /** The value in a slot of the stack before a line. */
  private operand(line: number, slot: number, type: NumberType): Bits {
    const { history } = this;
    const token = history.stackWrites.before(slot, history.firstToken(line));
    return token < 0 ? { low: 0, high: 0 } : this.bits(token, widthOf(type));
  }

  /** Bytes from a token on. */
  private bits(token: number, bytes: number): Bits {
    const { history } = this;
    if (bytes >= 4) return { low: history.word(token) | 0, high: bytes === 8 ? history.word(token + 4) | 0 : 0 };
    const low = byteOf(history.tokenAt(token));
    return { low: bytes === 1 ? low : low | (byteOf(history.tokenAt(token + 1)) << 8), high: 0 };
  }
}

/** Whether the low `bytes` bytes of two values are the same. */
function same(a: Bits, b: Bits, bytes: number): boolean {
  if (bytes < 4) return ((a.low ^ b.low) & (2 ** (8 * bytes) - 1)) === 0;
  return a.low === b.low && (bytes === 4 || a.high === b.high);
}

/** Why V8 cannot be compared with any longer; undefined for an end that says something of the program. */
function reasonOf(end: StreamEnd): string | undefined {
  switch (end.kind) {
    case 'refused':
      return `V8 does not run this module, so nothing is compared: ${end.message}.`;
    case 'lost':
      return 'V8 does not answer, so nothing is compared any longer.';
    case 'trap':
      return end.reason === NO_ROOM
        ? 'V8 has no room for so many calls, so nothing is compared any longer.'
        : undefined;
    default:
      return undefined;
  }
}
