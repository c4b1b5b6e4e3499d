/**
 * A program in the state that the tokens of a trace say it is in: what another sequence begins with, to go on where
 * that one ended. Cells, memory and its size are all the state there is between two calls.
 */
import { PAGE_SIZE, type TokenProgram, widthOf } from '../isa/program.ts';
import { withoutZeros } from '../toolchain/lower-data.ts';
import type { Moment } from '../trace/moment.ts';

/** The program with the values of `moment` as its initial ones. O(bytes of memory). */
export function programAt(program: TokenProgram, moment: Moment): TokenProgram {
  const globals = program.globals.map((global) => {
    if (widthOf(global.type) === 4) return { ...global, initial: moment.cell(global.cell) };
    const bits = moment.wideCell(global.cell);
    return { ...global, initial: Number(bits & 0xffff_ffffn), high: Number(bits >> 32n) };
  });
  const data = withoutZeros(0, moment.memory(0, moment.memorySize));
  return { ...program, globals, data, pages: moment.memorySize / PAGE_SIZE };
}
