/**
 * How a byte of a trace came about, one line back: moved from another token, computed from operands, or stated.
 *
 * Everything is read from the write logs: which token wrote the operand, the cell, the address. A byte is *moved* where
 * the line hands it on unchanged, whatever the width: loads and stores, gets of locals and globals, the chosen side of
 * a `select`, and what compilers write for a conversion (`and 255`; a shift to the left and back; `and 1` of a
 * comparison). Helper functions that stand for one operator (`f64.add`) compute: what happens inside them is no more
 * than the inside of an instruction.
 *
 * Each step says the look-up that testifies to it: which head, at which token, attended to which.
 */
import { OPCODES, type Opcode } from '../isa/opcodes.ts';
import { functionAt, type ProgramFunction } from '../isa/program.ts';
import { INSTRUCTION_TOKENS, PROGRAM_START } from '../isa/prompt.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import type { History } from './history.ts';
import { InputLog } from './input-log.ts';
import type { CellWrite } from './moment.ts';
import { KIND, KINDS } from './notation.ts';

/** Roles of the heads that testify, as the model's configuration names them. */
export type Role =
  | 'stack top'
  | 'below stack top'
  | 'third of stack'
  | 'local or global'
  | 'byte of local or global'
  | 'memory load'
  | 'byte of immediate'
  | 'next input byte'
  | 'end of input'
  | 'call of this frame';

/** What the pass that chose `token` looked up: the head of this role attended to token `target`. */
export interface Look {
  readonly token: number;
  readonly role: Role;
  readonly target: number;
}

/** How a byte came about. `line`: the trace line that did it; -1 for what the prompt states. */
export type Step =
  /**
   * Moved from byte token `from`. `write`: first token of the line that put it into the cell it was got from;
   * `address`: that it was loaded from.
   */
  | {
      readonly kind: 'copy';
      readonly line: number;
      readonly look: Look;
      readonly from: number;
      readonly write?: number;
      readonly address?: number;
    }
  /** Filled up: with the sign of byte token `from`, or (-1) with zeros. */
  | { readonly kind: 'extension'; readonly line: number; readonly from: number }
  /** `operands`: first byte tokens of the values taken, as written. A helper's `line` is that of its call. */
  | { readonly kind: 'compute'; readonly line: number; readonly look: Look; readonly operands: readonly number[] }
  /** `from`: token of the prompt; -1 at the end of the input. */
  | { readonly kind: 'constant' | 'input'; readonly line: number; readonly look: Look; readonly from: number }
  /** A byte of a `data` or `global` line of the prompt. */
  | { readonly kind: 'initial'; readonly line: -1; readonly from: number }
  /** A byte that an edit put there. */
  | { readonly kind: 'edit'; readonly line: number; readonly from: number }
  /** Nothing was ever put there: a byte of memory, or (without `address`) a local since its call. */
  | { readonly kind: 'unwritten'; readonly line: number; readonly look: Look; readonly address?: number };

const STACK_ROLES = ['stack top', 'below stack top', 'third of stack'] as const;

/** Masks that keep whole bytes, and how many. */
const MASKS: ReadonlyMap<number, number> = new Map([
  [0xff, 1],
  [0xffff, 2],
  [0xffffffff, 4],
]);

/** See the file's comment. */
export class ByteSteps {
  readonly history: History;
  readonly input: InputLog;

  constructor(history: History) {
    this.history = history;
    this.input = new InputLog(history);
  }

  /** The step of a byte token of a line, of an `out(..)` token, or of a byte that the prompt states. */
  step(token: number): Step {
    const { history } = this;
    const line = history.lineOfToken(token);
    if (line < 0) return { kind: 'initial', line: -1, from: token };
    if (!history.executes(line)) return { kind: 'edit', line, from: token };
    return this.ofHelper(line) ?? this.ofLine(token, line);
  }

  /** First token of an operand of a line, counted from the top of the stack. */
  operand(line: number, below: number): number {
    const { history } = this;
    return history.stackWrites.before(history.stackDepthOf(line) - 1 - below, history.firstToken(line));
  }

  /** The look-up of an operand: heads of the stack attend to the commit behind the value's bytes. */
  operandLook(token: number, line: number, below: number): Look {
    const value = this.operand(line, below);
    return { token, role: STACK_ROLES[below], target: value + this.history.widthAt(value) };
  }

  /** The row of the opcode table that a line executes. */
  opcode(line: number): Opcode {
    const { history } = this;
    return OPCODES[history.program.ops[history.cursorOf(line)]];
  }

  /** The line that made the call which a line belongs to; -1 outside all calls. */
  callOf(line: number): number {
    const { history } = this;
    const depth = history.depthOf(line);
    return depth === 0 ? -1 : history.lineOfToken(history.callWrites.before(depth, history.firstToken(line)));
  }

  /**
   * Whether the value that begins at `value` is a constant of the code that `line` belongs to: compilers keep those in
   * locals for a while. A variable in memory, a parameter and a result are none, whatever is in them.
   */
  isConstant(value: number, line: number): boolean {
    const made = this.throughLocals(value);
    return (
      made.line >= 0 &&
      this.history.executes(made.line) &&
      this.opcode(made.line).circuit === 'const' &&
      this.sameCall(made.line, line)
    );
  }

  /** Where a value was made that was only kept in locals since: its first token, and the line. */
  throughLocals(value: number): { value: number; line: number } {
    const { history } = this;
    for (;;) {
      const line = history.lineOfToken(value);
      if (line < 0 || !history.executes(line)) return { value, line };
      const { circuit, variant } = this.opcode(line);
      if (circuit !== 'cell-get' || variant !== 'local') return { value, line };
      const found = this.cellOf(line);
      if (!found) return { value, line };
      value = found.value;
    }
  }

  /** Whether two lines belong to one call. */
  sameCall(a: number, b: number): boolean {
    return this.history.depthOf(a) === this.history.depthOf(b) && this.callOf(a) === this.callOf(b);
  }

  /** What the local or global holds that a line gets; undefined for a local that nothing was put into. */
  cellOf(line: number): CellWrite | undefined {
    const { history } = this;
    const imm = history.program.imms[history.cursorOf(line)];
    const isLocal = this.opcode(line).variant === 'local';
    return history.moment(line).cellWrite(isLocal ? history.depthOf(line) * history.program.stride + imm : imm);
  }

  private ofLine(token: number, line: number): Step {
    const { history } = this;
    const { circuit, pops, access = 0, signed } = this.opcode(line);
    const first = history.firstToken(line);
    const index = token - first;
    switch (circuit) {
      case 'const':
        return this.constant(token, line, index);
      case 'read':
        return this.read(token, line);
      case 'cell-get':
        return this.get(token, line, index);
      case 'load':
        return index < access ? this.load(token, line, index) : extension(line, signed ? first + access - 1 : -1);
      case 'store':
      case 'write':
        return this.moved(token, line, 0, this.operand(line, 0) + index);
      case 'select': {
        const chosen = history.word(this.operand(line, 0)) === 0 ? 1 : 2;
        return this.moved(token, line, chosen, this.operand(line, chosen) + index);
      }
      case 'extend':
        if (index >= access) return extension(line, signed ? first + access - 1 : -1);
        return this.moved(token, line, 0, this.operand(line, 0) + index);
      default: {
        const operands = Array.from({ length: pops }, (_, i) => this.operand(line, pops - 1 - i));
        const look = this.operandLook(token, line, 0);
        return this.written(line, index, operands, look) ?? { kind: 'compute', line, look, operands };
      }
    }
  }

  private moved(token: number, line: number, below: number, from: number): Step {
    return { kind: 'copy', line, look: this.operandLook(token, line, below), from };
  }

  private constant(token: number, line: number, index: number): Step {
    const cursor = this.history.cursorOf(line) + (index < 4 ? 0 : 1);
    const from = PROGRAM_START + INSTRUCTION_TOKENS * cursor + 1 + (index % 4);
    return { kind: 'constant', line, look: { token, role: 'byte of immediate', target: from }, from };
  }

  private read(token: number, line: number): Step {
    const target = this.input.tokenOf(line);
    const isByte = target !== this.history.input.end;
    const role = isByte ? 'next input byte' : 'end of input';
    return { kind: 'input', line, look: { token, role, target }, from: isByte ? target : -1 };
  }

  private get(token: number, line: number, index: number): Step {
    const found = this.cellOf(line);
    if (!found) {
      const target = this.history.firstToken(this.callOf(line) + 1) - 1;
      return { kind: 'unwritten', line, look: { token, role: 'call of this frame', target } };
    }
    const from = found.value + index;
    const look: Look = { token, role: 'byte of local or global', target: from };
    return found.write === found.value
      ? { kind: 'copy', line, look, from }
      : { kind: 'copy', line, look, from, write: found.write };
  }

  private load(token: number, line: number, index: number): Step {
    const { history } = this;
    const address = history.word(this.operand(line, 0)) + history.program.imms[history.cursorOf(line)] + index;
    const from = history.moment(line).memoryWrite(address);
    const look: Look = { token, role: 'memory load', target: from };
    return from < 0 ? { kind: 'unwritten', line, look, address } : { kind: 'copy', line, look, from, address };
  }

  /** What compilers write for an extension where there is no instruction for it; undefined for everything else. */
  private written(line: number, index: number, operands: readonly number[], look: Look): Step | undefined {
    const { circuit, variant, signed, bytes } = this.opcode(line);
    if (operands.length !== 2 || !this.isConstant(operands[1], line)) return undefined;
    const number = this.numberAt(operands[1]);
    if (circuit === 'and') {
      const kept = number === 1 && this.isTruth(operands[0]) ? bytes : MASKS.get(number);
      if (kept === undefined || (kept === bytes && number !== 1)) return undefined;
      if (index >= kept) return extension(line, -1);
      return { kind: 'copy', line, look: this.lookBelow(look, line), from: operands[0] + index };
    }
    if (circuit !== 'shift' || variant !== 'right' || number === 0 || number % 8 !== 0 || number >= 8 * bytes)
      return undefined;
    const shift = this.throughLocals(operands[0]).line;
    if (
      shift < 0 ||
      !this.history.executes(shift) ||
      this.opcode(shift).circuit !== 'shift' ||
      this.opcode(shift).variant !== 'left'
    )
      return undefined;
    const by = this.operand(shift, 0);
    if (!this.sameCall(shift, line) || !this.isConstant(by, shift) || this.numberAt(by) !== number) return undefined;
    const kept = bytes - number / 8;
    if (index >= kept) return extension(line, signed ? this.history.firstToken(line) + kept - 1 : -1);
    return { kind: 'copy', line, look: this.lookBelow(look, line), from: this.operand(shift, 1) + index };
  }

  /** Whether a value is the result of a comparison: 0 or 1, which its lowest bit is all of. */
  private isTruth(value: number): boolean {
    const made = this.throughLocals(value);
    if (made.line < 0) return false;
    const step = this.step(made.value);
    return step.kind === 'compute' && ['compare', 'eqz'].includes(this.opcode(step.line).circuit);
  }

  private lookBelow({ token }: Look, line: number): Look {
    return this.operandLook(token, line, 1);
  }

  /** A value as an unsigned number; NaN where it has eight bytes of which the high ones count. */
  private numberAt(value: number): number {
    const { history } = this;
    if (history.widthAt(value) === 8 && history.word(value + 4) !== 0) return Number.NaN;
    return history.word(value);
  }

  /** The outermost call of a helper that a line is inside of: its line and what it calls. */
  helperCall(line: number): { line: number; helper: ProgramFunction } | undefined {
    const { history } = this;
    let found: { line: number; helper: ProgramFunction } | undefined;
    for (let at = line; at >= 0; ) {
      const helper = functionAt(history.program, history.cursorOf(at));
      if (!helper || !isHelper(helper)) break;
      at = this.callOf(at);
      found = { line: at, helper };
    }
    return found;
  }

  private ofHelper(line: number): Step | undefined {
    const call = this.helperCall(line);
    if (!call || call.line < 0 || isTransparent(call.helper)) return undefined;
    const { params, name } = call.helper;
    const operands = Array.from({ length: params }, (_, i) => this.operand(call.line, params - 1 - i));
    // The arguments are taken from the last to the first, a line each.
    const taken = (parameter: number): Look => {
      const at = call.line + params - parameter;
      const target = operands[parameter] + this.history.widthAt(operands[parameter]);
      return { token: this.history.firstToken(at), role: 'stack top', target };
    };
    if (name === MEMORY_FILL) return { kind: 'copy', line, look: taken(1), from: operands[1] };
    return { kind: 'compute', line: call.line, look: taken(params - 1), operands };
  }
}

const MEMORY_FILL = '(memory.fill)';

/** Helpers are named in parentheses, as the start and the rows of indirect calls are, which are none. */
function isHelper({ index, name }: ProgramFunction): boolean {
  return index < 0 && /^\((?!start\)|exports\)|call_indirect )/.test(name);
}

/** Helpers that move bytes, or do what a program would do itself. */
function isTransparent({ name }: ProgramFunction): boolean {
  return name === '(memory.copy)' || name.startsWith('(wasi.');
}

function extension(line: number, from: number): Step {
  return { kind: 'extension', line, from };
}

/** Whether a token is a byte of a value: not of a jump, and no end. */
export function isValueByte(history: History, token: number): boolean {
  if (KINDS[history.tokenAt(token)] !== KIND.byte) return false;
  const line = history.lineOfToken(token);
  return line < 0 || history.tokenAt(history.firstToken(line)) !== TOKEN.branchTaken;
}
