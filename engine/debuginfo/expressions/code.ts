/**
 * Compiled sub-expressions: closures over the machine's state, and the ways to read values through them.
 *
 * What is known when an expression is compiled (types, offsets, where a variable lives at the code offset, which
 * conversion is needed) is decided there; the closures only load and compute.
 */
import { PlacedError } from '../../errors.ts';
import type { Place } from '../places/location.ts';
import type { MachineState } from '../places/machine-state.ts';
import { type BareType, type BitField, bare, type PointerType, sizeOf, spellType, type Type } from '../types/types.ts';
import { bytesAt, floatFrom, integerFrom, outsideMemory, Unreadable } from '../types/values.ts';
import { representation, type ToBigint, type ToNumber, toBigint, toNumber } from './arithmetic.ts';
import type { List, ValueReader } from './scope.ts';

export type NumberGetter = (state: MachineState) => number;
type BigintGetter = (state: MachineState) => bigint;

/** A compiled sub-expression. Which getters it has depends on its type; objects also have a place. */
export interface Code {
  type: Type;
  /** Of the operator or name, for errors. */
  column: number;
  /** For values held as numbers: integers up to 32 bits, pointers, floats. */
  number?: NumberGetter | undefined;
  /** For 64-bit integers. */
  bigint?: BigintGetter | undefined;
  /** Address of an object in linear memory. */
  address?: NumberGetter | undefined;
  /** Where an object's bytes are, for objects that may not be in memory. */
  place?: ((state: MachineState) => Place) | undefined;
  bits?: BitField | undefined;
  /** Value of an integer constant: 0 is also a null pointer. */
  constant?: bigint | undefined;
  /** The bytes of a string literal without the zero at its end. */
  literal?: Uint8Array | undefined;
  /** Of a function by its name: its index in the module's function space. */
  function?: number | undefined;
  /** Set on what has no value of its own, only entries. */
  list?: List | undefined;
}

/** Bytes that are nowhere: those of a result. */
export function bytesPlace(bytes: Uint8Array): Place {
  return { kind: 'bytes', bytes, known: undefined };
}

/** An object in linear memory at a computed address. */
export function objectAt(type: Type, address: NumberGetter, column: number, bits?: BitField): Code {
  const plain = bare(type);
  const code: Code = { type, column, address, bits, place: (state) => ({ kind: 'memory', address: address(state) }) };
  const kind = representation(plain);
  if (!kind) return code;
  const size = bits ? (bits.shift + bits.width + 7) >> 3 : sizeOf(plain)!;
  const read = (state: MachineState): Uint8Array => {
    const at = address(state);
    const bytes = state.memory(at, size);
    if (bytes.length < size) throw new PlacedError(outsideMemory(at), { column });
    return bytes;
  };
  return withReader(code, plain, kind, read);
}

/** An object at a place of any kind: what an optimiser left in wasm locals and constants. */
export function objectIn(
  type: Type,
  place: (state: MachineState) => Place,
  column: number,
  label: string,
  bits?: BitField,
): Code {
  const plain = bare(type);
  const code: Code = { type, column, place, bits };
  const kind = representation(plain);
  if (!kind) return code;
  const size = bits ? (bits.shift + bits.width + 7) >> 3 : sizeOf(plain)!;
  const read = (state: MachineState): Uint8Array => {
    try {
      return bytesAt(place(state), 0, size, state);
    } catch (error) {
      if (error instanceof Unreadable) throw new PlacedError(`${label}: ${error.message}`, { column });
      throw error;
    }
  };
  return withReader(code, plain, kind, read);
}

function withReader(
  code: Code,
  type: BareType,
  kind: 'number' | 'bigint',
  read: (state: MachineState) => Uint8Array,
): Code {
  const signed = (type.kind === 'integer' || type.kind === 'enum') && type.signed;
  if (kind === 'bigint') {
    const { bits } = code;
    code.bigint = (state) => integerFrom(read(state), signed, bits);
    return code;
  }
  if (type.kind === 'float') {
    code.number = (state) => floatFrom(read(state));
    return code;
  }
  const decode = code.bits ? bitReader(code.bits, signed) : integerReader(sizeOf(type)!, signed);
  code.number = (state) => decode(read(state));
  return code;
}

function integerReader(size: number, signed: boolean): (bytes: Uint8Array) => number {
  if (size === 1) return signed ? (b) => (b[0] << 24) >> 24 : (b) => b[0];
  if (size === 2) return signed ? (b) => ((b[0] | (b[1] << 8)) << 16) >> 16 : (b) => b[0] | (b[1] << 8);
  if (signed) return (b) => b[0] | (b[1] << 8) | (b[2] << 16) | (b[3] << 24);
  return (b) => (b[0] | (b[1] << 8) | (b[2] << 16) | (b[3] << 24)) >>> 0;
}

/** Up to 32 bits from up to 5 bytes: arithmetic, because bit operators stop at 32. */
function bitReader({ shift, width }: BitField, signed: boolean): (bytes: Uint8Array) => number {
  const span = 2 ** width;
  return (bytes) => {
    let raw = 0;
    for (let i = bytes.length - 1; i >= 0; i--) raw = raw * 256 + bytes[i];
    const value = Math.floor(raw / 2 ** shift) % span;
    return signed && value >= span / 2 ? value - span : value;
  };
}

/** A number without a place. `unknown` is what to say where the state does not know it. */
export function scalar(type: Type, read: ValueReader, column: number, unknown: string): Code {
  const known = (state: MachineState): number | bigint => {
    const value = read(state);
    if (value === undefined) throw new PlacedError(unknown, { column });
    return value;
  };
  return representation(bare(type)) === 'bigint'
    ? { type, column, bigint: known as BigintGetter }
    : { type, column, number: known as NumberGetter };
}

/** An array becomes a pointer to its first element, a function one to itself; other codes stay as they are. */
export function decayed(code: Code): Code {
  const type = bare(code.type);
  const { address, column } = code;
  if (type.kind === 'array') {
    if (!address) return code;
    return { type: pointerTo(type.element), column, number: address };
  }
  if (type.kind === 'function') return { type: pointerTo(code.type), column, number: code.number ?? address };
  return code;
}

export function pointerTo(type: Type): PointerType {
  return { kind: 'pointer', to: type, size: 4, reference: false };
}

/** The code's value converted to a type held as a number. */
export function numberAs(code: Code, target: BareType): NumberGetter {
  const from = bare(code.type);
  const { number, bigint } = code;
  const convert: ToNumber = toNumber(from, target, code.column);
  if (bigint) return (state) => convert(bigint(state));
  if (!number) return noValue(code);
  if (isSameNumber(from, target)) return number;
  return (state) => convert(number(state));
}

/** The code's value converted to a 64-bit integer type. */
export function bigintAs(code: Code, target: Extract<BareType, { kind: 'integer' | 'enum' }>): BigintGetter {
  const from = bare(code.type);
  const { number, bigint } = code;
  const convert: ToBigint = toBigint(from, target, code.column);
  if (bigint) {
    const same = (from.kind === 'integer' || from.kind === 'enum') && from.signed === target.signed;
    return same ? bigint : (state) => convert(bigint(state));
  }
  if (!number) return noValue(code);
  return (state) => convert(number(state));
}

/** Whether every value of `from` is its own conversion to `to`. */
function isSameNumber(from: BareType, to: BareType): boolean {
  if (from.kind === 'float') return to.kind === 'float' && to.size >= from.size;
  if (from.kind === 'boolean') return to.kind === 'boolean' || to.kind === 'integer';
  if (to.kind === 'pointer') return from.kind === 'pointer';
  if (from.kind !== 'integer' && from.kind !== 'enum') return false;
  if (to.kind !== 'integer' && to.kind !== 'enum') return false;
  return from.signed === to.signed ? to.size >= from.size : !from.signed && to.size > from.size;
}

/** Throws where something without a scalar value is used as one. */
export function noValue(code: Code): never {
  throw new PlacedError(`a value of type ${spellType(code.type)} cannot be used here`, { column: code.column });
}

/** Whether a value counts as true. */
export function truthOf(code: Code): (state: MachineState) => boolean {
  const { number, bigint } = decayed(code);
  if (number) return (state) => number(state) !== 0;
  if (bigint) return (state) => bigint(state) !== 0n;
  return noValue(code);
}
