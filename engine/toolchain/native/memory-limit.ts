/** Gives V8 the machine's limit of memory, so that both refuse the same `memory.grow`. */
import { PlacedError } from '../../errors.ts';
import { MEMORY_PAGES } from '../../isa/limits.ts';
import { ByteReader, Malformed } from '../decode/byte-reader.ts';
import { decode } from '../decode/decode.ts';
import { leb, withPayload } from '../decode/encode.ts';
import { SECTION, scanSections } from '../decode/sections.ts';
import { memoryLimit } from '../lower/stored.ts';

const HAS_MAXIMUM = 1;

/** A module whose own memory ends where the machine's does; what is no such module is given back as it is. */
export function withMemoryLimit(wasm: Uint8Array): Uint8Array {
  try {
    const section = scanSections(wasm).find(({ id }) => id === SECTION.memory);
    if (!section) return wasm;
    const reader = new ByteReader(wasm, section.start, section.end);
    const count = reader.u32();
    const flags = reader.u32();
    const initial = reader.u32();
    const maximum = flags & HAS_MAXIMUM ? reader.u32() : MEMORY_PAGES;
    if (count !== 1 || flags > HAS_MAXIMUM || initial > MEMORY_PAGES) return wasm;
    const limit = memoryLimit(decode(wasm));
    if (maximum < limit || initial > limit) return wasm;
    return withPayload(wasm, section, Uint8Array.from([1, HAS_MAXIMUM, ...leb(initial), ...leb(limit)]));
  } catch (error) {
    if (error instanceof Malformed || error instanceof PlacedError) return wasm;
    throw error;
  }
}
