/**
 * Wasm bytes to a decoded module: what the rest of the toolchain needs, in plain arrays.
 *
 * The format is that of the specification's chapter 5. Any bytes give a module or a PlacedError with the offset at
 * which reading failed, in linear time and memory. Operators of proposals that the machine does not have are read, so
 * that they can be named where they are used. Whether a module is *valid* is wabt's judgement, not asked here.
 */
import { PlacedError } from '../../errors.ts';
import { ByteReader, Malformed } from './byte-reader.ts';
import { readConstant, readElement, readOperators, readValueType } from './code.ts';
import {
  type Element,
  type ElementSegment,
  EXTERNAL_KINDS,
  type ExternalKind,
  type FunctionType,
  IMPORTED,
  type Limits,
  type ValueType,
  type WasmDataSegment,
  type WasmExport,
  type WasmFunction,
  type WasmGlobal,
  type WasmImport,
  type WasmModule,
  type WasmTable,
} from './module.ts';
import { readNames } from './names.ts';
import { SECTION, type Section, scanSections } from './sections.ts';

/** Locals of one function and of all: a few bytes can declare billions. */
const MAX_LOCALS = 50000;
const MAX_TOTAL_LOCALS = 2 ** 22;
/** A decoded function takes a kilobyte, however small it is; programs for this machine are far from this many. */
const MAX_FUNCTIONS = 2 ** 18;

/**
 * Decodes a module. `file` is the place of errors.
 * @throws PlacedError for bytes that are not a module, with the offset where reading failed.
 */
export function decode(bytes: Uint8Array, file?: string): WasmModule {
  try {
    const sections = scanSections(bytes, file);
    const module = new ModuleReader(bytes).read(sections);
    return { ...module, names: readNames(bytes, sections, module.exports), sections };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const { message, offset } = error;
    throw new PlacedError(`The WebAssembly module is malformed: ${message}.`, { file, offset });
  }
}

/** Flags of element segments: bit 0 not active, bit 1 has an index or is declared, bit 2 elements are expressions. */
const ELEMENT = { passive: 1, explicit: 2, expressions: 4 } as const;
/** Flags of data segments: bit 0 not active, bit 1 has the number of a memory. */
const DATA = { passive: 1, explicit: 2 } as const;
/** Flags of limits: bit 0 a maximum, bit 2 numbers of 64 bits. Bit 1, shared memory, changes nothing in the bytes. */
const LIMITS = { maximum: 1, wide: 4, all: 7 } as const;
/** Byte that a function type begins with. */
const FUNCTION_TYPE = 0x60;

/** Reads section by section. */
class ModuleReader {
  private readonly bytes: Uint8Array;
  private readonly functionTypes: number[] = [];
  private readonly types: FunctionType[] = [];
  private readonly imports: WasmImport[] = [];
  private readonly functions: WasmFunction[] = [];
  private readonly tables: WasmTable[] = [];
  private readonly memories: Limits[] = [];
  private readonly globals: WasmGlobal[] = [];
  private readonly exports: WasmExport[] = [];
  private readonly elements: ElementSegment[] = [];
  private readonly data: WasmDataSegment[] = [];
  private start: number | undefined;
  private readonly tags: number[] = [];
  private readonly importedFunctions: WasmImport[] = [];
  private totalLocals = 0;
  private codeSection = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  read(sections: readonly Section[]): Omit<WasmModule, 'names' | 'sections'> {
    for (const { id, start, end } of sections) {
      if (id === SECTION.custom || id === SECTION.dataCount) continue;
      if (id === SECTION.code) this.codeSection = start;
      const reader = new ByteReader(this.bytes, start, end);
      this.section(id, reader);
      if (!reader.done) reader.fail(`section ${id} is longer than what is in it`);
    }
    if (this.functions.length !== this.functionTypes.length) {
      new ByteReader(this.bytes, this.codeSection).fail('a function has no body');
    }
    return {
      bytes: this.bytes,
      types: this.types,
      imports: this.imports,
      importedFunctions: this.importedFunctions,
      functions: this.functions,
      tables: this.tables,
      memories: this.memories,
      globals: this.globals,
      exports: this.exports,
      elements: this.elements,
      data: this.data,
      start: this.start,
      tags: this.tags,
      codeSection: this.codeSection,
    };
  }

  private section(id: number, reader: ByteReader): void {
    if (id === SECTION.start) {
      this.start = reader.u32();
      return;
    }
    reader.list(() => {
      switch (id) {
        case SECTION.type:
          this.types.push(readFunctionType(reader));
          return;
        case SECTION.import:
          this.import(reader);
          return;
        case SECTION.function:
          this.functionTypes.push(reader.u32());
          if (this.functionTypes.length > MAX_FUNCTIONS) reader.fail(`more than ${MAX_FUNCTIONS} functions`);
          return;
        case SECTION.table:
          this.tables.push(readTable(reader));
          return;
        case SECTION.memory:
          this.memories.push(readLimits(reader));
          return;
        case SECTION.global:
          this.globals.push({ ...readGlobalType(reader), initial: readConstant(reader) });
          return;
        case SECTION.export: {
          const name = reader.name();
          this.exports.push({ name, kind: readKind(reader), index: reader.u32() });
          return;
        }
        case SECTION.element:
          this.elements.push(readElementSegment(reader));
          return;
        case SECTION.code:
          this.functions.push(this.body(reader.part(reader.u32())));
          return;
        case SECTION.data:
          this.data.push(readDataSegment(reader));
          return;
        case SECTION.tag:
          this.tag(reader);
      }
    });
  }

  private import(reader: ByteReader): void {
    const offset = reader.position;
    const module = reader.name();
    const name = reader.name();
    const kind = readKind(reader);
    const imported = { module, name, kind, type: kind === 'function' ? reader.u32() : -1, offset };
    this.imports.push(imported);
    if (kind === 'function') this.importedFunctions.push(imported);
    else if (kind === 'global') this.globals.push({ ...readGlobalType(reader), initial: IMPORTED });
    else if (kind === 'tag') this.tag(reader);
    else if (kind === 'table') this.tables.push(readTable(reader));
    else this.memories.push(readLimits(reader));
  }

  private tag(reader: ByteReader): void {
    reader.byte();
    this.tags.push(reader.u32());
  }

  private body(reader: ByteReader): WasmFunction {
    const type = this.functionTypes[this.functions.length];
    if (type === undefined) reader.fail('a body has no function');
    const signature = this.types[type];
    if (!signature) reader.fail(`there is no type ${type}`);
    const locals = this.locals(reader, signature);
    const index = this.importedFunctions.length + this.functions.length;
    return { index, type, locals, ...readOperators(reader) };
  }

  /** Types of a function's locals: its parameters, and the groups that it declares. */
  private locals(reader: ByteReader, { params }: FunctionType): ValueType[] {
    const locals = [...params];
    this.totalLocals += params.length;
    reader.list(() => {
      const count = reader.u32();
      this.totalLocals += count;
      const all = locals.length + count;
      if (all > MAX_LOCALS) reader.fail(`a function has ${all} locals, more than ${MAX_LOCALS}`);
      if (this.totalLocals > MAX_TOTAL_LOCALS) reader.fail(`functions have over ${MAX_TOTAL_LOCALS} locals`);
      const type = readValueType(reader);
      for (let i = 0; i < count; i++) locals.push(type);
    });
    return locals;
  }
}

function readFunctionType(reader: ByteReader): FunctionType {
  const start = reader.position;
  if (reader.byte() !== FUNCTION_TYPE) reader.fail('it declares a type that is not a function type', start);
  const types = () => reader.list(() => readValueType(reader));
  return { params: types(), results: types() };
}

function readKind(reader: ByteReader): ExternalKind {
  const start = reader.position;
  const kind = reader.byte();
  return EXTERNAL_KINDS[kind] ?? reader.fail(`an import or export has the unknown kind ${kind}`, start);
}

/** Type of a global, and whether it can be set. */
export function readGlobalType(reader: ByteReader) {
  const type = readValueType(reader);
  return { type, mutable: reader.byte() === 1 };
}

function readLimits(reader: ByteReader): Limits {
  const start = reader.position;
  const flags = reader.byte();
  if (flags > LIMITS.all) reader.fail(`limits have the unknown flags ${flags}`, start);
  const number = () => (flags & LIMITS.wide ? reader.u64() : reader.u32());
  return { initial: number(), maximum: flags & LIMITS.maximum ? number() : undefined };
}

function readTable(reader: ByteReader): WasmTable {
  const type = readValueType(reader);
  return { type, ...readLimits(reader) };
}

function readElementSegment(reader: ByteReader): ElementSegment {
  const start = reader.position;
  const flags = reader.u32();
  if (flags > 7) reader.fail(`an element segment has the unknown flags ${flags}`, start);
  const isActive = (flags & ELEMENT.passive) === 0;
  const isExplicit = (flags & ELEMENT.explicit) !== 0;
  const table = isActive && isExplicit ? reader.u32() : 0;
  const offset = isActive ? readConstant(reader) : undefined;
  const areExpressions = (flags & ELEMENT.expressions) !== 0;
  let type: ValueType = 'funcref';
  // The type of the elements, or the kind 0 of functions; the shortest form says neither.
  if (!isActive || isExplicit) {
    if (areExpressions) type = readValueType(reader);
    else reader.u32();
  }
  const elements = reader.list((): Element => (areExpressions ? readElement(reader) : reader.u32()));
  return { table, offset, declared: !isActive && isExplicit, type, elements };
}

function readDataSegment(reader: ByteReader): WasmDataSegment {
  const start = reader.position;
  const flags = reader.u32();
  if (flags > 2) reader.fail(`a data segment has the unknown flags ${flags}`, start);
  const memory = flags & DATA.explicit ? reader.u32() : 0;
  const offset = flags & DATA.passive ? undefined : readConstant(reader);
  return { memory, offset, bytes: reader.view(reader.u32()) };
}
