/**
 * A decoded module to a token program: the stages in order, and the start stub.
 *
 *     0        frame             (its immediate: cells per call frame)
 *     1..      (start)           call of the start function, call of the entry, its exit code, halt
 *              (exports)         call and halt per exported function, where asked for
 *              functions         in the order of their indices: prologue, body
 *              indirect calls    rows per type
 *              helpers           those that the functions before them call
 *
 * Every `halt` of a program has the exit code on top of the stack: the entry's result, 0 if it has none, or the
 * argument of the exported function `__stepformer_exit`, which ends the program. Cell 0 is `$pages`, the number of
 * memory pages; where several memories were linked, the page at which each ends; the wasm globals; cells that helpers
 * use.
 */
import { PlacedError } from '../../errors.ts';
import { InstructionList } from '../../isa/instruction-list.ts';
import {
  type ProgramEntry,
  type ProgramFunction,
  type ProgramGlobal,
  type TokenProgram,
  widthOf,
} from '../../isa/program.ts';
import { evaluate } from '../decode/constants.ts';
import { functionName, typeOfFunction, type WasmFunction, type WasmModule } from '../decode/module.ts';
import { HOST_VARIABLES } from '../helpers/host-memory.ts';
import { addressOf } from '../host/image.ts';
import { takesArguments } from '../input.ts';
import { type Assembly, type IndirectCalls, pushAction, pushPrologue, type Shared } from './assembly.ts';
import { check, type LowerOptions, type Plan } from './check.ts';
import { lowerData } from './data.ts';
import { Uncaught } from './exceptions/catching.ts';
import { ReferenceRows } from './exceptions/references.ts';
import { lowerFunction } from './function.ts';
import { lowerGlobals, pagesOf } from './globals.ts';
import { machineAction, signatureText, TRAP } from './imports.ts';
import { MACHINE_MEMORY, type MemoryPlace, pushHostReach } from './memories.ts';
import type { Places } from './problems.ts';
import type { Width } from './stack.ts';
import { NEVER } from './throwing.ts';
import { machineType, storedType, withoutVectors } from './vectors/halves.ts';

export type { LowerOptions } from './check.ts';
export type { Places, SourceLine } from './problems.ts';

/** Cells in which WASI's helpers keep how far the arguments are read (1: they stand in the input), and where these may be kept. */
const ARGUMENTS_CELL = '$args';
const ARGUMENTS_KEPT_CELL = '$args_kept';

/**
 * Lowers a module.
 * @throws PlacedError with a problem for all that the module needs and the machine does not have, or saying why it is
 * invalid
 */
export function lower(module: WasmModule, places: Places = {}, options: LowerOptions = {}): TokenProgram {
  const halves = withoutVectors(module, options.helpers);
  const plan = check(halves, places, options);
  try {
    return new Lowering(halves, plan, options).run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PlacedError(`The WebAssembly module is invalid: ${error.message}.`, { file: places.file });
  }
}

class Lowering {
  private readonly module: WasmModule;
  private readonly plan: Plan;
  private readonly list = new InstructionList();
  private readonly functions: ProgramFunction[] = [];
  private readonly globals: ProgramGlobal[];
  private readonly memories: readonly MemoryPlace[];
  private readonly shared: Shared;
  private readonly program: Assembly;
  /** First cursor of each lowered function of the module, by index. */
  private readonly starts = new Map<number, number>();
  private stride = 1;
  private readonly uncaught: Uncaught;

  constructor(module: WasmModule, plan: Plan, { helpers }: LowerOptions) {
    this.module = module;
    this.plan = plan;
    const { globals, cells, memories } = lowerGlobals(module, plan);
    this.globals = globals;
    this.memories = memories;
    this.shared = {
      list: this.list,
      helperCalls: [],
      refusals: [],
      errorWrites: [],
      endings: new Map(),
      referenceCalls: { caught: [], thrown: [] },
      helpers,
      cellNamed: (name, width, initial) => this.cellNamed(name, width, initial),
    };
    this.uncaught = new Uncaught(module, this.shared);
    const { imports } = plan;
    this.program = {
      shared: this.shared,
      module,
      calls: [],
      tailCalls: [],
      indirect: new Map(),
      imports,
      globalCells: cells,
      memories,
      tables: plan.tables,
      stored: plan.stored,
      throwing: plan.throwing,
    };
  }

  run(): TokenProgram {
    const { list, module, plan, program } = this;
    const { data, overflow } = lowerData(module, plan, this.shared.helpers);
    this.startStub(overflow);
    const entries = this.exportStubs();
    for (const index of [...plan.stubs].sort((a, b) => a - b)) this.importStub(index);
    for (const fn of plan.functions) {
      if (fn.index === plan.exit) this.exitFunction(fn);
      else this.add(fn, lowerFunction(program, fn));
    }
    this.referenceRows();
    const uncaught = this.uncaught.rows();
    if (uncaught) this.addRows('(uncaught exception)', uncaught.start);
    for (const { cursor, target } of program.calls) list.patch(cursor, this.start(target));
    for (const calls of program.indirect.values()) this.callRows(calls);
    this.tailEntries();
    this.helperFunctions();
    this.stride = Math.max(this.stride, this.globals.length);
    list.imms[0] = this.stride;
    return {
      ops: Uint16Array.from(list.ops),
      imms: Uint32Array.from(list.imms),
      stride: this.stride,
      globals: this.globals,
      data,
      pages: pagesOf(plan),
      offsets: Int32Array.from(list.offsets),
      codeSection: module.codeSection,
      functions: this.functions,
      exitCode: true,
      ...(entries ? { entries } : {}),
      ...(this.shared.refusals.length > 0 ? { refusals: this.shared.refusals } : {}),
      ...(this.shared.errorWrites.length > 0 ? { errorWrites: this.shared.errorWrites } : {}),
      ...(uncaught ? { uncaught } : {}),
      ...(this.shared.endings.size > 0 ? { endings: this.shared.endings } : {}),
      ...this.files(),
      ...(plan.stored.pages > 0 ? { stored: plan.stored } : {}),
      ...(this.memories.length > 1 ? { memories: this.memories.map(({ base, end }) => ({ base, end })) } : {}),
    };
  }

  /** What makes and throws references to exceptions. */
  private referenceRows(): void {
    new ReferenceRows(this.module, this.shared, this.plan.stored.records).add((name, start) => {
      this.addRows(name, start);
      this.stride = Math.max(this.stride, 2);
    });
  }

  /** Where the list of the program's files is: a module's own, or that of the functions of `helpers/host.c`. */
  private files(): { files?: number } {
    const { helpers } = this.shared;
    const inModule = addressOf(this.module, HOST_VARIABLES.files);
    const files = inModule ?? (this.plan.stored.given && helpers && addressOf(helpers.module, HOST_VARIABLES.files));
    return files === undefined ? {} : { files };
  }

  private start(index: number): number {
    const start = this.starts.get(index);
    if (start === undefined) throw new RangeError(`there is no function ${index}`);
    return start;
  }

  /** The cell that helpers know by this name. */
  private cellNamed(name: string, width: Width = 4, initial = this.argumentsCell(name)): number {
    const found = this.globals.find((global) => global.name === name);
    if (found) return found.cell;
    const cell = this.globals.length;
    this.globals.push({
      name,
      cell,
      type: width === 8 ? 'i64' : 'i32',
      initial,
      ...(width === 8 ? { high: 0 } : {}),
      mutable: true,
    });
    return cell;
  }

  /** What a cell is at the start. */
  private argumentsCell(name: string): number {
    if (name === ARGUMENTS_KEPT_CELL) return this.plan.stored.args ?? 0;
    return Number(name === ARGUMENTS_CELL && takesArguments(this.module));
  }

  /** Rows that the toolchain adds, from `start` to the list's end. */
  private addRows(name: string, start: number): void {
    const none = { index: -1, locals: [], params: 0, results: 0, localNames: [] };
    this.functions.push({ ...none, name, start, end: this.list.ops.length, body: start });
  }

  /** A segment that does not fit is a trap before anything runs; elements come before data. */
  private startStub(dataOverflow: boolean): void {
    const { list, module, plan } = this;
    const { calls, throwing } = this.program;
    const check = (index: number) => throwing.functions.has(index) && this.uncaught.check();
    const start = list.ops.length;
    if (plan.tableOverflow) list.push('trap', TRAP.undefinedElement);
    else if (dataOverflow) list.push('trap', TRAP.memory);
    if (plan.start !== undefined) {
      calls.push({ cursor: list.push('call'), target: plan.start });
      check(plan.start);
    }
    const results = plan.entry === undefined ? [] : module.types[typeOfFunction(module, plan.entry) as number].results;
    if (plan.entry !== undefined) {
      calls.push({ cursor: list.push('call'), target: plan.entry });
      check(plan.entry);
    }
    if (results.length === 0) list.push('i32.const', 0);
    list.push('halt');
    this.addRows('(start)', start);
  }

  /** A call and a halt for each exported function, to be jumped to from outside. */
  private exportStubs(): ProgramEntry[] | undefined {
    const { list, module, plan } = this;
    if (plan.exported.length === 0) return undefined;
    const start = list.ops.length;
    const entries = plan.exported.map(({ name, index }) => {
      const { params, results } = module.types[typeOfFunction(module, index) as number];
      const cursor = list.push('call');
      this.program.calls.push({ cursor, target: index });
      if (plan.throwing.functions.has(index)) this.uncaught.check();
      const halt = list.push('halt');
      return { name, cursor, halt, params: params.map(machineType), results: results.map(machineType) };
    });
    this.addRows('(exports)', start);
    return entries;
  }

  /** A body for an imported function that something other than a direct call leads to. */
  private importStub(index: number): void {
    const { list, module } = this;
    const start = list.ops.length;
    const action = this.plan.imports[index];
    if (action.kind === 'helper') pushHostReach((name, imm) => list.push(name, imm), this.memories);
    pushAction(this.shared, action, -1);
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
      locals: fn.locals.map((type) => storedType(type)),
      params: params.length,
      results: results.length,
      localNames: fn.locals.map((_, i) => localName(i)),
      ...(fn.numbers ? { numbers: fn.numbers } : {}),
    });
  }

  /**
   * The rows onto which `call_indirect` of one type jumps, with a number on the stack: the index into its table, or the
   * reference found there (`CallTables`). Row i jumps to the function of number i if it has that type and is a trap if not;
   * the last is for what lies beyond. The list cannot change while a program runs, so where one lands is the whole check.
   */
  private callRows({ list: number, isTail, signature, callers }: IndirectCalls): void {
    const { list, module, plan, program } = this;
    const table = plan.tables.functions(number);
    const start = list.ops.length;
    for (const cursor of callers) list.patch(cursor, start);
    list.push('br_table', table.length);
    for (const element of table) {
      const type = element === null ? undefined : module.types[typeOfFunction(module, element) ?? -1];
      if (!type) list.push('trap', TRAP.undefinedElement);
      else if (signatureText(type) !== signature) list.push('trap', TRAP.typeMismatch);
      else if (isTail) program.tailCalls.push({ cursor: list.push('br'), target: element as number });
      else list.patch(list.push('br'), this.start(element as number));
    }
    list.push('trap', TRAP.undefinedElement);
    this.addRows(`(${isTail ? 'return_call_indirect' : 'call_indirect'} ${signature})`, start);
  }

  /**
   * Where tail calls lead. A frame that is another function's already has its values in the cells of what this one takes to be
   * zero at its start, so they are set before: as the arguments are on the stack, nothing else is lost.
   */
  private tailEntries(): void {
    const { list, module, plan, program } = this;
    const functions = new Map(plan.functions.map((fn) => [fn.index, fn]));
    const entries = new Map<number, number>();
    for (const { cursor, target } of program.tailCalls) {
      const fn = functions.get(target);
      const params = fn ? module.types[fn.type].params.length : 0;
      let entry = entries.get(target) ?? this.start(target);
      if (!entries.has(target) && fn && fn.locals.length > params) {
        entry = list.ops.length;
        for (let i = params; i < fn.locals.length; i++) {
          list.push('i32.const', 0);
          if (widthOf(machineType(fn.locals[i])) === 8) list.push('i64.extend_i32_s');
          list.push('local.set', i);
        }
        list.patch(list.push('br'), this.start(target));
        this.addRows(`(return_call ${functionName(module, target)})`, entry);
      }
      entries.set(target, entry);
      list.patch(cursor, entry);
    }
  }

  /** The helper functions that are called, and those that they call. Nothing in them leads back to the module. */
  private helperFunctions(): void {
    const { list, shared } = this;
    const { helpers, helperCalls } = shared;
    if (!helpers || helperCalls.length === 0) return;
    const { module } = helpers;
    const imports = module.importedFunctions.map(machineAction);
    const assembly: Assembly = {
      shared,
      module,
      calls: [],
      tailCalls: [],
      indirect: new Map(),
      imports,
      // The one variable is the top of the stack of those with memory; it is used only where they are.
      get globalCells() {
        return module.globals.map(({ initial, mutable }) =>
          mutable ? shared.cellNamed('$host stack', 4, evaluate(initial, module.globals)?.low) : -1,
        );
      },
      memories: [MACHINE_MEMORY],
      tables: this.plan.tables,
      stored: this.plan.stored,
      throwing: NEVER,
    };
    const starts = new Map<number, number>();
    const place = (index: number): number => {
      const known = starts.get(index);
      if (known !== undefined) return known;
      const fn = module.functions[index - imports.length];
      const { start, body, end, cells } = lowerFunction(assembly, { ...fn, offsets: fn.offsets.map(() => -1) });
      starts.set(index, start);
      this.stride = Math.max(this.stride, cells);
      const exported = helpers.names.find((name) => helpers.functionOf(name) === index);
      this.functions.push({
        index: -1,
        name: `(${exported ?? functionName(module, index)})`,
        start,
        end,
        body,
        locals: fn.locals.map((type) => storedType(type)),
        params: module.types[fn.type].params.length,
        results: module.types[fn.type].results.length,
        localNames: fn.locals.map((_, i) => `local ${i}`),
      });
      return start;
    };
    // Both lists grow while helpers are placed.
    for (let i = 0, j = 0; i < helperCalls.length || j < assembly.calls.length; ) {
      if (i < helperCalls.length) {
        const { cursor, name } = helperCalls[i++];
        list.patch(cursor, place(helpers.functionOf(name) as number));
      } else {
        const { cursor, target } = assembly.calls[j++];
        list.patch(cursor, place(target));
      }
    }
  }
}
