/**
 * An interpreter that carries with every byte where it came from: who made it, and the lines that moved it since.
 *
 * It goes forward while the program runs, where a trail (engine/trace/trail.ts) goes back through write logs, and shares
 * nothing with it: what both say of a byte must be the same.
 */
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { functionAt, type TokenProgram, widthOf } from '../../engine/isa/program.ts';
import { Interpreter } from '../oracle/interpreter.ts';

/** What made a byte. */
export interface Made {
  readonly kind: 'compute' | 'constant' | 'input' | 'initial' | 'unwritten' | 'extension';
  /** -1 for what was there before the program ran. */
  readonly line: number;
  /** Of static bytes: their address; of initial cells: which, from its first byte. */
  readonly address?: number;
  readonly cell?: number;
  readonly index?: number;
  /** Operands that are no constants. */
  readonly open?: readonly (readonly Tainted[])[];
}

/** Lines that moved a byte, the newest first. */
interface Moved {
  readonly line: number;
  readonly before: Moved | undefined;
}

/** A byte's history. `fills`: it filled up a wider value on its way. */
export interface Tainted {
  readonly made: Made;
  readonly moved: Moved | undefined;
  readonly fills: boolean;
}

/** A value's bytes; what of it is known to be a constant of a call, or a constant shifted to the left there. */
interface Value {
  readonly bytes: readonly Tainted[];
  readonly constantIn?: number;
  readonly number?: bigint;
  /** It is the result of a comparison. */
  readonly truth?: boolean;
  readonly shifted?: { readonly call: number; readonly by: bigint; readonly value: readonly Tainted[] };
}

const MASKS = [0xffn, 0xffffn, 0xffffffffn];

const fresh = (made: Made, count: number): Tainted[] =>
  Array<Tainted>(count).fill({ made, moved: undefined, fills: false });
const movedBy = (line: number, byte: Tainted): Tainted => ({ ...byte, moved: { line, before: byte.moved } });

export class TaintTracker {
  readonly machine: Interpreter;
  readonly stack: Value[] = [];
  readonly memory = new Map<number, Tainted>();
  /** Values of cells, and the lines that set them; -1 for initial ones. */
  readonly cells = new Map<number, { value: Value; line: number }>();
  private readonly program: TokenProgram;
  /** Lines of the open calls. */
  private readonly calls: number[] = [];
  /** The open call of a helper that is one operator: how many calls are open around it, and its operands. */
  private helper: { depth: number; line: number; operands: Value[]; fills: boolean } | undefined;
  /** Calls around an open helper whose inside is to be seen. */
  private seen = Number.POSITIVE_INFINITY;

  constructor(program: TokenProgram, input: Uint8Array) {
    this.program = program;
    this.machine = new Interpreter(program, input);
    for (const { cell, type } of program.globals) {
      const bytes = Array.from({ length: widthOf(type) }, (_, index): Tainted => {
        return { made: { kind: 'initial', line: -1, cell, index }, moved: undefined, fills: false };
      });
      this.cells.set(cell, { value: { bytes }, line: -1 });
    }
    for (const { address, bytes } of program.data) {
      for (let i = 0; i < bytes.length; i++) {
        const made: Made = { kind: 'initial', line: -1, address: address + i };
        this.memory.set(address + i, { made, moved: undefined, fills: false });
      }
    }
  }

  /** What is known of the byte at an address. */
  byteAt(address: number): Tainted {
    const made: Made = { kind: 'unwritten', line: -1, address };
    return this.memory.get(address) ?? { made, moved: undefined, fills: false };
  }

  /** Whether the next line is inside of a helper that is one operator: what it does there is no matter of the program. */
  get inOperator(): boolean {
    return this.helper !== undefined;
  }

  /** Executes one line. */
  step(): void {
    const { machine, program } = this;
    const { cursor, lines: line, depth, callDepth } = machine;
    const row = OPCODES[program.ops[cursor]];
    const imm = program.imms[cursor];
    const top = depth > 0 ? machine.stack[depth - 1] : 0;
    const below = depth > 1 ? machine.stack[depth - 2] : 0;
    machine.step();
    if (machine.end !== 'budget') return;
    const cell = row.variant === 'local' ? callDepth * program.stride + imm : imm;
    switch (row.circuit) {
      case 'branch':
        if (row.variant === 'call') this.call(line);
        else this.stack.length -= row.pops;
        return;
      case 'return':
        this.return();
        return;
      case 'none':
      case 'write':
        this.stack.length -= row.pops;
        return;
      case 'cell-set': {
        const value = this.stack[this.stack.length - 1];
        this.cells.set(cell, { value, line });
        this.stack.length -= row.pops;
        return;
      }
      case 'cell-get':
        this.stack.push(this.get(cell, line, row.bytes));
        return;
      case 'store': {
        const value = this.stack.pop() as Value;
        this.stack.pop();
        const address = (below >>> 0) + imm;
        for (let i = 0; i < (row.access ?? 0); i++) {
          const byte = this.helper?.fills ? this.helper.operands[1].bytes[0] : value.bytes[i];
          this.memory.set(address + i, movedBy(line, byte));
        }
        return;
      }
      case 'load': {
        this.stack.pop();
        const found = Array.from({ length: row.access ?? 0 }, (_, i) => this.byteAt((top >>> 0) + imm + i));
        this.stack.push({ bytes: filled(found, row.bytes, row.signed, line) });
        return;
      }
      default:
        this.operator(line, row, top);
    }
  }

  private operator(line: number, row: (typeof OPCODES)[number], top: number): void {
    const { machine } = this;
    const operands = this.stack.splice(this.stack.length - row.pops, row.pops);
    const call = this.calls.at(-1) ?? -1;
    // What stands before a value in its line is none of it.
    const width = row.bytes < 8 ? 4 : 8;
    if (row.circuit === 'const') {
      const made: Made = { kind: 'constant', line };
      const high = BigInt.asUintN(32, BigInt(machine.stackHigh[machine.depth - 1]));
      const low = BigInt.asUintN(32, BigInt(machine.stack[machine.depth - 1]));
      this.stack.push({ bytes: fresh(made, width), constantIn: call, number: width === 8 ? (high << 32n) | low : low });
    } else if (row.circuit === 'read') {
      this.stack.push({ bytes: fresh({ kind: 'input', line }, width) });
    } else if (row.circuit === 'select') {
      this.stack.push({ bytes: operands[top === 0 ? 1 : 0].bytes });
    } else if (row.circuit === 'extend') {
      const kept = operands[0].bytes.slice(0, Math.min(row.access ?? 0, width));
      this.stack.push({ bytes: filled(kept, width, row.signed, line) });
    } else {
      this.stack.push(this.computed(line, row, operands, call));
    }
  }

  private computed(line: number, row: (typeof OPCODES)[number], operands: Value[], call: number): Value {
    const open = operands.filter(({ constantIn }) => constantIn !== call).map(({ bytes }) => bytes);
    const made = fresh({ kind: 'compute', line, open }, row.bytes < 8 ? 4 : 8);
    const result: Value = { bytes: made, truth: row.circuit === 'compare' || row.circuit === 'eqz' };
    const [left, right] = operands;
    if (operands.length !== 2 || right.constantIn !== call) return result;
    const number = right.number as bigint;
    if (row.circuit === 'and' && number === 1n && left.truth) return { bytes: left.bytes };
    if (row.circuit === 'and' && MASKS.includes(number) && number < (1n << BigInt(8 * row.bytes)) - 1n) {
      const kept = MASKS.indexOf(number) === 0 ? 1 : MASKS.indexOf(number) === 1 ? 2 : 4;
      return { bytes: filled(left.bytes.slice(0, kept), row.bytes, false, line) };
    }
    if (row.circuit !== 'shift') return result;
    if (row.variant === 'left') return { ...result, shifted: { call, by: number, value: left.bytes } };
    const { shifted } = left;
    const isExtension = shifted?.call === call && shifted.by === number && number > 0n && number % 8n === 0n;
    if (!isExtension || number >= BigInt(8 * row.bytes)) return result;
    return { bytes: filled(shifted.value.slice(0, row.bytes - Number(number) / 8), row.bytes, row.signed, line) };
  }

  private get(cell: number, line: number, width: number): Value {
    const found = this.cells.get(cell);
    if (!found) return { bytes: fresh({ kind: 'unwritten', line }, width) };
    const { value, line: set } = found;
    const bytes = set < 0 ? value.bytes : value.bytes.map((byte) => movedBy(set, byte));
    return cell < this.program.stride ? { bytes } : { ...value, bytes };
  }

  private call(line: number): void {
    const { machine, program } = this;
    this.calls.push(line);
    for (let i = 0; i < program.stride; i++) this.cells.delete(machine.callDepth * program.stride + i);
    if (this.helper || machine.callDepth > this.seen) return;
    const callee = functionAt(program, machine.cursor);
    const isHelper = callee !== undefined && callee.index < 0 && !/^\((start|call_indirect .*)\)$/.test(callee.name);
    if (!isHelper) return;
    if (callee.name === '(memory.copy)' || callee.name.startsWith('(wasi.')) {
      this.seen = machine.callDepth;
      return;
    }
    const operands = this.stack.slice(this.stack.length - callee.params);
    this.helper = { depth: machine.callDepth, line, operands, fills: callee.name === '(memory.fill)' };
  }

  private return(): void {
    const call = this.calls.pop() as number;
    const { callDepth } = this.machine;
    if (callDepth < this.seen) this.seen = Number.POSITIVE_INFINITY;
    if (!this.helper || callDepth >= this.helper.depth) return;
    const { line, operands, fills } = this.helper;
    this.helper = undefined;
    if (fills) return;
    const caller = this.calls.at(-1) ?? -1;
    const open = operands.filter(({ constantIn }) => constantIn !== caller).map(({ bytes }) => bytes);
    const result = this.stack.pop() as Value;
    this.stack.push({ bytes: fresh({ kind: 'compute', line, open }, result.bytes.length) });
    if (call !== line) throw new RangeError(`the helper called in line ${line} returns to ${call}`);
  }
}

/** Bytes, and what fills them up to a width: the sign of the last, or zeros. */
function filled(kept: readonly Tainted[], width: number, signed: boolean | undefined, line: number): Tainted[] {
  const sign = kept[kept.length - 1];
  const zero: Tainted = { made: { kind: 'extension', line }, moved: undefined, fills: true };
  return Array.from({ length: width }, (_, i) =>
    i < kept.length ? kept[i] : signed ? { ...sign, fills: true } : zero,
  );
}

/** Lines that moved a byte, the newest first. */
export function movesOf({ moved }: Tainted): number[] {
  const lines: number[] = [];
  for (let at = moved; at; at = at.before) lines.push(at.line);
  return lines;
}
