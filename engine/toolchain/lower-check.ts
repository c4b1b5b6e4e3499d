/**
 * What of a module runs, and whether the machine can run it: finds the entry and all that is reachable from it, and
 * lists every unsupported construct there in one message. What nothing reaches is dropped unseen, so that a library
 * may contain code the machine cannot run.
 */
import { PlacedError } from '../errors.ts';
import { opcodeOfCode } from '../isa/opcodes.ts';
import { LIMITS, PAGE_SIZE } from '../isa/program.ts';
import {
  type FunctionType,
  functionName,
  operatorName,
  typeName,
  typeOfFunction,
  type WasmFunction,
  type WasmModule,
} from './decode-module.ts';

/** Encodings that the toolchain turns into other instructions, besides those with a row in the opcode table. */
export const CODE = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  unreachable: 0x00,
  selectTyped: 0x1c,
  localGet: 0x20,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
} as const;
const LOWERED: ReadonlySet<number> = new Set([CODE.block, CODE.loop, CODE.end, CODE.selectTyped, CODE.memoryGrow]);

/** The functions a program may import, all from module `stepformer`. */
const IMPORTS: ReadonlyMap<string, string> = new Map([
  ['write_byte', '(i32) -> ()'],
  ['read_byte', '() -> (i32)'],
]);

/** An exported function of this name and signature (i32) -> () ends the program with its argument. */
const EXIT = '__stepformer_exit';

/** More entries than any program's table of functions; every entry costs an instruction per type called. */
const MAX_TABLE = 65536;
const LISTED_PROBLEMS = 10;

/** A place in the source, counted from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** Where errors in a module belong. */
export interface Places {
  /** The module's file: the place of what has no line. */
  readonly file?: string;
  /** Source line of an offset counted from the code section's payload, as DWARF counts. */
  readonly sourceOf?: (codeOffset: number) => SourceLine | undefined;
}

/** What is to be lowered. */
export interface Plan {
  /** Function indices. */
  readonly entry: number;
  readonly start: number | undefined;
  readonly exit: number | undefined;
  /** Reachable functions with bodies, in the order of their indices. */
  readonly functions: readonly WasmFunction[];
  /** Imported functions that are called through the table, or as entry or start: they need a body. */
  readonly stubs: readonly number[];
  /** Function per table entry up to the last used one, null where there is none. */
  readonly table: readonly (number | null)[];
  /** True when an element segment does not fit its table: instantiation traps. */
  readonly tableOverflow: boolean;
}

/** `(i32, i32) -> (i32)`; types are equal when this text is. */
export function signatureText({ params, results }: FunctionType): string {
  return `(${params.join(', ')}) -> (${results.join(', ')})`;
}

/**
 * Finds what runs and checks it.
 * @throws PlacedError naming every construct that the machine does not have, with the first one's place.
 */
export function check(module: WasmModule, places: Places = {}): Plan {
  const problems = new Problems(module, places);
  const entry = findEntry(module, places);
  checkEnvironment(module, problems);
  const { table, tableOverflow } = tableOf(module, problems);
  const reachable = reach(module, entry, table, problems);
  const imported = module.importedFunctions.length;
  problems.throwIfAny();
  const exported = module.exports.find((candidate) => candidate.kind === 'function' && candidate.name === EXIT);
  const exitType = exported && module.types[typeOfFunction(module, exported.index) ?? -1];
  return {
    entry,
    start: module.start,
    exit: exitType && signatureText(exitType) === '(i32) -> ()' ? exported.index : undefined,
    functions: module.functions.filter(({ index }) => reachable.has(index)),
    stubs: [...reachable].filter((index) => index < imported),
    table,
    tableOverflow,
  };
}

function findEntry(module: WasmModule, { file }: Places): number {
  const named = (name: string) => module.exports.find((entry) => entry.kind === 'function' && entry.name === name);
  const exported = named('_start') ?? named('main');
  if (!exported) {
    throw new PlacedError('The module exports no function `_start` or `main`: export the one to run.', { file });
  }
  const type = module.types[typeOfFunction(module, exported.index) ?? -1];
  if (!type) throw new PlacedError(`Export ${exported.name} names a function that does not exist.`, { file });
  const one = type.results.length === 1 && type.results[0] === 'i32';
  if (type.params.length > 0 || (type.results.length > 0 && !one)) {
    throw new PlacedError(
      `The entry ${exported.name} has type ${signatureText(type)}: it must take nothing and return nothing or one i32. ` +
        'Export a function `_start` that calls it.',
      { file },
    );
  }
  return exported.index;
}

/** Imports, memories and data segments. */
function checkEnvironment(module: WasmModule, problems: Problems): void {
  for (const { kind, module: from, name } of module.imports) {
    if (kind !== 'function') problems.add(`the imported ${kind} ${from}.${name}`);
  }
  if (module.memories.length > 1) problems.add(`${module.memories.length} memories (only one is possible)`);
  const pages = module.memories[0]?.initial ?? 0;
  if (pages > LIMITS.memoryPages) {
    const mebibytes = (count: number) => (count * PAGE_SIZE) / 2 ** 20;
    problems.add(
      `a memory of ${pages} pages, ${mebibytes(pages)} MiB (the limit is ${LIMITS.memoryPages}, ${mebibytes(LIMITS.memoryPages)} MiB)`,
    );
  }
  for (const { offset } of module.data) {
    if (offset && offset.value === undefined) problems.add(`a data segment at a place computed by ${offset.text}`);
  }
}

/** The table as the element segments leave it. */
function tableOf(module: WasmModule, problems: Problems) {
  const table: (number | null)[] = [];
  const size = module.tables[0]?.initial ?? 0;
  let tableOverflow = false;
  for (const { offset, functions, table: index } of module.elements) {
    if (!offset) continue;
    if (offset.value === undefined) problems.add(`an element segment at a place computed by ${offset.text}`);
    if (index !== 0) problems.add(`element segments of table ${index} (only table 0 is possible)`);
    if (functions.includes(undefined)) problems.add('table elements that are not functions');
    const start = (offset.value ?? 0) >>> 0;
    if (start + functions.length > size) {
      tableOverflow = true;
    } else if (start + functions.length > MAX_TABLE) {
      problems.add(`table element ${start + functions.length - 1} (the limit is ${MAX_TABLE} elements)`);
    } else {
      while (table.length < start) table.push(null);
      for (const [i, element] of functions.entries()) table[start + i] = element ?? null;
    }
  }
  while (table.length > 0 && table[table.length - 1] === null) table.pop();
  return { table, tableOverflow };
}

/**
 * Indices of the functions that can run: bodies that are called, and imports that are reached other than by a
 * direct call. A table's function runs only where a `call_indirect` of its type does.
 */
function reach(module: WasmModule, entry: number, table: readonly (number | null)[], problems: Problems): Set<number> {
  const imports = module.importedFunctions;
  const imported = imports.length;
  const reached = new Set<number>();
  const usedImports = new Set<number>();
  const indirect = new Set<string>();
  const queue: number[] = [];
  const add = (index: number) => {
    if (reached.has(index)) return;
    reached.add(index);
    if (index < imported) usedImports.add(index);
    else queue.push(index);
  };
  add(entry);
  if (module.start !== undefined) add(module.start);
  while (queue.length > 0) {
    const index = queue.pop() as number;
    const fn = module.functions[index - imported];
    if (!fn) throw problems.malformed(`there is no function ${index}`);
    checkFunction(module, fn, problems);
    for (let i = 0; i < fn.codes.length; i++) {
      const immediate = fn.immediates[i];
      if (fn.codes[i] === CODE.call) {
        if (immediate >= 0 && immediate < imported) usedImports.add(immediate);
        else add(immediate);
      } else if (fn.codes[i] === CODE.callIndirect) {
        const type = module.types[immediate];
        if (!type) throw problems.malformed(`there is no type ${immediate}`);
        if (module.tables.length > 1) problems.add(`${module.tables.length} tables (only one is possible)`);
        const key = signatureText(type);
        if (indirect.has(key)) continue;
        indirect.add(key);
        for (const element of table) {
          const elementType = element === null ? undefined : module.types[typeOfFunction(module, element) ?? -1];
          if (elementType && signatureText(elementType) === key) add(element as number);
        }
      }
    }
  }
  for (const index of usedImports) {
    const { module: from, name, type } = imports[index];
    const expected = from === 'stepformer' ? IMPORTS.get(name) : undefined;
    const actual = module.types[type] ? signatureText(module.types[type]) : 'an unknown type';
    if (!expected) {
      problems.add(`the import ${from}.${name} (only stepformer.write_byte and stepformer.read_byte exist)`);
    } else if (actual !== expected) {
      problems.add(`the import ${from}.${name} of type ${actual} (its type is ${expected})`);
    }
  }
  return reached;
}

/** Types and operators of one function. */
function checkFunction(module: WasmModule, fn: WasmFunction, problems: Problems): void {
  const { params, results } = module.types[fn.type];
  const at = (operator: number) => ({ fn: fn.index, offset: fn.offsets[operator] ?? module.codeSection });
  for (const type of new Set(params)) if (type !== 'i32') problems.add(`a parameter of type ${type}`, at(0));
  for (const type of new Set(results)) if (type !== 'i32') problems.add(`a result of type ${type}`, at(0));
  for (const type of new Set(fn.locals.slice(params.length))) {
    if (type !== 'i32') problems.add(`a local variable of type ${type}`, at(0));
  }
  for (let i = 0; i < fn.codes.length; i++) {
    const code = fn.codes[i];
    const immediate = fn.immediates[i];
    if (opcodeOfCode(code) === undefined && !LOWERED.has(code)) {
      problems.add(operatorName(code), at(i));
    } else if (code === CODE.globalGet || code === CODE.globalSet) {
      const global = module.globals[immediate];
      if (global && global.type !== 'i32') problems.add(`a global variable of type ${global.type}`, at(i));
      else if (global && global.initial.value === undefined) {
        problems.add(`a global variable whose initial value is computed by ${global.initial.text}`, at(i));
      }
    } else if (code === CODE.block || code === CODE.loop || code === CODE.if) {
      const block = immediate >= 0 ? module.types[immediate] : undefined;
      const types = block ? [...block.params, ...block.results] : immediate === -64 ? [] : [typeName(immediate)];
      for (const type of types) if (type !== 'i32') problems.add(`a block with a value of type ${type}`, at(i));
    } else if (code === CODE.callIndirect) {
      const type = module.types[immediate];
      const other = type && [...type.params, ...type.results].find((value) => value !== 'i32');
      if (other) problems.add(`an indirect call with a value of type ${other}`, at(i));
    }
  }
}

/** Collects problems, each once per function, and words them. */
class Problems {
  private readonly module: WasmModule;
  private readonly places: Places;
  private readonly found = new Map<string, { fn: number; offset: number } | undefined>();

  constructor(module: WasmModule, places: Places) {
    this.module = module;
    this.places = places;
  }

  add(what: string, at?: { fn: number; offset: number }): void {
    const key = at ? `${what} in function ${functionName(this.module, at.fn)}` : what;
    if (!this.found.has(key)) this.found.set(key, at);
  }

  malformed(what: string): PlacedError {
    return new PlacedError(`The WebAssembly module is invalid: ${what}.`, { file: this.places.file });
  }

  throwIfAny(): void {
    if (this.found.size === 0) return;
    let place: { file?: string; line?: number } | undefined;
    const texts: string[] = [];
    for (const [what, at] of this.found) {
      if (texts.length === LISTED_PROBLEMS) break;
      const source = at && this.places.sourceOf?.(at.offset - this.module.codeSection);
      place ??= source ?? { file: this.places.file };
      const line = source ? `${source.file}:${source.line}, ` : '';
      texts.push(at ? `${what} (${line}wasm offset 0x${at.offset.toString(16)})` : what);
    }
    const more = this.found.size > texts.length ? `\n  and ${this.found.size - texts.length} more` : '';
    throw new PlacedError(
      `This program needs what the machine does not have (it computes with 32-bit integers):\n  ${texts.join('\n  ')}${more}`,
      { file: place?.file, line: place?.line },
    );
  }
}
