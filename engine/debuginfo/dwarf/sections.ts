/**
 * What debug information needs to know about the module around it: its custom sections, where the code section's
 * payload lies (DWARF's addresses are offsets into it), and which function each table entry holds, because a
 * function pointer in C is an index into that table.
 *
 * Tolerant: a module that is cut short gives what came before the cut.
 */
import { Cursor, DamagedData } from './cursor.ts';

/** The parts of a module that debug information refers to. */
export interface ModuleSections {
  /** Custom sections by name; of several with one name the first. */
  custom: Map<string, Uint8Array>;
  /** File offset of the code section's payload (its function count), or 0 without a code section. */
  codeStart: number;
  /** Bytes of the code section's payload. */
  codeLength: number;
  /** Code offset (relative to the payload) of each defined function's body, behind its size. */
  bodies: number[];
  importedFunctions: number;
  /** Function index for each entry of table 0 that an active element segment fills. */
  table: Map<number, number>;
  /** Function names of the name section by function index. */
  functionNames: Map<number, string>;
}

/** Reads the outline of a module; undefined when the bytes are not a WebAssembly module. */
export function readSections(wasm: Uint8Array): ModuleSections | undefined {
  if (wasm.length < 8 || wasm[0] !== 0 || wasm[1] !== 0x61 || wasm[2] !== 0x73 || wasm[3] !== 0x6d) return undefined;
  const found: ModuleSections = {
    custom: new Map(),
    codeStart: 0,
    codeLength: 0,
    bodies: [],
    importedFunctions: 0,
    table: new Map(),
    functionNames: new Map(),
  };
  const cursor = new Cursor(wasm, 8);
  try {
    while (!cursor.atEnd) {
      const id = cursor.u8();
      const length = cursor.uleb();
      const start = cursor.skip(length);
      readSection(found, id, new Cursor(wasm, start, start + length));
    }
  } catch (error) {
    if (!(error instanceof DamagedData)) throw error;
  }
  return found;
}

function readSection(found: ModuleSections, id: number, cursor: Cursor): void {
  const start = cursor.offset;
  try {
    if (id === 0) {
      const name = cursor.block(cursor.uleb());
      const key = String.fromCharCode(...name.subarray(0, 64));
      if (!found.custom.has(key)) found.custom.set(key, cursor.bytes.subarray(cursor.offset, cursor.end));
      if (key === 'name') readNames(found, cursor);
    } else if (id === 2) {
      readImports(found, cursor);
    } else if (id === 9) {
      readElements(found, cursor);
    } else if (id === 10) {
      found.codeStart = start;
      found.codeLength = cursor.end - start;
      for (let count = cursor.uleb(); count > 0; count--) {
        const size = cursor.uleb();
        found.bodies.push(cursor.skip(size) - start);
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedData)) throw error;
  }
}

function readImports(found: ModuleSections, cursor: Cursor): void {
  for (let count = cursor.uleb(); count > 0; count--) {
    cursor.skip(cursor.uleb());
    cursor.skip(cursor.uleb());
    const kind = cursor.u8();
    if (kind === 0) {
      cursor.uleb();
      found.importedFunctions++;
    } else if (kind === 1) {
      cursor.u8();
      skipLimits(cursor);
    } else if (kind === 2) {
      skipLimits(cursor);
    } else if (kind === 3) {
      cursor.skip(2);
    } else {
      throw new DamagedData('unknown import kind');
    }
  }
}

function skipLimits(cursor: Cursor): void {
  const flags = cursor.u8();
  cursor.uleb();
  if (flags & 1) cursor.uleb();
}

/** Active segments of table 0 with constant offsets; the other kinds end the reading, their names stay unknown. */
function readElements(found: ModuleSections, cursor: Cursor): void {
  for (let count = cursor.uleb(); count > 0; count--) {
    const flags = cursor.uleb();
    if (flags !== 0 && flags !== 2) return;
    if (flags === 2 && cursor.uleb() !== 0) return;
    if (cursor.u8() !== 0x41) return;
    let entry = Number(cursor.sleb()) >>> 0;
    if (cursor.u8() !== 0x0b) return;
    if (flags === 2) cursor.u8();
    for (let left = cursor.uleb(); left > 0; left--) found.table.set(entry++, cursor.uleb());
  }
}

function readNames(found: ModuleSections, cursor: Cursor): void {
  const decoder = new TextDecoder();
  while (!cursor.atEnd) {
    const kind = cursor.u8();
    const size = cursor.uleb();
    const start = cursor.skip(size);
    if (kind !== 1) continue;
    const names = new Cursor(cursor.bytes, start, start + size);
    for (let count = names.uleb(); count > 0; count--) {
      const index = names.uleb();
      found.functionNames.set(index, decoder.decode(names.block(names.uleb())));
    }
  }
}
