/**
 * A decoded wasm module, as plain data: what the rest of the toolchain needs of one, with exact file offsets.
 */
import type { ModuleNames } from './names.ts';
import type { Section } from './sections.ts';

/** Number, vector and reference types by name; reference types of later proposals keep their number (`type -18`). */
export type ValueType = string;

/** A function's signature. */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/**
 * An entry of the import section; `type` indexes the module's types and is -1 for what is not a function. What an
 * imported table, memory or global is stands in the module's lists, which start with the imports.
 */
export interface WasmImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  readonly type: number;
  /** Offset of the entry in the file. */
  readonly offset: number;
}

export const EXTERNAL_KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;
export type ExternalKind = (typeof EXTERNAL_KINDS)[number];

/** An entry of the export section. */
export interface WasmExport {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}

/** Operators of a function body, in parallel arrays. */
export interface Operators {
  /** Encodings, as `Operator.code` numbers them. */
  readonly codes: Uint32Array;
  /** Offset of each in the file. */
  readonly offsets: Int32Array;
  /**
   * The immediate that matters: constant (its bits; of an i64 or f64 the low four bytes), label depth, local, global,
   * function, segment or type index, memory offset (two's complement), block type (-64 none, other negatives a value
   * type, else a type index), lane, index into `tables`. 0 where there is none.
   */
  readonly immediates: Int32Array;
  /** High four bytes of i64 and f64 constants; a second index: the table of `call_indirect`, the memory of an access. */
  readonly highs: Int32Array;
  /**
   * Label depths of each br_table, the default last; the four words of a vector constant or of a shuffle's lanes; offset and lane
   * of an access to a lane; of each try_table kind, tag and label of each clause.
   */
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
  /** Where the lowering has made two locals of some. */
  readonly numbers?: LocalNumbers;
}

/** For each local of a function as it was its number now, or that of its lower half, and that of its upper half, -1 if it has none. */
export interface LocalNumbers {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Size of a memory (pages) or table (elements). */
export interface Limits {
  readonly initial: number;
  readonly maximum: number | undefined;
}

/** A table: its size, and the type of its elements. */
export interface WasmTable extends Limits {
  readonly type: ValueType;
}

/** An operator of a constant expression. */
export type Step =
  /** A constant, or a reference to nothing or to something outside; of a number of eight bytes with the high four, of a vector with two words more. */
  | { readonly kind: 'bits'; readonly low: number; readonly high: number; readonly upper?: readonly number[] }
  | { readonly kind: 'global'; readonly index: number }
  | { readonly kind: 'function'; readonly index: number }
  /** Arithmetic on the two values before. */
  | { readonly kind: 'operator'; readonly name: string };

/** A constant expression, and its text for messages; without steps where it cannot be known. */
export interface Constant {
  readonly steps: readonly Step[] | undefined;
  readonly text: string;
}

export interface WasmGlobal {
  readonly type: ValueType;
  /** Index in the module as it was, where the lowering has made two of one. */
  readonly origin?: number;
  readonly mutable: boolean;
  readonly initial: Constant;
}

/** A reference in a segment: a function's index, null for none, or a constant expression of another kind. */
export type Element = number | null | Constant;

/** An active segment has an offset; passive and declared ones have none. */
export interface ElementSegment {
  readonly table: number;
  readonly offset: Constant | undefined;
  /** Only declares that functions are referred to: to the program it is empty. */
  readonly declared: boolean;
  readonly type: ValueType;
  readonly elements: readonly Element[];
}

/** An active segment has an offset, a passive one none. */
export interface WasmDataSegment {
  readonly memory: number;
  readonly offset: Constant | undefined;
  readonly bytes: Uint8Array;
}

/** A decoded module. Every list of what can be imported starts with the imports, but for `functions`. */
export interface WasmModule {
  readonly bytes: Uint8Array;
  readonly types: readonly FunctionType[];
  readonly imports: readonly WasmImport[];
  /** The imported functions: the beginning of the function space. */
  readonly importedFunctions: readonly WasmImport[];
  /** Functions with bodies, by index (the first has the number of imported functions as index). */
  readonly functions: readonly WasmFunction[];
  readonly tables: readonly WasmTable[];
  readonly memories: readonly Limits[];
  readonly globals: readonly WasmGlobal[];
  readonly exports: readonly WasmExport[];
  readonly elements: readonly ElementSegment[];
  readonly data: readonly WasmDataSegment[];
  /** Index of the start function. */
  readonly start: number | undefined;
  /** Types of the exception tags. */
  readonly tags: readonly number[];
  readonly names: ModuleNames;
  readonly sections: readonly Section[];
  /** Offset in the file of the code section's payload, from where DWARF counts; 0 without code. */
  readonly codeSection: number;
}

const TYPE_NAMES = new Map([
  [-1, 'i32'],
  [-2, 'i64'],
  [-3, 'f32'],
  [-4, 'f64'],
  [-5, 'v128'],
  [-16, 'funcref'],
  [-17, 'externref'],
  [-12, 'exnref'],
  [-23, 'exnref'],
]);

/** Block types that are not type indices, as `Operators.immediates` holds them. */
export const EMPTY_BLOCK = -64;

/** Initial value of an imported global, until the import is resolved. */
export const IMPORTED: Constant = { steps: undefined, text: 'an import' };

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
