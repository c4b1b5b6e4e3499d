/**
 * A value of the program: a type and the place where its bytes are, read when somebody looks.
 */
import { decodeText } from '../dwarf/cursor.ts';
import type { Place } from '../places/location.ts';
import type { MachineState } from '../places/machine-state.ts';
import { type BareType, type BitField, bare, type Member, sizeOf, type Type, type VirtualBase } from './types.ts';
import { startOf } from './virtual-bases.ts';

/** A typed value; `bits` selects a bit-field within its place. */
export interface Value {
  type: Type;
  place: Place;
  bits?: BitField | undefined;
  /** A container that is shown by its members, not by what it holds. */
  raw?: boolean | undefined;
}

/** Why a value cannot be read. */
export class Unreadable extends Error {}

/** The bytes of a value. Throws `Unreadable`, saying why. */
export function bytesOf(value: Value, state: MachineState): Uint8Array {
  const size = value.bits ? (value.bits.shift + value.bits.width + 7) >> 3 : sizeOf(value.type);
  if (size === undefined) throw new Unreadable('its size is not known');
  return bytesAt(value.place, 0, size, state);
}

/** `size` bytes from `offset` of a place. Throws `Unreadable`. */
export function bytesAt(place: Place, offset: number, size: number, state: MachineState): Uint8Array {
  if (place.kind === 'gone') throw new Unreadable(place.reason);
  if (place.kind === 'memory') {
    const address = place.address + offset;
    const bytes = state.memory(address, size);
    if (bytes.length < size) throw new Unreadable(outsideMemory(address));
    return bytes;
  }
  for (let i = 0; i < size; i++) {
    if (offset + i >= place.bytes.length || place.known?.[offset + i] === 0) throw new Unreadable('optimised out');
  }
  return place.bytes.subarray(offset, offset + size);
}

export function outsideMemory(address: number): string {
  return `address ${hex(address)} is outside memory`;
}

/** Member of a struct or union value. Without a state there is none in a virtual base class. */
export function memberOf(value: Value, member: Member, state?: MachineState): Value {
  const whole = member.base ? virtualBase(value.place, member.base, state) : value.place;
  return { type: member.type, place: within(whole, member.offset, sizeOf(member.type)), bits: member.bits };
}

function virtualBase(place: Place, base: VirtualBase, state: MachineState | undefined): Place {
  if (place.kind === 'gone') return place;
  const address = place.kind === 'memory' && state ? startOf(base, place.address, state) : undefined;
  if (address === undefined) return { kind: 'gone', reason: 'the object does not say where its virtual base class is' };
  return { kind: 'memory', address };
}

/** Element of an array value; `index` is not checked against its length. */
export function elementOf(value: Value, element: Type, index: number): Value {
  const size = sizeOf(element) ?? 0;
  return { type: element, place: within(value.place, index * size, size) };
}

function within(place: Place, offset: number, size: number | undefined): Place {
  if (place.kind === 'gone' || offset === 0) return place;
  if (place.kind === 'memory') return { kind: 'memory', address: (place.address + offset) >>> 0 };
  const end = size === undefined ? undefined : offset + Math.max(size, 1);
  return {
    kind: 'bytes',
    bytes: place.bytes.subarray(offset, end),
    known: place.known?.subarray(offset, end),
  };
}

/** Bytes as an integer; `bits` selects a bit-field of them. Little endian, any size. */
export function integerFrom(bytes: Uint8Array, signed: boolean, bits?: BitField): bigint {
  let raw = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) raw = (raw << 8n) | BigInt(bytes[i]);
  const width = bits ? bits.width : bytes.length * 8;
  if (bits) raw >>= BigInt(bits.shift);
  return signed ? BigInt.asIntN(width, raw) : BigInt.asUintN(width, raw);
}

/** Bytes of an IEEE binary32, binary64 or (rounded to double) binary128. */
export function floatFrom(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 4) return view.getFloat32(0, true);
  if (bytes.length === 8) return view.getFloat64(0, true);
  const high = view.getBigUint64(8, true);
  const fraction = ((high & 0xffff_ffff_ffffn) << 64n) | view.getBigUint64(0, true);
  const exponent = Number((high >> 48n) & 0x7fffn);
  const sign = high >> 63n ? -1 : 1;
  if (exponent === 0x7fff) return fraction === 0n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * 0;
  // Number() rounds the 113-bit significand to nearest; the power of two is split so that neither part overflows.
  const significand = Number((1n << 112n) | fraction);
  const power = exponent - 16383 - 112;
  return sign * significand * 2 ** Math.max(power, -1000) * 2 ** Math.min(power + 1000, 0);
}

/** The scalar a value holds: integers and pointers as bigint, floats as number. Throws `Unreadable`. */
export function scalarOf(value: Value, state: MachineState): bigint | number {
  const type: BareType = bare(value.type);
  const bytes = bytesOf(value, state);
  if (type.kind === 'float') return floatFrom(bytes);
  const signed = (type.kind === 'integer' || type.kind === 'enum') && type.signed;
  return integerFrom(bytes, signed, value.bits);
}

/** Text up to a zero byte. `complete` says whether the zero was found within `limit` bytes and memory. */
export function textAt(
  address: number,
  limit: number,
  state: MachineState,
): { text: string; complete: boolean; outside: boolean } {
  const bytes = state.memory(address, limit);
  const zero = bytes.indexOf(0);
  const text = bytes.subarray(0, zero < 0 ? bytes.length : zero);
  return { text: quote(text), complete: zero >= 0, outside: zero < 0 && bytes.length < limit };
}

/** Bytes as a C string literal: printable text as it is, UTF-8 included, the rest escaped. */
export function quote(bytes: Uint8Array): string {
  let text = '';
  for (const character of decodeText(bytes)) {
    if (character === '\ufffd') return `"${Array.from(bytes, (byte) => escapeByte(byte, '"')).join('')}"`;
    text +=
      character < ' ' || character === '\x7f'
        ? escapeByte(character.charCodeAt(0), '"')
        : character === '"' || character === '\\'
          ? `\\${character}`
          : character;
  }
  return `"${text}"`;
}

const ESCAPES: Record<number, string> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

/** One byte as it stands between `quote` characters in C. */
export function escapeByte(byte: number, quote: string): string {
  if (ESCAPES[byte]) return ESCAPES[byte];
  const character = String.fromCharCode(byte);
  if (character === quote || character === '\\') return `\\${character}`;
  return byte >= 32 && byte < 127 ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
}

export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
