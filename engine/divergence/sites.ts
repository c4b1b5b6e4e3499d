/**
 * Where a program does what an instrumented run of its module tells: per instruction, which of its lines have an event,
 * and per operator of the module, what its events are about.
 */
import { OPCODES } from '../isa/opcodes.ts';
import type { NumberType, ProgramFunction, TokenProgram } from '../isa/program.ts';
import type { WasmFunction, WasmModule } from '../toolchain/decode/module.ts';
import { operatorName } from '../toolchain/decode/operators.ts';
import { CODE } from '../toolchain/lower/operators.ts';

/** What a line has an event for; `entry` may come on top of another. */
export const MARK = { entry: 1, store: 2, global: 4, condition: 8, jump: 16, returns: 32, output: 64 } as const;

/** An operator that tells events. */
export interface Site {
  readonly mark: number;
  /** Type of the value that is stored or set. */
  readonly type: NumberType;
  /** Offset of a store; number of a global. */
  readonly immediate: number;
  readonly fn: WasmFunction;
}

/** The instructions of each kind of site: others that stand for the operator only prepare or follow it. */
const INSTRUCTIONS: ReadonlyMap<number, readonly string[]> = new Map([
  [MARK.global, ['global.set']],
  [MARK.condition, ['if', 'br_if', 'br_table']],
  [MARK.jump, ['br']],
  [MARK.returns, ['return']],
]);

export class Sites {
  /** Per instruction: 0, or what its lines have events for. */
  readonly marks: Uint8Array;
  /** By offset of the operator in the module's file. */
  private readonly byOffset = new Map<number, Site>();
  private readonly module: WasmModule;
  private readonly functions: ReadonlyMap<number, ProgramFunction>;

  constructor(program: TokenProgram, module: WasmModule) {
    this.module = module;
    this.functions = new Map(program.functions.map((fn) => [fn.index, fn]));
    for (const fn of module.functions) if (this.functions.has(fn.index)) this.add(fn);
    this.marks = Uint8Array.from(program.ops, (op) => (OPCODES[op].name === 'write_byte' ? MARK.output : 0));
    // What is written of an exception that nothing caught, the module does not write.
    if (program.uncaught) this.marks.fill(0, program.uncaught.start, program.uncaught.end);
    for (const { index, start, end } of program.functions) {
      if (index < 0) continue;
      for (let cursor = start; cursor < end; cursor++) {
        const site = this.byOffset.get(program.offsets[cursor]);
        if (site && stands(OPCODES[program.ops[cursor]], site.mark)) this.marks[cursor] |= site.mark;
      }
      this.marks[start] |= MARK.entry;
    }
  }

  at(offset: number): Site | undefined {
    return this.byOffset.get(offset);
  }

  /** A function of the module that the program has. */
  functionOf(index: number): ProgramFunction | undefined {
    return this.functions.get(index);
  }

  /** Types of a function's results. */
  resultsOf(index: number): readonly NumberType[] {
    const { functions, importedFunctions, types } = this.module;
    const { results } = types[functions[index - importedFunctions.length].type];
    // What the machine runs has numbers only: a vector is two.
    return results.flatMap((type) => (type === 'v128' ? ['i64', 'i64'] : [type])) as NumberType[];
  }

  private add(fn: WasmFunction): void {
    for (const [i, code] of fn.codes.entries()) {
      const mark = markOf(code, i === fn.codes.length - 1);
      if (mark === 0) continue;
      const name = operatorName(code);
      const immediate = name.endsWith('_lane') ? fn.tables[fn.immediates[i]][0] : fn.immediates[i];
      const type = mark === MARK.global ? this.module.globals[immediate].type : storedType(name);
      this.byOffset.set(fn.offsets[i], { mark, type: (type === 'v128' ? 'i64' : type) as NumberType, immediate, fn });
    }
  }
}

function markOf(code: number, isLast: boolean): number {
  switch (code) {
    case CODE.globalSet:
      return MARK.global;
    case CODE.if:
    case CODE.brIf:
    case CODE.brTable:
      return MARK.condition;
    case CODE.br:
      return MARK.jump;
    case CODE.return:
      return MARK.returns;
    case CODE.end:
      return isLast ? MARK.returns : 0;
    default:
      return /^([if]\d+|v128)\.store/.test(operatorName(code)) ? MARK.store : 0;
  }
}

/** The type of what a store's instruction has on the stack: of a vector, a half or a lane. */
function storedType(name: string): string {
  if (!name.startsWith('v128')) return name.slice(0, 3);
  return name.endsWith('_lane') && name !== 'v128.store64_lane' ? 'i32' : 'i64';
}

/** Whether it is by this instruction that the operator does what it tells. */
function stands({ name, circuit }: { name: string; circuit: string }, mark: number): boolean {
  return mark === MARK.store ? circuit === 'store' : (INSTRUCTIONS.get(mark)?.includes(name) ?? false);
}
