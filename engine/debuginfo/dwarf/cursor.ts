/**
 * A bounds-checked little-endian reader over bytes: what every other file of this folder reads with.
 *
 * Debug information comes from outside and may be cut short or damaged; reading past the end throws a
 * `DamagedData`, which the readers above turn into a warning about one unit or one variable.
 */

/** Bytes that cannot be what they should be. Caught inside this folder, never seen by callers of `readDebugInfo`. */
export class DamagedData extends Error {}

const utf8 = new TextDecoder();

/** A position in `bytes` between `offset` and `end`; every read moves it forward or throws `DamagedData`. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  offset: number;

  constructor(bytes: Uint8Array, offset = 0, end: number = bytes.length) {
    if (!(offset >= 0 && offset <= end && end <= bytes.length)) {
      throw new DamagedData(`offset ${offset} is outside its section of ${bytes.length} bytes`);
    }
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.offset >= this.end;
  }

  /** Moves `count` bytes on and returns where it was. */
  skip(count: number): number {
    const start = this.offset;
    if (!(count >= 0) || start + count > this.end) throw new DamagedData(`data ends at ${this.end} inside an item`);
    this.offset = start + count;
    return start;
  }

  u8(): number {
    return this.bytes[this.skip(1)];
  }

  u16(): number {
    const at = this.skip(2);
    return this.bytes[at] | (this.bytes[at + 1] << 8);
  }

  u24(): number {
    return this.u16() | (this.u8() << 16);
  }

  u32(): number {
    const low = this.u16();
    return low + this.u16() * 0x10000;
  }

  u64(): bigint {
    const low = BigInt(this.u32());
    return low | (BigInt(this.u32()) << 32n);
  }

  /** An unsigned integer of 1, 2, 4 or 8 bytes; eight bytes beyond 2^53 lose precision (offsets never reach it). */
  unsigned(size: number): number {
    if (size === 1) return this.u8();
    if (size === 2) return this.u16();
    if (size === 4) return this.u32();
    if (size === 8) return Number(this.u64());
    throw new DamagedData(`integers of ${size} bytes do not exist`);
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  /** Unsigned LEB128 as a number; beyond 2^53 it loses precision. */
  uleb(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  }

  /** Signed LEB128, exact: a number when it is a safe integer, a bigint otherwise. */
  sleb(): number | bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.u8();
      if (shift < 64n) value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte >= 128) continue;
      const bits = shift < 64n ? Number(shift) : 64;
      return narrow(BigInt.asIntN(bits, value));
    }
  }

  /** Unsigned LEB128, exact. */
  ulebExact(): number | bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.u8();
      if (shift < 64n) value |= BigInt(byte & 127) << shift;
      if (byte < 128) return narrow(BigInt.asUintN(64, value));
      shift += 7n;
    }
  }

  /** UTF-8 text up to a zero byte, which is consumed. */
  text(): string {
    const zero = this.bytes.indexOf(0, this.offset);
    if (zero < 0 || zero >= this.end) throw new DamagedData('a string does not end');
    const text = utf8.decode(this.bytes.subarray(this.offset, zero));
    this.offset = zero + 1;
    return text;
  }

  /** The next `length` bytes, as a view. */
  block(length: number): Uint8Array {
    const at = this.skip(length);
    return this.bytes.subarray(at, at + length);
  }
}

/** A number where it is exact, a bigint otherwise. */
export function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** UTF-8 text of bytes that may be damaged: wrong sequences become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}
