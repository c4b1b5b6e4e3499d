/**
 * The protocol's framing as the base class reads it: header fields are spelled in any case by clients (as HTTP allows),
 * with or without a space behind the colon, and beside others; behind this stream each message has one field, spelled as
 * in the protocol.
 */
import { Transform, type TransformCallback } from 'node:stream';

const END_OF_HEADER = '\r\n\r\n';
/** Bytes of a header; a longer one is none. */
const LONGEST_HEADER = 1 << 14;

export class Framing extends Transform {
  /** What has come of the next header. */
  private header = Buffer.alloc(0);
  /** Bytes of the message that are still to come. */
  private left = 0;

  override _transform(data: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = data;
    while (rest.length > 0) {
      if (this.left > 0) {
        const part = rest.subarray(0, this.left);
        this.left -= part.length;
        rest = rest.subarray(part.length);
        this.push(part);
      } else rest = this.readHeader(rest);
    }
    done();
  }

  /** Reads on in a header; returns what is behind it. */
  private readHeader(data: Buffer): Buffer {
    this.header = Buffer.concat([this.header, data]);
    const end = this.header.indexOf(END_OF_HEADER);
    if (end < 0) {
      if (this.header.length > LONGEST_HEADER) this.header = Buffer.alloc(0);
      return Buffer.alloc(0);
    }
    const fields = this.header.toString('latin1', 0, end);
    const rest = this.header.subarray(end + END_OF_HEADER.length);
    this.header = Buffer.alloc(0);
    const length = /^content-length[ \t]*:[ \t]*(\d+)[ \t]*$/im.exec(fields)?.[1];
    if (length !== undefined && Number(length) > 0) {
      this.left = Number(length);
      this.push(`Content-Length: ${length}${END_OF_HEADER}`);
    }
    return rest;
  }
}
