/**
 * One wasm function to instructions of a token program.
 *
 * Structured control becomes relative jumps: block, loop and end vanish, `if` jumps when its condition is zero,
 * `else` jumps over the else branch, the function's end is a `return`. The machine's branches move no values, so a
 * branch that must drop values below its results first lifts the results into temporaries: extra locals behind the
 * function's own. A conditional one does so on a path of its own. Where an instruction needs to know how many bytes a
 * value has, the static stack tells.
 */

import type { InstructionList } from '../../isa/instruction-list.ts';
import { LIMITS } from '../../isa/limits.ts';
import { OPCODES, opcodeOfCode } from '../../isa/opcodes.ts';
import type { ProgramRefusal } from '../../isa/program.ts';
import { INSTRUCTION_TOKENS } from '../../isa/prompt.ts';
import {
  EMPTY_BLOCK,
  operatorName,
  typeName,
  typeOfFunction,
  type ValueType,
  type WasmFunction,
  type WasmModule,
} from '../decode/module.ts';
import type { Helpers } from '../helpers/load-helpers.ts';
import { type Action, signatureText } from './imports.ts';
import { type MemoryPlace, pushMemoryGrow, pushMemorySize, pushReach, touchesMemory } from './memories.ts';
import { CODE, integerCode, isReinterpretation } from './operators.ts';
import { type Block, StackTracker, type Width } from './stack.ts';

/** What a prompt can hold; a small module can ask for far more (branches that drop many values). */
export const MAX_INSTRUCTIONS = Math.floor(LIMITS.promptTokens / INSTRUCTION_TOKENS);

/** What all bodies share: the program being written and what it turned out to need. */
export interface Shared {
  readonly list: InstructionList;
  /** Cursor of each call of a helper function, and its name. */
  readonly helperCalls: { readonly cursor: number; readonly name: string }[];
  readonly helpers: Helpers | undefined;
  readonly refusals: ProgramRefusal[];
  /** Cursors of the instructions that write to standard error. */
  readonly errorWrites: number[];
  /** Cell that the toolchain keeps something in, by its name; made at its first use. */
  cellNamed(name: string): number;
}

/** One module's functions being lowered: the program's own, or the helpers. */
export interface Assembly {
  readonly shared: Shared;
  readonly module: WasmModule;
  /** Cursor of each direct call and the function index it calls. */
  readonly calls: { readonly cursor: number; readonly target: number }[];
  /** The indirect calls, by table and type. */
  readonly indirect: Map<string, IndirectCalls>;
  /** What a call of each imported function is. */
  readonly imports: readonly Action[];
  /** Cell of each wasm global; -1 for those that cannot be used. */
  readonly globalCells: readonly number[];
  readonly memories: readonly MemoryPlace[];
}

/** Cursors of the indirect calls through one table that are of one type. */
export interface IndirectCalls {
  readonly table: number;
  readonly signature: string;
  readonly callers: number[];
}

/** Where a function lies. */
export interface Lowered {
  readonly start: number;
  readonly body: number;
  readonly end: number;
  /** Locals of its frame, temporaries included. */
  readonly cells: number;
}

/** Lowers `fn` behind what the list holds. @throws RangeError for code that wasm validation refuses. */
export function lowerFunction(assembly: Assembly, fn: WasmFunction): Lowered {
  return new FunctionLowering(assembly, fn).run();
}

/** Bytes of a value of this type. @throws RangeError for what is no number. */
export function typeWidth(type: ValueType): Width {
  if (type === 'i32' || type === 'f32') return 4;
  if (type === 'i64' || type === 'f64') return 8;
  throw new RangeError(`a value of type ${type}`);
}

/** The prologue: takes the arguments from the caller's stack into locals. Returns the cursor behind it. */
export function pushPrologue(list: InstructionList, params: number, offset: number): number {
  for (let i = params - 1; i >= 0; i--) list.push('local.set', i, offset);
  return list.ops.length;
}

/** The instructions of what an import stands for; its arguments are on the stack. */
export function pushAction(shared: Shared, action: Action, offset: number): void {
  const { list } = shared;
  if (action.kind === 'helper') {
    shared.helperCalls.push({ cursor: list.push('call', 0, offset), name: action.name });
  } else if (action.kind === 'cell') {
    list.push(action.set ? 'global.set' : 'global.get', shared.cellNamed(action.name), offset);
  } else {
    for (const [name, imm] of action.lines) {
      const cursor = list.push(name, imm, offset);
      if (action.errors) shared.errorWrites.push(cursor);
    }
  }
}

class FunctionLowering {
  private readonly assembly: Assembly;
  private readonly list: InstructionList;
  private readonly fn: WasmFunction;
  private readonly stack = new StackTracker();
  private temporaries = 0;
  /** Offset of the operator being lowered. */
  private offset = -1;

  constructor(assembly: Assembly, fn: WasmFunction) {
    this.assembly = assembly;
    this.list = assembly.shared.list;
    this.fn = fn;
  }

  run(): Lowered {
    const { fn, list, stack } = this;
    const { params, results } = this.assembly.module.types[fn.type];
    const start = list.ops.length;
    const body = pushPrologue(list, params.length, fn.offsets[0] ?? -1);
    stack.open('function', [], results.map(typeWidth), body);
    for (let i = 0; i < fn.codes.length; i++) {
      const code = fn.codes[i];
      this.offset = fn.offsets[i];
      const opens = code === CODE.block || code === CODE.loop || code === CODE.if;
      if (!stack.live && stack.skips(opens, code === CODE.end, code === CODE.else)) continue;
      this.operator(code, fn.immediates[i], fn.highs[i]);
    }
    if (stack.blocks.length > 0) throw new RangeError('a function does not end');
    return { start, body, end: list.ops.length, cells: fn.locals.length + this.temporaries };
  }

  private push(name: string, imm = 0): number {
    if (this.list.ops.length >= MAX_INSTRUCTIONS) throw new RangeError(`over ${MAX_INSTRUCTIONS} instructions`);
    return this.list.push(name, imm, this.offset);
  }

  /** As a function, for what is pushed elsewhere. */
  private readonly pushed = (name: string, imm?: number) => this.push(name, imm);

  private pushWide(low: number, high: number): void {
    this.push('i64.const', low);
    this.push('i64.high', high);
  }

  private operator(code: number, immediate: number, high: number): void {
    const { stack, list } = this;
    switch (code) {
      case CODE.block:
      case CODE.loop: {
        const { params, results } = this.blockType(immediate);
        const kind = code === CODE.loop ? 'loop' : 'block';
        stack.open(kind, params, results, list.ops.length);
        return;
      }
      case CODE.if: {
        const { params, results } = this.blockType(immediate);
        stack.move(1, []);
        const skip = this.push('if');
        stack.open('if', params, results, skip + 1, skip);
        return;
      }
      case CODE.else: {
        const { skip, exits } = stack.innermost;
        if (skip < 0) throw new RangeError('an else without if');
        if (stack.live) exits.push(this.push('else'));
        list.patch(skip, list.ops.length);
        stack.otherwise();
        return;
      }
      case CODE.end:
        this.end();
        return;
      case CODE.br:
        this.branch(stack.label(immediate));
        stack.dead();
        return;
      case CODE.brIf:
        this.branchIf(stack.label(immediate));
        return;
      case CODE.brTable:
        this.branchTable(this.fn.tables[immediate]);
        return;
      case CODE.return:
        this.settle(stack.label(stack.blocks.length - 1));
        this.push('return');
        stack.dead();
        return;
      case CODE.unreachable:
        this.push('unreachable');
        stack.dead();
        return;
      case CODE.call:
        this.call(immediate);
        return;
      case CODE.callIndirect:
        this.callIndirect(immediate, high);
        return;
      case CODE.memorySize:
        stack.move(0, [4]);
        pushMemorySize(this.pushed, this.memory(high));
        return;
      case CODE.memoryGrow:
        stack.move(1, [4]);
        this.memoryGrow(this.memory(high));
        return;
      case CODE.select:
      case CODE.selectTyped: {
        stack.move(1, []);
        const width = stack.top();
        stack.move(2, [width]);
        this.push(width === 8 ? 'select.i64' : 'select');
        return;
      }
      case CODE.f32Abs:
        this.withConstant('i32.and', 0x7fffffff);
        return;
      case CODE.f32Neg:
        this.withConstant('i32.xor', -0x80000000);
        return;
      case CODE.f64Abs:
        this.withConstant('i64.and', -1, 0x7fffffff);
        return;
      case CODE.f64Neg:
        this.withConstant('i64.xor', 0, -0x80000000);
        return;
      default:
        this.plain(code, immediate, high);
    }
  }

  /** A unary operator as a binary one with a constant. */
  private withConstant(name: string, low: number, high?: number): void {
    const width = high === undefined ? 4 : 8;
    this.stack.move(1, [width]);
    if (high === undefined) this.push('i32.const', low);
    else this.pushWide(low, high);
    this.push(name);
  }

  /** An instruction that is the same in token programs but for its name or the number of a global, or a helper. */
  private plain(code: number, immediate: number, high: number): void {
    if (isReinterpretation(code)) {
      this.stack.move(1, [this.stack.top()]);
      return;
    }
    const row = opcodeOfCode(integerCode(code));
    if (row === undefined) {
      this.helper(operatorName(code));
      return;
    }
    const { name, pops, pushes, bytes } = OPCODES[row];
    if (code >= CODE.localGet && code <= CODE.localTee) {
      this.local(code, name, immediate);
    } else if (code === CODE.globalGet || code === CODE.globalSet) {
      this.global(code, name, immediate);
    } else {
      this.stack.move(pops, pushes === 0 ? [] : [bytes as Width]);
      if (name === 'i64.const') this.pushWide(immediate, high);
      else this.push(name, touchesMemory(code) ? pushReach(this.pushed, this.memory(high), immediate) : immediate);
    }
  }

  private local(code: number, name: string, index: number): void {
    const { locals } = this.fn;
    if (index < 0 || index >= locals.length) throw new RangeError(`there is no local ${index}`);
    const width = typeWidth(locals[index]);
    if (code === CODE.localGet) {
      this.stack.move(0, [width]);
      this.push(width === 8 ? 'local.get.i64' : name, index);
    } else {
      if (this.stack.top() !== width) throw new RangeError(`local ${index} is given a value of another type`);
      if (code !== CODE.localTee) this.stack.move(1, []);
      this.push(name, index);
    }
  }

  private global(code: number, name: string, index: number): void {
    const { module, globalCells } = this.assembly;
    if (!module.globals[index]) throw new RangeError(`there is no global ${index}`);
    const width = typeWidth(module.globals[index].type);
    if (code === CODE.globalGet) {
      this.stack.move(0, [width]);
      this.push(width === 8 ? 'global.get.i64' : name, globalCells[index]);
    } else {
      if (this.stack.top() !== width) throw new RangeError(`global ${index} is given a value of another type`);
      this.stack.move(1, []);
      this.push(name, globalCells[index]);
    }
  }

  /** A call of the helper function that stands for an operator or an import. */
  private helper(name: string): void {
    const type = this.assembly.shared.helpers?.typeOf(name);
    if (!type) throw new RangeError(`${name} cannot be lowered`);
    this.stack.move(type.params.length, type.results.map(typeWidth));
    this.assembly.shared.helperCalls.push({ cursor: this.push('call'), name });
  }

  private blockType(immediate: number): { params: Width[]; results: Width[] } {
    if (immediate === EMPTY_BLOCK) return { params: [], results: [] };
    if (immediate < 0) return { params: [], results: [typeWidth(typeName(immediate))] };
    const type = this.assembly.module.types[immediate];
    if (!type) throw new RangeError(`there is no type ${immediate}`);
    return { params: type.params.map(typeWidth), results: type.results.map(typeWidth) };
  }

  private end(): void {
    const { list, stack } = this;
    const { kind, skip, exits, params, results } = stack.close();
    if (skip >= 0 && params.join() !== results.join()) throw new RangeError('an if without else changes the stack');
    const here = list.ops.length;
    if (skip >= 0) list.patch(skip, here);
    for (const exit of exits) list.patch(exit, here);
    if (kind !== 'function') return;
    if (stack.live) this.push('return');
    stack.dead();
  }

  /** A jump line to `block`: backwards to a loop's start, else to the end, which is patched when it is known. */
  private jump(name: 'br' | 'br_if', block: Block): void {
    const cursor = this.push(name);
    if (block.kind === 'loop') this.list.patch(cursor, block.start);
    else block.exits.push(cursor);
  }

  /** Drops what lies between the values that a branch to `block` carries and the block's base. */
  private settle(block: Block): void {
    const surplus = this.stack.surplus(block);
    if (surplus === 0) return;
    const carried = this.stack.carried(block);
    const first = this.temporary(carried.length);
    for (let i = carried.length - 1; i >= 0; i--) this.push('local.set', first + i);
    for (let i = 0; i < surplus; i++) this.push('drop');
    for (const [i, width] of carried.entries()) this.push(width === 8 ? 'local.get.i64' : 'local.get', first + i);
  }

  /** Index of the first of `count` temporaries; every use of them ends before the next begins. */
  private temporary(count: number): number {
    this.temporaries = Math.max(this.temporaries, count);
    return this.fn.locals.length;
  }

  private branch(block: Block): void {
    this.settle(block);
    this.jump('br', block);
  }

  private branchIf(block: Block): void {
    this.stack.move(1, []);
    if (this.stack.surplus(block) === 0) {
      this.jump('br_if', block);
      return;
    }
    const over = this.push('if');
    this.branch(block);
    this.list.patch(over, this.list.ops.length);
  }

  /** Rows of `br`, one per label; those that must drop values lead to a path behind the rows, one per block. */
  private branchTable(depths: readonly number[]): void {
    const { list, stack } = this;
    stack.move(1, []);
    this.push('br_table', depths.length - 1);
    const paths = new Map<Block, number[]>();
    for (const depth of depths) {
      const block = stack.label(depth);
      if (stack.surplus(block) === 0) {
        this.jump('br', block);
      } else {
        const rows = paths.get(block) ?? [];
        paths.set(block, rows);
        rows.push(this.push('br'));
      }
    }
    for (const [block, rows] of paths) {
      for (const row of rows) list.patch(row, list.ops.length);
      this.branch(block);
    }
    stack.dead();
  }

  private call(index: number): void {
    const { module, calls, imports } = this.assembly;
    const signature = module.types[typeOfFunction(module, index) ?? -1];
    if (!signature) throw new RangeError(`there is no function ${index}`);
    const action = imports[index];
    if (action?.kind === 'helper') {
      this.helper(action.name);
      return;
    }
    this.stack.move(signature.params.length, signature.results.map(typeWidth));
    if (action) pushAction(this.assembly.shared, action, this.offset);
    else calls.push({ cursor: this.push('call'), target: index });
  }

  /** The index stays on the stack for the rows of the type, which take it. */
  private callIndirect(typeIndex: number, table: number): void {
    const { module, indirect } = this.assembly;
    const type = module.types[typeIndex];
    this.stack.move(type.params.length + 1, type.results.map(typeWidth));
    const signature = signatureText(type);
    const key = `${table} ${signature}`;
    const calls = indirect.get(key) ?? { table, signature, callers: [] };
    indirect.set(key, calls);
    calls.callers.push(this.push('call_indirect'));
  }

  private memoryGrow(memory: MemoryPlace): void {
    const delta = this.temporary(1);
    const cursor = pushMemoryGrow(this.pushed, this.list, memory, delta);
    const { base, end, maximum: limit, allowed } = memory;
    if (limit < allowed) this.assembly.shared.refusals.push({ cursor, delta, memory: { base, end }, limit, allowed });
  }

  private memory(index: number): MemoryPlace {
    const memory = this.assembly.memories[index];
    if (!memory) throw new RangeError(`there is no memory ${index}`);
    return memory;
  }
}
