/**
 * The outline of a wasm file: where each section's payload lies. Read before anything else, so that nothing later
 * can run past a section or past the file.
 */
import { PlacedError } from '../../errors.ts';

/** A section; `start` of a custom section lies behind its name. */
export interface Section {
  readonly id: number;
  /** Name of a custom section, else ''. */
  readonly name: string;
  /** Offsets in the file of the payload and of the byte behind it. */
  readonly start: number;
  readonly end: number;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/**
 * Lists the sections of `bytes`.
 * @throws PlacedError when they are not a wasm module, or a section does not fit.
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
  let position = HEADER.length;
  const malformed = (what: string) =>
    new PlacedError(`The WebAssembly module is malformed at offset 0x${position.toString(16)}: ${what}.`, { file });
  const number = () => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (position >= bytes.length) throw malformed('it ends inside a section header');
      const byte = bytes[position++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed('a length has more than five bytes');
  };
  const sections: Section[] = [];
  while (position < bytes.length) {
    const id = bytes[position++];
    if (id > 13) throw malformed(`there is no section ${id}`);
    const size = number();
    const end = position + size;
    if (end > bytes.length) throw malformed(`section ${id} of ${size} bytes runs past the end`);
    let name = '';
    if (id === 0) {
      const length = number();
      if (position + length > end) throw malformed('the name of a custom section does not fit in it');
      name = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(position, position + length));
      position += length;
    }
    sections.push({ id, name, start: position, end });
    position = end;
  }
  return sections;
}
