/** What a program has written, both outputs in one order: a terminal that shows both shows them as they came. */
import { STREAMS, type Stream } from '../trace/output.ts';

/** Bytes that were written to one output without the other in between. */
export interface OutputPiece {
  readonly stream: Stream;
  readonly bytes: Uint8Array;
}

export class Output {
  private all = new Uint8Array(1024);
  /** Per byte: index into STREAMS. */
  private streams = new Uint8Array(1024);
  private count = 0;

  /** Bytes to both. */
  get length(): number {
    return this.count;
  }

  add(byte: number, stream: Stream): void {
    if (this.count === this.all.length) {
      this.all = doubled(this.all);
      this.streams = doubled(this.streams);
    }
    this.all[this.count] = byte;
    this.streams[this.count++] = STREAMS.indexOf(stream);
  }

  /** Takes back all but the first `length` bytes. */
  truncate(length: number): void {
    this.count = Math.min(this.count, length);
  }

  /** Everything that was written to one output. */
  of(stream: Stream): Uint8Array {
    const wanted = STREAMS.indexOf(stream);
    return this.all.subarray(0, this.count).filter((_, i) => this.streams[i] === wanted);
  }

  /** What was written behind the first `from` bytes. */
  pieces(from: number): OutputPiece[] {
    const pieces: OutputPiece[] = [];
    for (let start = from, end = from; start < this.count; start = end) {
      while (end < this.count && this.streams[end] === this.streams[start]) end++;
      pieces.push({ stream: STREAMS[this.streams[start]], bytes: this.all.slice(start, end) });
    }
    return pieces;
  }
}

function doubled(array: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * array.length);
  larger.set(array);
  return larger;
}
