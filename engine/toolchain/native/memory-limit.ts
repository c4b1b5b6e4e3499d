/** Gives V8 the machine's limit of memory, so that both refuse the same `memory.grow`. */
import { MEMORY_PAGES } from '../../isa/limits.ts';
import { ByteReader, Malformed } from '../decode/byte-reader.ts';
import { leb, withPayload } from '../decode/encode.ts';
import { SECTION, scanSections } from '../decode/sections.ts';

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
    if (count !== 1 || flags > HAS_MAXIMUM || maximum < MEMORY_PAGES || initial > MEMORY_PAGES) return wasm;
    return withPayload(wasm, section, Uint8Array.from([1, HAS_MAXIMUM, ...leb(initial), ...leb(MEMORY_PAGES)]));
  } catch (error) {
    if (error instanceof Malformed) return wasm;
    throw error;
  }
}
