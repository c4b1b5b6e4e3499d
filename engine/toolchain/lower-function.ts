/**
 * One wasm function to instructions of a token program.
 *
 * Structured control becomes relative jumps: block, loop and end vanish, `if` jumps when its condition is zero,
 * `else` jumps over the else branch, the function's end is a `return`. The machine's branches move no values, so a
 * branch that must drop values below its results first lifts the results into temporaries: extra locals behind the
 * function's own. A conditional one does so on a path of its own. `memory.grow` is arithmetic on the cell that holds
 * the number of pages.
 */
import { OPCODES, opcodeOfCode } from '../isa/opcodes.ts';
import { INSTRUCTION_TOKENS, type InstructionList, LIMITS } from '../isa/program.ts';
import { EMPTY_BLOCK, type FunctionType, typeOfFunction, type WasmFunction, type WasmModule } from './decode-module.ts';
import { CODE, signatureText } from './lower-check.ts';
import { type Block, StackTracker } from './stack.ts';

/** What a prompt can hold; a small module can ask for far more (branches that drop many values). */
const MAX_INSTRUCTIONS = Math.floor(LIMITS.tokens / INSTRUCTION_TOKENS);

/** What bodies share: the program being written and the jumps whose targets are not known yet. */
export interface Assembly {
  readonly module: WasmModule;
  readonly list: InstructionList;
  /** Cursor of each direct call and the function index it calls. */
  readonly calls: { readonly cursor: number; readonly target: number }[];
  /** Cursor of each indirect call, by the text of its type. */
  readonly indirect: Map<string, number[]>;
  /** Cell of each wasm global; -1 for those that are not i32. */
  readonly globalCells: readonly number[];
  readonly pagesCell: number;
  /** Pages that memory can grow to. */
  readonly maxPages: number;
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

/** The prologue: takes the arguments from the caller's stack into locals. Returns the cursor behind it. */
export function pushPrologue(list: InstructionList, params: number, offset: number): number {
  for (let i = params - 1; i >= 0; i--) list.push('local.set', i, offset);
  return list.ops.length;
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
    this.list = assembly.list;
    this.fn = fn;
  }

  run(): Lowered {
    const { fn, list, stack } = this;
    const { params, results } = this.assembly.module.types[fn.type];
    const start = list.ops.length;
    const body = pushPrologue(list, params.length, fn.offsets[0] ?? -1);
    stack.open('function', 0, results.length, body);
    for (let i = 0; i < fn.codes.length; i++) {
      const code = fn.codes[i];
      this.offset = fn.offsets[i];
      const opens = code === CODE.block || code === CODE.loop || code === CODE.if;
      if (!stack.live && stack.skips(opens, code === CODE.end, code === CODE.else)) continue;
      this.operator(code, fn.immediates[i]);
    }
    if (stack.blocks.length > 0) throw new RangeError('a function does not end');
    return { start, body, end: list.ops.length, cells: fn.locals.length + this.temporaries };
  }

  private push(name: string, imm = 0): number {
    if (this.list.ops.length >= MAX_INSTRUCTIONS) throw new RangeError(`over ${MAX_INSTRUCTIONS} instructions`);
    return this.list.push(name, imm, this.offset);
  }

  private operator(code: number, immediate: number): void {
    const { stack, list } = this;
    switch (code) {
      case CODE.block:
      case CODE.loop: {
        const { params, results } = this.blockType(immediate);
        const kind = code === CODE.loop ? 'loop' : 'block';
        stack.open(kind, params.length, results.length, list.ops.length);
        return;
      }
      case CODE.if: {
        const { params, results } = this.blockType(immediate);
        stack.move(1, 0);
        const skip = this.push('if');
        stack.open('if', params.length, results.length, skip + 1, skip);
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
        this.callIndirect(immediate);
        return;
      case CODE.memoryGrow:
        this.memoryGrow();
        return;
      case CODE.selectTyped:
        stack.move(3, 1);
        this.push('select');
        return;
      default:
        this.plain(code, immediate);
    }
  }

  /** An instruction that is the same in token programs, but for the number of a global. */
  private plain(code: number, immediate: number): void {
    const { module, globalCells, pagesCell } = this.assembly;
    const row = opcodeOfCode(code);
    if (row === undefined) throw new RangeError(`operator ${code} cannot be lowered`);
    const { name, pops, pushes } = OPCODES[row];
    let imm = immediate;
    if (code >= CODE.localGet && code <= CODE.localTee) {
      if (immediate < 0 || immediate >= this.fn.locals.length) throw new RangeError(`there is no local ${immediate}`);
    } else if (code === CODE.globalGet || code === CODE.globalSet) {
      if (!module.globals[immediate]) throw new RangeError(`there is no global ${immediate}`);
      imm = globalCells[immediate];
    } else if (code === CODE.memorySize) {
      imm = pagesCell;
    }
    // A tee's row moves nothing, yet it needs a value to copy.
    if (code === CODE.localTee) this.stack.move(1, 1);
    else this.stack.move(pops, pushes);
    this.push(name, imm);
  }

  private blockType(immediate: number): FunctionType {
    if (immediate === EMPTY_BLOCK) return { params: [], results: [] };
    if (immediate < 0) return { params: [], results: ['i32'] };
    const type = this.assembly.module.types[immediate];
    if (!type) throw new RangeError(`there is no type ${immediate}`);
    return type;
  }

  private end(): void {
    const { list, stack } = this;
    const { kind, skip, exits, params, results } = stack.close();
    if (skip >= 0 && params !== results) throw new RangeError('an if without else changes the stack');
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
    const arity = this.stack.arity(block);
    const first = this.temporary(arity);
    for (let i = arity - 1; i >= 0; i--) this.push('local.set', first + i);
    for (let i = 0; i < surplus; i++) this.push('drop');
    for (let i = 0; i < arity; i++) this.push('local.get', first + i);
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
    this.stack.move(1, 0);
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
    stack.move(1, 0);
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
    const { module, calls } = this.assembly;
    const imports = module.importedFunctions;
    const signature = module.types[typeOfFunction(module, index) ?? -1];
    if (!signature) throw new RangeError(`there is no function ${index}`);
    this.stack.move(signature.params.length, signature.results.length);
    // An imported function is an instruction of the same name.
    if (index < imports.length) this.push(imports[index].name);
    else calls.push({ cursor: this.push('call'), target: index });
  }

  /** The index stays on the stack for the rows of the type, which take it. */
  private callIndirect(typeIndex: number): void {
    const { module, indirect } = this.assembly;
    const type = module.types[typeIndex];
    this.stack.move(type.params.length + 1, type.results.length);
    const key = signatureText(type);
    const cursors = indirect.get(key) ?? [];
    indirect.set(key, cursors);
    cursors.push(this.push('call_indirect'));
  }

  /** Grows if delta <= maximum - pages as unsigned numbers: leaves the old number of pages, or -1. */
  private memoryGrow(): void {
    const { list } = this;
    const { pagesCell, maxPages } = this.assembly;
    const delta = this.temporary(1);
    this.stack.move(1, 1);
    this.push('local.tee', delta);
    this.push('i32.const', maxPages);
    this.push('memory.size', pagesCell);
    this.push('i32.sub');
    this.push('i32.gt_u');
    const fits = this.push('if');
    this.push('i32.const', -1);
    const over = this.push('br');
    list.patch(fits, list.ops.length);
    this.push('memory.size', pagesCell);
    this.push('memory.size', pagesCell);
    this.push('local.get', delta);
    this.push('i32.add');
    this.push('global.set', pagesCell);
    list.patch(over, list.ops.length);
  }
}
