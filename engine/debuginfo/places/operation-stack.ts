/**
 * The stack machine that evaluates location expressions (DWARF 5, section 2.5.1) in one state. What it cannot know makes
 * it fail; it never guesses.
 */
import { AT, ENCODING, OP } from '../dwarf/constants.ts';
import type { Entries, Unit } from '../dwarf/entries.ts';
import { localOf, type MachineState, vectorOf } from './machine-state.ts';
import type { Operation } from './operations.ts';

/** What an expression may refer to. */
export interface LocationContext {
  unit: Unit;
  entries: Entries;
  frameBase: ((state: MachineState) => number | undefined) | undefined;
}

/** An entry of the expression stack. `bits` is 32, 64 or, of a vector, 128; 0 for a constant, which takes the width of its partner. */
export interface Item {
  value: bigint;
  bits: number;
  /** Whether a conversion to a wider type extends the sign. */
  signed: boolean;
}

/** One evaluation of one expression. */
export class LocationRun {
  /** Pieces in order; `item` is undefined for an unknown one. */
  readonly pieces: { size: number; item: Item | undefined; block: Uint8Array | undefined; isValue: boolean }[] = [];
  block: Uint8Array | undefined;
  private stack: Item[] = [];
  private isValue = false;
  private failed = false;
  private readonly operations: Operation[];
  private readonly context: LocationContext;
  private readonly state: MachineState;

  constructor(operations: Operation[], context: LocationContext, state: MachineState) {
    this.operations = operations;
    this.context = context;
    this.state = state;
  }

  /** Evaluates; the top of the stack, or undefined when something it needs is not known. */
  finish(): Item | undefined {
    let budget = 10_000;
    for (let next = 0; next < this.operations.length && !this.failed && budget > 0; budget--) {
      next = this.step(this.operations[next], next + 1);
    }
    return this.failed || budget === 0 ? undefined : this.stack.at(-1);
  }

  private push(value: bigint, bits: number, signed = false): void {
    this.stack.push({ value: BigInt.asUintN(bits || 64, value), bits, signed });
  }

  private pop(): Item {
    const item = this.stack.pop();
    if (!item) this.failed = true;
    return item ?? { value: 0n, bits: 0, signed: false };
  }

  private pushWasm(value: number | bigint | undefined): void {
    if (value === undefined) this.failed = true;
    else if (typeof value === 'bigint') this.push(value, 64);
    else this.push(BigInt(value >>> 0), 32);
  }

  private load(size: number): void {
    const address = Number(BigInt.asUintN(32, this.pop().value));
    const bytes = this.state.memory(address, size);
    if (bytes.length < size || size > 8) {
      this.failed = true;
      return;
    }
    let value = 0n;
    for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    this.push(value, size > 4 ? 64 : 32);
  }

  private step(operation: Operation, next: number): number {
    const { op, a, b } = operation;
    const { state } = this;
    switch (op) {
      case OP.constu:
        this.push(operation.wide, 0);
        break;
      case OP.addr:
        this.push(BigInt(a), 32);
        break;
      case OP.fbreg: {
        const base = this.context.frameBase?.(state);
        if (base === undefined) this.failed = true;
        else this.push(BigInt(base + a), 32);
        break;
      }
      case OP.wasmLocation: {
        const vector = a === 0 ? vectorOf(state, b) : undefined;
        if (vector !== undefined) this.push(vector, 128);
        else this.pushWasm(a === 0 ? localOf(state, b) : a === 2 ? state.stack(b) : state.global(b));
        break;
      }
      case OP.deref:
        this.load(this.context.unit.addressSize);
        break;
      case OP.derefSize:
        this.load(a);
        break;
      case OP.plusUconst: {
        const item = this.pop();
        this.push(item.value + BigInt(a), item.bits);
        break;
      }
      case OP.bra:
        return this.pop().value !== 0n ? a : next;
      case OP.skip:
        return a;
      case OP.convert:
      case OP.reinterpret:
        this.convert(a);
        break;
      case OP.stackValue:
        this.isValue = true;
        break;
      case OP.implicitValue:
        this.block = operation.block;
        break;
      case OP.piece: {
        this.pieces.push({ size: a, item: this.stack.pop(), block: this.block, isValue: this.isValue });
        this.stack = [];
        this.block = undefined;
        this.isValue = false;
        break;
      }
      case OP.nop:
        break;
      default:
        if (op >= OP.dup && op <= OP.rot) this.arrange(op, a);
        else if (op === OP.abs || op === OP.neg || op === OP.not) this.unary(op);
        else this.binary(op);
    }
    return next;
  }

  /** Operations that only move entries. */
  private arrange(op: number, depth: number): void {
    const { stack } = this;
    if (op === OP.dup || op === OP.over || op === OP.pick) {
      const item = stack.at(-1 - (op === OP.dup ? 0 : op === OP.over ? 1 : depth));
      if (item) stack.push(item);
      else this.failed = true;
      return;
    }
    const top = this.pop();
    if (op === OP.drop) return;
    const second = this.pop();
    if (op === OP.swap) {
      stack.push(top, second);
      return;
    }
    const third = this.pop();
    stack.push(top, third, second);
  }

  private unary(op: number): void {
    const item = this.pop();
    const value = signed(item);
    this.push(op === OP.not ? ~value : op === OP.neg || value < 0n ? -value : value, item.bits);
  }

  private binary(op: number): void {
    const right = this.pop();
    const left = this.pop();
    const bits = Math.max(left.bits, right.bits);
    const a = BigInt.asUintN(bits || 64, left.value);
    const b = BigInt.asUintN(bits || 64, right.value);
    const signedA = BigInt.asIntN(bits || 64, a);
    const signedB = BigInt.asIntN(bits || 64, b);
    const shift = b < 64n ? b : 64n;
    const truth = (value: boolean): bigint => (value ? 1n : 0n);
    let result = 0n;
    if (op === OP.plus) result = a + b;
    else if (op === OP.minus) result = a - b;
    else if (op === OP.mul) result = a * b;
    else if (op === OP.and) result = a & b;
    else if (op === OP.or) result = a | b;
    else if (op === OP.xor) result = a ^ b;
    else if (op === OP.shl) result = a << shift;
    else if (op === OP.shr) result = a >> shift;
    else if (op === OP.shra) result = signedA >> shift;
    else if (op === OP.eq) result = truth(signedA === signedB);
    else if (op === OP.ne) result = truth(signedA !== signedB);
    else if (op === OP.lt) result = truth(signedA < signedB);
    else if (op === OP.le) result = truth(signedA <= signedB);
    else if (op === OP.gt) result = truth(signedA > signedB);
    else if (op === OP.ge) result = truth(signedA >= signedB);
    else if (b === 0n) this.failed = true;
    else if (op === OP.div) result = signedA / signedB;
    else result = a % b;
    this.push(result, bits);
  }

  /** Conversion to a base type (0: back to an untyped value). Of floats only the bits are kept. */
  private convert(reference: number): void {
    const item = this.pop();
    const { unit, entries } = this.context;
    const type = reference === 0 ? undefined : entries.byOffset.get(unit.start + reference);
    const bits = type ? (type.number(AT.byteSize) ?? 4) * 8 : 32;
    const encoding = type?.number(AT.encoding);
    if (encoding === ENCODING.float || bits > 64) {
      this.failed = true;
      return;
    }
    const value = item.signed ? signed(item) : item.value;
    this.push(value, bits, encoding === ENCODING.signed || encoding === ENCODING.signedChar);
  }
}

function signed(item: Item): bigint {
  return BigInt.asIntN(item.bits || 64, item.value);
}
