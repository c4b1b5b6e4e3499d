/**
 * Where the variable of an entry is, by code offset: location lists, constants that the compiler put in a variable's
 * place, and the lengths of variable length arrays, which are variables too (DWARF 5, sections 2.6 and 4.1).
 */
import { AT, OP } from '../dwarf/constants.ts';
import { Cursor, DamagedData } from '../dwarf/cursor.ts';
import type { Entry } from '../dwarf/entries.ts';
import { type LocationRange, locationsOf } from '../dwarf/ranges.ts';
import { compileLocation, type Locator, OPTIMISED_OUT } from './location.ts';
import type { MachineState } from './machine-state.ts';
import type { LocationContext } from './operation-stack.ts';

/** Before the prologue has run, the frame base and what is stored relative to it are not there yet. */
const ENTERING: Locator = { kind: 'gone', reason: 'not there yet: its function is still being entered' };

/** What linkers leave out they say is at the highest address. */
export const REMOVED: Locator & { kind: 'gone' } = { kind: 'gone', reason: 'left out of the program: nothing uses it' };
const TOMBSTONE = 0xffffffff;

/** What is known about a variable besides its entry. */
export interface VariableContext {
  context: LocationContext;
  /** Its function: code offsets of its first byte, and behind its prologue. Undefined for a global. */
  owner: { lowPc: number; prologueEnd: number } | undefined;
  /** Bytes of its type. */
  size(): number | undefined;
}

/** Where a variable lives, by code offset. Expressions are decoded when first asked for, each once. */
export function variableLocator(
  entry: Entry,
  { context, owner, size }: VariableContext,
): (codeOffset: number) => Locator {
  let ranges: LocationRange[] | undefined;
  const compiled = new Map<LocationRange, Locator>();
  return (codeOffset) => {
    try {
      ranges ??= locationsOf(entry, AT.location) ?? constantLocation(entry, size());
    } catch (error) {
      if (error instanceof DamagedData) return { kind: 'gone', reason: `its location is damaged: ${error.message}` };
      throw error;
    }
    const range = ranges.find(({ low, high }) => low <= codeOffset && codeOffset < high);
    if (!range) return OPTIMISED_OUT;
    if (owner && range.expression[0] === OP.fbreg && codeOffset >= owner.lowPc && codeOffset < owner.prologueEnd) {
      return ENTERING;
    }
    let found = compiled.get(range);
    if (!found) {
      found = isTombstone(range.expression) ? REMOVED : compileLocation(range.expression, context);
      compiled.set(range, found);
    }
    return found;
  };
}

function isTombstone(expression: Uint8Array): boolean {
  return expression.length === 5 && expression[0] === OP.addr && new Cursor(expression, 1).u32() === TOMBSTONE;
}

/** DW_AT_const_value as an expression: an implicit value of the variable's size. */
function constantLocation(entry: Entry, size: number | undefined): LocationRange[] {
  const value = entry.value(AT.constValue);
  let bytes: Uint8Array;
  if (value instanceof Uint8Array) bytes = value;
  else if ((typeof value === 'number' || typeof value === 'bigint') && size !== undefined && size <= 16) {
    bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = Number(BigInt.asUintN(8, BigInt(value) >> BigInt(8 * i)));
  } else return [];
  if (bytes.length > 127) return [];
  const expression = Uint8Array.of(OP.implicitValue, bytes.length, ...bytes);
  return [{ low: 0, high: Number.POSITIVE_INFINITY, expression }];
}

/**
 * Reads an integer variable of `size` bytes: how type entries learn the length of a variable length array. Undefined
 * where it is not known.
 */
export function readIntegerVariable(
  entry: Entry,
  context: LocationContext,
  size: number,
  state: MachineState,
  codeOffset: number,
): number | undefined {
  let ranges: LocationRange[] | undefined;
  try {
    ranges = locationsOf(entry, AT.location);
  } catch (error) {
    if (!(error instanceof DamagedData)) throw error;
  }
  const range = ranges?.find(({ low, high }) => low <= codeOffset && codeOffset < high);
  if (!range || size < 1 || size > 8) return undefined;
  const found = compileLocation(range.expression, context);
  if (found.kind === 'gone') return undefined;
  let bytes: Uint8Array;
  if (found.kind === 'memory') {
    const address = found.address(state);
    bytes = address === undefined ? new Uint8Array(0) : state.memory(address, size);
  } else {
    const place = found.read(state, size);
    bytes = place.kind === 'bytes' && !place.known ? place.bytes : new Uint8Array(0);
  }
  if (bytes.length < size) return undefined;
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[i];
  return value;
}
