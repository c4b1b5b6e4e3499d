/**
 * Reads what a wasm module is made of: bytes, numbers in LEB128, names, from a part of the file that it never leaves.
 */

/** The bytes at an offset of the file are no module. */
export class Malformed extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Bytes that a number of 32 and of 64 bits may take. */
const MOST_BYTES = { 32: 5, 64: 10 } as const;

const text = new TextDecoder('utf-8', { ignoreBOM: true });

/** A position in `bytes` and the end that it may reach. Every method throws `Malformed` rather than read past it. */
export class ByteReader {
  readonly bytes: Uint8Array;
  /** Offset in the file of the next byte. */
  position: number;
  readonly end: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  fail(message: string, offset = this.position): never {
    throw new Malformed(message, offset);
  }

  byte(): number {
    if (this.done) this.fail('it ends early');
    return this.bytes[this.position++];
  }

  /** The next `length` bytes, as a view. */
  view(length: number): Uint8Array {
    const start = this.position;
    if (length > this.end - start) this.fail(`${length} bytes are announced, and ${this.end - start} are there`);
    this.position += length;
    return this.bytes.subarray(start, this.position);
  }

  /** A reader of the next `length` bytes, which this one passes over. */
  part(length: number): ByteReader {
    const start = this.position;
    this.view(length);
    return new ByteReader(this.bytes, start, this.position);
  }

  /** An unsigned number below 2^32. */
  u32(): number {
    return this.unsigned(32);
  }

  /** An unsigned number below 2^64; beyond 2^53 it is rounded. */
  u64(): number {
    return this.unsigned(64);
  }

  private unsigned(bits: 32 | 64): number {
    const start = this.position;
    let value = 0;
    for (let i = 0; i < MOST_BYTES[bits]; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte >= 0x80) continue;
      if (value >= 2 ** bits) this.fail(`a number has more than ${bits} bits`, start);
      return value;
    }
    return this.fail(`a number has more than ${MOST_BYTES[bits]} bytes`, start);
  }

  /** A signed number of 32 bits, or of 33 where a negative one is a type and another its index. */
  signed(bits: 32 | 33 = 32): number {
    const start = this.position;
    let value = 0;
    for (let i = 0; i < MOST_BYTES[32]; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte >= 0x80) continue;
      if (byte & 0x40) value -= 2 ** (7 * i + 7);
      if (value < -(2 ** (bits - 1)) || value >= 2 ** (bits - 1))
        this.fail(`a number has more than ${bits} bits`, start);
      return value;
    }
    return this.fail(`a number has more than ${MOST_BYTES[32]} bytes`, start);
  }

  /** A number of 64 bits: its low and its high half, each as 32 bits in two's complement. */
  i64(): readonly [low: number, high: number] {
    const start = this.position;
    let value = 0n;
    for (let i = 0; i < MOST_BYTES[64]; i++) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte >= 0x80) continue;
      if (byte & 0x40) value -= 1n << BigInt(7 * i + 7);
      if (BigInt.asIntN(64, value) !== value) this.fail('a number has more than 64 bits', start);
      return [Number(BigInt.asIntN(32, value)), Number(value >> 32n)];
    }
    return this.fail(`a number has more than ${MOST_BYTES[64]} bytes`, start);
  }

  /** Four bytes, little endian, as they are: a JavaScript number may change the bits of a NaN. */
  bits32(): number {
    const [a, b, c, d] = this.view(4);
    return a | (b << 8) | (c << 16) | (d << 24);
  }

  /** A length and as many bytes of UTF-8; what is none becomes U+FFFD. */
  name(): string {
    return text.decode(this.view(this.u32()));
  }

  /** A count and as many items. Each takes at least a byte, so the result is no longer than the file. */
  list<T>(item: () => T): T[] {
    const items: T[] = [];
    for (let left = this.u32(); left > 0; left--) items.push(item());
    return items;
  }
}
