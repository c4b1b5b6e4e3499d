/**
 * The memories of data segments. What wabt makes of text says of a segment that the index of its memory follows (flags 2) where that
 * is not the first, but leaves the index out: its writer is not told that there may be several. So it is put in afterwards; it stands
 * in wabt's own text of the same module, where each memory is a number.
 */
import { scanWat } from './scanner.ts';

const DATA_SECTION = 11;
const PASSIVE = 1;
const EXPLICIT = 2;
const HEADER = 8;

/** Operators of constant expressions that have an immediate: a constant of four bytes, of eight, a global. */
const WITH_IMMEDIATE: readonly number[] = [0x41, 0x42, 0x23];
const END = 0x0b;

/** The memory of each data segment, going by wabt's text of a module. */
export function memoriesOfData(text: string): number[] {
  const words = scanWat(text).map(({ kind, start, end }) => (kind === 'string' ? '""' : text.slice(start, end)));
  const memories: number[] = [];
  for (const [i, word] of words.entries()) {
    if (word !== 'data' || words[i - 1] !== '(') continue;
    const at = words[i + 1]?.startsWith('$') ? i + 2 : i + 1;
    memories.push(words[at] === '(' && words[at + 1] === 'memory' ? Number(words[at + 2]) : 0);
  }
  return memories;
}

/** The module with the indices of its segments' memories. O(bytes). */
export function withDataMemories(wasm: Uint8Array, memories: readonly number[]): Uint8Array {
  const bytes = new Bytes(wasm);
  bytes.position = HEADER;
  while (bytes.position < wasm.length) {
    const start = bytes.position;
    const id = wasm[bytes.position++];
    const size = bytes.u32();
    const content = bytes.position;
    bytes.position += size;
    if (id !== DATA_SECTION) continue;
    const section = dataSection(new Bytes(wasm, content), memories);
    const all = [DATA_SECTION, ...unsigned(section.reduce((sum, { length }) => sum + length, 0))];
    const parts = [wasm.subarray(0, start), Uint8Array.from(all), ...section, wasm.subarray(content + size)];
    const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      result.set(part, at);
      at += part.length;
    }
    return result;
  }
  return wasm;
}

/** The section's content, in pieces. */
function dataSection(bytes: Bytes, memories: readonly number[]): Uint8Array[] {
  const { wasm } = bytes;
  let from = bytes.position;
  const pieces: Uint8Array[] = [];
  const count = bytes.u32();
  for (let i = 0; i < count; i++) {
    const flags = bytes.u32();
    if (flags === EXPLICIT) {
      pieces.push(wasm.subarray(from, bytes.position), Uint8Array.from(unsigned(memories[i])));
      from = bytes.position;
    }
    if (flags !== PASSIVE) bytes.skipExpression();
    const size = bytes.u32();
    bytes.position += size;
  }
  pieces.push(wasm.subarray(from, bytes.position));
  return pieces;
}

class Bytes {
  readonly wasm: Uint8Array;
  position: number;

  constructor(wasm: Uint8Array, position = 0) {
    this.wasm = wasm;
    this.position = position;
  }

  u32(): number {
    let value = 0;
    let byte: number;
    let shift = 0;
    do {
      byte = this.wasm[this.position++];
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    return value >>> 0;
  }

  /** What such an expression has besides these is operators of one byte. */
  skipExpression(): void {
    for (let code = this.wasm[this.position++]; code !== END; code = this.wasm[this.position++]) {
      if (!WITH_IMMEDIATE.includes(code)) continue;
      while (this.wasm[this.position++] & 0x80);
    }
  }
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}
