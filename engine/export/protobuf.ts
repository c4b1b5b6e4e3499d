/**
 * Protocol buffers, as much as ONNX needs: a message is a list of fields, a field a number with a wire type and a value.
 * (Encoding: protobuf.dev/programming-guides/encoding.)
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** A message under construction. Fields come out in the order in which they are added. */
export class Message {
  private readonly chunks: Uint8Array[] = [];
  /** Bytes of the encoded message. */
  length = 0;

  /** An integer from 0 on, or a truth value. */
  integer(field: number, value: number | boolean): this {
    return this.tag(field, VARINT).put(varint(Number(value)));
  }

  /** Bytes, which are not copied before the message is encoded. */
  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, LENGTH_DELIMITED).put(varint(value.length)).put(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** A message inside this one; it must be complete. */
  message(field: number, value: Message): this {
    this.tag(field, LENGTH_DELIMITED).put(varint(value.length));
    for (const chunk of value.chunks) this.put(chunk);
    return this;
  }

  encode(): Uint8Array {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  private tag(field: number, wireType: number): this {
    return this.put(varint(8 * field + wireType));
  }

  private put(chunk: Uint8Array): this {
    this.chunks.push(chunk);
    this.length += chunk.length;
    return this;
  }
}

/** Seven bits a byte, the low ones first; the high bit says that more follow. */
function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no varint`);
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
