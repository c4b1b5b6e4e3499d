/**
 * Where a variable lives: location expressions, decoded once and evaluated per state (DWARF 5, sections 2.5 and 2.6;
 * DW_OP_WASM_location from the WebAssembly tool conventions, "DWARF for WebAssembly").
 *
 * Two outcomes: an address in linear memory, or a value put together from wasm locals, globals, operands and
 * constants. What an optimiser threw away, and what cannot be evaluated, is "gone" with a reason: never a guess.
 */

import { AT, OP } from '../dwarf/constants.ts';
import { Cursor, DamagedData } from '../dwarf/cursor.ts';
import { type Entries, indexedAddress, type Unit } from '../dwarf/entries.ts';
import type { MachineState } from './machine-state.ts';

/** Where the bytes of a value are. */
export type Place =
  | { kind: 'memory'; address: number }
  /** `known[i]` is 0 where byte i is not known; absent when all are. */
  | { kind: 'bytes'; bytes: Uint8Array; known: Uint8Array | undefined }
  | { kind: 'gone'; reason: string };

/** A location before the state is known. `undefined` addresses are unknown in that state. */
export type Locator =
  | { kind: 'memory'; address: (state: MachineState) => number | undefined }
  | { kind: 'bytes'; read: (state: MachineState, size: number) => Place }
  | { kind: 'gone'; reason: string };

export const OPTIMISED_OUT: Place & Locator = { kind: 'gone', reason: 'optimised out' };

/** What an expression may refer to. */
export interface LocationContext {
  unit: Unit;
  entries: Entries;
  frameBase: ((state: MachineState) => number | undefined) | undefined;
}

/** One decoded operation. `a` and `b` are its operands; for `implicitValue` the bytes are in `block`. */
interface Operation {
  op: number;
  a: number;
  b: number;
  wide: bigint;
  block: Uint8Array | undefined;
}

/** Decodes an expression. What it refers to is evaluated by the locator, in any state, any number of times. */
export function compileLocation(expression: Uint8Array, context: LocationContext): Locator {
  if (expression.length === 0) return OPTIMISED_OUT;
  let operations: Operation[];
  try {
    operations = decode(expression, context);
  } catch (error) {
    if (error instanceof DamagedData) return { kind: 'gone', reason: error.message };
    throw error;
  }
  const first = operations[0];
  const { frameBase } = context;
  if (operations.length === 1 && first.op === OP.fbreg) {
    if (!frameBase) return { kind: 'gone', reason: 'its function has no frame base' };
    const offset = first.a;
    return {
      kind: 'memory',
      address(state) {
        const base = frameBase(state);
        return base === undefined ? undefined : (base + offset) >>> 0;
      },
    };
  }
  if (operations.length === 1 && first.op === OP.addr) {
    const address = first.a;
    return { kind: 'memory', address: () => address };
  }
  // A wasm location alone is an address (of a struct passed by value, say); as a value it is followed by stack_value.
  const isValue = operations.some(({ op }) => op === OP.stackValue || op === OP.implicitValue || op === OP.piece);
  if (isValue) return { kind: 'bytes', read: (state, size) => readValue(operations, context, state, size) };
  return {
    kind: 'memory',
    address(state) {
      const run = new Run(operations, context, state);
      const top = run.finish();
      return top === undefined ? undefined : Number(BigInt.asUintN(32, top.value));
    },
  };
}

/**
 * The frame base of a function: the expression's value, as an address. Both forms occur: with DW_OP_stack_value, and
 * bare (a wasm local that holds it).
 */
export function compileFrameBase(
  expression: Uint8Array | undefined,
  context: Omit<LocationContext, 'frameBase'>,
): ((state: MachineState) => number | undefined) | undefined {
  if (!expression) return undefined;
  const locator = compileLocation(expression, { ...context, frameBase: undefined });
  if (locator.kind === 'gone') return undefined;
  if (locator.kind === 'memory') return locator.address;
  const cursor = expression[0] === OP.wasmLocation ? new Cursor(expression, 1) : undefined;
  // The usual form by far, read without building bytes.
  if (cursor && cursor.u8() === 0) {
    const index = cursor.uleb();
    return (state) => {
      const value = state.local(index);
      return typeof value === 'number' ? value >>> 0 : undefined;
    };
  }
  return (state) => {
    const place = locator.read(state, 4);
    if (place.kind !== 'bytes' || place.known) return undefined;
    return new Cursor(place.bytes).u32();
  };
}

function decode(expression: Uint8Array, context: LocationContext): Operation[] {
  const cursor = new Cursor(expression);
  const { unit } = context;
  const operations: Operation[] = [];
  const starts = new Map<number, number>();
  while (!cursor.atEnd) {
    starts.set(cursor.offset, operations.length);
    const op = cursor.u8();
    const operation: Operation = { op, a: 0, b: 0, wide: 0n, block: undefined };
    const constant = (value: number | bigint): void => {
      operation.op = OP.constu;
      operation.wide = BigInt.asUintN(64, BigInt(value));
    };
    if (op >= OP.lit0 && op <= OP.lit31) constant(op - OP.lit0);
    else if (op === OP.addr) operation.a = cursor.unsigned(unit.addressSize);
    else if (op === OP.addrx || op === OP.constx) {
      const address = indexedAddress(unit, cursor.uleb());
      if (address === undefined) throw new DamagedData('its address index is outside .debug_addr');
      operation.op = OP.addr;
      operation.a = address;
    } else if (op === OP.const1u) constant(cursor.u8());
    else if (op === OP.const1s) constant(cursor.i8());
    else if (op === OP.const2u) constant(cursor.u16());
    else if (op === OP.const2s) constant((cursor.u16() << 16) >> 16);
    else if (op === OP.const4u) constant(cursor.u32());
    else if (op === OP.const4s) constant(cursor.u32() | 0);
    else if (op === OP.const8u || op === OP.const8s) constant(cursor.u64());
    else if (op === OP.constu) constant(cursor.ulebExact());
    else if (op === OP.consts) constant(cursor.sleb());
    else if (op === OP.plusUconst || op === OP.piece || op === OP.convert || op === OP.reinterpret) {
      operation.a = cursor.uleb();
    } else if (op === OP.fbreg) operation.a = Number(cursor.sleb());
    else if (op === OP.pick || op === OP.derefSize) operation.a = cursor.u8();
    else if (op === OP.bra || op === OP.skip) operation.a = ((cursor.u16() << 16) >> 16) + cursor.offset;
    else if (op === OP.implicitValue) operation.block = cursor.block(cursor.uleb());
    else if (op === OP.wasmLocation) {
      operation.a = cursor.u8();
      // Kinds 0 local, 1 global, 2 operand stack, with a LEB index; 3 global with four bytes, for the linker to fill in.
      operation.b = operation.a === 3 ? cursor.u32() : cursor.uleb();
      if (operation.a > 3) throw new DamagedData(`wasm location kind ${operation.a} is unknown`);
    } else if (!isPlain(op)) {
      // Entry values and implicit pointers are what an optimiser leaves where the value itself is lost.
      const lost = op === 0xa3 || op === 0xf3 || op === 0xa0 || op === 0xf2;
      throw new DamagedData(lost ? 'optimised out' : `its location uses DW_OP 0x${op.toString(16)}, which is not read`);
    }
    operations.push(operation);
  }
  starts.set(cursor.offset, operations.length);
  for (const operation of operations) {
    if (operation.op !== OP.bra && operation.op !== OP.skip) continue;
    const target = starts.get(operation.a);
    if (target === undefined) throw new DamagedData('its location branches into the middle of an operation');
    operation.a = target;
  }
  return operations;
}

function isPlain(op: number): boolean {
  return (
    (op >= OP.dup && op <= OP.plus) ||
    (op >= OP.shl && op <= OP.xor) ||
    (op >= OP.eq && op <= OP.ne) ||
    op === OP.deref ||
    op === OP.drop ||
    op === OP.nop ||
    op === OP.stackValue
  );
}

/** An entry of the expression stack. `bits` is 32 or 64; 0 for a constant, which takes the width of its partner. */
interface Item {
  value: bigint;
  bits: number;
  /** Whether a conversion to a wider type extends the sign. */
  signed: boolean;
}

class Run {
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
    const { stack, state } = this;
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
      case OP.wasmLocation:
        this.pushWasm(a === 0 ? state.local(b) : a === 2 ? state.stack(b) : state.global(b));
        break;
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
      case OP.dup:
      case OP.over:
      case OP.pick: {
        const item = stack.at(-1 - (op === OP.dup ? 0 : op === OP.over ? 1 : a));
        if (item) stack.push(item);
        else this.failed = true;
        break;
      }
      case OP.drop:
        this.pop();
        break;
      case OP.swap: {
        const top = this.pop();
        const below = this.pop();
        stack.push(top, below);
        break;
      }
      case OP.rot: {
        const top = this.pop();
        const second = this.pop();
        const third = this.pop();
        stack.push(top, third, second);
        break;
      }
      case OP.abs:
      case OP.neg:
      case OP.not: {
        const item = this.pop();
        const value = signed(item);
        this.push(op === OP.not ? ~value : op === OP.neg || value < 0n ? -value : value, item.bits);
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
        this.pieces.push({ size: a, item: stack.pop(), block: this.block, isValue: this.isValue });
        this.stack = [];
        this.block = undefined;
        this.isValue = false;
        break;
      }
      case OP.nop:
        break;
      default:
        this.binary(op);
    }
    return next;
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
    if (encoding === 4 || bits > 64) {
      this.failed = true;
      return;
    }
    const value = item.signed ? signed(item) : item.value;
    this.push(value, bits, encoding === 5 || encoding === 6);
  }
}

function signed(item: Item): bigint {
  return BigInt.asIntN(item.bits || 64, item.value);
}

function readValue(operations: Operation[], context: LocationContext, state: MachineState, size: number): Place {
  const run = new Run(operations, context, state);
  const top = run.finish();
  const bytes = new Uint8Array(size);
  const known = new Uint8Array(size);
  if (run.pieces.length === 0) {
    if (run.block) put(bytes, known, 0, size, undefined, run.block);
    else if (top) put(bytes, known, 0, size, top, undefined);
    else return { kind: 'gone', reason: 'not known in this state' };
  }
  let at = 0;
  for (const piece of run.pieces) {
    const length = Math.max(Math.min(piece.size, size - at), 0);
    if (piece.item && !piece.isValue) {
      const stored = state.memory(Number(BigInt.asUintN(32, piece.item.value)), length);
      put(bytes, known, at, length, undefined, stored);
    } else {
      put(bytes, known, at, length, piece.item, piece.block);
    }
    at += length;
  }
  if (known.every((flag) => flag === 1)) return { kind: 'bytes', bytes, known: undefined };
  if (known.every((flag) => flag === 0)) return OPTIMISED_OUT;
  return { kind: 'bytes', bytes, known };
}

/** Copies a value's low bytes; what it does not reach stays unknown. A constant reaches everything. */
function put(
  bytes: Uint8Array,
  known: Uint8Array,
  at: number,
  length: number,
  item: Item | undefined,
  block: Uint8Array | undefined,
): void {
  const width = block ? block.length : item ? (item.bits === 0 ? 8 : Math.ceil(item.bits / 8)) : 0;
  for (let i = 0; i < Math.min(length, width); i++) {
    bytes[at + i] = block ? block[i] : Number(BigInt.asUintN(8, item!.value >> BigInt(8 * i)));
    known[at + i] = 1;
  }
}
