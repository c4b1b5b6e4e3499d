/**
 * A decoded module to a token program: the stages in order, and the start stub.
 *
 *     0        frame             (its immediate: cells per call frame)
 *     1..      (start)           call of the start function, call of the entry, its exit code, halt
 *              functions         in the order of their indices: prologue, body
 *              indirect calls    rows per type
 *
 * Every `halt` has the exit code on top of the stack: the entry's result, 0 if it has none, or the argument of the
 * exported function `__stepformer_exit`, which ends the program. Cell 0 is `$pages`, the number of memory pages; the
 * wasm globals follow.
 */
import { PlacedError } from '../errors.ts';
import {
  InstructionList,
  LIMITS,
  type ProgramFunction,
  type ProgramGlobal,
  type TokenProgram,
} from '../isa/program.ts';
import { functionName, typeOfFunction, type WasmFunction, type WasmModule } from './decode-module.ts';
import { check, type Places, type Plan, signatureText } from './lower-check.ts';
import { lowerData } from './lower-data.ts';
import { type Assembly, lowerFunction, pushPrologue } from './lower-function.ts';

export type { Places, SourceLine } from './lower-check.ts';

/** Cell of `$pages`, the current number of memory pages. */
export const PAGES_CELL = 0;

/** Index into TRAP_REASONS. */
const TRAP = { memory: 3, undefinedElement: 4, typeMismatch: 5 } as const;

/**
 * Lowers a module.
 * @throws PlacedError listing what the module needs and the machine does not have, or saying why it is invalid.
 */
export function lower(module: WasmModule, places: Places = {}): TokenProgram {
  const plan = check(module, places);
  try {
    return new Lowering(module, plan).run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PlacedError(`The WebAssembly module is invalid: ${error.message}.`, { file: places.file });
  }
}

/** The frame-0 cells of the module: `$pages`, then its i32 globals; and the cell of each global. */
function lowerGlobals(module: WasmModule, pages: number): { globals: ProgramGlobal[]; cells: number[] } {
  const globals: ProgramGlobal[] = [{ name: '$pages', cell: PAGES_CELL, type: 'i32', initial: pages, mutable: true }];
  const cells = module.globals.map(({ type, mutable, initial }, index) => {
    if (type !== 'i32' || initial.value === undefined) return -1;
    const cell = globals.length;
    const name = module.names.globals.get(index) ?? `global ${index}`;
    globals.push({ name, cell, type, initial: initial.value >>> 0, mutable });
    return cell;
  });
  return { globals, cells };
}

class Lowering {
  private readonly module: WasmModule;
  private readonly plan: Plan;
  private readonly list = new InstructionList();
  private readonly functions: ProgramFunction[] = [];
  /** First cursor of each lowered function, by index. */
  private readonly starts = new Map<number, number>();
  private stride = 1;

  constructor(module: WasmModule, plan: Plan) {
    this.module = module;
    this.plan = plan;
  }

  run(): TokenProgram {
    const { module, list, plan } = this;
    const memory = module.memories[0];
    const pages = memory?.initial ?? 0;
    const { globals, cells } = lowerGlobals(module, pages);
    this.stride = globals.length;
    const { data, overflow } = lowerData(module);
    const assembly: Assembly = {
      module,
      list,
      calls: [],
      indirect: new Map(),
      globalCells: cells,
      pagesCell: PAGES_CELL,
      maxPages: memory ? Math.min(memory.maximum ?? LIMITS.memoryPages, LIMITS.memoryPages) : 0,
    };
    this.startStub(assembly, overflow);
    for (const index of [...plan.stubs].sort((a, b) => a - b)) this.importStub(index);
    for (const fn of plan.functions) {
      if (fn.index === plan.exit) this.exitFunction(fn);
      else this.function(assembly, fn);
    }
    for (const { cursor, target } of assembly.calls) list.patch(cursor, this.start(target));
    for (const [key, callers] of assembly.indirect) this.callRows(key, callers);
    list.imms[0] = this.stride;
    return {
      ops: Uint16Array.from(list.ops),
      imms: Uint32Array.from(list.imms),
      stride: this.stride,
      globals,
      data,
      pages,
      offsets: Int32Array.from(list.offsets),
      codeSection: module.codeSection,
      functions: this.functions,
      exitCode: true,
    };
  }

  private start(index: number): number {
    const start = this.starts.get(index);
    if (start === undefined) throw new RangeError(`there is no function ${index}`);
    return start;
  }

  /** Rows that the toolchain adds, from `start` to the list's end. */
  private addRows(name: string, start: number): void {
    const none = { index: -1, locals: [], params: 0, results: 0, localNames: [] };
    this.functions.push({ ...none, name, start, end: this.list.ops.length, body: start });
  }

  /** A segment that does not fit is a trap before anything runs; elements come before data. */
  private startStub(assembly: Assembly, dataOverflow: boolean): void {
    const { list, module, plan } = this;
    const start = list.ops.length;
    if (plan.tableOverflow) list.push('trap', TRAP.undefinedElement);
    else if (dataOverflow) list.push('trap', TRAP.memory);
    if (plan.start !== undefined) assembly.calls.push({ cursor: list.push('call'), target: plan.start });
    assembly.calls.push({ cursor: list.push('call'), target: plan.entry });
    const { results } = module.types[typeOfFunction(module, plan.entry) as number];
    if (results.length === 0) list.push('i32.const', 0);
    list.push('halt');
    this.addRows('(start)', start);
  }

  /** A body for an imported function that something other than a direct call leads to. */
  private importStub(index: number): void {
    const { list, module } = this;
    const start = list.ops.length;
    list.push(module.importedFunctions[index].name);
    list.push('return');
    this.starts.set(index, start);
    this.addRows(functionName(module, index), start);
  }

  /** Ends the program with its argument on top of the stack. */
  private exitFunction(fn: WasmFunction): void {
    const { list } = this;
    const offset = fn.offsets[0] ?? -1;
    const start = list.ops.length;
    const body = pushPrologue(list, 1, offset);
    list.push('local.get', 0, offset);
    list.push('halt', 0, offset);
    this.add(fn, { start, body, end: list.ops.length, cells: fn.locals.length });
  }

  private function(assembly: Assembly, fn: WasmFunction): void {
    this.add(fn, lowerFunction(assembly, fn));
  }

  private add(fn: WasmFunction, { start, body, end, cells }: ReturnType<typeof lowerFunction>): void {
    const { module } = this;
    const { params, results } = module.types[fn.type];
    const names = module.names.locals.get(fn.index);
    const localName = (i: number) => names?.get(i) ?? (i < params.length ? `param ${i}` : `local ${i}`);
    this.stride = Math.max(this.stride, cells);
    this.starts.set(fn.index, start);
    this.functions.push({
      index: fn.index,
      name: functionName(module, fn.index),
      start,
      end,
      body,
      locals: fn.locals as ProgramFunction['locals'],
      params: params.length,
      results: results.length,
      localNames: fn.locals.map((_, i) => localName(i)),
    });
  }

  /**
   * The rows onto which `call_indirect` of one type jumps, with the table index on the stack. Row i jumps to the
   * function in element i if it has that type and is a trap if not; the last is for what lies beyond the table. The
   * table cannot change while a program runs, so where one lands is the whole check.
   */
  private callRows(key: string, callers: readonly number[]): void {
    const { list, module, plan } = this;
    const start = list.ops.length;
    for (const cursor of callers) list.patch(cursor, start);
    list.push('br_table', plan.table.length);
    for (const element of plan.table) {
      const type = element === null ? undefined : module.types[typeOfFunction(module, element) ?? -1];
      if (!type) list.push('trap', TRAP.undefinedElement);
      else if (signatureText(type) !== key) list.push('trap', TRAP.typeMismatch);
      else list.patch(list.push('br'), this.start(element as number));
    }
    list.push('trap', TRAP.undefinedElement);
    this.addRows(`(call_indirect ${key})`, start);
  }
}
