/** Parts of a module in bytes again, for what is changed in it. */
import type { Section } from './sections.ts';

/** An unsigned number in LEB128. */
export function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** A module with another payload in one section. */
export function withPayload(wasm: Uint8Array, { start, end }: Section, payload: Uint8Array): Uint8Array {
  // Before the payload stands its size, whose bytes but the last have their highest bit set.
  let head = start - 1;
  while (wasm[head - 1] >= 128) head--;
  return Buffer.concat([wasm.subarray(0, head), leb(payload.length), payload, wasm.subarray(end)]);
}
