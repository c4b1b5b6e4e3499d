/**
 * What the lowered functions of a program share: the list of instructions that they are written to, and what is filled
 * in when all of them are there.
 */
import type { InstructionList } from '../../isa/instruction-list.ts';
import type { ProgramRefusal } from '../../isa/program.ts';
import type { WasmModule } from '../decode/module.ts';
import type { Helpers } from '../helpers/load-helpers.ts';
import type { Action } from './imports.ts';
import type { MemoryPlace } from './memories.ts';
import type { Width } from './stack.ts';
import type { Stored } from './stored.ts';
import type { CallTables } from './tables.ts';
import type { Throwing } from './throwing.ts';

/** Cursors of the calls of what makes and throws references to exceptions (`exceptions/references.ts`). */
export interface ReferenceCalls {
  readonly caught: number[];
  readonly thrown: number[];
}

/** What all bodies share: the program being written and what it turned out to need. */
export interface Shared {
  readonly list: InstructionList;
  /** Cursor of each call of a helper function, and its name. */
  readonly helperCalls: { readonly cursor: number; readonly name: string }[];
  readonly helpers: Helpers | undefined;
  readonly refusals: ProgramRefusal[];
  /** Cursors of the instructions that write to standard error. */
  readonly errorWrites: number[];
  /** By cursor of a trap, what was written to standard error before. */
  readonly endings: Map<number, string>;
  /** Calls of what makes and throws references to exceptions. */
  readonly referenceCalls: ReferenceCalls;
  /** Cell that the toolchain keeps something in, by its name; made at its first use. */
  cellNamed(name: string, width?: Width, initial?: number): number;
}

/** One module's functions being lowered: the program's own, or the helpers. */
export interface Assembly {
  readonly shared: Shared;
  readonly module: WasmModule;
  /** Cursor of each direct call and the function index it calls. */
  readonly calls: { readonly cursor: number; readonly target: number }[];
  /** Cursor of each jump to a function in place of a call with a return, and the function's index. */
  readonly tailCalls: { readonly cursor: number; readonly target: number }[];
  /** The indirect calls, by table, type and whether they are tail calls. */
  readonly indirect: Map<string, IndirectCalls>;
  /** What a call of each imported function is. */
  readonly imports: readonly Action[];
  /** Cell of each wasm global; -1 for those that cannot be used. */
  readonly globalCells: readonly number[];
  readonly memories: readonly MemoryPlace[];
  readonly tables: CallTables;
  readonly stored: Stored;
  readonly throwing: Throwing;
}

/** Cursors of the indirect calls of one type that choose from one list of functions (`CallTables`). */
export interface IndirectCalls {
  readonly list: number;
  /** Whether they are jumps, and the functions return to the caller's caller. */
  readonly isTail: boolean;
  readonly signature: string;
  readonly callers: number[];
}

/** The prologue: takes the arguments from the caller's stack into locals, the first as a copy if it is kept. Returns the cursor behind it. */
export function pushPrologue(list: InstructionList, params: number, offset: number, keepsFirst = false): number {
  for (let i = params - 1; i >= 0; i--) list.push(i === 0 && keepsFirst ? 'local.tee' : 'local.set', i, offset);
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
