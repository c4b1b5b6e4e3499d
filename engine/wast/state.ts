/**
 * The state that the tokens of a trace say a program is in, as that of its module, which others are linked with. Between two
 * calls, globals, memories and their sizes are all the state there is.
 */
import type { TokenProgram } from '../isa/program.ts';
import { memoriesAt, presentValue } from '../run/state.ts';
import type { Constant, WasmModule } from '../toolchain/decode/module.ts';
import { withoutZeros } from '../toolchain/lower/data.ts';
import { fittingElements } from '../toolchain/lower/tables.ts';
import type { Moment } from '../trace/moment.ts';

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
