/**
 * Wasm bytes to a decoded module: what the rest of the toolchain needs, in plain arrays.
 *
 * The bytes are read by `wasmparser`, whose position before an operator is the operator's exact offset in the file:
 * debug information is about those offsets. It trusts its input, so sections are bounds-checked first and its one
 * primitive that reads a byte is made strict: any bytes give a module or a PlacedError, in linear time and memory.
 * Whether a module is *valid* is wabt's judgement, not asked here.
 */
import { BinaryReader, type IFunctionInformation, type Int64, type IOperatorInformation } from 'wasmparser';
import { PlacedError } from '../../errors.ts';
import {
  type Constant,
  type ElementSegment,
  EXTERNAL_KINDS,
  type ExternalKind,
  type FunctionType,
  IMPORTED,
  type Limits,
  operatorName,
  typeName,
  type ValueType,
  type WasmDataSegment,
  type WasmExport,
  type WasmFunction,
  type WasmGlobal,
  type WasmImport,
  type WasmModule,
} from './module.ts';
import { readNames } from './names.ts';
import { type Section, scanSections } from './sections.ts';

/** States of wasmparser's reader; it declares them as ambient const enums, which cannot be imported. */
const STATE = {
  error: -1,
  endWasm: 2,
  beginSection: 3,
  type: 11,
  import: 12,
  function: 13,
  table: 14,
  memory: 15,
  export: 17,
  start: 22,
  tag: 23,
  initOperator: 26,
  endInit: 27,
  beginBody: 28,
  operator: 30,
  endBody: 31,
  beginElement: 33,
  elementBody: 34,
  endElement: 35,
  beginData: 36,
  dataBody: 37,
  beginGlobal: 39,
  endGlobal: 40,
  offsetOperator: 45,
} as const;

/** Operators whose constants are read from the bytes: a JavaScript number may change the bits of a NaN. */
const CONST = { i32: 0x41, i64: 0x42, f32: 0x43, f64: 0x44 } as const;

/** Locals of one function and of all: a few bytes can declare billions. */
const MAX_LOCALS = 50000;
const MAX_TOTAL_LOCALS = 2 ** 22;
/** A decoded function takes a kilobyte, however small it is; programs for this machine are far from this many. */
const MAX_FUNCTIONS = 2 ** 18;

const text = new TextDecoder('utf-8', { ignoreBOM: true });

/** wasmparser, corrected. */
interface StrictReader {
  readonly reader: BinaryReader;
  /** Table of the last `call_indirect`, which operators do not tell. */
  lastTable(): number;
}

/**
 * A wasmparser reader over `bytes` that throws instead of reading past their end. It takes a table's index and the
 * kind of an element segment for single bytes, but they are numbers, which linkers write with five.
 */
function strictReader(bytes: Uint8Array): StrictReader {
  const reader = new BinaryReader();
  const readUint8 = Reflect.get(reader, 'readUint8') as () => number;
  const readElementEntry = Reflect.get(reader, 'readElementEntry') as () => boolean;
  const readNumber = () => (Reflect.get(reader, 'readVarUint32') as () => number).call(reader);
  let lastTable = 0;
  let atKind = false;
  Object.assign(reader, {
    readElementEntry() {
      atKind = Reflect.get(reader, '_sectionEntriesLeft') !== 0;
      return readElementEntry.call(reader);
    },
    readUint8() {
      if (atKind) {
        atKind = false;
        return readNumber();
      }
      if (reader.position >= reader.length) throw new RangeError('a number or list runs past the end');
      return readUint8.call(reader);
    },
    readVarUint1() {
      lastTable = readNumber();
      return lastTable;
    },
  });
  reader.setData(bytes.slice().buffer, 0, bytes.length);
  return { reader, lastTable: () => lastTable };
}

/**
 * Decodes a module. `file` is the place of errors.
 * @throws PlacedError for bytes that are not a module, saying where reading failed, and for several memories.
 */
export function decode(bytes: Uint8Array, file?: string): WasmModule {
  const sections = scanSections(bytes, file);
  const strict = strictReader(bytes);
  const { reader } = strict;
  let module: ReturnType<ModuleReader['read']>;
  try {
    module = new ModuleReader(bytes, sections, strict).read();
  } catch (error) {
    const offset = `0x${Math.min(reader.position, bytes.length).toString(16)}`;
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlacedError(`The WebAssembly module is malformed at offset ${offset}: ${reason}.`, { file });
  }
  // Which of them an operator is on is not read.
  const memories = module.memories.length;
  if (memories > 1) throw new PlacedError(`The module has ${memories} memories; only one is possible.`, { file });
  return { ...module, names: readNames(bytes, sections, module.exports), sections };
}

/** Walks wasmparser's events once. */
class ModuleReader {
  private readonly reader: BinaryReader;
  private readonly lastTable: () => number;
  private readonly bytes: Uint8Array;
  private readonly sections: readonly Section[];
  private sectionEnd = 8;
  private readonly functionTypes: number[] = [];
  private readonly types: FunctionType[] = [];
  private readonly imports: WasmImport[] = [];
  private readonly functions: WasmFunction[] = [];
  private readonly tables: Limits[] = [];
  private readonly memories: Limits[] = [];
  private readonly globals: WasmGlobal[] = [];
  private readonly exports: WasmExport[] = [];
  private readonly elements: ElementSegment[] = [];
  private readonly data: WasmDataSegment[] = [];
  private start: number | undefined;
  private tags = false;
  private readonly importedFunctions: WasmImport[] = [];
  private totalLocals = 0;

  constructor(bytes: Uint8Array, sections: readonly Section[], { reader, lastTable }: StrictReader) {
    this.bytes = bytes;
    this.sections = sections;
    this.reader = reader;
    this.lastTable = lastTable;
  }

  read(): Omit<WasmModule, 'names' | 'sections'> {
    let section = 0;
    let codeSection = 0;
    for (let state = this.next(); state !== STATE.endWasm; state = this.next()) {
      if (state === STATE.beginSection) {
        const { id, start, end } = this.sections[section++];
        if (this.reader.position !== start) throw new RangeError('sections are out of step');
        this.sectionEnd = end;
        if (id === 10) codeSection = start;
        // The number of data segments is for readers that check while they read; wasmparser misreads it.
        if (id === 0 || id === 12) this.reader.skipSection();
      } else {
        this.entry(state);
      }
    }
    if (this.reader.position < this.bytes.length) throw new RangeError('a second module follows the first');
    if (this.functions.length !== this.functionTypes.length) throw new RangeError('a function has no body');
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
      codeSection,
    };
  }

  /** Advances; returns the new state. */
  private next(): number {
    if (!this.reader.read()) throw new RangeError('it ends early');
    const state = this.reader.state as number;
    if (state === STATE.error) throw this.reader.error;
    if (this.reader.position > this.sectionEnd && state !== STATE.beginSection) {
      throw new RangeError('a section is longer than it says');
    }
    return state;
  }

  private result<T>(): T {
    return this.reader.result as T;
  }

  private entry(state: number): void {
    switch (state) {
      case STATE.type: {
        const { form, params, returns } = this.result<{ form: number; params?: Coded[]; returns?: Coded[] }>();
        if (form !== -32) throw new RangeError('it declares a type that is not a function type');
        this.types.push({ params: (params ?? []).map(nameOf), results: (returns ?? []).map(nameOf) });
        return;
      }
      case STATE.import: {
        const entry = this.result<ImportEntry>();
        const kind = externalKind(entry.kind);
        const type = entry.funcTypeIndex ?? -1;
        const imported = { module: text.decode(entry.module), name: text.decode(entry.field), kind, type };
        this.imports.push(imported);
        if (kind === 'function') this.importedFunctions.push(imported);
        else if (kind === 'global') this.globals.push({ ...globalType(entry.type as GlobalType), initial: IMPORTED });
        else if (kind === 'tag') this.tags = true;
        else this.addSized(kind, (entry.type as SizedType).limits);
        return;
      }
      case STATE.tag:
        this.tags = true;
        return;
      case STATE.function:
        this.functionTypes.push(this.result<{ typeIndex: number }>().typeIndex);
        if (this.functionTypes.length > MAX_FUNCTIONS) throw new RangeError(`more than ${MAX_FUNCTIONS} functions`);
        return;
      case STATE.table:
      case STATE.memory: {
        this.addSized(state === STATE.table ? 'table' : 'memory', this.result<SizedType>().limits);
        return;
      }
      case STATE.export: {
        const { field, kind, index } = this.result<{ field: Uint8Array; kind: number; index: number }>();
        this.exports.push({ name: text.decode(field), kind: externalKind(kind), index });
        return;
      }
      case STATE.start:
        this.start = this.result<{ index: number }>().index;
        return;
      case STATE.beginGlobal: {
        const { type } = this.result<{ type: GlobalType }>();
        const initial = this.constant(STATE.initOperator, STATE.endGlobal);
        this.globals.push({ ...globalType(type), initial });
        return;
      }
      case STATE.beginElement:
        this.elements.push(this.element());
        return;
      case STATE.beginData: {
        const { mode, memoryIndex } = this.result<{ mode: number; memoryIndex?: number }>();
        const offset = mode === 0 ? this.constant(STATE.offsetOperator, STATE.dataBody) : undefined;
        if (mode !== 0) this.next();
        this.data.push({ memory: memoryIndex ?? 0, offset, bytes: this.result<{ data: Uint8Array }>().data });
        return;
      }
      case STATE.beginBody:
        this.functions.push(this.body());
        return;
      default:
        return;
    }
  }

  private addSized(kind: 'table' | 'memory', { initial, maximum }: Limits): void {
    (kind === 'table' ? this.tables : this.memories).push({ initial, maximum });
  }

  /** Reads operators up to state `end`: a constant expression. */
  private constant(operatorState: number, end: number): Constant {
    const operators: IOperatorInformation[] = [];
    let start = this.reader.position;
    let first = start;
    for (let state = this.next(); state !== end; state = this.next()) {
      if (state === operatorState) {
        if (operators.length === 0) first = start;
        operators.push(this.result());
      }
      start = this.reader.position;
    }
    const text = operators.length > 0 ? operatorName(operators[0].code) : 'nothing';
    if (operators.length !== 2 || (operators[1].code as number) !== 0x0b) {
      return { value: undefined, high: 0, global: undefined, text };
    }
    const code = operators[0].code as number;
    const isConstant = code >= CONST.i32 && code <= CONST.f64;
    const [low, high] = isConstant ? this.literal(operators[0], first) : [undefined, 0];
    return { value: low, high, global: code === 0x23 ? operators[0].globalIndex : undefined, text };
  }

  /** Low and high four bytes of the constant in an operator that stands at `offset`. */
  private literal({ code, literal }: IOperatorInformation, offset: number): [number, number] {
    const { buffer, byteOffset } = this.bytes;
    const view = new DataView(buffer, byteOffset, this.bytes.length);
    switch (code as number) {
      case CONST.i32:
        return [literal as number, 0];
      case CONST.i64: {
        const words = new DataView((literal as Int64).data.slice().buffer);
        return [words.getInt32(0, true), words.getInt32(4, true)];
      }
      case CONST.f32:
        return [view.getInt32(offset + 1, true), 0];
      default:
        return [view.getInt32(offset + 1, true), view.getInt32(offset + 5, true)];
    }
  }

  private element(): ElementSegment {
    const { mode, tableIndex } = this.result<{ mode: number; tableIndex?: number }>();
    const offset = mode === 0 ? this.constant(STATE.offsetOperator, STATE.elementBody) : undefined;
    const functions: (number | null | undefined)[] = [];
    for (let state = this.next(); state !== STATE.endElement; state = this.next()) {
      if (state !== STATE.initOperator) continue;
      const { code, funcIndex } = this.result<IOperatorInformation>();
      if ((code as number) === 0x0b) continue;
      functions.push((code as number) === 0xd2 ? funcIndex : (code as number) === 0xd0 ? null : undefined);
    }
    return { table: tableIndex ?? 0, offset, functions };
  }

  private body(): WasmFunction {
    const type = this.functionTypes[this.functions.length];
    if (type === undefined) throw new RangeError('a body has no function');
    const signature = this.types[type];
    if (!signature) throw new RangeError(`there is no type ${type}`);
    const declared = this.result<IFunctionInformation>().locals;
    const count = declared.reduce((sum, group) => sum + group.count, signature.params.length);
    this.totalLocals += count;
    if (count > MAX_LOCALS) throw new RangeError(`a function has ${count} locals, more than ${MAX_LOCALS}`);
    if (this.totalLocals > MAX_TOTAL_LOCALS) throw new RangeError(`functions have over ${MAX_TOTAL_LOCALS} locals`);
    const locals = [...signature.params];
    for (const group of declared) {
      const name = nameOf(group.type);
      for (let i = 0; i < group.count; i++) locals.push(name);
    }
    const codes: number[] = [];
    const offsets: number[] = [];
    const immediates: number[] = [];
    const highs: number[] = [];
    const tables: (readonly number[])[] = [];
    for (let offset = this.reader.position; this.next() !== STATE.endBody; offset = this.reader.position) {
      const operator = this.result<IOperatorInformation>();
      codes.push(operator.code);
      offsets.push(offset);
      let [low, high] = [0, 0];
      if (operator.brTable) {
        low = tables.length;
        tables.push(operator.brTable);
      } else if (operator.code >= CONST.i32 && operator.code <= CONST.f64) {
        [low, high] = this.literal(operator, offset);
      } else {
        low = immediateOf(operator);
        if ((operator.code as number) === 0x11) high = this.lastTable();
      }
      immediates.push(low);
      highs.push(high);
    }
    return {
      index: this.importedFunctions.length + this.functions.length,
      type,
      locals,
      codes: Uint32Array.from(codes),
      offsets: Int32Array.from(offsets),
      immediates: Int32Array.from(immediates),
      highs: Int32Array.from(highs),
      tables,
    };
  }
}

/** wasmparser's types, as far as read here. */
interface Coded {
  readonly code: number;
}

interface GlobalType {
  readonly contentType: Coded;
  readonly mutability: number;
}

interface SizedType {
  readonly limits: Limits;
}

interface ImportEntry {
  readonly module: Uint8Array;
  readonly field: Uint8Array;
  readonly kind: number;
  readonly funcTypeIndex?: number;
  readonly type?: GlobalType | SizedType;
}

const nameOf = ({ code }: Coded): ValueType => typeName(code);

const globalType = ({ contentType, mutability }: GlobalType) => ({
  type: nameOf(contentType),
  mutable: mutability === 1,
});

function externalKind(kind: number): ExternalKind {
  const name = EXTERNAL_KINDS[kind];
  if (!name) throw new RangeError(`an import or export has the unknown kind ${kind}`);
  return name;
}

function immediateOf(operator: IOperatorInformation): number {
  const { localIndex, globalIndex, memoryAddress, brDepth, funcIndex, typeIndex, segmentIndex, blockType } = operator;
  return (
    localIndex ??
    globalIndex ??
    memoryAddress?.offset ??
    brDepth ??
    funcIndex ??
    typeIndex ??
    segmentIndex ??
    blockType?.code ??
    0
  );
}
