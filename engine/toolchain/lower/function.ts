/**
 * One wasm function to instructions of a token program. Where an instruction needs to know how many bytes a value has,
 * the static stack tells.
 */
import type { InstructionList } from '../../isa/instruction-list.ts';
import { OPCODES, opcodeOfCode } from '../../isa/opcodes.ts';
import { EMPTY_BLOCK, typeName, typeOfFunction, type WasmFunction } from '../decode/module.ts';
import { operatorName } from '../decode/operators.ts';
import { type Assembly, pushAction, pushPrologue } from './assembly.ts';
import { type BlockType, Branches } from './branches.ts';
import { Catching } from './exceptions/catching.ts';
import { signatureText } from './imports.ts';
import { type MemoryPlace, pushHostReach, pushMemoryGrow, pushMemorySize, pushReach } from './memories.ts';
import {
  CLOSING,
  CODE,
  integerCode,
  isBulk,
  isReinterpretation,
  OPENING,
  PARTING,
  touchesMemory,
} from './operators.ts';
import { referenceTo } from './references.ts';
import { bytesOf, StackTracker, typeWidth, UPPER, type Width } from './stack.ts';
import { indirectKey, keptLocals, Thrown } from './throwing.ts';
import { pushVectorSelect } from './vectors/select.ts';

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

/** Their one index is that of a table. */
const ON_TABLE: readonly number[] = [CODE.tableGet, CODE.tableSet, CODE.tableSize, CODE.tableGrow, CODE.tableFill];

class FunctionLowering {
  private readonly assembly: Assembly;
  private readonly list: InstructionList;
  private readonly fn: WasmFunction;
  private readonly stack = new StackTracker();
  private readonly branches: Branches;
  private readonly catching: Catching;
  /** Locals of the function, and those that keep what was caught. */
  private readonly locals: number;
  /** Offset of the operator being lowered. */
  private offset = -1;

  constructor(assembly: Assembly, fn: WasmFunction) {
    this.assembly = assembly;
    this.list = assembly.shared.list;
    this.fn = fn;
    const thrown = new Thrown(assembly.module, assembly.shared.cellNamed);
    const kept = keptLocals(fn, thrown);
    this.locals = fn.locals.length + kept;
    this.branches = new Branches(this.list, this.stack, this.pushed, this.locals);
    const first = kept > 0 ? fn.locals.length : undefined;
    const { referenceCalls } = assembly.shared;
    this.catching = new Catching(this.list, this.stack, this.branches, this.pushed, thrown, referenceCalls, first);
  }

  run(): Lowered {
    const { fn, list, stack } = this;
    const { params, results } = this.assembly.module.types[fn.type];
    const start = list.ops.length;
    const keepsFirst = this.keepsFirst(params.length);
    const body = pushPrologue(list, params.length, fn.offsets[0] ?? -1, keepsFirst);
    stack.open('function', [], results.map(typeWidth), body);
    if (keepsFirst) stack.move(0, [typeWidth(fn.locals[0])]);
    for (let i = Number(keepsFirst); i < fn.codes.length; i++) {
      const code = fn.codes[i];
      this.offset = fn.offsets[i];
      if (!stack.live && stack.skips(OPENING.has(code), CLOSING.has(code), PARTING.has(code))) continue;
      if (!this.control(code, fn.immediates[i], fn.highs[i])) this.operator(code, fn.immediates[i], fn.highs[i]);
    }
    if (stack.blocks.length > 0) throw new RangeError('a function does not end');
    return { start, body, end: list.ops.length, cells: this.locals + this.branches.temporaries };
  }

  /**
   * Whether a helper takes its first argument only to get it at once: then it stays on the stack, a line less. (Code of the program's
   * own is kept as it is: its stops are told from the prologue.)
   */
  private keepsFirst(params: number): boolean {
    const { fn, assembly } = this;
    const isHelper = assembly.module === assembly.shared.helpers?.module;
    return isHelper && params > 0 && fn.codes[0] === CODE.localGet && fn.immediates[0] === 0;
  }

  private push(name: string, imm = 0): number {
    return this.list.push(name, imm, this.offset);
  }

  /** As a function, for what is pushed elsewhere. */
  private readonly pushed = (name: string, imm?: number) => this.push(name, imm);

  /** An operator of structured control; false for any other. */
  private control(code: number, immediate: number, high: number): boolean {
    const { branches } = this;
    switch (code) {
      case CODE.block:
        branches.open('block', this.blockType(immediate));
        return true;
      case CODE.loop:
        branches.open('loop', this.blockType(immediate));
        return true;
      case CODE.if:
        branches.if(this.blockType(immediate));
        return true;
      case CODE.else:
        branches.else();
        return true;
      case CODE.end:
        if (this.stack.innermost.kind === 'try') this.catching.finish();
        branches.end();
        return true;
      case CODE.br:
        branches.br(immediate);
        return true;
      case CODE.brIf:
        branches.brIf(immediate);
        return true;
      case CODE.brTable:
        branches.brTable(this.fn.tables[immediate]);
        return true;
      case CODE.return:
        branches.return();
        return true;
      case CODE.returnCall:
        this.tailCall(immediate);
        return true;
      case CODE.returnCallIndirect:
        this.callIndirect(immediate, high, true);
        return true;
      case CODE.unreachable:
        branches.unreachable();
        return true;
      default:
        return this.catching.control(code, immediate, high, this.fn, this.blockType);
    }
  }

  private operator(code: number, immediate: number, high: number): void {
    const { stack } = this;
    switch (code) {
      case CODE.call:
        this.call(immediate);
        return;
      case CODE.callIndirect:
        this.callIndirect(immediate, high, false);
        return;
      case CODE.refNull:
        this.null(typeName(immediate));
        return;
      case CODE.refFunc:
        stack.move(0, [4]);
        this.push('i32.const', referenceTo(this.assembly.module, immediate));
        return;
      case CODE.refIsNull:
        this.push(stack.top() === 8 ? 'i64.eqz' : 'i32.eqz');
        stack.move(1, [4]);
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
        if (width === UPPER) {
          pushVectorSelect(this.pushed, this.branches.temporary(4));
          stack.move(4, [8, UPPER]);
          return;
        }
        stack.move(2, [width]);
        this.push(width === 8 ? 'select.i64' : 'select');
        return;
      }
      case CODE.drop:
        if (stack.top() === UPPER) this.plain(code, 0, 0);
        this.plain(code, 0, 0);
        return;
      case CODE.vector:
        stack.move(1, [UPPER]);
        return;
      default:
        this.plain(code, immediate, high);
    }
  }

  /** A reference to nothing. */
  private null(type: string): void {
    const width = typeWidth(type);
    this.stack.move(0, [width]);
    this.push('i32.const', 0);
    if (width === 8) this.push('i64.extend_i32_s');
  }

  /** An instruction that is the same in token programs but for its name or the number of a global, or a helper. */
  private plain(code: number, immediate: number, high: number): void {
    if (isReinterpretation(code)) {
      this.stack.move(1, [this.stack.top()]);
      return;
    }
    const row = opcodeOfCode(integerCode(code));
    if (row === undefined) {
      for (const address of this.storedOperands(code, immediate, high)) {
        this.stack.move(0, [4]);
        this.push('i32.const', address);
      }
      const isOfSeveral = isBulk(code) && this.assembly.memories.length > 1;
      if (isOfSeveral) this.regions(code, immediate, high);
      this.helper(isOfSeveral ? operatorName(code).replace('memory', 'memories') : operatorName(code));
      return;
    }
    const { name, pops, pushes, bytes } = OPCODES[row];
    if (code >= CODE.localGet && code <= CODE.localTee) {
      this.local(code, name, immediate);
    } else if (code === CODE.globalGet || code === CODE.globalSet) {
      this.global(code, name, immediate);
    } else {
      this.stack.move(pops, pushes === 0 ? [] : [bytes as Width]);
      if (name === 'i64.const') this.list.pushWide(immediate, high, this.offset);
      else this.push(name, touchesMemory(code) ? pushReach(this.pushed, this.memory(high), immediate) : immediate);
    }
  }

  /** Where the memories of a bulk operation lie, which its helper function takes behind all else. */
  private regions(code: number, immediate: number, high: number): void {
    const indices = code === CODE.memoryCopy ? [immediate, high] : [high];
    for (const { base, end } of indices.map((index) => this.memory(index))) {
      this.stack.move(0, [4, 4]);
      this.push('i32.const', base);
      this.push('global.get', end);
    }
  }

  /** Addresses of the tables and segments that an operator names, which its helper function takes behind its operands. */
  private storedOperands(code: number, immediate: number, high: number): number[] {
    const { tables, elements, data } = this.assembly.stored;
    const table = (index: number) => {
      const address = tables.get(index);
      if (address === undefined) throw new RangeError(`there is no table ${index}`);
      return address;
    };
    switch (code) {
      case CODE.memoryInit:
      case CODE.dataDrop:
        return [data.get(immediate) ?? 0];
      case CODE.elemDrop:
        return [elements.get(immediate) ?? 0];
      case CODE.tableInit:
        return [table(high), elements.get(immediate) ?? 0];
      case CODE.tableCopy:
        return [table(immediate), table(high)];
      default:
        return ON_TABLE.includes(code) ? [table(immediate)] : [];
    }
  }

  private local(code: number, name: string, index: number): void {
    const { locals } = this.fn;
    if (index < 0 || index >= locals.length) throw new RangeError(`there is no local ${index}`);
    const width = typeWidth(locals[index]);
    if (code === CODE.localGet) {
      this.stack.move(0, [width]);
      this.push(bytesOf(width) === 8 ? 'local.get.i64' : name, index);
    } else {
      if (bytesOf(this.stack.top()) !== bytesOf(width))
        throw new RangeError(`local ${index} is given a value of another type`);
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
      this.push(bytesOf(width) === 8 ? 'global.get.i64' : name, globalCells[index]);
    } else {
      if (bytesOf(this.stack.top()) !== bytesOf(width))
        throw new RangeError(`global ${index} is given a value of another type`);
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

  private readonly blockType = (immediate: number): BlockType => {
    if (immediate === EMPTY_BLOCK) return { params: [], results: [] };
    if (immediate < 0) return { params: [], results: [typeWidth(typeName(immediate))] };
    const type = this.assembly.module.types[immediate];
    if (!type) throw new RangeError(`there is no type ${immediate}`);
    return { params: type.params.map(typeWidth), results: type.results.map(typeWidth) };
  };

  private call(index: number): void {
    const { module, calls, imports } = this.assembly;
    const signature = module.types[typeOfFunction(module, index) ?? -1];
    if (!signature) throw new RangeError(`there is no function ${index}`);
    const action = imports[index];
    if (action?.kind === 'helper') {
      pushHostReach(this.pushed, this.assembly.memories);
      this.helper(action.name);
      return;
    }
    this.stack.move(signature.params.length, signature.results.map(typeWidth));
    if (action) pushAction(this.assembly.shared, action, this.offset);
    else calls.push({ cursor: this.push('call'), target: index });
    if (this.assembly.throwing.functions.has(index)) this.catching.unwindIfThrown();
  }

  /** Jumps to the function when nothing else of this one is left: it returns to this one's caller. */
  private tailCall(index: number): void {
    const { module, tailCalls, imports } = this.assembly;
    if (imports[index]) {
      this.call(index);
      this.branches.return();
      return;
    }
    const signature = module.types[typeOfFunction(module, index) ?? -1];
    if (!signature) throw new RangeError(`there is no function ${index}`);
    this.branches.leave(signature.params.map(typeWidth));
    tailCalls.push({ cursor: this.push('br'), target: index });
    this.stack.dead();
  }

  /**
   * The index stays on the stack for the rows of the type, which take it; of a table that is stored, the reference that
   * stands there.
   */
  private callIndirect(typeIndex: number, table: number, isTail: boolean): void {
    const { module, indirect, tables, stored } = this.assembly;
    const type = module.types[typeIndex];
    const address = stored.tables.get(table);
    if (address !== undefined) {
      this.stack.move(0, [4]);
      this.push('i32.const', address);
      this.helper('table.get');
    }
    const signature = signatureText(type);
    const list = tables.keyOf(table);
    const key = indirectKey(list, signature);
    const name = isTail ? `${key} tail` : key;
    const calls = indirect.get(name) ?? { list, signature, isTail, callers: [] };
    indirect.set(name, calls);
    if (isTail) {
      this.branches.leave([...type.params.map(typeWidth), 4]);
      calls.callers.push(this.push('br'));
      this.stack.dead();
      return;
    }
    this.stack.move(type.params.length + 1, type.results.map(typeWidth));
    calls.callers.push(this.push('call_indirect'));
    if (this.assembly.throwing.indirect.has(key)) this.catching.unwindIfThrown();
  }

  private memoryGrow(memory: MemoryPlace): void {
    const delta = this.branches.temporary(1);
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
