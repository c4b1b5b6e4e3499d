/**
 * Numbers as the bytes that an object of a type holds, little endian.
 */
import type { BitField } from '../types/types.ts';

/** A number in `size` bytes: an integer that is cut to them, or a float of 4, 8 or 16. */
export function bytesOfScalar(value: number | bigint, isFloat: boolean, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (isFloat) {
    if (size === 4) view.setFloat32(0, Number(value), true);
    else if (size === 8) view.setFloat64(0, Number(value), true);
    else setFloat128(view, Number(value));
  } else if (size === 8) view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  else if (size === 4) view.setUint32(0, Number(value) >>> 0, true);
  else if (size === 2) view.setUint16(0, Number(value) & 0xffff, true);
  else view.setUint8(0, Number(value) & 0xff);
  return bytes;
}

/** Writes the low bits of a number into a bit-field, whose first byte is `at`. */
export function writeBits(bytes: Uint8Array, at: number, { shift, width }: BitField, value: bigint): void {
  for (let i = 0; i < width; i++) {
    const bit = shift + i;
    const mask = 1 << (bit & 7);
    const isSet = (value >> BigInt(i)) & 1n;
    bytes[at + (bit >> 3)] = isSet ? bytes[at + (bit >> 3)] | mask : bytes[at + (bit >> 3)] & ~mask;
  }
}

/** A double as IEEE binary128: wider in both parts, so exact (subnormal doubles, which would need shifting, become 0). */
function setFloat128(view: DataView, value: number): void {
  const double = new DataView(new ArrayBuffer(8));
  double.setFloat64(0, value);
  const bits = double.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xf_ffff_ffff_ffffn;
  const wide = exponent === 0x7ffn ? 0x7fffn : exponent === 0n ? 0n : exponent - 1023n + 16383n;
  const high = ((bits >> 63n) << 63n) | (wide << 48n) | (exponent === 0n ? 0n : fraction >> 4n);
  view.setBigUint64(8, high, true);
  view.setBigUint64(0, exponent === 0n ? 0n : (fraction & 0xfn) << 60n, true);
}
