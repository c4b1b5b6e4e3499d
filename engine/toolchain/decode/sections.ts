/**
 * The outline of a wasm file: where each section's payload lies. Read before anything else, so that nothing later
 * can run past a section or past the file.
 */
import { PlacedError } from '../../errors.ts';
import { ByteReader } from './byte-reader.ts';

/** A section; `start` of a custom section lies behind its name. */
export interface Section {
  readonly id: number;
  /** Name of a custom section, else ''. */
  readonly name: string;
  /** Offsets in the file of the payload and of the byte behind it. */
  readonly start: number;
  readonly end: number;
}

/** Numbers of the sections. */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/**
 * Lists the sections of `bytes`.
 * @throws PlacedError when they are not a wasm module; Malformed when a section does not fit
 */
export function scanSections(bytes: Uint8Array, file?: string): Section[] {
  if (bytes.length === 0) throw new PlacedError('The file is empty: expected a WebAssembly module.', { file });
  if (HEADER.slice(0, 4).some((byte, i) => bytes[i] !== byte)) {
    throw new PlacedError('This is not a WebAssembly module: it does not start with the bytes 00 61 73 6d.', { file });
  }
  if (HEADER.some((byte, i) => bytes[i] !== byte)) {
    throw new PlacedError('This is not a WebAssembly module of version 1 (components and drafts are not read).', {
      file,
    });
  }
  const reader = new ByteReader(bytes, HEADER.length);
  const sections: Section[] = [];
  while (!reader.done) {
    const at = reader.position;
    const id = reader.byte();
    if (id > SECTION.tag) reader.fail(`there is no section ${id}`, at);
    const size = reader.u32();
    if (size > bytes.length - reader.position) reader.fail(`section ${id} of ${size} bytes runs past the end`, at);
    const payload = reader.part(size);
    const name = id === SECTION.custom ? payload.name() : '';
    sections.push({ id, name, start: payload.position, end: payload.end });
  }
  return sections;
}
