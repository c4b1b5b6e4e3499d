/** What a wasm module is made of, written: the counterpart of decode/byte-reader.ts. */

/** An unsigned number in LEB128. @param value a whole number below 2^53 */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** A signed number of 32 bits in LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const byte = rest & 0x7f;
    if (rest >> 6 === 0 || rest >> 6 === -1) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

/** A length and as many bytes of UTF-8. */
export function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...unsigned(bytes.length), ...bytes];
}

/** A count and the items. */
export function list(items: readonly ArrayLike<number>[]): number[] {
  return joined([unsigned(items.length), ...items]);
}

/** One behind the other. */
export function joined(parts: readonly ArrayLike<number>[]): number[] {
  const all: number[] = [];
  for (const part of parts) for (let i = 0; i < part.length; i++) all.push(part[i]);
  return all;
}

/** An operator by its encoding, as `codeOf` has it: one byte, or a prefix and a number. */
export function encoded(code: number): number[] {
  if (code < 0x100) return [code];
  const bits = code < 0x1_0000 ? 8 : 12;
  return [code >> bits, ...unsigned(code & ((1 << bits) - 1))];
}

export const FUNCREF = 0x70;
/** Encoding of the type of vectors. */
export const V128 = 0x7b;

/** Encodings of the types of references. */
export const REFERENCE_TYPES: ReadonlyMap<string, number> = new Map([
  ['funcref', FUNCREF],
  ['externref', 0x6f],
]);
