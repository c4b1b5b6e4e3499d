/**
 * The state that the tokens of a trace say a program is in: what another sequence begins with, to go on where that one
 * ended. Between two calls, globals, memories and their sizes are all the state there is.
 */
import { PAGE_SIZE } from '../isa/limits.ts';
import { PAGES_CELL, type TokenProgram, widthOf } from '../isa/program.ts';
import type { Constant, WasmModule } from '../toolchain/decode/module.ts';
import { withoutZeros } from '../toolchain/lower/data.ts';
import { fittingElements } from '../toolchain/lower/tables.ts';
import type { Moment } from '../trace/moment.ts';

/** The program with the values of `moment` as its initial ones. O(bytes of memory). */
export function programAt(program: TokenProgram, moment: Moment): TokenProgram {
  return {
    ...program,
    globals: program.globals.map((global) => ({ ...global, ...presentValue(global, moment) })),
    data: memoriesAt(program, moment).flatMap(({ base, bytes }) => withoutZeros(base * PAGE_SIZE, bytes)),
    pages: moment.memorySize / PAGE_SIZE,
  };
}

/** The module that `program` was made of, instantiated and with the values of `moment`. O(bytes of memory). */
export function moduleAt(module: WasmModule, program: TokenProgram, moment: Moment): WasmModule {
  const globals = [...module.globals];
  for (const global of program.globals) {
    if (global.index === undefined) continue;
    const { initial, high = 0 } = presentValue(global, moment);
    globals[global.index] = { ...globals[global.index], initial: constant(initial, high) };
  }
  const memories = memoriesAt(program, moment);
  const data = module.memories.flatMap((_, memory) =>
    withoutZeros(0, memories[memory].bytes).map(({ address, bytes }) => ({
      memory,
      offset: constant(address, 0),
      bytes,
    })),
  );
  return {
    ...module,
    globals,
    memories: module.memories.map(({ maximum }, i) => ({ initial: memories[i].pages, maximum })),
    data,
    elements: module.elements.slice(0, fittingElements(module)),
    start: undefined,
  };
}

function constant(value: number, high: number): Constant {
  return { value: value | 0, high: high | 0, global: undefined, text: 'its value' };
}

function presentValue({ type, cell }: TokenProgram['globals'][number], moment: Moment) {
  if (widthOf(type) === 4) return { initial: moment.cell(cell) };
  const bits = moment.wideCell(cell);
  return { initial: Number(bits & 0xffff_ffffn), high: Number(bits >> 32n) };
}

/** Each memory: the page it begins at, its pages, its bytes. */
function memoriesAt({ memories = [{ base: 0, end: PAGES_CELL }] }: TokenProgram, moment: Moment) {
  return memories.map(({ base, end }) => {
    const pages = moment.cell(end) - base;
    return { base, pages, bytes: moment.bytes(base * PAGE_SIZE, pages * PAGE_SIZE) };
  });
}
