/**
 * Where a variable lives: location expressions, decoded once and evaluated per state (DWARF 5, sections 2.5 and 2.6;
 * DW_OP_WASM_location from the WebAssembly tool conventions, "DWARF for WebAssembly").
 *
 * Two outcomes: an address in linear memory, or a value put together from wasm locals, globals, operands and
 * constants. What an optimiser threw away, and what cannot be evaluated, is "gone" with a reason: never a guess.
 */

import { OP } from '../dwarf/constants.ts';
import { Cursor, DamagedData } from '../dwarf/cursor.ts';
import { localOf, type MachineState } from './machine-state.ts';
import { type Item, type LocationContext, LocationRun } from './operation-stack.ts';
import { decodeOperations, type Operation } from './operations.ts';

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

/** Decodes an expression. What it refers to is evaluated by the locator, in any state, any number of times. */
export function compileLocation(expression: Uint8Array, context: LocationContext): Locator {
  if (expression.length === 0) return OPTIMISED_OUT;
  let operations: Operation[];
  try {
    operations = decodeOperations(expression, context.unit);
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
      const run = new LocationRun(operations, context, state);
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
      const value = localOf(state, index);
      return typeof value === 'number' ? value >>> 0 : undefined;
    };
  }
  return (state) => {
    const place = locator.read(state, 4);
    if (place.kind !== 'bytes' || place.known) return undefined;
    return new Cursor(place.bytes).u32();
  };
}

function readValue(operations: Operation[], context: LocationContext, state: MachineState, size: number): Place {
  const run = new LocationRun(operations, context, state);
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
