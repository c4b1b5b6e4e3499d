/**
 * Wasm bytes to a decoded module: what the rest of the toolchain needs, in plain arrays.
 *
 * The bytes are read by `wasmparser`, whose position before an operator is the operator's exact offset in the file:
 * debug information is about those offsets. It trusts its input, so sections are bounds-checked first and its one
 * primitive that reads a byte is made strict: any bytes give a module or a PlacedError, in linear time and memory.
 * Whether a module is *valid* is wabt's judgement, not asked here.
 */
import { BinaryReader, type IFunctionInformation, type IOperatorInformation, OperatorCodeNames } from 'wasmparser';
import { PlacedError } from '../errors.ts';
import { type ModuleNames, readNames } from './decode-names.ts';
import { type Section, scanSections } from './decode-sections.ts';

/** Number, vector and reference types by name; reference types of later proposals keep their number (`type -18`). */
export type ValueType = string;

/** A function's signature. */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** An entry of the import section; `type` indexes the module's types and is -1 for what is not a function. */
export interface WasmImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  readonly type: number;
}

const EXTERNAL_KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;
export type ExternalKind = (typeof EXTERNAL_KINDS)[number];

/** An entry of the export section. */
export interface WasmExport {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}

/** Operators of a function body, in parallel arrays. */
export interface Operators {
  /** Encoding; two-byte ones as prefix * 256 + second number (0xfc08 is memory.init). */
  readonly codes: Uint32Array;
  /** Offset of each in the file. */
  readonly offsets: Int32Array;
  /**
   * The immediate that matters: constant, label depth, local, global, function or type index, memory offset (two's
   * complement), block type (-64 none, other negatives a value type, else a type index), index into `tables`.
   */
  readonly immediates: Int32Array;
  /** Label depths of each br_table, the default last. */
  readonly tables: readonly (readonly number[])[];
}

/** A function with a body. */
export interface WasmFunction extends Operators {
  /** Index in the function space (imports first). */
  readonly index: number;
  /** Index into the module's types. */
  readonly type: number;
  /** Types of all locals, parameters first. */
  readonly locals: readonly ValueType[];
}

/** Size of a memory (pages) or table (elements). */
export interface Limits {
  readonly initial: number;
  readonly maximum: number | undefined;
}

/** A constant expression: its value when it is one `i32.const`, and its text for messages. */
export interface Constant {
  readonly value: number | undefined;
  readonly text: string;
}

export interface WasmGlobal {
  readonly type: ValueType;
  readonly mutable: boolean;
  readonly initial: Constant;
}

/** An active segment has an offset; passive and declared ones have none. */
export interface ElementSegment {
  readonly table: number;
  readonly offset: Constant | undefined;
  /** Function indices; null for null references, undefined where the element is another expression. */
  readonly functions: readonly (number | null | undefined)[];
}

export interface WasmDataSegment {
  readonly memory: number;
  readonly offset: Constant | undefined;
  readonly bytes: Uint8Array;
}

/** A decoded module. Function and global spaces start with the imports. */
export interface WasmModule {
  readonly bytes: Uint8Array;
  readonly types: readonly FunctionType[];
  readonly imports: readonly WasmImport[];
  /** The imported functions: the beginning of the function space. */
  readonly importedFunctions: readonly WasmImport[];
  /** Functions with bodies, by index (the first has the number of imported functions as index). */
  readonly functions: readonly WasmFunction[];
  readonly tables: readonly Limits[];
  readonly memories: readonly Limits[];
  readonly globals: readonly WasmGlobal[];
  readonly exports: readonly WasmExport[];
  readonly elements: readonly ElementSegment[];
  readonly data: readonly WasmDataSegment[];
  /** Index of the start function. */
  readonly start: number | undefined;
  readonly names: ModuleNames;
  readonly sections: readonly Section[];
  /** Offset in the file of the code section's payload, from where DWARF counts; 0 without code. */
  readonly codeSection: number;
}

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

const TYPE_NAMES = new Map([
  [-1, 'i32'],
  [-2, 'i64'],
  [-3, 'f32'],
  [-4, 'f64'],
  [-5, 'v128'],
  [-16, 'funcref'],
  [-17, 'externref'],
]);

/** Block types that are not type indices, as `Operators.immediates` holds them. */
export const EMPTY_BLOCK = -64;

/** Locals of one function and of all: a few bytes can declare billions. */
const MAX_LOCALS = 50000;
const MAX_TOTAL_LOCALS = 2 ** 22;

const text = new TextDecoder();

/** The specification's name of an operator. */
export function operatorName(code: number): string {
  return OperatorCodeNames[code] ?? `operator 0x${code.toString(16)}`;
}

/** Name of a value type or of a block type's number. */
export function typeName(code: number): ValueType {
  return TYPE_NAMES.get(code) ?? `type ${code}`;
}

/** Type index of function `index`, imports first; undefined if there is no such function. */
export function typeOfFunction(module: WasmModule, index: number): number | undefined {
  const imported = module.importedFunctions.length;
  return index < imported ? module.importedFunctions[index]?.type : module.functions[index - imported]?.type;
}

/** Name of a function: from the name section, else its first export, else `func[i]`. */
export function functionName(module: WasmModule, index: number): string {
  return module.names.functions.get(index) ?? `func[${index}]`;
}

/** Payload of the first custom section called `name`, a view into the module's bytes. */
export function customSection(module: WasmModule, name: string): Uint8Array | undefined {
  const section = module.sections.find((candidate) => candidate.id === 0 && candidate.name === name);
  return section && module.bytes.subarray(section.start, section.end);
}

/** A wasmparser reader over `bytes` that throws instead of reading past their end. */
export function strictReader(bytes: Uint8Array): BinaryReader {
  const reader = new BinaryReader();
  const readUint8 = Reflect.get(reader, 'readUint8') as () => number;
  Object.assign(reader, {
    readUint8() {
      if (reader.position >= reader.length) throw new RangeError('a number or list runs past the end');
      return readUint8.call(reader);
    },
  });
  reader.setData(bytes.slice().buffer, 0, bytes.length);
  return reader;
}

/**
 * Decodes a module. `file` is the place of errors.
 * @throws PlacedError for bytes that are not a module, saying where reading failed.
 */
export function decode(bytes: Uint8Array, file?: string): WasmModule {
  const sections = scanSections(bytes, file);
  const reader = strictReader(bytes);
  try {
    const module = new ModuleReader(bytes, sections, reader).read();
    return { ...module, names: readNames(bytes, sections, module.exports), sections };
  } catch (error) {
    const offset = `0x${Math.min(reader.position, bytes.length).toString(16)}`;
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlacedError(`The WebAssembly module is malformed at offset ${offset}: ${reason}.`, { file });
  }
}

/** Walks wasmparser's events once. */
class ModuleReader {
  private readonly reader: BinaryReader;
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
  private readonly importedFunctions: WasmImport[] = [];
  private totalLocals = 0;

  constructor(bytes: Uint8Array, sections: readonly Section[], reader: BinaryReader) {
    this.bytes = bytes;
    this.sections = sections;
    this.reader = reader;
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
        if (id === 0) this.reader.skipSection();
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
        const entry = this.result<{ module: Uint8Array; field: Uint8Array; kind: number; funcTypeIndex?: number }>();
        const kind = externalKind(entry.kind);
        const type = entry.funcTypeIndex ?? -1;
        const imported = { module: text.decode(entry.module), name: text.decode(entry.field), kind, type };
        this.imports.push(imported);
        if (kind === 'function') this.importedFunctions.push(imported);
        return;
      }
      case STATE.function:
        this.functionTypes.push(this.result<{ typeIndex: number }>().typeIndex);
        return;
      case STATE.table:
      case STATE.memory: {
        const { initial, maximum } = this.result<{ limits: { initial: number; maximum?: number } }>().limits;
        (state === STATE.table ? this.tables : this.memories).push({ initial, maximum });
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
        const { contentType, mutability } = this.result<{ type: { contentType: Coded; mutability: number } }>().type;
        const initial = this.constant(STATE.initOperator, STATE.endGlobal);
        this.globals.push({ type: nameOf(contentType), mutable: mutability === 1, initial });
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

  /** Reads operators up to state `end`: a constant expression. */
  private constant(operatorState: number, end: number): Constant {
    const operators: IOperatorInformation[] = [];
    for (let state = this.next(); state !== end; state = this.next()) {
      if (state === operatorState) operators.push(this.result());
    }
    const [first, second] = operators;
    const single = operators.length === 2 && (second.code as number) === 0x0b;
    const value = single && (first.code as number) === 0x41 ? (first.literal as number) : undefined;
    return { value, text: first ? operatorName(first.code) : 'nothing' };
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
    const tables: (readonly number[])[] = [];
    for (let offset = this.reader.position; this.next() !== STATE.endBody; offset = this.reader.position) {
      const operator = this.result<IOperatorInformation>();
      codes.push(operator.code);
      offsets.push(offset);
      if (operator.brTable) {
        immediates.push(tables.length);
        tables.push(operator.brTable);
      } else {
        immediates.push(immediateOf(operator));
      }
    }
    return {
      index: this.importedFunctions.length + this.functions.length,
      type,
      locals,
      codes: Uint32Array.from(codes),
      offsets: Int32Array.from(offsets),
      immediates: Int32Array.from(immediates),
      tables,
    };
  }
}

/** wasmparser's types, as far as read here. */
interface Coded {
  readonly code: number;
}

const nameOf = ({ code }: Coded): ValueType => typeName(code);

function externalKind(kind: number): ExternalKind {
  const name = EXTERNAL_KINDS[kind];
  if (!name) throw new RangeError(`an import or export has the unknown kind ${kind}`);
  return name;
}

function immediateOf(operator: IOperatorInformation): number {
  const { literal, localIndex, globalIndex, memoryAddress, brDepth, funcIndex, typeIndex, blockType } = operator;
  if (typeof literal === 'number') return literal;
  return (
    localIndex ?? globalIndex ?? memoryAddress?.offset ?? brDepth ?? funcIndex ?? typeIndex ?? blockType?.code ?? 0
  );
}
