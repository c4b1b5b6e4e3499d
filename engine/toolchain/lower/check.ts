/**
 * What of a module runs, and whether the machine can run it: finds the entry and all that is reachable from it, and
 * lists every unsupported construct there in one message. What nothing reaches is dropped unseen, so that a library
 * may contain code the machine cannot run.
 */
import { PlacedError } from '../../errors.ts';
import { evaluate } from '../decode/constants.ts';
import {
  EMPTY_BLOCK,
  IMPORTED,
  typeName,
  typeOfFunction,
  type ValueType,
  type WasmFunction,
  type WasmModule,
} from '../decode/module.ts';
import { WASI_MODULES } from '../wasi-modules.ts';
import { type Action, resolveImport, type Sources, signatureText } from './imports.ts';
import { type Region, regionsOf } from './memories.ts';
import { CODE, isSupported, unsupportedName } from './operators.ts';
import { type ModulePlace, type Places, Problems } from './problems.ts';
import { checkStored, type Stored, storedOf } from './stored.ts';
import { type CallTables, tablesOf } from './tables.ts';
import { indirectKey, type Throwing, throwingCalls } from './throwing.ts';
import { HIGH, LOW } from './vectors/halves.ts';

/** What is asked for besides the program itself. */
export interface LowerOptions extends Sources {
  /** Make every exported function callable from outside: then that is all that runs, and there is no entry. */
  readonly exports?: boolean;
}

/** An exported function of this name and signature (i32) -> () ends the program with its argument. */
const EXIT = '__stepformer_exit';

/** What is to be lowered. */
export interface Plan {
  /** Function indices; there is an entry unless exports were asked for. */
  readonly entry: number | undefined;
  readonly start: number | undefined;
  readonly exit: number | undefined;
  /** Reachable functions with bodies, in the order of their indices. */
  readonly functions: readonly WasmFunction[];
  /** Imported functions that are called through the table, or as entry or start: they need a body. */
  readonly stubs: readonly number[];
  readonly tables: CallTables;
  readonly stored: Stored;
  /** True when an element segment does not fit its table: instantiation traps. */
  readonly tableOverflow: boolean;
  /** What a call of each imported function is; of WASI's that nothing reaches, a trap. */
  readonly imports: readonly Action[];
  /** Where each memory lies. */
  readonly regions: readonly Region[];
  /** Calls that can end in a throw. */
  readonly throwing: Throwing;
  /** Exported functions, where they were asked for. */
  readonly exported: readonly { readonly name: string; readonly index: number }[];
}

/**
 * Finds what runs and checks it.
 * @throws PlacedError with a problem for every construct that the machine does not have
 */
export function check(module: WasmModule, places: Places, options: LowerOptions): Plan {
  const problems = new Problems(module, places);
  const entry = options.exports ? undefined : findEntry(module, places);
  for (const { kind, module: from, name, offset } of module.imports) {
    if (kind !== 'function') problems.add(`the imported ${kind} ${from}.${name}`, { offset });
  }
  for (const { type } of module.tables) if (type === 'exnref') problems.add(`a table of ${typeText(type)}`);
  const stored = storedOf(module);
  checkStored(stored, problems);
  const regions = checkMemories(module, stored, problems);
  const { tables, overflow: tableOverflow } = tablesOf(module, stored, problems);
  const exported = options.exports ? module.exports.filter(({ kind }) => kind === 'function') : [];
  const roots = [entry, module.start, ...exported.map(({ index }) => index)].filter((index) => index !== undefined);
  const { reached, imports } = new Reach(module, tables, problems, options).from(roots);
  const imported = module.importedFunctions.length;
  problems.throwIfAny();
  const functions = module.functions.filter(({ index }) => reached.has(index));
  const exit = module.exports.find((candidate) => candidate.kind === 'function' && candidate.name === EXIT);
  const exitType = exit && module.types[typeOfFunction(module, exit.index) ?? -1];
  return {
    entry,
    start: module.start,
    exit: exitType && signatureText(exitType) === '(i32) -> ()' ? exit.index : undefined,
    functions,
    throwing: throwingCalls(module, functions, tables),
    stubs: [...reached].filter((index) => index < imported),
    tables,
    stored,
    tableOverflow,
    imports,
    regions,
    exported,
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

/** Memories, data segments. */
function checkMemories(module: WasmModule, stored: Stored, problems: Problems): Region[] {
  for (const { offset } of module.data) {
    if (offset && !evaluate(offset, module.globals)) {
      problems.add(`a data segment at a place computed by ${offset.text}`);
    }
  }
  return regionsOf(module, stored.pages, problems);
}

/** Finds the functions that can run: bodies that are called, and imports that are reached other than by a call. */
class Reach {
  private readonly module: WasmModule;
  private readonly tables: CallTables;
  private readonly problems: Problems;
  private readonly options: LowerOptions;
  private readonly reached = new Set<number>();
  /** Imports that are reached, each with the place that was met first. */
  private readonly usedImports = new Map<number, ModulePlace | undefined>();
  /** Tables and types of indirect calls: a table's function runs only where a `call_indirect` of its type does. */
  private readonly indirect = new Set<string>();
  private readonly queue: number[] = [];

  constructor(module: WasmModule, tables: CallTables, problems: Problems, options: LowerOptions) {
    this.module = module;
    this.tables = tables;
    this.problems = problems;
    this.options = options;
  }

  from(roots: readonly number[]): { reached: ReadonlySet<number>; imports: Action[] } {
    const { module, problems, reached } = this;
    const imports = module.importedFunctions;
    for (const root of roots) this.add(root);
    while (this.queue.length > 0) {
      const index = this.queue.pop() as number;
      const fn = module.functions[index - imports.length];
      if (!fn) throw problems.malformed(`there is no function ${index}`);
      this.types(fn);
      for (let i = 0; i < fn.codes.length; i++) this.operator(fn, i);
    }
    const actions = imports.map((entry, index): Action => {
      // A program linked against WASI may name functions that it never calls; other modules have to be there.
      const isIdle = !this.usedImports.has(index) && WASI_MODULES.includes(entry.module);
      const action = isIdle ? UNREACHED : resolveImport(module, entry, this.options);
      if (typeof action !== 'string') return action;
      problems.add(action, this.usedImports.get(index) ?? { offset: entry.offset });
      return UNREACHED;
    });
    return { reached, imports: actions };
  }

  private add(index: number): void {
    if (this.reached.has(index)) return;
    this.reached.add(index);
    if (index < this.module.importedFunctions.length) this.use(index);
    else this.queue.push(index);
  }

  private use(index: number, at?: ModulePlace): void {
    if (!this.usedImports.get(index)) this.usedImports.set(index, at);
  }

  private types(fn: WasmFunction): void {
    const { params, results } = this.module.types[fn.type];
    const at = { fn: fn.index, offset: fn.offsets[0] ?? this.module.codeSection };
    const check = (types: readonly ValueType[], what: string) => {
      for (const type of new Set(types)) if (!isKnown(type)) this.problems.add(`${what} of ${typeText(type)}`, at);
    };
    check(params, 'a parameter');
    check(results, 'a result');
    check(fn.locals.slice(params.length), 'a local variable');
  }

  private operator(fn: WasmFunction, i: number): void {
    const { module, problems } = this;
    const { globals } = module;
    const code = fn.codes[i];
    const immediate = fn.immediates[i];
    const at = { fn: fn.index, offset: fn.offsets[i] };
    if (!isSupported(code, this.options.helpers)) problems.add(unsupportedName(code), at);
    switch (code) {
      case CODE.call:
      case CODE.returnCall:
        if (immediate >= 0 && immediate < module.importedFunctions.length) this.use(immediate, at);
        else this.add(immediate);
        return;
      case CODE.callIndirect:
      case CODE.returnCallIndirect:
        this.callIndirect(immediate, fn.highs[i], at);
        return;
      case CODE.globalGet:
      case CODE.globalSet: {
        const global = globals[immediate];
        if (global && !isKnown(global.type)) problems.add(`a global variable of ${typeText(global.type)}`, at);
        else if (global && global.initial.text !== IMPORTED.text && !evaluate(global.initial, globals)) {
          problems.add(`a global variable whose initial value is computed by ${global.initial.text}`, at);
        }
        return;
      }
      case CODE.throw:
        for (const type of module.types[module.tags[immediate]]?.params ?? []) {
          if (!isKnown(type)) problems.add(`an exception with a value of ${typeText(type)}`, at);
        }
        return;
      case CODE.tryTable:
      case CODE.try:
      case CODE.block:
      case CODE.loop:
      case CODE.if: {
        const block = immediate >= 0 ? module.types[immediate] : undefined;
        const single = immediate === EMPTY_BLOCK ? [] : [typeName(immediate)];
        for (const type of block ? [...block.params, ...block.results] : single) {
          if (!isKnown(type)) problems.add(`a block with a value of ${typeText(type)}`, at);
        }
      }
    }
  }

  private callIndirect(typeIndex: number, table: number, at: ModulePlace): void {
    const { module, problems } = this;
    const type = module.types[typeIndex];
    if (!type) throw problems.malformed(`there is no type ${typeIndex}`);
    const other = [...type.params, ...type.results].find((value) => !isKnown(value));
    if (other) problems.add(`an indirect call with a value of ${typeText(other)}`, at);
    const signature = signatureText(type);
    const list = this.tables.keyOf(table);
    const key = indirectKey(list, signature);
    if (this.indirect.has(key)) return;
    this.indirect.add(key);
    for (const element of this.tables.functions(list)) {
      const elementType = element === null ? undefined : module.types[typeOfFunction(module, element) ?? -1];
      if (elementType && signatureText(elementType) === signature) this.add(element as number);
    }
  }
}

/** What a call of an import would be that nothing reaches. */
const UNREACHED: Action = { kind: 'lines', lines: [['unreachable']] };

const KNOWN: readonly ValueType[] = ['i32', 'i64', 'f32', 'f64', 'funcref', 'externref', 'exnref', LOW, HIGH];
const isKnown = (type: ValueType) => KNOWN.includes(type);

/** `type v128 (SIMD)`. */
function typeText(type: ValueType): string {
  if (type === 'v128') return `type ${type} (SIMD)`;
  if (type === 'exnref') return `type ${type} (references to exceptions)`;
  return `the unknown ${type}`;
}
